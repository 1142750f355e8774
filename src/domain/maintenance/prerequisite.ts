import type { OsType } from "../machine/readiness";
import { sameText } from "../text";

/**
 * What a VM's model says of who patches it. Schedules need both of the first two: together they are "Customer Managed
 * Schedules" (Update Manager: prerequisite for schedule patching).
 */
export interface PatchSettings {
  readonly osType: OsType;
  readonly patchMode?: string;
  readonly bypassPlatformSafetyChecksOnUserSchedule?: boolean;
  readonly assessmentMode?: string;
  /** Windows only: the platform patches in place of Windows itself, which must be left on. */
  readonly enableAutomaticUpdates?: boolean;
}

/** Platform mode, bypass, schedule: the eight rows of the document's table. */
export type PrerequisiteSituation =
  | "scheduleRuns"
  | "readyWithoutSchedule"
  | "bypassMissing"
  | "platformPatches"
  | "modeMissingDespiteBypass"
  | "bypassAlone"
  | "bothMissing"
  | "nothingAsked";

const isPlatform = ({ patchMode }: PatchSettings): boolean => sameText(patchMode, "AutomaticByPlatform");

export function situationOf(settings: PatchSettings, hasSchedule: boolean): PrerequisiteSituation {
  const bypass = settings.bypassPlatformSafetyChecksOnUserSchedule === true;
  if (isPlatform(settings)) {
    if (bypass) return hasSchedule ? "scheduleRuns" : "readyWithoutSchedule";
    return hasSchedule ? "bypassMissing" : "platformPatches";
  }
  if (bypass) return hasSchedule ? "modeMissingDespiteBypass" : "bypassAlone";
  return hasSchedule ? "bothMissing" : "nothingAsked";
}

/** What becomes of the VM, in words that continue its name. */
export const situationTexts: Readonly<Record<PrerequisiteSituation, string>> = {
  scheduleRuns: "its schedule patches it",
  readyWithoutSchedule: "nothing patches it: it is ready for a schedule and has none",
  bypassMissing:
    "nothing patches it: its schedule fails for want of bypassPlatformSafetyChecksOnUserSchedule, and the platform leaves it to the schedule",
  platformPatches:
    "it has no schedule, so the platform would patch it by itself, which never works on customized images: nothing patches it",
  modeMissingDespiteBypass: "nothing patches it: its schedule fails, for patchMode is not AutomaticByPlatform",
  bypassAlone: "nothing patches it: bypassPlatformSafetyChecksOnUserSchedule means nothing without AutomaticByPlatform",
  bothMissing:
    "nothing patches it: its schedule fails, for patchMode is not AutomaticByPlatform and bypassPlatformSafetyChecksOnUserSchedule is not set",
  nothingAsked: "nothing patches it: it has no schedule, and the platform is not asked to",
};

/** One change of the VM's model that schedules need. `from` is null where the model says nothing. */
export interface PrerequisiteChange {
  readonly path: string;
  readonly from: string | boolean | null;
  readonly to: string | boolean;
}

/** Nothing when the VM is ready for schedules. */
export function missingPrerequisites(settings: PatchSettings): PrerequisiteChange[] {
  const block = `osProfile.${settings.osType === "Windows" ? "windowsConfiguration" : "linuxConfiguration"}`;
  const changes: PrerequisiteChange[] = [];
  if (!isPlatform(settings)) {
    const from = settings.patchMode ?? null;
    changes.push({ path: `${block}.patchSettings.patchMode`, from, to: "AutomaticByPlatform" });
  }
  if (settings.bypassPlatformSafetyChecksOnUserSchedule !== true) {
    changes.push({
      path: `${block}.patchSettings.automaticByPlatformSettings.bypassPlatformSafetyChecksOnUserSchedule`,
      from: settings.bypassPlatformSafetyChecksOnUserSchedule ?? null,
      to: true,
    });
  }
  if (settings.osType === "Windows" && settings.enableAutomaticUpdates !== true && changes.length > 0) {
    changes.push({
      path: `${block}.enableAutomaticUpdates`,
      from: settings.enableAutomaticUpdates ?? null,
      to: true,
    });
  }
  return changes;
}

/**
 * The body of the PATCH that makes a VM ready. Mode and bypass always go together: on a customized image Azure refuses
 * the mode alone (seen with Packer images, 2024 to 2026).
 */
export function prerequisitePatch(osType: OsType): object {
  const patchSettings = {
    patchMode: "AutomaticByPlatform",
    automaticByPlatformSettings: { bypassPlatformSafetyChecksOnUserSchedule: true },
  };
  const osProfile =
    osType === "Windows"
      ? { windowsConfiguration: { provisionVMAgent: true, enableAutomaticUpdates: true, patchSettings } }
      : { linuxConfiguration: { provisionVMAgent: true, patchSettings } };
  return { properties: { osProfile } };
}
