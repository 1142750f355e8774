import { installRequestFor, type InstallOptions } from "../install/options";
import type { WindowText } from "./window";

/** What a schedule is made of. */
export interface ScheduleWish {
  readonly location: string;
  readonly window: WindowText;
  /** `YYYY-MM-DD HH:MM` on the window's clocks: no start from then on. */
  readonly expirationDateTime?: string;
  readonly install: Pick<InstallOptions, "rebootSetting" | "windows" | "linux">;
}

/**
 * The body of the PUT of a maintenance configuration for machines of both systems (Maintenance REST API; Update Manager
 * wants InGuestPatchMode User). A schedule never reboots unless it is told to, as everywhere here.
 */
export function configurationBody({ location, window, expirationDateTime, install }: ScheduleWish): object {
  const blockOf = (osType: "Windows" | "Linux") => installRequestFor(install, { osType, now: 0 });
  return {
    location,
    properties: {
      maintenanceScope: "InGuestPatch",
      visibility: "Custom",
      extensionProperties: { InGuestPatchMode: "User" },
      maintenanceWindow: { ...window, ...(expirationDateTime !== undefined && { expirationDateTime }) },
      installPatches: {
        rebootSetting: install.rebootSetting ?? "Never",
        windowsParameters: blockOf("Windows").windowsParameters,
        linuxParameters: blockOf("Linux").linuxParameters,
      },
    },
  };
}
