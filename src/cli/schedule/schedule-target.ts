import type { Argument } from "../argument";
import { formatScopeEntry, isInScope, type ScopeEntry } from "../../domain/machine/scope";
import {
  formatScheduleId,
  parseScheduleId,
  SCHEDULE_ID_FORM,
  type ScheduleId,
} from "../../domain/maintenance/schedule-id";
import { flag, type Given } from "../options";
import { ownHostOptions } from "../own-host";
import { hostOf, ownHost, targetOptions, type Target } from "../target";
import { UsageError } from "../usage-error";

export const scheduleArgument: Argument<ScheduleId> = {
  placeholder: "SCHEDULE_ID",
  meaning: `The schedule: ${SCHEDULE_ID_FORM}.`,
  read(text) {
    const id = parseScheduleId(text);
    if (!id)
      throw new UsageError(`SCHEDULE_ID "${text}": is no maintenance configuration's id; write ${SCHEDULE_ID_FORM}`);
    return id;
  },
};

export const lookOptions = {
  ...targetOptions,
  json: flag("Prints one JSON document instead of words."),
  speed: ownHostOptions.speed,
};

export const changeOptions = {
  ...targetOptions,
  yes: flag("Consents; without it you are asked on the terminal."),
  json: flag("Prints one JSON document instead of words."),
  ...ownHostOptions,
};

/** What `--json` prints; a change of its fields is a change of this number. */
export const SCHEMA_VERSION = 1;

/**
 * Where to work. Without GOLDPATCH_SCOPE an own host may touch the resource groups that are named, and nothing else.
 *
 * @throws UsageError when nothing or too much is named, or what is named lies outside the scope
 */
export function scheduleTarget(given: Given<typeof targetOptions>, homes: readonly ScheduleId[]): Target {
  const { azure = false } = given;
  const running = hostOf(given);
  if (running && azure) throw new UsageError("--host and --azure: give one of them");
  if (running) return running;
  const entries = homes.map(({ subscriptionId, resourceGroup }): ScopeEntry => ({ subscriptionId, resourceGroup }));
  const own = ownHost(azure, entries, { ...process.env }, "--host URL --key KEY for a host that runs, ");
  const outside = homes.find((home) => !isInScope(own.settings.GOLDPATCH_SCOPE, home));
  if (!outside) return own;
  const scope = own.settings.GOLDPATCH_SCOPE.map(formatScopeEntry).join(",");
  throw new UsageError(
    `"${formatScheduleId(outside)}": lies outside GOLDPATCH_SCOPE, which is "${scope}"; widen it, or unset it`,
  );
}
