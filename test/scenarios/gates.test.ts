import { expect, test } from "@jest/globals";
import type { ArmExchange } from "../../src/embedding";
import { vmPartition } from "../../src/ledger/keys";
import type { Lease } from "../../src/ledger/lease";
import { fleetOf } from "../support/fleet";
import { startWorld, type World } from "../support/outside-jest";

const MINUTE = 60_000;

const posts = (world: World, action: string) =>
  world.transcript.filter(({ method, path }) => method === "POST" && path.includes(`/${action}?`));

/** Runs one VM to its end; `meddle` is called with every request before it leaves the app. */
async function runOne(
  meddle: (request: ArmExchange, world: World) => Promise<unknown> | undefined,
  { settings = {}, vm = {}, install = {} }: { settings?: Record<string, string>; vm?: object; install?: object } = {},
) {
  const bodies: unknown[] = [];
  const world: World = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [], ...vm }]),
    settings,
    intercept: async (request, azure) => {
      await meddle(request, world);
      if (request.url.includes("/installPatches")) bodies.push(JSON.parse(request.body ?? "null"));
      return azure(request);
    },
  });
  await world.run("patch", ["vm"], { install });
  const [run] = await world.settle();
  return { world, run, bodies };
}

test("paused: nothing is sent", async () => {
  const { world, run } = await runOne(() => undefined, { settings: { GOLDPATCH_PAUSED: "true" } });
  expect(run).toMatchObject({ outcome: "skipped", code: "Paused" });
  expect(posts(world, "assessPatches")).toEqual([]);
});

test("stopped before the start: nothing is sent; once the stop is removed a run goes through", async () => {
  const world = await startWorld({ fleet: fleetOf([{ name: "vm", image: "win", events: [] }]) });
  await world.api("POST", "stop");
  await world.run("patch", ["vm"]);
  expect(await world.settle()).toMatchObject([{ outcome: "skipped", code: "Stopped" }]);
  expect(posts(world, "assessPatches")).toEqual([]);

  await world.api("DELETE", "stop");
  await world.run("patch", ["vm"], { install: { rebootSetting: "IfRequired" } });
  const outcomes = (await world.settle()).map(({ outcome }) => outcome);
  expect(outcomes.sort()).toEqual(["patched", "skipped"]);
});

test("stopped between assessment and install: no install is sent", async () => {
  const { world, run } = await runOne(({ url }, world) =>
    url.includes("Microsoft.ResourceGraph") ? world.api("POST", "stop") : undefined,
  );
  expect(posts(world, "assessPatches")).toHaveLength(1);
  expect(posts(world, "installPatches")).toEqual([]);
  expect(run).toMatchObject({ outcome: "skipped", code: "Stopped", installPosts: 0 });
});

/** Runs `act` once an install's intent stands in the store and its request has not left. */
function afterInstallIntent(world: World, act: () => Promise<unknown>): { done: boolean } {
  const state = { done: false };
  const batch = world.store.batch.bind(world.store);
  world.store.batch = async (partition, operations) => {
    const written = await batch(partition, operations);
    const isIntent = operations.some(
      (operation) => operation.kind === "insert" && JSON.stringify(operation.value).includes('"operation":"install"'),
    );
    if (written && isIntent && !state.done) {
      state.done = true;
      await act();
    }
    return written;
  };
  return state;
}

test.each([
  ["stop", "Stopped", (world: World) => world.api("POST", "stop")],
  [
    "cancel",
    "CancelledBeforeInstall",
    async (world: World) => world.api("POST", `runs/${(await world.runs())[0]?.runId ?? ""}/cancel`),
  ],
  [
    "loss of the lease",
    "LeaseLost",
    async (world: World) => {
      const partition = vmPartition(world.vmId("vm").toLowerCase());
      const lease = await world.store.get<Lease>(partition, "lease");
      if (lease)
        await world.store.replaceIfMatch(lease, { ...lease.value, epoch: lease.value.epoch + 1, runId: "other" });
    },
  ],
] as const)("%s between intent and POST: the request never leaves", async (_what, code, act) => {
  const world = await startWorld({ fleet: fleetOf([{ name: "vm", image: "win", events: [] }]) });
  const intent = afterInstallIntent(world, () => act(world));
  await world.run("patch", ["vm"]);
  const [run] = await world.settle();

  expect(intent.done).toBe(true);
  expect(run).toMatchObject({ code, installPosts: 0 });
  expect(posts(world, "installPatches")).toEqual([]);
});

