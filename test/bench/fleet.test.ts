import { describe, expect, it } from "@jest/globals";
import { spawnSync } from "node:child_process";
import path from "node:path";
import type { Played } from "./fleet/contender";
import { benchFleet, type Truth } from "./fleet/fleet";
import { Heap } from "./fleet/heap";
import { measure, orderOf } from "./fleet/measure";
import { clairvoyant, ideal } from "./fleet/references";
import { Requests } from "./fleet/requests";

const vm = (name: string, assess: number, lag: number, install: number): Truth => ({ name, assess, lag, install });
const alike = (count: number): Truth[] => Array.from({ length: count }, (_, index) => vm(`vm-${index}`, 120, 30, 600));

describe("the references", () => {
  it("wait for nothing but Azure while there are tokens", () => {
    expect(ideal([vm("one", 100, 20, 500)])).toBe(620);
    expect(ideal(alike(400))).toBe(750);
  });

  it("wait 0.3 s for each request beyond the burst of 400", () => {
    expect(ideal(alike(401))).toBeCloseTo(750.3, 6);
    // 600 are assessed until 60 s; 300 tokens have come in when the first row shows at 150 s, the rest takes 90 s more.
    expect(ideal(alike(600))).toBeCloseTo(150 + 90 + 600, 6);
  });

  it("serve whoever has the most left, if they know it", () => {
    const order = [...alike(1000), vm("long", 120, 30, 3600)];
    expect(ideal(order)).toBeGreaterThan(150 + 3600 + 300);
    // Its installation waits for one token at most.
    expect(clairvoyant(order)).toBeLessThanOrEqual(150 + 0.3 + 3600 + 1e-6);
  });
});

describe("a heap", () => {
  it("gives back in order, whatever came first", () => {
    const heap = new Heap<number>((one, other) => one < other);
    for (const number of [5, 3, 8, 1, 9, 2, 7, 3]) heap.push(number);
    expect(Array.from({ length: 8 }, () => heap.pop())).toEqual([1, 2, 3, 3, 5, 7, 8, 9]);
    expect([heap.pop(), heap.size]).toEqual([undefined, 0]);
  });
});

describe("the fleet", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(benchFleet(50, 3)).toEqual(benchFleet(50, 3));
    expect(benchFleet(50, 3).hash).not.toBe(benchFleet(50, 4).hash);
  });
});

describe("the judge", () => {
  const startedAt = Date.parse("2026-12-01T07:00:00Z");
  const line = (second: number, at: string, status: number | null = 200) => ({
    t: new Date(startedAt + second * 1000).toISOString(),
    method: "POST",
    path: at,
    status,
    bucket: null,
    vmIds: ["/subscriptions/s/…/virtualmachines/vm-000000"],
    operationId: null,
    clientRequestId: null,
  });
  const fleet = benchFleet(1, 1);
  const [truth] = fleet.truths;
  const shown = (truth?.assess ?? 0) + (truth?.lag ?? 0) + 60;
  const requestsOf = (...lines: ReturnType<typeof line>[]): Requests => {
    const requests = new Requests(startedAt);
    for (const each of lines) requests.note(each);
    return requests;
  };
  const played: Played = {
    startedAt,
    endedAt: startedAt + 1_000_000,
    outcomes: { patched: 1 },
    workItems: 7,
    requests: requestsOf(
      line(-5, "/vm"),
      line(60, "/vm/assessPatches?", 429),
      line(60, "/vm/assessPatches?", 202),
      line(200, "/providers/Microsoft.ResourceGraph/resources"),
      line(shown + 30, "/vm/installPatches?", 202),
    ),
  };

  it("counts from the sweep's start", () => {
    expect(measure(fleet, played)).toEqual({
      makespanSeconds: 1000,
      // 2 of 400 and of the 90 s in which the VM waited, at 200 a minute.
      tokenUse: Number((2 / (400 + 300)).toFixed(3)),
      armCallsPerVm: 3,
      graphQueriesPerVm: 1,
      workItemsPerVm: 7,
      throttled: 1,
      outcomes: { patched: 1 },
    });
  });

  it("takes the order from accepted assessments", () => {
    expect(orderOf(fleet, played)).toEqual(fleet.truths);
    expect(orderOf(fleet, { ...played, requests: requestsOf() })).toEqual([]);
  });
});

interface ContenderReport {
  readonly makespanSeconds: number;
  readonly makespanRatio: number;
  readonly workItemsPerVm: number;
  readonly outcomes: unknown;
}

interface Report {
  readonly unlearned?: boolean;
  readonly contenders: Readonly<Record<string, ContenderReport>>;
  readonly goldpatchStaged?: ContenderReport;
}

describe("npm run bench", () => {
  const bench = (...args: string[]) =>
    spawnSync(process.execPath, ["build/program.mjs", "test/bench/fleet/main.ts", ...args], {
      cwd: path.resolve(__dirname, "../.."),
      encoding: "utf8",
    });

  it("patches the same fleet with every contender, to the same outcomes", () => {
    const { stdout, stderr } = bench("--vms", "6", "--seed", "2", "--json");
    expect(stderr).toBe("");
    const report = JSON.parse(stdout) as Report;
    expect(Object.keys(report.contenders)).toEqual(["goldpatch", "naive", "script"]);
    for (const contender of [...Object.values(report.contenders), report.goldpatchStaged]) {
      expect(contender?.outcomes).toEqual({ patched: 6 });
      expect(contender?.makespanRatio).toBeGreaterThan(1);
    }
    // One VM goes first, and the others wait until it is verified.
    expect(report.goldpatchStaged?.makespanSeconds).toBeGreaterThan(
      report.contenders["goldpatch"]?.makespanSeconds ?? 0,
    );
  }, 180_000);

  it("patches with the contenders that it is told, also where nothing is known about how long they take", () => {
    const learned = JSON.parse(bench("--vms", "4", "--json", "--contenders", "goldpatch").stdout) as Report;
    const unlearned = JSON.parse(
      bench("--vms", "4", "--json", "--contenders", "goldpatch", "--unlearned").stdout,
    ) as Report;
    expect([learned.unlearned, unlearned.unlearned]).toEqual([undefined, true]);
    for (const { contenders, goldpatchStaged } of [learned, unlearned]) {
      expect([Object.keys(contenders), goldpatchStaged]).toEqual([["goldpatch"], undefined]);
    }
    const workOf = ({ contenders }: Report) => contenders["goldpatch"]?.workItemsPerVm;
    expect(workOf(unlearned)).toBeGreaterThan(workOf(learned) ?? 0);
  }, 180_000);

  it("refuses what it does not know", () => {
    const refused = (...args: string[]) => {
      const { status, stderr } = bench(...args);
      return { status, stderr };
    };
    expect(refused("--vms", "many")).toEqual({
      status: 2,
      stderr: '--vms: "many": give a whole number from 1 to 100000\n',
    });
    expect(refused("--contenders", "goldpatch,magic")).toEqual({
      status: 2,
      stderr: '--contenders: "magic": give some of goldpatch, naive, script, staged, with commas\n',
    });
  }, 60_000);
});
