import type { Arm } from "../../azure/arm";
import { readWithDetails, type DetailedLook } from "../../azure/compute/machine-reader";
import { readGrants } from "../../azure/doctor/grants";
import { readImage } from "../../azure/doctor/image";
import { readRegistration } from "../../azure/doctor/provider";
import { permissions, type Permission } from "../../azure/permissions";
import {
  assessmentQuery,
  newestRow,
  toSupportRow,
  type AssessmentRows,
} from "../../azure/resource-graph/assessment-rows";
import { queryMachineRows } from "../../azure/resource-graph/machine-rows";
import { isGranted } from "../../domain/doctor/access";
import { finding, runFinding, type Finding } from "../../domain/doctor/finding";
import { examineMachine } from "../../domain/doctor/machine";
import { examineSupport } from "../../domain/doctor/support";
import { imageSourceOf } from "../../domain/machine/image";
import type { MachineView, PatchSummary } from "../../domain/machine/view";
import { canonicalVmId, formatVmId, type VmId } from "../../domain/machine/vm-id";
import { sameText } from "../../domain/text";
import { patiently, retryAfterOf } from "./patience";

/** Update Manager's operations are Compute's; nothing else needs to be registered for them. */
const PROVIDER = "Microsoft.Compute";

/** What a subscription shows before any of its VMs is looked at. Only reads. */
export async function examineSubscription(arm: Arm, subscriptionId: string): Promise<Finding[]> {
  const [provider, access] = await Promise.all([
    examineProvider(arm, subscriptionId),
    examineAccess(arm, subscriptionId, `/subscriptions/${subscriptionId}`, "subscription"),
  ]);
  // Azure says of a subscription that the login does not see that there is none.
  const gone = provider.find(({ code }) => code === "SubscriptionNotFound");
  return gone ? [gone] : [...provider, ...access];
}

/** The VMs' rows in Resource Graph, in their order. Where a query was refused, what the last refusal asks is waited. */
export const readRows = (arm: Arm, vmIds: readonly VmId[]): Promise<AssessmentRows[]> =>
  patiently(
    () => queryMachineRows(arm, assessmentQuery, vmIds.map(canonicalVmId)),
    (rows) => rows.map(retryAfterOf).findLast((waitMs) => waitMs !== undefined),
  );

/** What one VM shows, without its subscription. Only reads. @param rows as read for it from Resource Graph */
export async function examineVm(arm: Arm, vmId: VmId, rows: AssessmentRows | undefined): Promise<Finding[]> {
  const [access, look] = await Promise.all([
    examineAccess(arm, vmId.subscriptionId, formatVmId(vmId), "machine"),
    readWithDetails(arm, vmId),
  ]);
  if (look.kind !== "found") return [...withoutRead(access, look), unseen(look, vmId)];
  return [
    ...access,
    ...examineMachine(look.view, look.details),
    ...examineRows(rows, look.view.assessment),
    ...(await examineImage(arm, look.view)),
  ];
}

type Unseen = Exclude<DetailedLook, { kind: "found" }>;

function unseen(look: Unseen, vmId: VmId): Finding {
  if (look.kind === "notFound")
    return runFinding("VmNotFound", `Azure knows no VM ${vmId.name} in that resource group.`);
  return look.kind === "forbidden"
    ? runFinding("PermissionMissing", `The VM could not be read${because(look.message)}.`)
    : runFinding("AzureUnavailable", `The VM could not be read${because(look.message)}.`);
}

/** A VM that is not there, or not to be seen, has no permissions to list either: that is said once. */
const withoutRead = (access: readonly Finding[], { kind }: Unseen): Finding[] =>
  kind === "notFound" ? [] : access.filter(({ code }) => code !== "PermissionsUnreadable");

async function examineProvider(arm: Arm, subscriptionId: string): Promise<Finding[]> {
  const look = await readRegistration(arm, subscriptionId, PROVIDER);
  if (look.kind === "notFound") {
    return [finding("SubscriptionNotFound", `Azure shows this login no subscription ${subscriptionId}.`)];
  }
  if (look.kind !== "read")
    return [finding("ProviderUnreadable", `${PROVIDER} could not be looked up${because(look.message)}.`)];
  if (sameText(look.value, "Registered")) return [];
  return [
    finding(
      "ProviderNotRegistered",
      `The resource provider ${PROVIDER} is ${look.value}.`,
      `Register it: az provider register --namespace ${PROVIDER} --subscription ${subscriptionId}.`,
    ),
  ];
}

async function examineAccess(
  arm: Arm,
  subscriptionId: string,
  scope: string,
  assignedOn: Permission["assignedOn"],
): Promise<Finding[]> {
  const look = await readGrants(arm, subscriptionId, scope);
  if (look.kind === "notFound") return [];
  if (look.kind !== "read") {
    return [finding("PermissionsUnreadable", `What this login may do could not be listed${because(look.message)}.`)];
  }
  const needed = permissions.filter(
    ({ part, forArc, ...permission }) => part === undefined && !forArc && permission.assignedOn === assignedOn,
  );
  const missing = needed.filter(({ action }) => !isGranted(look.value, checkedAction(action)));
  return [...new Map(missing.map((permission) => [permission.action, permission])).values()].map(
    ({ action, purpose, dispensable }) => ({
      ...runFinding(
        "PermissionMissing",
        `${action} is not granted; it is for ${purpose.split(/[;:]/)[0] ?? ""}.`,
        dispensable ? "warns" : "blocks",
      ),
      remedy: `Grant it on the ${assignedOn === "machine" ? "VM, its resource group" : "subscription"} or above; infra/role has a role with all that is needed.`,
    }),
  );
}

/** Of the one action that a role can name by a wildcard only, Resource Graph checks this (permissions.ts). */
const checkedAction = (action: string): string => action.replace(/\/\*$/, "/read");

function examineRows(rows: AssessmentRows | undefined, shown: PatchSummary | undefined): Finding[] {
  if (rows?.kind !== "read") {
    return [finding("ResourceGraphUnreadable", `Resource Graph could not be read${because(rows?.message)}.`)];
  }
  const row = newestRow(rows.rows);
  return examineSupport(row && toSupportRow(row), shown);
}

/** Azure's own words, which may end with a full stop or not. */
const because = (message: string | undefined): string => (message ? `: ${message.replace(/[.\s]+$/, "")}` : "");

async function examineImage(arm: Arm, { image }: MachineView): Promise<Finding[]> {
  const { imageId } = imageSourceOf(image);
  const look = imageId === null ? undefined : await readImage(arm, imageId);
  if (!look || imageId === null) return [];
  if (look.kind === "notFound") return [finding("ImageGone", `Its image ${imageId} is not there any more.`)];
  if (look.kind !== "read") {
    return [finding("ImageUnreadable", `Its image ${imageId} could not be read${because(look.message)}.`)];
  }
  return sameText(look.value.architecture, "Arm64")
    ? [finding("Arm64Image", "Its image is for Arm64, which the support matrix does not list.")]
    : [];
}
