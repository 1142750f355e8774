import { expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";
import { byVm, patchPolicy, posted, startSweep, sweepOf, sweptOut } from "../support/sweeps";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CAREFREE = "exposure: { cap: 100, ramp: [rest] }\n";
const named = (count: number, more: (index: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, index) => ({
    name: `vm-${String(index).padStart(2, "0")}`,
    image: "lin",
    events: [],
    ...more(index),
  }));

test("every VM of the policy is patched, one first; others are left alone", async () => {
  const world = await startWorld({
    fleet: fleetOf([
      ...named(6),
      { name: "win", image: "win", events: [] },
      { name: "market", image: "market", events: [] },
    ]),
  });
  const sweepId = await startSweep(world, patchPolicy().replace("scope:", "scope:\n  operatingSystems: [Linux]"));
  expect(await sweepOf(world, sweepId)).toMatchObject({ policy: "test-policy", mode: "patch", endedAt: null });
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({
    state: "completed",
    stage: null,
    counts: { vms: 6, ended: 6, failed: 0 },
    stages: [{ name: "all", vms: 6, ended: 6, failed: 0, outcomes: { patched: 6 } }],
    nextLookAt: null,
  });
  expect(runs).toHaveLength(6);
  expect(runs.every(({ sweep: of, trigger }) => of?.sweepId === sweepId && trigger === "sweep")).toBe(true);
  expect(new Set(runs.map(({ sweep: of }) => of?.policyHash))).toEqual(new Set([sweep.policyHash]));
  expect(posted(world, "installPatches").sort()).toEqual(named(6).map(({ name }) => name));
});

test("the ramp: the next step begins when all VMs before are verified", async () => {
  const world = await startWorld({ fleet: fleetOf(named(8)) });
  const sweepId = await startSweep(world, patchPolicy("exposure: { cap: 8, ramp: [1, 3, rest] }\n"));
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(sweep.counts).toEqual({ vms: 8, ended: 8, failed: 0, verified: 8 });
  const began = (run: { startedAt: string }) => Date.parse(run.startedAt);
  const inOrder = [...runs].sort((a, b) => began(a) - began(b));
  const ended = (from: number, to: number) =>
    Math.max(...inOrder.slice(from, to).map(({ endedAt }) => Date.parse(endedAt ?? "")));
  expect(inOrder.slice(1, 3).every((run) => began(run) >= ended(0, 1))).toBe(true);
  expect(inOrder.slice(3).every((run) => began(run) >= ended(0, 3))).toBe(true);
});

test.each([
  [
    "the agent stays silent after the installation",
    { afterwards: { agentSilentSeconds: 90_000 } },
    "NotWellAfterInstall",
  ],
  ["the installation breaks", { breaks: { error: { code: "InstallError", message: "no" } } }, "InstallFailed"],
])(
  "a bad patch in the second stage stops the sweep: %s",
  async (_what, install, code) => {
    const world = await startWorld({
      fleet: fleetOf(named(12, (index) => (index < 2 ? { tags: { ring: "canary" } } : { install }))),
    });
    const sweepId = await startSweep(
      world,
      patchPolicy(
        `${CAREFREE}concurrency: 2\nfailureBudget: 1\nstages:\n  - { name: canary, tags: { ring: [canary] } }\n  - { name: rest, failureBudget: 1 }\n`,
      ),
    );
    const { sweep, runs } = await sweptOut(world, sweepId);
    expect(sweep).toMatchObject({
      state: "stopped",
      stop: { reason: "failureBudget" },
      counts: { vms: 12, ended: 12, failed: 2 },
    });
    const codes = Object.values(byVm(runs));
    expect(codes.filter((each) => each === "Patched")).toHaveLength(2);
    expect(codes.filter((each) => each === code)).toHaveLength(2);
    expect(codes.filter((each) => each === "SweepStopped")).toHaveLength(8);
    expect(posted(world, "installPatches")).toHaveLength(4);
  },
  60_000,
);

test("a failed canary uses up the ramp's first step: nobody else is touched, whatever the budget allows", async () => {
  const world = await startWorld({
    fleet: fleetOf(named(5, () => ({ install: { afterwards: { agentSilentSeconds: 90_000 } } }))),
  });
  const sweepId = await startSweep(world, patchPolicy("failureBudget: 5\nstages: [{ name: all, failureBudget: 5 }]\n"));
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "completed", counts: { ended: 5, failed: 1, verified: 0 } });
  expect(runs.filter(({ code }) => code === "ImageHeldBack")).toHaveLength(4);
  expect(posted(world, "installPatches")).toHaveLength(1);
});

