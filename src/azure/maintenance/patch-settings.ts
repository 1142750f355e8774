import { z } from "zod";
import { prerequisitePatch, type PatchSettings } from "../../domain/maintenance/prerequisite";
import type { ScopeCandidate } from "../../domain/maintenance/dynamic-scope";
import { periodicAssessmentPatch } from "../../domain/maintenance/periodic-assessment";
import { formatVmId, parseVmId, type VmId } from "../../domain/machine/vm-id";
import type { OsType } from "../../domain/machine/readiness";
import { sameText } from "../../domain/text";
import { ARC_API } from "../arc/arc-api";
import type { Arm } from "../arm";
import { readAllRows } from "../resource-graph/pages";
import { answerOf, type Answer } from "./answers";
import scopeVms from "./scope-vms.kql";

/** The version in which the SDK reads VMs too (@azure/arm-compute). */
const COMPUTE_API = "2024-11-01";

const text = z.string().nullish();
const block = z
  .looseObject({
    enableAutomaticUpdates: z.boolean().nullish(),
    patchSettings: z
      .looseObject({
        patchMode: text,
        assessmentMode: text,
        automaticByPlatformSettings: z
          .looseObject({ bypassPlatformSafetyChecksOnUserSchedule: z.boolean().nullish() })
          .nullish(),
      })
      .nullish(),
  })
  .nullish();
const model = z.looseObject({
  location: z.string(),
  properties: z.looseObject({
    /** Of a VM. */
    storageProfile: z.looseObject({ osDisk: z.looseObject({ osType: z.string() }) }).nullish(),
    /** Of an Arc-enabled server; null before its agent told it. */
    osType: text,
    osProfile: z.looseObject({ windowsConfiguration: block, linuxConfiguration: block }).nullish(),
  }),
});

export interface VmPatchSettings {
  readonly location: string;
  readonly settings: PatchSettings;
}

/** One machine's model, to be read or changed in part. */
const modelPath = (vmId: VmId): string =>
  `${formatVmId(vmId)}?api-version=${vmId.kind === "arc" ? ARC_API : COMPUTE_API}`;

/** Who patches the machine, by its model (Compute: Virtual Machines, Get; HybridCompute: Machines, Get). */
export const readPatchSettings = (arm: Arm, vmId: VmId): Promise<Answer<VmPatchSettings>> =>
  answerOf(async () => {
    const { location, properties } = model.parse(await arm.send(vmId.subscriptionId, "GET", modelPath(vmId)));
    const { osProfile, storageProfile, osType } = properties;
    const settings = settingsOf(
      storageProfile?.osDisk.osType ?? osType ?? "",
      osProfile?.windowsConfiguration,
      osProfile?.linuxConfiguration,
    );
    return { location, settings };
  });

/** Makes the VM ready for schedules (Compute: Virtual Machines, Update). Azure goes on with it after its answer. */
export const applyPrerequisites = (arm: Arm, vmId: VmId, osType: OsType): Promise<Answer<undefined>> =>
  answerOf(async () => {
    await arm.send(vmId.subscriptionId, "PATCH", modelPath(vmId), prerequisitePatch(osType));
    return undefined;
  });

/**
 * Turns the platform's own assessments of the machine on or off: Compute: Virtual Machines, Update, or HybridCompute:
 * Machines, Update, whose body is the same.
 */
export const setPeriodicAssessment = (arm: Arm, vmId: VmId, osType: OsType, on: boolean): Promise<Answer<undefined>> =>
  answerOf(async () => {
    await arm.send(vmId.subscriptionId, "PATCH", modelPath(vmId), periodicAssessmentPatch(osType, on));
    return undefined;
  });

function settingsOf(osType: string, windows: z.infer<typeof block>, linux: z.infer<typeof block>): PatchSettings {
  const isWindows = sameText(osType, "Windows");
  const own = isWindows ? windows : linux;
  const bypass = own?.patchSettings?.automaticByPlatformSettings?.bypassPlatformSafetyChecksOnUserSchedule;
  return {
    osType: isWindows ? "Windows" : "Linux",
    ...(own?.patchSettings?.patchMode && { patchMode: own.patchSettings.patchMode }),
    ...(own?.patchSettings?.assessmentMode && { assessmentMode: own.patchSettings.assessmentMode }),
    ...(typeof bypass === "boolean" && { bypassPlatformSafetyChecksOnUserSchedule: bypass }),
    ...(typeof own?.enableAutomaticUpdates === "boolean" && { enableAutomaticUpdates: own.enableAutomaticUpdates }),
  };
}

/** A VM or an Arc-enabled server. */
export interface ScopeVm extends ScopeCandidate {
  readonly vmId: VmId;
  readonly settings: PatchSettings;
}

const scopeRow = z.looseObject({
  id: z.string(),
  location: z.string(),
  resourceGroup: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  osType: z.string(),
  serverOsType: z.string(),
  windows: block,
  linux: block,
});

/** All VMs and Arc-enabled servers of a subscription with what a dynamic scope asks, as Resource Graph shows them. */
export const readScopeVms = (arm: Arm, subscriptionId: string): Promise<Answer<ScopeVm[]>> =>
  answerOf(async () => {
    const rows = await readAllRows(arm, { subscriptions: [subscriptionId], query: scopeVms, row: scopeRow });
    return rows.flatMap(toScopeVm);
  });

function toScopeVm({ id, location, resourceGroup, tags, windows, linux, ...row }: z.infer<typeof scopeRow>): ScopeVm[] {
  const vmId = parseVmId(id);
  if (!vmId) return [];
  const { kind } = vmId;
  const osType = row.osType || row.serverOsType;
  const settings = settingsOf(osType, windows, linux);
  return [{ vmId, kind, location, resourceGroup, osType, tags: tags ?? {}, settings }];
}
