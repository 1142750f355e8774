import type { PatchSummary } from "../machine/view";
import type { SupportRow } from "../support/decide";
import { knownSupport } from "../support/known";
import { sameText } from "../text";
import { finding, runFinding, type Finding } from "./finding";

/**
 * What Resource Graph and the instance view show of the support state.
 *
 * @param row the VM's newest row of patchassessmentresults
 * @param shown the assessment of the instance view
 */
export function examineSupport(row: SupportRow | undefined, shown: PatchSummary | undefined): Finding[] {
  const { state } = knownSupport(row, shown);
  if (state === "Unsupported") return [runFinding("UnsupportedImage")];
  if (state === "UnableToDetermine") return [runFinding("SupportUnableToDetermine", LAST_STATE(state), "warns")];
  if (state === "Unknown") return [runFinding("SupportUnknown", LAST_STATE(state), "warns")];
  if (!row && shown && !sameText(shown.status, "InProgress")) {
    return [finding("AssessmentRowHidden", "The VM was assessed, yet Resource Graph shows no row of it.")];
  }
  return [];
}

const LAST_STATE = (state: string): string => `Azure's last support state for it is ${state}.`;