test("an image version that is hurt meanwhile: a VM that is assessed already gets no installation", async () => {
  const slow = { assess: { durationSeconds: 1800 } };
  // Assessed long after the installation beside it broke.
  const last = { assess: { durationSeconds: 3000 } };
  const more = [{}, { install: { breaks: { error: { code: "InstallError", message: "no" } } } }, last];
  const others = named(2).map((vm, index) => ({ ...vm, name: `win-${index}`, image: "win", ...slow }));
  const world = await startWorld({ fleet: fleetOf([...named(8, (index) => more[index] ?? {}), ...others]) });
  const sweepId = await startSweep(
    world,
    patchPolicy(
      "exposure: { cap: 100, ramp: [4, 9, rest] }\nfailureBudget: 5\nstages: [{ name: all, failureBudget: 5 }]\n",
    ),
  );
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "completed", counts: { vms: 10, ended: 10, failed: 1 } });
  expect(byVm(runs)).toEqual({
    "vm-00": "Patched",
    "vm-01": "InstallFailed",
    ...Object.fromEntries(
      named(8)
        .slice(2)
        .map(({ name }) => [name, "ImageHeldBack"]),
    ),
    ...Object.fromEntries(others.map(({ name }) => [name, "Patched"])),
  });
  const late = runs.filter(
    ({ code, steps }) => code === "ImageHeldBack" && steps.some(({ name }) => name === "assessPatches"),
  );
  expect(late.map(({ vmId }) => vmId.split("/").at(-1))).toEqual(["vm-02"]);
  expect(late[0]).toMatchObject({
    outcome: "skipped",
    installPosts: 0,
    detail: "1 of its image version failed at the step of 4 VMs of exposure.ramp",
  });
  expect(posted(world, "installPatches").filter((name) => name.startsWith("vm-"))).toEqual(["vm-00", "vm-01"]);
});

test("a sweep that is paused starts nothing, refuses what was about to be sent, and goes on when it is resumed", async () => {
  const world = await startWorld({ fleet: fleetOf(named(4, () => ({ assess: { durationSeconds: 300 } }))) });
  const sweepId = await startSweep(world, patchPolicy(`${CAREFREE}concurrency: 1\n`));
  await world.passes(2 * MINUTE);
  expect((await world.api("POST", `sweeps/${sweepId}/pause`)).status).toBe(202);
  await world.passes(HOUR);
  expect(await sweepOf(world, sweepId)).toMatchObject({
    state: "waiting",
    paused: true,
    waitsFor: { what: "pause", until: null },
    counts: { ended: 1 },
  });
  expect(posted(world, "installPatches")).toEqual([]);
  expect((await world.api("POST", `sweeps/${sweepId}/resume`)).status).toBe(202);
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "completed", stages: [{ outcomes: { skipped: 1, patched: 3 } }] });
  expect(Object.values(byVm(runs)).sort()).toEqual(["Patched", "Patched", "Patched", "SweepPaused"]);
});

test("a sweep that is cancelled: what was installed stays installed, the others are cancelled", async () => {
  const world = await startWorld({ fleet: fleetOf(named(5)) });
  const sweepId = await startSweep(world, patchPolicy(`${CAREFREE}concurrency: 1\n`));
  await world.passes(MINUTE);
  expect((await world.api("POST", `sweeps/${sweepId}/cancel`)).status).toBe(202);
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "cancelled", counts: { vms: 5, ended: 5 }, stop: { reason: "cancelled" } });
  expect(Object.values(byVm(runs))).toEqual(Array.from({ length: 5 }, () => "SweepCancelled"));
  expect(posted(world, "installPatches")).toEqual([]);
  expect((await world.api("POST", `sweeps/${sweepId}/resume`)).status).toBe(409);
});