test("a cancelled run that waits for its turn ends without a look at the VM", async () => {
  const world = await startWorld({
    fleet: fleetOf(["a", "b"].map((name) => ({ name, image: "win", events: [] }))),
    settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "1" },
  });
  await world.run("assess", ["a"]);
  const [waiting = ""] = await world.run("patch", ["b"]);
  await world.passes(2 * MINUTE);
  expect((await world.api("POST", `runs/${waiting}/cancel`)).status).toBe(202);
  const runs = await world.settle();

  expect(runs.find(({ runId }) => runId === waiting)).toMatchObject({ outcome: "cancelled", cancelRequested: true });
  expect(world.transcript.filter(({ vmIds }) => vmIds.includes(world.vmId("b").toLowerCase()))).toEqual([]);
});

test("cancelled after the install was sent: the run follows to the true outcome", async () => {
  let sent = false;
  const { run } = await runOne(
    async ({ url }, world) => {
      if (url.includes("/installPatches")) sent = true;
      else if (sent && url.includes("/operations/")) {
        const [mine] = await world.runs();
        await world.api("POST", `runs/${mine?.runId ?? ""}/cancel`);
      }
    },
    { install: { rebootSetting: "IfRequired" } },
  );
  expect(run).toMatchObject({ outcome: "patched", cancelRequested: true });
});

test.each([
  [
    "a VM older than a day is not rebooted by default",
    "win",
    { createdAt: "2026-11-01T00:00:00Z" },
    {},
    { rebootSetting: "Never" },
  ],
  ["a VM younger than a day may be", "win", { createdAt: "2026-11-30T20:00:00Z" }, {}, { rebootSetting: "IfRequired" }],
  [
    "Windows gets its own block, KB ids in the spelling that Azure takes",
    "win",
    {},
    { windows: { kbNumbersToExclude: ["890830", "kb5122871"] }, linux: { packageNameMasksToInclude: ["a*"] } },
    {
      rebootSetting: "Never",
      maximumDuration: "PT3H55M",
      windowsParameters: {
        classificationsToInclude: ["Critical", "Security"],
        kbNumbersToExclude: ["KB890830", "KB5122871"],
      },
    },
  ],
  [
    "Linux gets its own block; PT4H is taken when asked for",
    "lin",
    {},
    {
      ...{ maximumDuration: "PT4H", windows: { kbNumbersToInclude: ["890830"] } },
      linux: { classificationsToInclude: ["Security"] },
    },
    {
      rebootSetting: "Never",
      maximumDuration: "PT4H",
      linuxParameters: { classificationsToInclude: ["Security"] },
    },
  ],
] as const)("%s", async (_what, image, vm, install, body) => {
  const { bodies } = await runOne(() => undefined, { vm: { image, ...vm }, install });
  expect(bodies).toHaveLength(1);
  if ("maximumDuration" in body) expect(bodies[0]).toEqual(body);
  else expect(bodies[0]).toMatchObject(body);
});

test("a VM that was deleted and made anew under its name after the assessment gets no install", async () => {
  let assessed = false;
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
    intercept: async (request, azure) => {
      const answer = await azure(request);
      if (request.url.includes("Microsoft.ResourceGraph")) assessed = true;
      if (!assessed || request.method !== "GET" || !request.url.includes("/virtualMachines/")) return answer;
      const another = '"vmId":"99999999-0000-4000-8000-000000000000"';
      return { ...answer, body: answer.body.replace(/"vmId":"[0-9a-f-]{36}"/, another) };
    },
  });
  await world.run("patch", ["vm"]);
  expect(await world.settle()).toMatchObject([{ outcome: "notReady", code: "VmReplaced", installPosts: 0 }]);
  expect(posts(world, "installPatches")).toEqual([]);
});
