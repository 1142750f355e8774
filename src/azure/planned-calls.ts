import type { HttpClient } from "@azure/core-rest-pipeline";
import type { InstallRequest } from "../domain/install/options";
import { canonicalVmId, type VmId } from "../domain/machine/vm-id";
import { Arm } from "./arm";
import { simulatedCredential } from "./arm-transport";
import { readMachine } from "./compute/machine-reader";
import { postOperation } from "./compute/operation-starter";
import { assessmentQuery } from "./resource-graph/assessment-rows";
import { queryMachineRows } from "./resource-graph/machine-rows";

/** A call as it would leave the SDK. */
export interface PlannedCall {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

/** The calls of a run, made by the same adapters and the real SDK on a transport that only writes them down. */
export async function plannedCalls(vmId: VmId, install: InstallRequest | undefined): Promise<PlannedCall[]> {
  const calls: PlannedCall[] = [];
  const arm = new Arm(simulatedCredential, recorder(calls));
  const ids = { clientRequestId: "", correlationRequestId: "" };
  const never = new AbortController().signal;
  await readMachine(arm, vmId);
  await postOperation(arm, vmId, { kind: "assess" }, ids, never);
  await queryMachineRows(arm, assessmentQuery, [canonicalVmId(vmId)]);
  if (install) await postOperation(arm, vmId, { kind: "install", request: install }, ids, never);
  return calls;
}

/** Every adapter takes the error for a broken connection, so nothing follows from it. */
const recorder = (calls: PlannedCall[]): HttpClient => ({
  sendRequest({ method, url, body }) {
    calls.push({ method, url, body: typeof body === "string" ? JSON.parse(body) : null });
    return Promise.reject(new Error("written down, not sent"));
  },
});
