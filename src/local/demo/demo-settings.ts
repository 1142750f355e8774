import type { SettingName } from "../../config";
import type { Fleet } from "../simulated-azure";

/** After the first events of the day: a sweep meets machines that are new, edited, or in the hands of another run. */
export const SWEEP_AFTER_MS = 12.5 * 60_000;

/** Scope is where the fleet's machines lie; one sweep comes early, the next a year later. */
export function demoSettings(
  fleet: Fleet,
  vmIds: readonly string[],
  armEndpoint: string,
): Partial<Record<SettingName, string>> {
  const own = `/subscriptions/${fleet.subscriptionId}/resourceGroups/${fleet.resourceGroup}`;
  const groups = vmIds.map((id) => id.split("/").slice(0, 5).join("/"));
  const sweep = new Date(Date.parse(fleet.start) + SWEEP_AFTER_MS);
  const schedule = [
    sweep.getUTCSeconds(),
    sweep.getUTCMinutes(),
    sweep.getUTCHours(),
    sweep.getUTCDate(),
    sweep.getUTCMonth() + 1,
    "*",
  ];
  return {
    GOLDPATCH_ARM_ENDPOINT: armEndpoint,
    GOLDPATCH_CLOUD: fleet.cloud,
    GOLDPATCH_SCOPE: [...new Set([own, ...groups])].join(","),
    GOLDPATCH_SWEEP_SCHEDULE: schedule.join(" "),
    GOLDPATCH_SWEEP_MODE: "patch",
  };
}