test.each([
  ["resumed", "pause", "resume", 30],
  ["cancelled", "pause", "cancel", 30],
])("an operator's word is heard at once: a sweep that waits is %s", async (_what, first, then, seconds) => {
  const world = await startWorld({ fleet: fleetOf(named(2)) });
  const sweepId = await startSweep(world, patchPolicy());
  expect((await world.api("POST", `sweeps/${sweepId}/${first}`)).status).toBe(202);
  await world.passes(31 * MINUTE);
  const before = await sweepOf(world, sweepId);
  expect(before).toMatchObject({ state: "waiting", waitsFor: { what: "pause" } });
  const nextLook = Date.parse(before.nextLookAt ?? "");
  expect(nextLook - world.clock.now()).toBeGreaterThan(MINUTE);
  expect((await world.api("POST", `sweeps/${sweepId}/${then}`)).status).toBe(202);
  await world.passes(seconds * 1000);
  const { state } = await sweepOf(world, sweepId);
  expect(state).toBe(then === "resume" ? "working" : "cancelled");
  await sweptOut(world, sweepId);
});

const GATED = `${CAREFREE}stages:\n  - { name: first, share: 1, wait: PT2H }\n  - { name: rest, gate: { timeout: PT6H } }\n`;

test("a stage waits as long as the one before it says, then for approval", async () => {
  const world = await startWorld({ fleet: fleetOf(named(3)) });
  const sweepId = await startSweep(world, patchPolicy(GATED));
  await world.passes(90 * MINUTE);
  expect(await sweepOf(world, sweepId)).toMatchObject({ state: "waiting", stage: "rest", waitsFor: { what: "wait" } });
  const early = await world.api("POST", `sweeps/${sweepId}/approve`);
  expect(early.status).toBe(409);
  await world.passes(2 * HOUR);
  expect(await sweepOf(world, sweepId)).toMatchObject({
    state: "waiting",
    stage: "rest",
    waitsFor: { what: "approval" },
  });
  expect((await world.api("POST", `sweeps/${sweepId}/approve`)).status).toBe(202);
  const { sweep } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "completed", counts: { ended: 3 } });
  expect(posted(world, "installPatches")).toHaveLength(3);
});

test("nobody approves: the sweep stops by itself", async () => {
  const world = await startWorld({ fleet: fleetOf(named(3)) });
  const sweepId = await startSweep(world, patchPolicy(GATED));
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "stopped", stop: { reason: "approval" } });
  expect(Object.values(byVm(runs)).sort()).toEqual(["Patched", "SweepStopped", "SweepStopped"]);
});

test("a window that ends in the middle of the sweep: no installation outside, the rest in the next window", async () => {
  const world = await startWorld({ fleet: fleetOf(named(6)) });
  // The fleet begins on 2026-12-01T06:00:00Z.
  const windows = 'windows: [{ from: "06:30", to: "09:00" }]\n';
  const sweepId = await startSweep(world, patchPolicy(`${CAREFREE}concurrency: 1\n${windows}`));
  await world.passes(10 * MINUTE);
  expect(await sweepOf(world, sweepId)).toMatchObject({
    state: "waiting",
    waitsFor: { what: "window", until: "2026-12-01T06:30:00.000Z" },
  });
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "completed", counts: { vms: 6, ended: 6 } });
  expect(Object.values(byVm(runs)).every((code) => code === "Patched" || code === "OutsideWindow")).toBe(true);
  const times = world.transcript
    .filter(({ path }) => path.includes("/installPatches?"))
    .map(({ t }) => t.slice(11, 16));
  expect(times.length).toBeGreaterThan(1);
  expect(times.every((time) => time >= "06:30" && time <= "08:00")).toBe(true);
  const days = new Set(
    world.transcript.filter(({ path }) => path.includes("/installPatches?")).map(({ t }) => t.slice(0, 10)),
  );
  expect(days.size).toBeGreaterThan(1);
}, 120_000);

