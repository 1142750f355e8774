import type { OsType } from "../machine/readiness";
import { sameText } from "../text";
import type { PatchSettings } from "./prerequisite";

/** The platform assesses by itself, about once a day (Update Manager: assessment options). */
const PERIODIC = "AutomaticByPlatform";
/** The machine does as its image has it. */
const AS_IMAGE = "ImageDefault";

export const isPeriodic = ({ assessmentMode }: PatchSettings): boolean => sameText(assessmentMode, PERIODIC);

/** The body of the PATCH that turns it on or off, and touches nothing else (Compute: Virtual Machines, Update). */
export function periodicAssessmentPatch(osType: OsType, on: boolean): object {
  const configuration = osType === "Windows" ? "windowsConfiguration" : "linuxConfiguration";
  const patchSettings = { assessmentMode: on ? PERIODIC : AS_IMAGE };
  return { properties: { osProfile: { [configuration]: { patchSettings } } } };
}
