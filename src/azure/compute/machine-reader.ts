import type { InstanceViewStatus, VirtualMachine, VirtualMachinePatchStatus } from "@azure/arm-compute";
import type { MachineDetails } from "../../domain/doctor/machine";
import type { MachineView, PatchSummary } from "../../domain/machine/view";
import type { VmId } from "../../domain/machine/vm-id";
import { sameText } from "../../domain/text";
import { armErrorOf, readFailureOf, wordsOf, type ReadFailure } from "../answers";
import type { Arm } from "../arm";
import { patchCountsOf } from "../patch-counts";

export type MachineLook =
  { readonly kind: "found"; readonly view: MachineView } | { readonly kind: "notFound" } | ReadFailure;

export type DetailedLook =
  | { readonly kind: "found"; readonly view: MachineView; readonly details: MachineDetails }
  | Exclude<MachineLook, { kind: "found" }>;

/** Reads a VM's model and instance view in one GET (Compute: Virtual Machines, Get, `$expand=instanceView`). */
export async function readMachine(arm: Arm, vmId: VmId): Promise<MachineLook> {
  const look = await readWithDetails(arm, vmId);
  return look.kind === "found" ? { kind: "found", view: look.view } : look;
}

/** The same GET, with what is told beside what runs need. */
export async function readWithDetails(arm: Arm, vmId: VmId): Promise<DetailedLook> {
  let azureTime = Number.NaN;
  try {
    const vm = await arm.compute(vmId.subscriptionId).virtualMachines.get(vmId.resourceGroup, vmId.name, {
      expand: "instanceView",
      onResponse: (response) => {
        azureTime = Date.parse(response.headers.get("date") ?? "");
      },
    });
    if (Number.isNaN(azureTime)) return { kind: "unavailable", message: "Azure's answer carries no Date header" };
    // A page or an empty body under a 200 would pass for a VM of which Azure says nothing: idle, and another machine.
    if (vm.id === undefined) return { kind: "unavailable", message: "Azure's answer is no VM" };
    return { kind: "found", view: toView(vm, azureTime), details: toDetails(vm) };
  } catch (failure) {
    return armErrorOf(failure)?.status === 404 ? { kind: "notFound" } : readFailureOf(failure);
  }
}

function toView(vm: VirtualMachine, azureTime: number): MachineView {
  const { storageProfile, osProfile, instanceView } = vm;
  const reference = storageProfile?.imageReference;
  const agentStatus = instanceView?.vmAgent?.statuses?.[0];
  const patchSettings = osProfile?.windowsConfiguration?.patchSettings ?? osProfile?.linuxConfiguration?.patchSettings;
  return withoutUndefined({
    azureTime,
    location: vm.location,
    vmGuid: vm.vmId,
    createdAt: vm.timeCreated?.getTime(),
    provisioningState: told(vm.provisioningState),
    powerState: told(powerStateOf(instanceView?.statuses)),
    agent: agentStatus && toAgent(agentStatus),
    allowExtensionOperations: osProfile?.allowExtensionOperations,
    osType: storageProfile?.osDisk?.osType,
    patchMode: told(patchSettings?.patchMode),
    image: withoutUndefined({
      id: reference?.id,
      exactVersion: reference?.exactVersion,
      publisher: reference?.publisher,
      sharedGalleryImageId: reference?.sharedGalleryImageId,
      communityGalleryImageId: reference?.communityGalleryImageId,
      diskCreateOption: storageProfile?.osDisk?.createOption,
    }),
    scaleSetId: vm.virtualMachineScaleSet?.id,
    managedBy: vm.managedBy,
    tags: vm.tags ?? {},
    ...summariesOf(instanceView?.patchStatus),
  });
}

function toDetails({ licenseType, osProfile, instanceView }: VirtualMachine): MachineDetails {
  const settings = osProfile?.windowsConfiguration?.patchSettings ?? osProfile?.linuxConfiguration?.patchSettings;
  return withoutUndefined({
    osName: instanceView?.osName,
    licenseType,
    agentVersion: instanceView?.vmAgent?.vmAgentVersion,
    bypassesSafetyChecks: settings?.automaticByPlatformSettings?.bypassPlatformSafetyChecksOnUserSchedule,
    failedExtensions: (instanceView?.extensions ?? []).flatMap(({ name, statuses }) => {
      const failure = statuses?.find(({ code }) => code?.toLowerCase().startsWith("provisioningstate/failed"));
      return failure ? [withoutUndefined({ name: name ?? "without a name", message: told(failure.message) })] : [];
    }),
  });
}

const told = (words: string | undefined): string | undefined => (words === undefined ? undefined : wordsOf(words));

function powerStateOf(statuses: readonly InstanceViewStatus[] | undefined): string | undefined {
  const prefix = "powerstate/";
  const status = statuses?.find(({ code }) => code?.toLowerCase().startsWith(prefix));
  return status?.code?.slice(prefix.length);
}

const toAgent = (status: InstanceViewStatus) =>
  withoutUndefined({ displayStatus: told(status.displayStatus), reportedAt: status.time?.getTime() });

function summariesOf(patchStatus: VirtualMachinePatchStatus | undefined) {
  const assessment = patchStatus?.availablePatchSummary;
  const installation = patchStatus?.lastPatchInstallationSummary;
  return {
    assessment: assessment && toSummary(assessment, assessment.assessmentActivityId),
    installation: installation && toSummary(installation, installation.installationActivityId),
  };
}

type SdkSummary = NonNullable<
  VirtualMachinePatchStatus["availablePatchSummary"] | VirtualMachinePatchStatus["lastPatchInstallationSummary"]
>;

function toSummary(summary: SdkSummary, activityId: string | undefined): PatchSummary {
  return withoutUndefined({
    status: told(summary.status),
    activityId,
    startedAt: summary.startTime?.getTime(),
    counts: patchCountsOf(summary),
    maintenanceWindowExceeded: "maintenanceWindowExceeded" in summary ? summary.maintenanceWindowExceeded : undefined,
    // Azure sends an error on success too (azure-addenda A2).
    errorCode: sameText(summary.status, "Failed") ? told(summary.error?.code) : undefined,
    errorMessage: sameText(summary.status, "Failed") ? told(summary.error?.message) : undefined,
  });
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** An absent property says that Azure did not tell; exactOptionalPropertyTypes keeps `undefined` out. */
function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}
