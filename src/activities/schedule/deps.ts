import type { Answer } from "../../azure/maintenance/answers";
import type { MaintenanceApi } from "../../azure/maintenance/maintenance";
import type { ScheduleAnswer } from "../../contracts/api/schedules";
import type { ScheduleId } from "../../domain/maintenance/schedule-id";
import { isInScope } from "../../domain/machine/scope";
import type { ScheduleLedger } from "../../ledger/schedules";
import { holdOn, holdTexts } from "../hold";
import type { RunDeps } from "../run/deps";

/** What everything about schedules is made from. */
export interface ScheduleDeps extends RunDeps {
  readonly maintenance: MaintenanceApi;
  readonly schedules: ScheduleLedger;
}

/** Whether the schedule's resource group is in GOLDPATCH_SCOPE. */
export const isScheduleInScope = ({ settings }: Pick<ScheduleDeps, "settings">, id: ScheduleId): boolean =>
  isInScope(settings.GOLDPATCH_SCOPE, id);

/** Subscriptions of GOLDPATCH_SCOPE, each once. */
export const subscriptionsOf = ({ settings }: Pick<ScheduleDeps, "settings">): string[] => [
  ...new Set(settings.GOLDPATCH_SCOPE.map(({ subscriptionId }) => subscriptionId)),
];

type Failed = Exclude<Answer<unknown>, { kind: "done" }>;

/** Azure's answer as the API tells it. */
export const failureOf = (answer: Failed): ScheduleAnswer<never> =>
  answer.kind === "refused" ? { kind: "refused", message: answer.message } : answer;

/** The same in a few words. */
export const troubleOf = (answer: Failed): string =>
  answer.kind === "notFound" ? "Azure knows no such resource" : answer.message;

/** Why nothing may be changed now; undefined when it may. A new schedule leads to installations, as a POST does. */
export async function closedSwitch(deps: Pick<ScheduleDeps, "settings" | "switches">): Promise<string | undefined> {
  const hold = await holdOn(deps);
  return hold && `${holdTexts[hold]}: nothing that leads to an installation is started`;
}
