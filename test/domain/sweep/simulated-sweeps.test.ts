import { expect, test } from "@jest/globals";
import { exposureCap, exposureLimit } from "../../../src/domain/policy/exposure";
import { failureBudgetsOf } from "../../../src/domain/policy/failure-budget";
import type { Policy } from "../../../src/domain/policy/policy";
import { decideTick, type SweepVm, type TickView } from "../../../src/domain/sweep/decide-tick";
import type { Told } from "../../../src/domain/sweep/image-trial";
import { noControl, plannedState, type SweepControl } from "../../../src/domain/sweep/state";
import { installMs } from "../../../src/domain/sweep/times";
import { windowGateAt } from "../../../src/domain/window/gate";
import { policyOf, policyText } from "../../policy/policy-text";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse("2026-12-01T06:00:00Z");
const SWEEPS = 1500;
/** A month of looks every five minutes. */
const MOST_TICKS = 9000;

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number) {
  let a = seed;
  const next = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    whole: (from: number, to: number) => from + Math.floor(next() * (to - from + 1)),
    one: <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T,
    chance: (share: number) => next() < share,
  };
}
type Random = ReturnType<typeof randomOf>;

function policyBy(random: Random): Policy {
  const amount = () => random.one(["0", "1", "2", "10%", "50%", "100"]);
  const exposure = random.one([
    "{ cap: 100%, ramp: [rest] }",
    "{}",
    "{ cap: 3, ramp: [1, 2, rest] }",
    "{ cap: 50%, ramp: [10%, rest] }",
  ]);
  const gate = () => random.one(["", "", ", gate: { timeout: PT2H, onTimeout: go }", ", gate: { timeout: PT3H }"]);
  const stage = (name: string, share: string) =>
    `  - { name: ${name}${share}, failureBudget: ${amount()}, wait: ${random.one(["PT0M", "PT45M"])}${gate()}${random.chance(0.3) ? ", concurrency: 2" : ""} }\n`;
  const windows = random.one([
    "",
    "",
    'windows: [{ from: "07:00", to: "09:00" }]\n',
    'windows: [{ from: "22:00", to: "02:00" }]\nblackouts: [{ from: 2026-12-02, to: 2026-12-03 }]\n',
  ]);
  return policyOf(
    policyText(
      `mode: ${random.chance(0.85) ? "patch" : "assess"}\ninstall: { maximumDuration: PT1H }\nconcurrency: ${random.whole(1, 6)}\n` +
        `failureBudget: ${amount()}\nexposure: ${exposure}\nverdict: { tries: ${random.whole(1, 3)}, deadline: PT1H }\n${windows}` +
        `stages:\n${random.chance(0.6) ? stage("one", ", share: 2") : ""}${random.chance(0.4) ? stage("two", ", share: 30%") : ""}${stage("rest", "")}`,
    ),
  );
}

interface Fate {
  readonly takesMs: number;
  readonly code: "Patched" | "NotWellAfterInstall" | "UnsupportedImage" | "VmStopped" | "OutsideWindow";
}

function fateBy(random: Random, badness: number, imageIsBad: boolean): Fate {
  const takesMs = random.whole(3, 100) * MINUTE;
  if (imageIsBad) return { takesMs, code: random.chance(0.8) ? "UnsupportedImage" : "VmStopped" };
  if (random.chance(badness)) return { takesMs, code: "NotWellAfterInstall" };
  return { takesMs, code: random.chance(0.85) ? "Patched" : random.one(["VmStopped", "OutsideWindow"]) };
}

const toldOf = ({ code }: Fate): Told | undefined =>
  code === "UnsupportedImage" ? "unsupported" : code === "VmStopped" ? undefined : "supported";

test(`${SWEEPS} sweeps: budgets, exposure, windows, concurrency, verdicts; every VM ends once, and none waits for ever`, () => {
  const endings = new Map<string, number>();
  for (let seed = 1; seed <= SWEEPS; seed++) {
    const how = sweepBy(seed);
    endings.set(how, (endings.get(how) ?? 0) + 1);
  }
  // The generator is worth its name: every ending comes up.
  expect([...endings.keys()].sort()).toEqual(["approval", "cancelled", "completed", "exposure", "failureBudget"]);
});

