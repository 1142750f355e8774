import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { RunView } from "../../src/contracts/api/runs";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, startWorld, type World } from "../support/outside-jest";

const MINUTE = 60_000;

interface Started {
  readonly runs: readonly { readonly runId: string; readonly vmId: string; readonly statusUrl: string }[];
}
interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}
const runOf = (body: string): RunView => JSON.parse(body) as RunView;
const problemIn = (body: string): Problem => JSON.parse(body) as Problem;

describe("what the API answers", () => {
  let world: World;
  beforeAll(async () => {
    world = await startLastingWorld({
      fleet: fleetOf(["a", "b", "c"].map((name) => ({ name, image: "win", events: [] }))),
    });
  });
  afterAll(() => world.close());

  const ask = (more: object) => ({ mode: "assess", vmIds: [world.vmId("a")], ...more });

  test("several runs: one status address each, and no Location, for there is no one place to look", async () => {
    const answer = await world.api("POST", "runs", ask({ vmIds: ["a", "b"].map((name) => world.vmId(name)) }));
    const { runs } = JSON.parse(answer.body) as Started;
    expect(answer.status).toBe(202);
    expect(runs.map(({ vmId }) => vmId)).toEqual([world.vmId("a"), world.vmId("b")]);
    expect(runs.map(({ runId, statusUrl }) => statusUrl.endsWith(`/api/runs/${runId}`))).toEqual([true, true]);
    expect(answer.headers["location"]).toBeUndefined();
    await world.settle();
  });

  test("a key in the address is taken, and handed on to nobody", async () => {
    const key = world.host.functionKey;
    const answer = await world.http("POST", `/api/runs?code=${key}`, ask({}));
    const { runs } = JSON.parse(answer.body) as Started;
    expect(answer.status).toBe(202);
    expect(answer.body + JSON.stringify(answer.headers)).not.toContain(key);
    expect(new URL(runs[0]?.statusUrl ?? "").search).toBe("");

    const { pathname } = new URL(runs[0]?.statusUrl ?? "");
    expect((await world.http("GET", `${pathname}?code=${key}`)).status).toBe(200);
    expect((await world.http("GET", pathname)).status).toBe(401);
    expect((await world.http("GET", `/api/runs?code=${key}&outcome=assessed`)).status).toBe(200);
    await world.settle();
  });

  test("runs in pages, each with the address of the next, which hands on no key", async () => {
    const key = world.host.functionKey;
    const all = (JSON.parse((await world.api("GET", "runs")).body) as { runs: RunView[] }).runs;
    const seen: RunView[] = [];
    let link: string | undefined = `/api/runs?limit=1&code=${key}`;
    while (link !== undefined) {
      const { status, body } = await world.http("GET", link, undefined, { "x-functions-key": key });
      const page = JSON.parse(body) as { runs: RunView[]; nextLink?: string };
      expect([status, page.runs.length]).toEqual([200, 1]);
      expect(page.nextLink ?? "").not.toContain(key);
      seen.push(...page.runs);
      link = page.nextLink;
    }
    expect(all.length).toBeGreaterThan(1);
    expect(seen).toEqual(all.toSorted((a, b) => (a.runId < b.runId ? -1 : 1)));

    const none = JSON.parse((await world.api("GET", "runs?limit=5&outcome=busy")).body) as object;
    expect(none).toEqual({ runs: [] });
    const [first] = seen;
    const later = JSON.parse((await world.api("GET", `runs?after=${first?.runId ?? ""}`)).body) as { runs: RunView[] };
    expect(later.runs).toEqual(seen.slice(1));
  });

  test.each([
    ["0", "at least 1"],
    ["1001", "at most 1000"],
    ["many", "write a whole number"],
  ])("a page of %s runs is refused: %s", async (limit, remedy) => {
    const answer = await world.api("GET", `runs?limit=${limit}`);
    expect(answer.status).toBe(400);
    expect(problemIn(answer.body).detail).toBe(`limit: ${JSON.stringify(limit)}: ${remedy}`);
  });

  test("a run, as far as it concerns its readers", async () => {
    const [runId = ""] = await world.run("patch", ["c"], { install: { rebootSetting: "IfRequired" } });
    await world.settle();
    const run = runOf((await world.api("GET", `runs/${runId}`)).body);
    expect(run).toEqual({
      runId,
      trigger: "http",
      mode: "patch",
      vmId: world.vmId("c"),
      install: { rebootSetting: "IfRequired" },
      imageId: expect.stringContaining("/galleries/goldgallery/images/win/versions/1.2.3"),
      imageKind: "galleryVersion",
      osType: "Windows",
      supportState: "Supported",
      outcome: "patched",
      code: "Patched",
      nextStep: expect.any(String),
      installedPatchCount: 3,
      failedPatchCount: 0,
      installPosts: 1,
      requestedAt: expect.any(String),
      startedAt: expect.any(String),
      endedAt: expect.any(String),
      createdAt: expect.any(String),
      warnings: [],
      steps: expect.any(Array),
    });
    expect(run.steps.map(({ name }) => name)).toEqual([
      "claimRun",
      "checkProvisioning",
      "assessPatches",
      "readSupportState",
      "installPatches",
      "confirmInstall",
      "recordOutcome",
    ]);
    const instants = run.steps.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt ?? ""]);
    expect(instants).toEqual([...instants].sort());
  });

  test("runs, the newest first", async () => {
    await world.run("assess", ["a"]);
    await world.settle();
    await world.run("assess", ["a"]);
    const runs = await world.settle();
    const starts = runs.map(({ startedAt }) => startedAt);
    expect(starts).toEqual([...starts].sort().reverse());
    expect(new Set(starts).size).toBeGreaterThan(1);
  });

  test("the stop switch, asked for twice", async () => {
    const health = async () => JSON.parse((await world.api("GET", "health")).body) as { stopped: boolean };
    for (const [method, stopped] of [
      ["POST", true],
      ["POST", true],
      ["DELETE", false],
      ["DELETE", false],
    ] as const) {
      const answer = await world.api(method, "stop");
      expect({ status: answer.status, body: JSON.parse(answer.body) as unknown }).toEqual({
        status: 200,
        body: { stopped },
      });
      expect(await health()).toMatchObject({ stopped });
    }
  });

  test.each<[string, unknown, RegExp]>([
    ["null", "null", /^body: null: /],
    ["a list", [], /^body: \[\]: /],
    ["a number", "5", /^body: 5: /],
    ["an empty object", {}, /^vmIds: missing: .*; mode: missing: /],
    ["VM ids that are no list", { mode: "assess", vmIds: "a" }, /^vmIds: "a": /],
    ["a VM id that is no text", { mode: "assess", vmIds: [7] }, /^vmIds\.0: 7: /],
    [
      "more VMs than one request takes",
      { mode: "assess", vmIds: Array.from({ length: 1001 }, () => "x") },
      /name at most 1000 VM ids/,
    ],
    ["a dry run that is no yes or no", { mode: "assess", vmIds: ["x"], dryRun: "yes" }, /^dryRun: "yes": /],
    [
      "a VM id behind which something else hides",
      {
        mode: "assess",
        vmIds: [
          "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm/extensions/x",
        ],
      },
      /use ids such as/,
    ],
    [
      "several mistakes, all told at once",
      {
        mode: "install",
        vmIds: [],
        install: { rebootSetting: "NeverReboot", windows: { kbNumbersToInclude: ["KB1"] } },
      },
      /vmIds: .*mode: "install".*rebootSetting: "NeverReboot".*kbNumbersToInclude\.0: "KB1"/,
    ],
  ])("%s for a body is 400 and says where", async (_what, body, detail) => {
    const before = world.host.instances().length;
    const answer = await world.api("POST", "runs", body);
    expect(answer.status).toBe(400);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect(problemIn(answer.body)).toEqual({
      type: "about:blank",
      title: "Bad request",
      status: 400,
      detail: expect.stringMatching(detail),
    });
    expect(world.host.instances()).toHaveLength(before);
  });

  test.each(["kernel core", "$(reboot)", "a;b", "a'b", "", "ä*"])("the mask %j is refused", async (mask) => {
    const answer = await world.api("POST", "runs", {
      ...ask({ mode: "patch" }),
      install: { linux: { packageNameMasksToExclude: [mask] } },
    });
    expect(answer.status).toBe(400);
    expect(problemIn(answer.body).detail).toContain(
      `install.linux.packageNameMasksToExclude.0: ${JSON.stringify(mask)}`,
    );
  });

  test.each([
    ["of more than 1 MiB, announced", (body: string) => body],
    [
      "of as many characters, each of more than one byte",
      (body: string) => body.slice(0, 600_000).replaceAll("x", "ž"),
    ],
  ])("a body %s is 413 and says what to do", async (_what, change) => {
    const answer = await world.api("POST", "runs", change(JSON.stringify(ask({ padding: "x".repeat(1024 * 1024) }))));
    expect(answer.status).toBe(413);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    expect(problemIn(answer.body)).toMatchObject({
      status: 413,
      detail: "body: more than 1048576 bytes: send it as several requests",
    });
  });

  test("a body of nearly 1 MiB is read", async () => {
    const answer = await world.api("POST", "runs", ask({ padding: "x".repeat(1024 * 1024 - 400) }));
    expect(problemIn(answer.body)).toMatchObject({ status: 400, detail: expect.stringContaining('"padding"') });
  });

  test.each<[string, object]>([
    ["windows.kbNumbersToExclude", { windows: { kbNumbersToExclude: Array.from({ length: 501 }, () => "KB1234567") } }],
    ["linux.packageNameMasksToInclude.0", { linux: { packageNameMasksToInclude: ["x".repeat(201)] } }],
  ])("install options have bounds: %s", async (field, install) => {
    const answer = await world.api("POST", "runs", ask({ mode: "patch", install }));
    expect(answer.status).toBe(400);
    expect(problemIn(answer.body).detail).toMatch(new RegExp(`^install\\.${field}: .* at most (?:500|200)`));
  });

  test("an unknown filter is named", async () => {
    const answer = await world.api("GET", "runs?vm=x");
    expect(answer.status).toBe(400);
    expect(problemIn(answer.body).detail).toContain('"vm"');
  });

  test("nowhere a management address of the durable engine or its key", async () => {
    const answers = [
      await world.api("POST", "runs", ask({})),
      await world.api("POST", "runs", ask({ dryRun: true })),
      await world.api("GET", "runs"),
      await world.api("GET", "images"),
      await world.api("GET", "health"),
      await world.api("POST", "runs/nobody/cancel"),
    ];
    const [created] = answers;
    const [{ runId } = { runId: "" }] = (JSON.parse(created?.body ?? "{}") as Started).runs;
    answers.push(await world.api("GET", `runs/${runId}`), await world.api("POST", `runs/${runId}/cancel`));
    await world.settle();
    expect(answers.map(({ status }) => status)).toEqual([202, 200, 200, 200, 200, 404, 200, 202]);
    const text = answers.map(({ body, headers }) => body + JSON.stringify(headers)).join("\n");
    for (const secret of ["/runtime/webhooks", "code=", world.host.systemKey, world.host.functionKey]) {
      expect(text).not.toContain(secret);
    }
  });
});

