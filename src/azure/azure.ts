import type { Clock } from "../clock";
import type { ScopeEntry } from "../domain/machine/scope";
import type { VmId } from "../domain/machine/vm-id";
import type { Logs } from "../logs";
import { TOO_MANY_REQUESTS } from "./answers";
import type { Arm } from "./arm";
import type { MachineLook } from "./compute/machine-reader";
import type { PatchOperation, PostAnswer, RequestIds } from "./compute/operation-starter";
import { postAnyOperation, readAnyMachine } from "./machines";
import { readOperation, type OperationLook } from "./operations/operation-reader";
import { readCandidates, type CandidatePage } from "./resource-graph/candidates";
import { assessmentQuery, type AssessmentRows } from "./resource-graph/assessment-rows";
import { installationQuery, type InstallationRows } from "./resource-graph/installation-rows";
import { readSweepVms, type SweepVmPage } from "./resource-graph/sweep-vms";
import { MachineRows, queryOneMachine } from "./resource-graph/machine-rows";

/** All that activities ask of Azure. Nothing here retries: a wait belongs to a durable timer. */
export interface Azure {
  readMachine(vmId: VmId): Promise<MachineLook>;
  /** The same with queries of its own, at once: for somebody who waits for the answer. */
  queryMachine(vmId: VmId): Promise<MachineLook>;
  postOperation(vmId: VmId, operation: PatchOperation, ids: RequestIds, signal: AbortSignal): Promise<PostAnswer>;
  /** @param pollerState as kept from the POST's answer */
  readOperation(subscriptionId: string, pollerState: string): Promise<OperationLook>;
  /** @param machineId the machine's ARM id in lower case */
  readAssessmentRows(machineId: string): Promise<AssessmentRows>;
  /** The same in a query of its own, at once: for somebody who waits for the answer. */
  queryAssessmentRows(machineId: string): Promise<AssessmentRows>;
  /** @param machineId the VM's ARM id in lower case */
  readInstallationRows(machineId: string): Promise<InstallationRows>;
  readCandidates(scope: readonly ScopeEntry[], skipToken: string | undefined): Promise<CandidatePage>;
  readSweepVms(scope: readonly ScopeEntry[], skipToken: string | undefined): Promise<SweepVmPage>;
}

/** Every 429 is told, whatever its caller makes of it. */
export function createAzure(arm: Arm, clock: Clock, logs: Pick<Logs, "azureThrottled">): Azure {
  const assessments = new MachineRows(arm, clock, assessmentQuery);
  const installations = new MachineRows(arm, clock, installationQuery);
  const rows = {
    assessments: (machineId: string) => assessments.read(machineId),
    installations: (machineId: string) => installations.read(machineId),
  };
  const ownRows = {
    assessments: (machineId: string) => queryOneMachine(arm, assessmentQuery, machineId),
    installations: (machineId: string) => queryOneMachine(arm, installationQuery, machineId),
  };
  const told = async <T extends Answer>(call: keyof Azure, answer: Promise<T>): Promise<T> => {
    const given = await answer;
    if (isThrottled(given)) logs.azureThrottled({ call });
    return given;
  };
  return {
    readMachine: (vmId) => told("readMachine", readAnyMachine(arm, vmId, rows)),
    queryMachine: (vmId) => told("queryMachine", readAnyMachine(arm, vmId, ownRows)),
    postOperation: (vmId, operation, ids, signal) =>
      told("postOperation", postAnyOperation(arm, vmId, operation, ids, signal)),
    readOperation: (subscriptionId, pollerState) =>
      told("readOperation", readOperation(arm, subscriptionId, pollerState)),
    readAssessmentRows: (machineId) => told("readAssessmentRows", assessments.read(machineId)),
    queryAssessmentRows: (machineId) => told("queryAssessmentRows", queryOneMachine(arm, assessmentQuery, machineId)),
    readInstallationRows: (machineId) => told("readInstallationRows", installations.read(machineId)),
    readCandidates: (scope, skipToken) => told("readCandidates", readCandidates(arm, scope, skipToken)),
    readSweepVms: (scope, skipToken) => told("readSweepVms", readSweepVms(arm, scope, skipToken)),
  };
}

type Answer =
  MachineLook | PostAnswer | OperationLook | AssessmentRows | InstallationRows | CandidatePage | SweepVmPage;

function isThrottled(answer: Answer): boolean {
  if (answer.kind === "refused") return "error" in answer && answer.error.status === TOO_MANY_REQUESTS;
  return answer.kind === "unavailable" && answer.throttled === true;
}
