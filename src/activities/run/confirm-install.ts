import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import { outcomeOf } from "../../domain/outcome/table";
import { beginStep, isoOf, noteStep, subjectOf, type RunDeps } from "./deps";
import { installEnding } from "./install-ending";
import { numbersMayCome, withNumbers } from "./install-numbers";
import { policyOf } from "./policy-of-run";
import { verify, verifyWithinMs } from "./verify";

type ConfirmInput = ActivityInput<"confirmInstall">;
type ConfirmResult = ActivityResult<"confirmInstall">;

const LOOK_AGAIN_MS = 30_000;

/** The installation's outcome by its numbers, once a second source shows the VM well or the grace time is over. */
export const confirmInstall =
  (deps: RunDeps) =>
  async (input: ConfirmInput): Promise<ConfirmResult> => {
    const { vmId, vm } = subjectOf(deps, input);
    const run = await beginStep(deps, input, { name: "confirmInstall" });
    const intent = await vm.intent(input.operationKey);
    const ended = intent?.accepted?.ended;
    if (!intent || !ended) throw new TypeError(`${input.operationKey} is no ended operation`);

    const policy = await policyOf(deps, run ?? {});
    const look = await deps.azure.readMachine(vmId);
    const view = look.kind === "found" ? look.view : undefined;
    const counted = await withNumbers(deps, input, intent, ended, view);
    await vm.updateIntent(input.operationKey, (known) =>
      known.accepted && counted !== ended ? { ...known, accepted: { ...known.accepted, ended: counted } } : undefined,
    );
    const ending = installEnding(counted);
    const changed = ["patched", "patchedWithWarnings"].includes(outcomeOf(ending.code).outcome);
    const seen = await verify(deps, input, changed ? policy : undefined, counted, view);
    const well = seen.kind === "verified";
    const graceUntil = ended.at + verifyWithinMs(deps, policy);
    if ((!well || numbersMayCome(counted)) && look.kind !== "notFound" && deps.clock.now() < graceUntil) {
      const retryAfterMs = (look.kind === "unavailable" && look.retryAfterMs) || 0;
      return { kind: "wait", at: isoOf(deps.clock.now() + Math.max(LOOK_AGAIN_MS, retryAfterMs)) };
    }
    await noteStep(deps, input, {
      name: "confirmInstall",
      ended: true,
      evidence: { well, powerState: view?.powerState ?? null, agent: view?.agent?.displayStatus ?? null },
    });
    if (well || !changed) return { kind: "end", ...ending };
    const detail = [seen.detail, ending.detail].filter(Boolean).join("; ");
    return { kind: "end", code: seen.code, detail: detail || `by its numbers: ${ending.code}` };
  };
