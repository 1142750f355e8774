import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { createLogs } from "../../src/logs";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";

const MINUTE = 60_000;
const told = (world: World, name: string) =>
  world.logs.filter((line) => line.includes(`"event":"${name}"`)).map((line) => line.slice(line.indexOf("{")));

test("every event that an alert rests on is one that the app logs, under that name", () => {
  const lines: string[] = [];
  const logs = createLogs((line) => lines.push(line)) as unknown as Record<string, (fields: object) => void>;
  for (const [name, log] of Object.entries(logs)) {
    log({});
    expect(JSON.parse(lines.at(-1) ?? "{}")).toMatchObject({ event: name });
  }
  const alerts = readFileSync("infra/app/alerts.bicep", "utf8");
  const events = [...alerts.matchAll(/^ {4}events: \[(.+)\]$/gm)].flatMap(([, names = ""]) =>
    names.split(", ").map((name) => name.replaceAll("'", "")),
  );

  expect(events.length).toBeGreaterThan(8);
  expect(Object.keys(logs)).toEqual(expect.arrayContaining(events));
});

describe("a 429 of Azure's is told, whoever met it", () => {
  const vm = { name: "vm", image: "managed", events: [] };
  const busy = { status: 429, code: "TooManyRequests", message: "slow down", headers: { "retry-after": "5" } };
  test.each([
    ["an assessment's request", "postOperation", "/assessPatches", "POST"],
    ["the address of an operation", "readOperation", "/operations/", "GET"],
    ["a look at the VM", "readMachine", "/virtualMachines/vm", "GET"],
    ["Resource Graph", "readAssessmentRows", "/resources", "POST"],
  ])("%s", async (_what, call, part, method) => {
    let refusals = 0;
    const world = await startWorld({
      fleet: fleetOf([vm]),
      intercept: (request, azure) => {
        const { pathname } = new URL(request.url);
        const meant =
          request.method === method &&
          (pathname.endsWith(part) || pathname.includes(`${part}/`) || (part.endsWith("/") && pathname.includes(part)));
        if (!meant || refusals++ > 0) return azure(request);
        const error = { error: { code: busy.code, message: busy.message } };
        return Promise.resolve({ status: busy.status, headers: busy.headers, body: JSON.stringify(error) });
      },
    });
    await world.run("assess", ["vm"]);
    expect(await world.settle()).toMatchObject([{ outcome: "assessed" }]);

    expect(refusals).toBeGreaterThan(1);
    expect(told(world, "azureThrottled").map((line) => JSON.parse(line) as unknown)).toEqual([
      { level: "warn", event: "azureThrottled", call },
    ]);
  });

  test("and nothing else is", async () => {
    const world = await startWorld({
      fleet: fleetOf([
        { ...vm, assess: { answers: [{ status: 503, code: "Busy", message: "429 times", retryAfterSeconds: 5 }] } },
      ]),
    });
    await world.run("assess", ["vm"]);
    await world.settle();
    expect(told(world, "azureThrottled")).toEqual([]);
  });
});

test("each run that has to wait for its turn says so once, however often it asks", async () => {
  const slow = { image: "managed", events: [], assess: { durationSeconds: 1200 } };
  const world = await startWorld({
    fleet: fleetOf(["a", "b", "c"].map((name) => ({ name, ...slow }))),
    settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "1" },
  });
  await world.run("assess", ["a", "b", "c"]);
  await world.settle();

  const waited = told(world, "activeRunsExhausted").map((line) => JSON.parse(line) as { runId: string; limit: number });
  expect(waited).toHaveLength(2);
  expect(new Set(waited.map(({ runId }) => runId)).size).toBe(2);
  expect(waited.map(({ limit }) => limit)).toEqual([1, 1]);
});

test("the watchdog says that it ticked, each time and whatever fails", async () => {
  const world = await startWorld({ fleet: fleetOf([]) });
  await world.passes(11 * MINUTE);
  expect(told(world, "watchdogTicked")).toHaveLength(2);

  const scan = world.store.scan.bind(world.store);
  world.store.scan = () => Promise.reject(new Error("broken"));
  await world.passes(5 * MINUTE);
  world.store.scan = scan;
  expect(told(world, "watchdogFailed").length).toBeGreaterThan(0);
  expect(told(world, "watchdogTicked")).toHaveLength(3);
});
