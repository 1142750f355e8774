import { outcomeOf } from "../outcome/table";
import { noProof } from "./image-exposure";
import { heard } from "./image-trial";
import { tallied, type SweepState } from "./state";
import type { SweepSight } from "./tick";

/** The state with what ended since the last tick, and with what VMs told about their image versions. */
export function learn({ state, ended, active }: SweepSight): SweepState {
  const images = { ...state.images };
  for (const { vm, isOver } of [
    ...ended.map((vm) => ({ vm, isOver: true })),
    ...active.map((vm) => ({ vm, isOver: false })),
  ]) {
    const trial = vm.imageId === null ? undefined : images[vm.imageId];
    if (vm.imageId !== null && trial) images[vm.imageId] = heard(trial, vm.vmId, vm.told, isOver);
  }
  const stages = tallied(
    state.stages,
    ended.map(({ stage, code, failed, verified }) => ({
      stage,
      code,
      failed,
      verified,
      outcome: outcomeOf(code).outcome,
    })),
  );
  return { ...state, images, proofs: shown({ state, ended }), stages };
}

/** What the VMs of image versions have shown, with those that ended since. */
function shown({ state, ended }: Pick<SweepSight, "state" | "ended">): SweepState["proofs"] {
  const proofs = { ...state.proofs };
  for (const { imageId, failed, verified } of ended) {
    if (imageId === null || !(failed || verified)) continue;
    const before = proofs[imageId] ?? noProof;
    proofs[imageId] = {
      verified: before.verified + (verified ? 1 : 0),
      failed: before.failed + (failed ? 1 : 0),
    };
  }
  return proofs;
}
