/**
 * One look at a VM: its model and instance view as Azure tells them, reduced to what decisions need.
 * Instants are Azure's clock, milliseconds since the epoch. Absent means that Azure did not say.
 */
export interface MachineView {
  /** `Date` header of the answer: Azure's now. */
  readonly azureTime: number;
  readonly location: string;
  /** `properties.vmId`: survives no recreation under the same name. */
  readonly vmGuid?: string;
  readonly createdAt?: number;
  readonly provisioningState?: string;
  /** The part after `PowerState/`. */
  readonly powerState?: string;
  readonly agent?: { readonly displayStatus?: string; readonly reportedAt?: number };
  readonly allowExtensionOperations?: boolean;
  readonly osType?: string;
  readonly patchMode?: string;
  readonly image: ImageReference;
  readonly scaleSetId?: string;
  readonly managedBy?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly assessment?: PatchSummary;
  readonly installation?: PatchSummary;
}

export interface ImageReference {
  readonly id?: string;
  readonly exactVersion?: string;
  readonly publisher?: string;
  readonly sharedGalleryImageId?: string;
  readonly communityGalleryImageId?: string;
  /** `storageProfile.osDisk.createOption`. */
  readonly diskCreateOption?: string;
}

/** `patchStatus.availablePatchSummary` or `patchStatus.lastPatchInstallationSummary`. */
export interface PatchSummary {
  readonly status?: string;
  readonly activityId?: string;
  readonly startedAt?: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly maintenanceWindowExceeded?: boolean;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}
