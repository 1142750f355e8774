import { operationInProgress } from "../../domain/machine/busy";
import type { MachineView } from "../../domain/machine/view";
import { isOurs } from "../../domain/operation/adopt";
import { operationState } from "../../domain/operation/operation";
import type { Intent } from "../../ledger/intent";
import type { RunDeps } from "./deps";
import { timingOfIntent } from "./started";

/** An intent of which something may still work on the machine: it may have been sent, and nobody saw it end. */
export const isLoose = ({ state, accepted }: Intent): boolean =>
  state === "open" || state === "untraced" || (accepted !== undefined && !accepted.ended);

/**
 * Why the machine does not count as idle, or undefined when it does.
 *
 * A VM's instance view shows what runs on it. An Arc-enabled server is known by its rows in Resource Graph only, which
 * may be late by any time: there a request that may have been sent counts as running until its row shows that it ended,
 * or until it can run no more.
 *
 * @param intents of the run that used the machine last
 */
export function whyNotIdle({ clock }: RunDeps, view: MachineView, intents: readonly Intent[]): string | undefined {
  const running = operationInProgress(view);
  if (running) return `operation ${running.activityId ?? "without id"} still runs`;
  if (!view.arc) return undefined;
  const unseen = intents.filter(isLoose).find((intent) => !isOver(view, intent) && clock.now() < latestEnd(intent));
  return unseen && `its ${unseen.operation} may still run until ${new Date(latestEnd(unseen)).toISOString()}`;
}

function isOver(view: MachineView, { operation, baseline }: Intent): boolean {
  const summary = operation === "assess" ? view.assessment : view.installation;
  return isOurs(summary, baseline) && operationState(summary.status) !== "running";
}

const latestEnd = (intent: Intent): number =>
  (intent.accepted?.knownSince ?? intent.postNotAfter) + timingOfIntent(intent).overdueAfterMs;
