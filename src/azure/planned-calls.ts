import type { HttpClient } from "@azure/core-rest-pipeline";
import { clouds, type CloudName } from "../domain/cloud/cloud";
import type { InstallRequest } from "../domain/install/options";
import { canonicalVmId, type VmId } from "../domain/machine/vm-id";
import { Arm } from "./arm";
import { simulatedCredential } from "./arm-transport";
import { postAnyOperation, readAnyMachine } from "./machines";
import { assessmentQuery } from "./resource-graph/assessment-rows";
import { queryMachineRows } from "./resource-graph/machine-rows";

/** A call as it would leave the SDK. */
export interface PlannedCall {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

/** The calls of a run, made by the same adapters and the real SDK on a transport that only writes them down. */
export async function plannedCalls(
  vmId: VmId,
  install: InstallRequest | undefined,
  cloud: CloudName = "AzureCloud",
): Promise<PlannedCall[]> {
  const calls: PlannedCall[] = [];
  const arm = new Arm(simulatedCredential, recorder(calls), undefined, clouds[cloud]);
  const ids = { clientRequestId: "", correlationRequestId: "" };
  const never = new AbortController().signal;
  await readAnyMachine(arm, vmId, NO_ROWS);
  await postAnyOperation(arm, vmId, { kind: "assess" }, ids, never);
  await queryMachineRows(arm, assessmentQuery, [canonicalVmId(vmId)]);
  if (install) await postAnyOperation(arm, vmId, { kind: "install", request: install }, ids, never);
  return calls;
}

/** Never asked: the look ends with the read before. */
const NO_ROWS = {
  assessments: () => Promise.resolve({ kind: "read", rows: [] } as const),
  installations: () => Promise.resolve({ kind: "read", rows: [] } as const),
};

/** Every adapter takes the error for a broken connection, so nothing follows from it. */
const recorder = (calls: PlannedCall[]): HttpClient => ({
  sendRequest({ method, url, body }) {
    calls.push({ method, url, body: typeof body === "string" ? JSON.parse(body) : null });
    return Promise.reject(new Error("written down, not sent"));
  },
});
