import { PatchHistory } from "../patching/patch-history";
import { MachineResource } from "./machine-resource";

export interface PatchSettings {
  readonly patchMode: string;
  /** bypassPlatformSafetyChecksOnUserSchedule */
  readonly bypass: boolean | undefined;
  readonly assessmentMode: string;
}

/** One machine with its patches, and who applies them. */
export class Machine extends MachineResource {
  readonly patches = new PatchHistory(this);
  #patchSettings: PatchSettings | undefined;

  /** Who patches it, by its model. */
  get patchSettings(): PatchSettings {
    const { patchMode, bypassPlatformSafetyChecksOnUserSchedule: bypass } = this.vm;
    const usual = this.image.osType === "Windows" ? "Manual" : "ImageDefault";
    return this.#patchSettings ?? { patchMode: patchMode ?? usual, bypass, assessmentMode: "ImageDefault" };
  }

  changePatchSettings(change: Partial<PatchSettings>, now: number): void {
    const { assessmentMode } = this.patchSettings;
    this.#patchSettings = { ...this.patchSettings, ...change };
    if (change.assessmentMode === undefined || change.assessmentMode === assessmentMode) return;
    this.patches.assessPeriodically(change.assessmentMode === "AutomaticByPlatform" ? now : undefined);
  }

  /**
   * "Customer Managed Schedules", which a running VM needs: [DOC] prerequsite-for-schedule-patching. An Arc-enabled
   * server does not [DOC], and has to be connected (assumption).
   */
  isReadyForSchedules(at: number): boolean {
    if (this.arc) return this.life.agent(at) === "ready";
    const { patchMode, bypass } = this.patchSettings;
    return patchMode === "AutomaticByPlatform" && bypass === true && this.life.power(at) === "running";
  }
}
