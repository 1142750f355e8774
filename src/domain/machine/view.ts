/**
 * One look at a machine, reduced to what decisions need: a VM's model and instance view, or an Arc-enabled server's
 * resource and its rows in Resource Graph, as Azure tells them.
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
  /** Present for an Azure Arc-enabled server, which has neither image nor power state nor VM agent. */
  readonly arc?: ArcConnection;
  readonly image: ImageReference;
  readonly scaleSetId?: string;
  readonly managedBy?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly assessment?: PatchSummary;
  readonly installation?: PatchSummary;
}

/** What Azure hears of the agent that connects a server (Microsoft.HybridCompute: machines, Get). */
export interface ArcConnection {
  /** Connected, Disconnected, Error, Expired. */
  readonly status?: string;
  /** Of the Connected Machine agent; absent until it has reported. */
  readonly agentVersion?: string;
  /** When the status last changed. */
  readonly changedAt?: number;
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

/**
 * `patchStatus.availablePatchSummary` or `patchStatus.lastPatchInstallationSummary`; for an Arc-enabled server, which has
 * no instance view, the same from its newest row in Resource Graph.
 */
export interface PatchSummary {
  readonly status?: string;
  readonly activityId?: string;
  readonly startedAt?: number;
  /** Azure says that nobody asked for it by hand: the platform began it, or a schedule. */
  readonly startedBySystem?: true;
  readonly counts: Readonly<Record<string, number>>;
  readonly maintenanceWindowExceeded?: boolean;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}
