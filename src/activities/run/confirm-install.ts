import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import { isWell } from "../../domain/machine/readiness";
import { outcomeOf } from "../../domain/outcome/table";
import { beginStep, isoOf, MINUTE_MS, noteStep, subjectOf, type RunDeps } from "./deps";
import { installEnding } from "./install-ending";
import { numbersMayCome, withNumbers } from "./install-numbers";

type ConfirmInput = ActivityInput<"confirmInstall">;
type ConfirmResult = ActivityResult<"confirmInstall">;

const LOOK_AGAIN_MS = 30_000;

/** The installation's outcome by its numbers, once a second source shows the VM well or the grace time is over. */
export const confirmInstall =
  (deps: RunDeps) =>
  async (input: ConfirmInput): Promise<ConfirmResult> => {
    const { vmId, vm } = subjectOf(deps, input);
    await beginStep(deps, input, { name: "confirmInstall" });
    const intent = await vm.intent(input.operationKey);
    const ended = intent?.accepted?.ended;
    if (!intent || !ended) throw new TypeError(`${input.operationKey} is no ended operation`);

    const look = await deps.azure.readMachine(vmId);
    const view = look.kind === "found" ? look.view : undefined;
    const well = view !== undefined && isWell(view);
    const counted = await withNumbers(deps, input, intent, ended, view);
    await vm.updateIntent(input.operationKey, (known) =>
      known.accepted && counted !== ended ? { ...known, accepted: { ...known.accepted, ended: counted } } : undefined,
    );
    const graceUntil = ended.at + deps.settings.GOLDPATCH_GRACE_MINUTES * MINUTE_MS;
    if ((!well || numbersMayCome(counted)) && look.kind !== "notFound" && deps.clock.now() < graceUntil) {
      const retryAfterMs = (look.kind === "unavailable" && look.retryAfterMs) || 0;
      return { kind: "wait", at: isoOf(deps.clock.now() + Math.max(LOOK_AGAIN_MS, retryAfterMs)) };
    }
    const ending = installEnding(counted);
    await noteStep(deps, input, {
      name: "confirmInstall",
      ended: true,
      evidence: { well, powerState: view?.powerState ?? null, agent: view?.agent?.displayStatus ?? null },
    });
    const changed = ["patched", "patchedWithWarnings"].includes(outcomeOf(ending.code).outcome);
    if (well || !changed) return { kind: "end", ...ending };
    return { kind: "end", code: "NotWellAfterInstall", detail: ending.detail ?? `by its numbers: ${ending.code}` };
  };