test("a run that reaches the engine for a VM outside the scope sends nothing", async () => {
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
    settings: { GOLDPATCH_SCOPE: "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-other" },
  });
  const runId = "http-00000000000000000000000000000000";
  const run = { runId, vmId: world.vmId("vm"), mode: "patch", trigger: "http", requestedAt: "2026-12-01T06:00:00Z" };
  const path = `/runtime/webhooks/durabletask/orchestrators/patchVm/${runId}?code=${world.host.systemKey}`;
  expect((await world.http("POST", path, run)).status).toBe(202);
  expect(await world.settle()).toMatchObject([{ outcome: "skipped", code: "OutOfScope", detail: expect.any(String) }]);
  expect(world.transcript).toEqual([]);
});

test("an instance id that finished is no second run when somebody starts it again", async () => {
  const world = await startWorld({ fleet: fleetOf([{ name: "vm", image: "win", events: [] }]) });
  const [runId = ""] = await world.run("assess", ["vm"]);
  const [first] = await world.settle();
  const input = world.host.status(runId)?.input;
  await world.passes(MINUTE);
  const path = `/runtime/webhooks/durabletask/orchestrators/patchVm/${runId}?code=${world.host.systemKey}`;
  expect((await world.http("POST", path, input)).status).toBe(202);
  const sent = world.transcript.length;

  expect(await world.settle()).toEqual([first]);
  expect(world.transcript).toHaveLength(sent);
});
