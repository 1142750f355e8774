import { randomUUID } from "node:crypto";
import { connectArm, type Arm } from "../../../src/azure/arm";
import { readMachine } from "../../../src/azure/compute/machine-reader";
import { postOperation, type PatchOperation } from "../../../src/azure/compute/operation-starter";
import { readOperation, type OperationLook } from "../../../src/azure/operations/operation-reader";
import { assessmentQuery } from "../../../src/azure/resource-graph/assessment-rows";
import { queryMachineRows } from "../../../src/azure/resource-graph/machine-rows";
import type { InstallRequest } from "../../../src/domain/install/options";
import { decideInstall } from "../../../src/domain/install/result";
import { canonicalVmId, type VmId } from "../../../src/domain/machine/vm-id";
import { classifyRefusal } from "../../../src/domain/outcome/refusal";
import { outcomeOf, type OutcomeCode } from "../../../src/domain/outcome/table";
import { sleepUntil } from "../../../src/local/clock/host-clock";
import { VirtualClock } from "../../../src/local/clock/virtual-clock";
import { parseFleet, SimulatedAzure, type TranscriptLine } from "../../../src/local/simulated-azure";
import { tally, type Played } from "./contender";
import { GROUP, SUBSCRIPTION, SWEEP_AT, type BenchFleet } from "./fleet";
import { Requests } from "./requests";

const POLL_MS = 30_000;
/** What people's scripts do after an answer that says later. */
const RETRY_MS = 30_000;
const PARALLEL_LOOPS = 10;

/** Each VM on its own, all at once: every 30 s it asks for its operation, then Resource Graph for its row. */
export const playNaive = (fleet: BenchFleet): Promise<Played> => play(fleet, fleet.truths.length);

/** Ten loops side by side, each taking the next VM when it is done with one. */
export const playScript = (fleet: BenchFleet): Promise<Played> => play(fleet, PARALLEL_LOOPS);

/** The same simulator, clock and transport that the app gets, without the app. */
export function plainCloud(file: object, seed = 1, transcript?: (line: TranscriptLine) => void) {
  const fleet = parseFleet(file);
  const clock = new VirtualClock({ start: Date.parse(fleet.start) });
  const azure = new SimulatedAzure({
    fleet,
    clock,
    seed,
    ...(transcript && { transcript }),
    deliverEvent: () => Promise.resolve(),
  });
  const arm = connectArm({ endpoint: "http://127.0.0.1:9" }, (request) => azure.handle(request));
  const close = () => {
    azure.stop();
    clock.close();
  };
  return { clock, azure, arm, close };
}

async function play({ file, truths }: BenchFleet, loops: number): Promise<Played> {
  const startedAt = Date.parse(SWEEP_AT);
  const requests = new Requests(startedAt);
  const { clock, arm, close } = plainCloud(file, 1, requests.note);
  await sleepUntil(clock, startedAt);
  const outcomes: string[] = [];
  const names = truths.map(({ name }) => name)[Symbol.iterator]();
  const loop = async () => {
    for (const name of names) {
      const vm = new Loop(arm, clock, {
        kind: "azureVm",
        subscriptionId: SUBSCRIPTION,
        resourceGroup: GROUP,
        name,
      });
      outcomes.push(await vm.patch());
    }
  };
  await Promise.all(Array.from({ length: loops }, loop));
  const endedAt = clock.now();
  close();
  return { startedAt, endedAt, outcomes: tally(outcomes), requests, workItems: 0 };
}

/** One VM as a script patches it. */
export class Loop {
  constructor(
    readonly arm: Arm,
    readonly clock: VirtualClock,
    readonly vmId: VmId,
    readonly rebootSetting: InstallRequest["rebootSetting"] = "Never",
    readonly pollMs = POLL_MS,
  ) {}

  async patch(): Promise<string> {
    return outcomeOf(await this.patchedTo()).outcome;
  }

  async patchedTo(): Promise<OutcomeCode> {
    const osType = await this.#osType();
    await this.#carryOut({ kind: "assess" });
    if ((await this.#supportState()) !== "Supported") return "UnsupportedImage";
    const ended = await this.#carryOut({ kind: "install", request: requestFor(osType, this.rebootSetting) });
    const {
      counts = {},
      status = "",
      rebootStatus,
      windowExceeded,
    } = ended.kind === "ended" ? (ended.result ?? {}) : {};
    return decideInstall({
      status,
      ...(counts["installedPatchCount"] !== undefined && { installed: counts["installedPatchCount"] }),
      ...(counts["failedPatchCount"] !== undefined && { failed: counts["failedPatchCount"] }),
      ...(counts["pendingPatchCount"] !== undefined && { pending: counts["pendingPatchCount"] }),
      ...(rebootStatus !== undefined && { rebootStatus }),
      ...(windowExceeded !== undefined && { windowExceeded }),
    });
  }

  async #osType(): Promise<string> {
    for (;;) {
      const look = await readMachine(this.arm, this.vmId);
      if (look.kind === "found") return look.view.osType ?? "";
      await this.#pause(RETRY_MS);
    }
  }

  async #carryOut(operation: PatchOperation): Promise<OperationLook> {
    const pollerState = await this.#post(operation);
    for (;;) {
      await this.#pause(this.pollMs);
      const look = await readOperation(this.arm, SUBSCRIPTION, pollerState);
      if (look.kind === "ended") return look;
    }
  }

  async #post(operation: PatchOperation): Promise<string> {
    for (;;) {
      const ids = { clientRequestId: randomUUID(), correlationRequestId: randomUUID() };
      const answer = await postOperation(this.arm, this.vmId, operation, ids, new AbortController().signal);
      if (answer.kind === "accepted") return answer.operation.pollerState;
      const refusal = answer.kind === "refused" ? classifyRefusal(answer.error) : undefined;
      await this.#pause(refusal?.kind === "later" ? refusal.afterMs : RETRY_MS);
    }
  }

  async #supportState(): Promise<string | null | undefined> {
    for (;;) {
      const [look] = await queryMachineRows(this.arm, assessmentQuery, [canonicalVmId(this.vmId)]);
      const row = look?.kind === "read" ? look.rows[0] : undefined;
      if (row?.status === "Succeeded" && row.supportState) return row.supportState;
      await this.#pause(this.pollMs);
    }
  }

  #pause(ms: number): Promise<void> {
    return sleepUntil(this.clock, this.clock.now() + ms);
  }
}

/** What the app sends to a VM that is older than a day, unless told otherwise. */
const requestFor = (osType: string, rebootSetting: InstallRequest["rebootSetting"]): InstallRequest => {
  const parameters = { classificationsToInclude: ["Critical", "Security"] } as const;
  const shared = { maximumDuration: "PT3H55M", rebootSetting } as const;
  return osType === "Windows"
    ? { ...shared, windowsParameters: parameters }
    : { ...shared, linuxParameters: parameters };
};
