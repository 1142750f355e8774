import { diskOrigin, imageReference } from "./image-reference";
import { instanceView } from "./instance-view";
import type { Machine } from "./machine";

type Json = Readonly<Record<string, unknown>>;

/** The body of `GET virtualMachines/{name}`: shape of VirtualMachine_Get [V-SPEC]. */
export function vmModel(machine: Machine, now: number, expand: { readonly instanceView: boolean }): Json {
  const { vm } = machine;
  return {
    name: vm.name,
    id: machine.id,
    type: "Microsoft.Compute/virtualMachines",
    location: machine.location,
    tags: machine.tags(now),
    etag: '"1"',
    properties: {
      ...vmProperties(machine, now),
      ...(expand.instanceView ? { instanceView: instanceView(machine, now) } : {}),
    },
    ...(vm.managedBy === undefined ? {} : { managedBy: vm.managedBy }),
  };
}

/** `properties` of the model, which Resource Graph shows too. */
export function vmProperties(machine: Machine, now: number): Json {
  const { vm, image, subscriptionId, resourceGroup, life } = machine;
  const home = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers`;
  const reference = imageReference(image, subscriptionId);
  const disk = `${vm.name}_OsDisk_1`;
  return {
    vmId: machine.vmId,
    hardwareProfile: { vmSize: "Standard_D2s_v5" },
    storageProfile: {
      ...(reference ? { imageReference: reference } : {}),
      osDisk: {
        osType: image.osType,
        name: disk,
        ...diskOrigin(image),
        caching: "ReadWrite",
        managedDisk: { storageAccountType: "Premium_LRS", id: `${home}/Microsoft.Compute/disks/${disk}` },
        diskSizeGB: 64,
      },
      dataDisks: [],
    },
    ...osProfile(machine),
    networkProfile: {
      networkInterfaces: [{ id: `${home}/Microsoft.Network/networkInterfaces/${vm.name}-nic` }],
    },
    ...(vm.scaleSet === undefined
      ? {}
      : { virtualMachineScaleSet: { id: `${home}/Microsoft.Compute/virtualMachineScaleSets/${vm.scaleSet}` } }),
    ...(vm.licenseType !== undefined && { licenseType: vm.licenseType }),
    extensionsTimeBudget: "PT1H30M",
    provisioningState: life.provisioningState(now),
    timeCreated: machine.world.calendar.offset(life.createdAt),
  };
}

/** Specialized images and attached disks leave no osProfile in the model. */
function osProfile({ vm, image, patchSettings: given }: Machine): Json {
  if (vm.specialized || image.kind === "attachedDisk") return {};
  const windows = image.osType === "Windows";
  const { patchMode, bypass, assessmentMode } = given;
  const patchSettings = {
    patchMode,
    assessmentMode,
    ...(bypass !== undefined && { automaticByPlatformSettings: { bypassPlatformSafetyChecksOnUserSchedule: bypass } }),
  };
  return {
    osProfile: {
      computerName: vm.name.slice(0, windows ? 15 : 64),
      adminUsername: "goldadmin",
      ...(windows
        ? {
            windowsConfiguration: {
              provisionVMAgent: true,
              enableAutomaticUpdates: patchMode !== "Manual",
              patchSettings,
            },
          }
        : { linuxConfiguration: { disablePasswordAuthentication: true, provisionVMAgent: true, patchSettings } }),
      secrets: [],
      allowExtensionOperations: vm.allowExtensionOperations,
      requireGuestProvisionSignal: true,
    },
  };
}