test("an installation that no longer fits is refused at its request, though its VM was released in time", async () => {
  const world = await startWorld({ fleet: fleetOf(named(2, () => ({ assess: { durationSeconds: 1900 } }))) });
  const windows = 'windows: [{ from: "06:00", to: "07:31" }]\n';
  const sweepId = await startSweep(world, patchPolicy(`${CAREFREE}${windows}`));
  const { runs } = await sweptOut(world, sweepId);
  expect(Object.values(byVm(runs))).toContain("OutsideWindow");
  expect(posted(world, "installPatches")).toEqual([]);
});

test("of an unknown image version one VM goes first; two that are Unsupported hold back the rest", async () => {
  const world = await startWorld({ fleet: fleetOf(named(6, () => ({ graph: { readiness: ["Unsupported"] } }))) });
  const sweepId = await startSweep(world, patchPolicy(CAREFREE));
  const { sweep, runs } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "completed", stages: [{ outcomes: { unsupported: 2, skipped: 4 } }] });
  const held = runs.filter(({ code }) => code === "ImageHeldBack");
  expect(held).toHaveLength(4);
  expect(held[0]?.detail).toMatch(/^2 VMs of its image version are Unsupported: .*vm-00, .*vm-01$/);
  expect(posted(world, "assessPatches")).toEqual(["vm-00", "vm-01"]);
});

test("a VM that does not tell is followed by another; the verdict lets all others go", async () => {
  const world = await startWorld({
    fleet: fleetOf(named(5, (index) => (index === 0 ? { power: { state: "deallocated" } } : {}))),
  });
  const sweepId = await startSweep(world, patchPolicy(CAREFREE));
  const { runs } = await sweptOut(world, sweepId);
  expect(byVm(runs)).toEqual({
    "vm-00": "VmDeallocated",
    ...Object.fromEntries(
      named(5)
        .slice(1)
        .map(({ name }) => [name, "Patched"]),
    ),
  });
  const start = (name: string) => Date.parse(runs.find(({ vmId }) => vmId.endsWith(name))?.startedAt ?? "");
  expect(start("vm-01")).toBeGreaterThan(start("vm-00"));
  expect(start("vm-02")).toBeGreaterThan(start("vm-01"));
});

test("an assessing sweep installs nothing", async () => {
  const world = await startWorld({ fleet: fleetOf(named(3)) });
  const sweepId = await startSweep(world, patchPolicy().replace("mode: patch", "mode: assess"));
  const { sweep } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "completed", stages: [{ outcomes: { assessed: 3 } }] });
  expect(posted(world, "installPatches")).toEqual([]);
});

test("the stop switch holds the sweep up without using up its VMs", async () => {
  const world = await startWorld({ fleet: fleetOf(named(3)) });
  await world.api("POST", "stop");
  const sweepId = await startSweep(world, patchPolicy());
  await world.passes(HOUR);
  expect(await sweepOf(world, sweepId)).toMatchObject({
    state: "waiting",
    waitsFor: { what: "stop" },
    counts: { ended: 0 },
  });
  await world.api("DELETE", "stop");
  const { sweep } = await sweptOut(world, sweepId);
  expect(sweep).toMatchObject({ state: "completed", stages: [{ outcomes: { patched: 3 } }] });
});

test("a sweep without VMs is over at once; one that may not read its scope says so", async () => {
  const world = await startWorld({ fleet: fleetOf([]) });
  const { sweep } = await sweptOut(world, await startSweep(world, patchPolicy()));
  expect(sweep).toMatchObject({ state: "completed", counts: { vms: 0 } });

  const denied = await startWorld({
    fleet: fleetOf(named(1), {
      faults: [{ on: "resourceGraph", answer: { status: 403, code: "AuthorizationFailed", message: "no" } }],
    }),
  });
  expect((await sweptOut(denied, await startSweep(denied, patchPolicy()))).sweep).toMatchObject({
    state: "stopped",
    stop: { reason: "discovery" },
  });
});
