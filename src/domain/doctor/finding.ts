import { outcomeTable, type OutcomeCode } from "../outcome/table";

/**
 * What a finding means for patching: it cannot succeed (`blocks`), it succeeds but not as somebody may expect
 * (`warns`), or the matter could not be looked at (`unknown`).
 */
export type Weight = "blocks" | "warns" | "unknown";

/** Something that stands in the way. A code that a run may end with means the same here. */
export interface Finding {
  readonly code: FindingCode;
  readonly weight: Weight;
  /** What was seen, in one sentence. */
  readonly saw: string;
  readonly remedy: string;
  /** Where the rule is written. */
  readonly source?: string;
}

interface Kind {
  readonly weight: Weight;
  readonly remedy: string;
  readonly source?: string;
}

const AUM = "Azure Update Manager";

/** What only the doctor tells; codes of runs have their remedy in the table of outcomes. */
const kinds = {
  PermissionsUnreadable: {
    weight: "unknown",
    remedy:
      "Add Microsoft.Authorization/permissions/read to the role, or compare the role's actions with docs/deploy.md by hand.",
    source: "Authorization: Permissions, List",
  },
  ProviderNotRegistered: {
    weight: "blocks",
    remedy: "Register it: az provider register --namespace NAME --subscription ID.",
    source: `${AUM}: roles and permissions`,
  },
  ProviderUnreadable: {
    weight: "unknown",
    remedy: "Look yourself: az provider show --namespace Microsoft.Compute --query registrationState.",
  },
  SubscriptionNotFound: {
    weight: "blocks",
    remedy: "Check the id, and the tenant: az account list; az login --tenant TENANT_ID.",
  },
  AksNode: {
    weight: "blocks",
    remedy: "Upgrade the node image of its cluster instead: az aks nodepool upgrade --node-image-only.",
    source: `${AUM}: unsupported workloads`,
  },
  ClientOs: {
    weight: "blocks",
    remedy: "Patch it by other means, such as Microsoft Intune or Windows Autopatch.",
    source: `${AUM}: unsupported workloads`,
  },
  Arm64Image: {
    weight: "warns",
    remedy: "Assess one VM of this image before you count on it: only an operation can tell.",
    source: `${AUM}: support matrix names x64 only`,
  },
  AgentTooOld: {
    weight: "warns",
    remedy: "Update the Linux agent in the image to 2.2.53.1 or newer.",
    source: `${AUM}: prerequisites`,
  },
  AutomaticPatchingHasNoEffect: {
    weight: "warns",
    remedy: "Patch it with goldpatch, or with a maintenance configuration; automatic guest patching will not.",
    source: `${AUM}: manage updates for customized images, limitations`,
  },
  SchedulesSkipThisVm: {
    weight: "warns",
    remedy:
      "For maintenance configurations set bypassPlatformSafetyChecksOnUserSchedule to true together with patchMode; goldpatch needs neither.",
    source: `${AUM}: prerequisites for scheduled patching`,
  },
  WindowsUpdatesItself: {
    weight: "warns",
    remedy:
      "Expect installs and reboots that are not goldpatch's. AutomaticByOS cannot be changed to Manual on a VM; build the next one with enableAutomaticUpdates false.",
    source: "Compute: automatic VM guest patching, patch orchestration modes",
  },
  ImageUnreadable: {
    weight: "warns",
    remedy:
      "To change patch modes on this VM grant read on the image, such as Reader on its gallery; assessing and installing work without.",
    source: `${AUM}: troubleshoot, policy remediation of gallery images`,
  },
  ImageGone: {
    weight: "warns",
    remedy: "Patch the VM as it is; keep in mind that it cannot be built again from this image version.",
  },
  ImageNotTold: {
    weight: "warns",
    remedy: "Nothing needs to be done; verdicts per image do not cover this VM.",
  },
  AssessmentRowHidden: {
    weight: "warns",
    remedy:
      "Grant Microsoft.Compute/virtualMachines/patchAssessmentResults/* to the identity; if it has that, wait a few minutes and look again.",
    source: `${AUM}: roles and permissions; a public report of October 2026`,
  },
  LastOperationFailed: {
    weight: "warns",
    remedy: "Read the error; goldpatch assess tells whether it is still there.",
    source: "Compute: VM error messages",
  },
  ResourceGraphUnreadable: {
    weight: "unknown",
    remedy: "Run this again later; runs wait for Resource Graph by themselves.",
  },
} as const satisfies Record<string, Kind>;

export type FindingCode = keyof typeof kinds | OutcomeCode;

/** A finding of the doctor's own. */
export const finding = (code: keyof typeof kinds, saw: string, remedy?: string): Finding => ({
  code,
  ...kinds[code],
  saw,
  ...(remedy !== undefined && { remedy }),
});

/** A finding with which a run would end, or which it would meet. */
export const runFinding = (code: OutcomeCode, saw: string = outcomeTable[code].meaning, weight: Weight = "blocks") =>
  ({ code, weight, saw, remedy: outcomeTable[code].nextStep }) satisfies Finding;
