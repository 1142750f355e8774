import { RestError } from "@azure/core-rest-pipeline";
import { z } from "zod";
import type { ArcConnection, MachineView } from "../../domain/machine/view";
import { canonicalVmId, type VmId } from "../../domain/machine/vm-id";
import { armErrorOf, parseJson, readFailureOf, wordsOf, type ReadFailure } from "../answers";
import type { Arm } from "../arm";
import type { MachineLook } from "../compute/machine-reader";
import type { AssessmentRows } from "../resource-graph/assessment-rows";
import type { InstallationRows } from "../resource-graph/installation-rows";
import { arcUrl } from "./arc-api";
import { summariesOf } from "./summaries";

const text = z.string().nullish();

/** Shape: HybridCompute, Machines_Get, reduced to what decisions need. Before the agent reports, most of it is null. */
const machineBody = z.looseObject({
  id: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.looseObject({
    vmId: text,
    osType: text,
    status: text,
    agentVersion: text,
    lastStatusChange: text,
    provisioningState: text,
  }),
});

/** The server's rows in Resource Graph: what the instance view is for a VM. */
export interface ArcRows {
  readonly assessments: (machineId: string) => Promise<AssessmentRows>;
  readonly installations: (machineId: string) => Promise<InstallationRows>;
}

/**
 * Reads an Arc-enabled server: the resource, and then its rows. It has no instance view, so Resource Graph tells of its
 * operations, some time after they begin. The time of the look is the resource's: what began after it, the rows may show.
 */
export async function readArcMachine(arm: Arm, vmId: VmId, rows: ArcRows): Promise<MachineLook> {
  const look = await readResource(arm, vmId);
  if (look.kind !== "found") return look;
  const id = canonicalVmId(vmId);
  const [assessments, installations] = await Promise.all([rows.assessments(id), rows.installations(id)]);
  if (assessments.kind !== "read") return assessments;
  if (installations.kind !== "read") return installations;
  return { kind: "found", view: { ...look.view, ...summariesOf(assessments.rows, installations.rows) } };
}

async function readResource(arm: Arm, vmId: VmId): Promise<MachineLook> {
  try {
    const response = await arm.sendRaw(vmId.subscriptionId, { method: "GET", url: arcUrl(arm, vmId) });
    if (response.status !== 200) {
      throw new RestError(response.bodyAsText ?? "", { statusCode: response.status, response });
    }
    const azureTime = Date.parse(response.headers.get("date") ?? "");
    if (Number.isNaN(azureTime)) return unreadable("Azure's answer carries no Date header");
    const body = machineBody.safeParse(parseJson(response.bodyAsText));
    return body.success
      ? { kind: "found", view: toView(body.data, azureTime) }
      : unreadable("Azure's answer is no Arc-enabled server");
  } catch (failure) {
    return armErrorOf(failure)?.status === 404 ? { kind: "notFound" } : readFailureOf(failure);
  }
}

const unreadable = (message: string): ReadFailure => ({ kind: "unavailable", message });

/** Without the time of its creation: Azure knows when the server was connected, not how long it has had users. */
function toView({ location, tags, properties }: z.infer<typeof machineBody>, azureTime: number): MachineView {
  const { vmId, osType, provisioningState } = properties;
  return {
    azureTime,
    location,
    ...(vmId && { vmGuid: vmId }),
    ...(osType && { osType: systemOf(osType) }),
    ...(provisioningState && { provisioningState: wordsOf(provisioningState) }),
    arc: connectionOf(properties),
    image: {},
    tags: tags ?? {},
  };
}

/** The agent writes it in lower case, the documents do not. */
const systemOf = (osType: string): string =>
  ["Windows", "Linux"].find((known) => known.toLowerCase() === osType.toLowerCase()) ?? wordsOf(osType);

function connectionOf(properties: z.infer<typeof machineBody>["properties"]): ArcConnection {
  const { status, agentVersion, lastStatusChange } = properties;
  const changedAt = Date.parse(lastStatusChange ?? "");
  return {
    ...(status && { status: wordsOf(status) }),
    ...(agentVersion && { agentVersion: wordsOf(agentVersion) }),
    ...(!Number.isNaN(changedAt) && { changedAt }),
  };
}
