import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { exposureCap, rampSteps } from "../../../src/domain/policy/exposure";
import { failureBudgetsOf } from "../../../src/domain/policy/failure-budget";
import { decideTick } from "../../../src/domain/sweep/decide-tick";
import { noProof } from "../../../src/domain/sweep/image-exposure";
import { MOST_FINISHED } from "../../../src/domain/sweep/lanes";
import { sumOf } from "../../../src/domain/sweep/state";
import { installMs } from "../../../src/domain/sweep/times";
import { windowGateAt } from "../../../src/domain/window/gate";
import { sweepCase, type SweepCase } from "./arbitrary-sweep";
import { play, type PlayedSweep } from "./played-sweep";

/** The same sweeps each time; fast-check prints what replays a failure, made as small as it can. */
const RUNS = { seed: 20_261_126, numRuns: 300 };

type Check = (played: PlayedSweep, sweep: SweepCase) => void;

/** Cheaper than expect, hundreds of thousands of times. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not kept: ${what}`);
}

const releasing = ({ ticks }: PlayedSweep) => ticks.filter(({ released }) => released.length > 0);

/** What holds whatever the policy, the fleet and what happens meanwhile. */
const properties: Readonly<Record<string, Check>> = {
  "every VM ends once, and the sweep ends: none waits for ever": ({ over, ends, vms, ticks }) => {
    must(over, "an end");
    const keys = ends.map(([key]) => key).sort();
    must(JSON.stringify(keys) === JSON.stringify(vms.map(({ key }) => key).sort()), "one end for each VM");
    const last = ticks.at(-1);
    must(last !== undefined && last.flying.length + last.waiting.length === 0, "nobody left behind");
    must(
      (last?.decision.state.stages ?? []).every((stage) => stage.ended === stage.vms),
      "tallies that add up",
    );
  },

  "a tick that is asked for again decides the same, and changes nothing of what it saw": ({ ticks }) => {
    for (const { view, decision } of ticks) {
      const before = JSON.stringify(view);
      must(JSON.stringify(decideTick(view)) === JSON.stringify(decision), "the same decision");
      must(JSON.stringify(view) === before, "an untouched view");
    }
  },

  "VMs are released from the queue alone, once, stage after stage": (played) => {
    const released = new Set<string>();
    for (const { decision, released: vms, view, waiting, flying } of releasing(played)) {
      must(vms.length === decision.release.length, "releases of VMs that wait");
      must(
        vms.every(({ key }) => !released.has(key)),
        "no second release",
      );
      for (const { key } of vms) released.add(key);
      const { current } = decision.state;
      must(
        [...waiting, ...flying].every(({ stage }) => stage >= current),
        "stage after stage",
      );
      must(
        vms.every(({ stage }) => stage === current),
        "one stage at a time",
      );
      const order = view.queued.map(({ key }) => key);
      must(
        vms.every(({ key }, at) => at === 0 || order.indexOf(key) > order.indexOf(vms[at - 1]?.key ?? "")),
        "order",
      );
    }
  },

  "nothing is released while the sweep is paused, cancelled or stopped, or the app is held": (played) => {
    for (const { view, decision } of releasing(played)) {
      const { paused, cancelled } = view.control;
      must(!paused && !cancelled && !view.appHeld && !decision.state.stop, "no release while held");
    }
  },

  "nothing is released outside a window or in a blackout": (played, { policy }) => {
    for (const { view } of releasing(played)) {
      const gate = windowGateAt(policy, view.now, policy.mode === "patch" ? installMs(policy) : 0);
      must(gate.kind === "open", "an open window");
    }
  },

  "nothing is released over a failure budget, the sweep's or a stage's": (played, { policy, stages }) => {
    const budgets = failureBudgetsOf(
      policy,
      stages.map(({ length }) => length),
    );
    for (const { decision } of releasing(played)) {
      must(sumOf(decision.state.stages, "failed") <= budgets.overall, "the sweep's budget");
      must(
        decision.state.stages.every(({ failed }, stage) => failed <= (budgets.stages[stage] ?? 0)),
        "the stages' budgets",
      );
    }
  },

  "no more VMs are in flight than the sweep's and the stage's concurrency": (played, { policy }) => {
    for (const { decision, flying, released } of played.ticks) {
      must(flying.length <= policy.concurrency, "concurrency");
      const ofStage = policy.stages[decision.state.current]?.concurrency ?? policy.concurrency;
      must(released.length === 0 || flying.length <= ofStage, "the stage's concurrency");
    }
  },

  "exposure: in flight and failed VMs stay within the cap, and with verified ones within the ramp's step": (
    played,
    { policy },
  ) => {
    if (policy.mode !== "patch") return;
    for (const { decision, flying } of releasing(played)) {
      const all = sumOf(decision.state.stages, "vms");
      const [failed, verified] = [sumOf(decision.state.stages, "failed"), sumOf(decision.state.stages, "verified")];
      must(flying.length + failed <= exposureCap(policy.exposure, all), "the cap");
      const step = rampSteps(policy.exposure, all).find((upTo) => upTo > verified) ?? all;
      must(flying.length + failed + verified <= step, "the ramp");
    }
  },

  "while no VM is verified, no more are in flight or failed than the ramp's first step": (played, { policy }) => {
    if (policy.mode !== "patch") return;
    const [first = 0] = rampSteps(policy.exposure, played.vms.length);
    const proven = new Set(["Patched", "NothingPending"]);
    let verified = 0;
    for (const { view, flying, decision } of played.ticks) {
      verified += view.ended.filter(({ code }) => proven.has(code)).length;
      must(verified > 0 || flying.length + sumOf(decision.state.stages, "failed") <= first, "the first step");
    }
  },

  "of each image version as many VMs are on their way as its own step has room for, and none once it failed there": (
    played,
    { policy, stages },
  ) => {
    if (policy.mode !== "patch") return;
    for (const { decision, flying, released } of releasing(played)) {
      for (const imageId of new Set(released.flatMap((vm) => vm.imageId ?? []))) {
        const { verified, failed } = decision.state.proofs[imageId] ?? noProof;
        const ofStage = (stages[decision.state.current] ?? []).filter((fate) => fate.imageId === imageId).length;
        const step = rampSteps(policy.exposure, ofStage).find((upTo) => upTo > verified && upTo < ofStage);
        if (step === undefined) continue;
        const onTheirWay = flying.filter((vm) => vm.imageId === imageId).length;
        must(failed === 0 && verified + onTheirWay <= step, "the image version's step");
      }
    }
  },

  "of an image version without a verdict one VM is on its way at a time": (played) => {
    for (const { view, released, decision } of releasing(played)) {
      for (const [imageId, trial] of Object.entries(decision.state.images)) {
        // Of image c an earlier verdict is known at some ticks and not at others.
        if (trial.supported || imageId === "c") continue;
        const untold = view.active.filter((vm) => vm.imageId === imageId && vm.told === undefined);
        const more = released.filter((vm) => vm.imageId === imageId);
        must(more.length === 0 || untold.length + more.length === 1, "one VM first");
      }
    }
  },

  "a tick reads of the queue what it can do something about, whatever else waits": ({ ticks }) => {
    for (const { view, decision, released } of ticks) {
      const used = released.length + decision.finish.reduce((sum, { keys }) => sum + keys.length, 0);
      must(view.queued.length <= used || decision.status.kind === "stopping", "no VM read in vain");
      must(used <= MOST_FINISHED + view.policy.concurrency, "a bounded tick");
    }
  },
};

test(`${RUNS.numRuns} sweeps of any kind keep every property`, () => {
  const endings = new Set<string>();
  let verified = 0;
  const holds = fc.property(sweepCase, (sweep) => {
    const played = play(sweep);
    for (const [name, check] of Object.entries(properties)) {
      try {
        check(played, sweep);
      } catch (broken) {
        throw new Error(`${name}: ${(broken as Error).message}`, { cause: broken });
      }
    }
    const { state } = played.ticks.at(-1)?.decision ?? {};
    endings.add(state?.stop?.reason ?? "completed");
    verified = Math.max(verified, sumOf(state?.stages ?? [], "verified"));
  });
  fc.assert(holds, RUNS);
  // The generator is worth its name: every way to end comes up, and ramps climb.
  expect([...endings].sort()).toEqual(["approval", "cancelled", "completed", "exposure", "failureBudget"]);
  expect(verified).toBeGreaterThan(5);
});