/** Plays one sweep to its end; answers how it ended. */
function sweepBy(seed: number): string {
  const random = randomOf(seed);
  const policy = policyBy(random);
  const badness = random.one([0, 0, 0.1, 0.5, 1]);
  const badImages = new Set(["b", ...(random.chance(0.2) ? ["a"] : [])]);
  const sizes = policy.stages.map(() => random.whole(0, 6));
  const vms = sizes.flatMap((size, stage) =>
    Array.from({ length: size }, (_, index): SweepVm => {
      const imageId = random.one(["a", "a", "b", "c", null]);
      return { key: `${stage}:${index}`, vmId: `vm-${stage}-${index}`, stage, imageId };
    }),
  );
  const fates = new Map(
    vms.map((vm) => [vm.key, fateBy(random, badness, vm.imageId !== null && badImages.has(vm.imageId))]),
  );
  const fateOf = ({ key }: SweepVm): Fate => fates.get(key) ?? { takesMs: 0, code: "VmStopped" };
  const budgets = failureBudgetsOf(policy, sizes);
  const cancelAt = random.chance(0.1) ? START + random.whole(0, 300) * MINUTE : Number.POSITIVE_INFINITY;
  const approveAfter = random.chance(0.7) ? random.whole(10, 170) * MINUTE : Number.POSITIVE_INFINITY;

  let state = plannedState(sizes, START);
  let queued = [...vms];
  let active: (SweepVm & { readonly until: number })[] = [];
  const ended = new Map<string, string>();
  let now = START;
  for (let tick = 1; tick <= MOST_TICKS; tick++) {
    const paused = random.chance(0.02);
    const control: SweepControl = {
      ...noControl,
      paused,
      cancelled: now >= cancelAt,
      approved:
        now - state.reachedAt >= approveAfter ? policy.stages.slice(0, state.current + 1).map(({ name }) => name) : [],
    };
    const over = active.filter(({ until }) => until <= now);
    active = active.filter(({ until }) => until > now);
    const view: TickView = {
      now,
      policy,
      control,
      appHeld: random.chance(0.02),
      state,
      queued: control.cancelled || state.stop ? queued : queued.filter(({ stage }) => stage === state.current),
      active: active.map(({ until, ...vm }) => {
        const told = until - now < 2 * MINUTE ? toldOf(fateOf(vm)) : undefined;
        return { ...vm, ...(told && { told }) };
      }),
      ended: over.map(({ until: _until, ...vm }) => {
        const { code } = fateOf(vm);
        const told = toldOf(fateOf(vm));
        return { ...vm, code, failed: code === "NotWellAfterInstall", ...(told && { told }) };
      }),
      known: new Map(random.chance(0.2) ? [["c", { told: "supported", vmId: "before", at: now - HOUR }]] : []),
    };
    const before = JSON.stringify(toJson(view));
    const decision = decideTick(view);
    // A tick that is asked for again decides the same, and changes nothing of what it saw.
    must(JSON.stringify(decideTick(view)) === JSON.stringify(decision), "the same decision");
    must(JSON.stringify(toJson(view)) === before, "an untouched view");

    for (const { key } of over) end(ended, key, "run");
    for (const { keys, code } of decision.finish) for (const key of keys) end(ended, key, code);
    state = decision.state;
    const finished = new Set(decision.finish.flatMap(({ keys }) => keys));
    const released = queued.filter(({ key }) => decision.release.includes(key));
    must(released.length === decision.release.length, "releases from the queue");
    queued = queued.filter(({ key }) => !finished.has(key) && !decision.release.includes(key));

    const failedOf = (stage: number) => state.stages[stage]?.failed ?? 0;
    const failed = sizes.reduce((sum, _size, stage) => sum + failedOf(stage), 0);
    if (released.length > 0) {
      must(!paused && !control.cancelled && !view.appHeld && !state.stop, "no release while held");
      must(
        windowGateAt(policy, now, policy.mode === "patch" ? installMs(policy) : 0).kind === "open",
        "an open window",
      );
      must(failed <= budgets.overall, "the overall budget");
      must(
        sizes.every((_size, stage) => failedOf(stage) <= (budgets.stages[stage] ?? 0)),
        "the stages' budgets",
      );
      // Stage after stage.
      must(
        released.every(({ stage }) => stage === state.current),
        "one stage",
      );
      must(
        [...queued, ...active].every(({ stage }) => stage >= state.current),
        "stage after stage",
      );
      const settled = state.stages.reduce((sum, tally) => sum + tally.ended - tally.failed, 0);
      const inFlight = active.length + released.length;
      if (policy.mode === "patch") {
        // What the same tick held back was settled after it was looked at.
        const limit = exposureLimit(policy.exposure, vms.length, settled - finished.size);
        must(inFlight + failed <= limit, "the ramp");
      }
    }
    const untold = (imageId: string) =>
      [...active.filter((vm) => !view.active.some(({ key, told }) => key === vm.key && told)), ...released].filter(
        (vm) => vm.imageId === imageId,
      ).length;
    for (const [imageId, trial] of Object.entries(state.images)) {
      if (!trial.supported && !view.known.has(imageId) && released.some((vm) => vm.imageId === imageId)) {
        must(imageId === "c" || untold(imageId) <= 1, "one VM first");
      }
    }
    active = [...active, ...released.map((vm) => ({ ...vm, until: now + fateOf(vm).takesMs }))];
    must(active.length <= policy.concurrency, "concurrency");
    const stageConcurrency = policy.stages[state.current]?.concurrency;
    must(released.length === 0 || active.length <= (stageConcurrency ?? policy.concurrency), "the stage's concurrency");
    if (policy.mode === "patch" && vms.length > 0) {
      must(active.length + failed <= exposureCap(policy.exposure, vms.length), "the exposure");
    }

    if (decision.status.kind === "over") {
      expect(active).toEqual([]);
      expect(queued).toEqual([]);
      expect([...ended.keys()].sort()).toEqual(vms.map(({ key }) => key).sort());
      expect(state.stages.map(({ vms: all, ended: count }) => all - count)).toEqual(sizes.map(() => 0));
      return state.stop?.reason ?? "completed";
    }
    // Timers are a second early, late, or somebody nudges.
    const { status, lookAt } = decision;
    const until = status.kind === "waiting" && active.length === 0 && random.chance(0.9) ? status.until : undefined;
    const due = until ?? lookAt;
    now = Math.max(
      now + 1000,
      random.chance(0.1) ? now + random.whole(1, 50) * 1000 : due + random.whole(-1, 40) * 1000,
    );
  }
  throw new Error(`sweep ${seed} is not over`);
}

function end(ended: Map<string, string>, key: string, how: string): void {
  must(!ended.has(key), `one outcome for ${key}`);
  ended.set(key, how);
}

const toJson = (view: TickView): object => ({ ...view, known: [...view.known], policy: null });

/** Cheaper than expect, millions of times. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not kept: ${what}`);
}
