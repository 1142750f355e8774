import { installOptions, type RunMode } from "../../contracts/run";
import { imageSourceOf } from "../../domain/machine/image";
import type { MachineView } from "../../domain/machine/view";
import type { PolicyScope } from "../../domain/policy/policy";
import { whyNotSelected, type Candidate } from "../../domain/policy/selection";
import { forNewVm, type AroundStep } from "../../domain/sweep/around";
import type { RunRecord } from "../../ledger/runs";
import type { StoredPolicy } from "../../ledger/stored-policies";
import { aroundRun } from "./around-run";
import { subjectOf, type RunDeps } from "./deps";

export type PolicyChoice =
  /** None selects the VM, or the run is not about a new one: the settings hold. */
  | { readonly kind: "none" }
  | { readonly kind: "chosen"; readonly mode: RunMode; readonly around?: AroundStep[] }
  | { readonly kind: "ignore"; readonly name: string }
  /** Azure did not say where the VM belongs. */
  | { readonly kind: "unknown"; readonly message: string; readonly retryAfterMs?: number };

/**
 * What is done with a new VM: the first stored policy, by name, whose scope selects it says so. Only the VM itself tells
 * its tags and image, so the event's trigger cannot know. Once chosen, a run keeps its policy.
 */
export async function choosePolicy(deps: RunDeps, run: RunRecord, view: MachineView): Promise<PolicyChoice> {
  if (run.trigger !== "event") return { kind: "none" };
  if (run.policy) return chosen(run.mode, run.policy);
  const vm: Candidate = {
    vmId: subjectOf(deps, run).vmId,
    managementGroups: [],
    tags: view.tags,
    image: imageSourceOf(view.image),
    ...(view.osType !== undefined && { osType: view.osType }),
  };
  for (const stored of await deps.policies.list()) {
    const selection = await selects(deps, stored.policy.scope, vm);
    if (selection.kind === "unknown") return selection;
    if (selection.kind === "selected") return follow(deps, run, stored);
  }
  return { kind: "none" };
}

async function follow(deps: RunDeps, run: RunRecord, { policy, hash }: StoredPolicy): Promise<PolicyChoice> {
  const { mode: wanted } = policy.onProvision;
  if (wanted === "ignore") return { kind: "ignore", name: policy.name };
  const mode = wanted === "setting" ? run.mode : wanted;
  const kept = { name: policy.name, policyHash: hash, ...aroundRun(deps, forNewVm(policy)) };
  await deps.runs.update(run.runId, (known) => ({
    ...known,
    mode,
    ...(mode === "patch" && { install: installOptions.parse(policy.install) }),
    policy: kept,
  }));
  return chosen(mode, kept);
}

const chosen = (mode: RunMode, { around }: NonNullable<RunRecord["policy"]>): PolicyChoice => ({
  kind: "chosen",
  mode,
  ...(around && { around }),
});

type Selection =
  { readonly kind: "selected" } | { readonly kind: "notSelected" } | Extract<PolicyChoice, { kind: "unknown" }>;

const notSelected: Selection = { kind: "notSelected" };

/** Management groups are asked for only where they decide. */
async function selects({ azure }: RunDeps, scope: PolicyScope, vm: Candidate): Promise<Selection> {
  if (whyNotSelected(scope, vm) === undefined) return { kind: "selected" };
  const { managementGroups } = scope;
  if (whyNotSelected(scope, { ...vm, managementGroups }) !== undefined) return notSelected;
  for (const name of managementGroups) {
    const membership = await azure.readMembership(vm.vmId.subscriptionId, name);
    if (membership.kind !== "read") {
      return { ...membership, kind: "unknown", message: `management group ${name}: ${membership.message}` };
    }
    if (membership.isBelow) return { kind: "selected" };
  }
  return notSelected;
}
