import type { AnswerIds } from "../azure/answers";
import type { AcceptedOperation, RequestIds } from "../azure/compute/operation-starter";
import type { OperationResult } from "../azure/operations/operation-reader";
import type { Ending } from "../contracts/run";
import type { InstallRequest } from "../domain/install/options";
import type { Baseline } from "../domain/operation/adopt";
import type { OperationKind } from "../domain/operation/operation";
import { FULL, type Bucket } from "../domain/rate/bucket";
import { removeAll } from "../store/remove";
import { update, type Store, type StoredRow } from "../store/store";
import { requestIdOf, vmPartition } from "./keys";

/** Who may send operations to a VM. Instants are our clock, milliseconds since the epoch. */
export interface Lease {
  readonly runId: string;
  /** Grows with every holder: whoever still acts on an older one is refused. */
  readonly epoch: number;
  readonly held: boolean;
  /** No request of the holder leaves after this. */
  readonly postNotAfter: number;
  /** The holder's run is being settled from outside, for this reason: it sends nothing more. */
  readonly fenced?: Ending;
  /** What was drawn from the VM's own bucket of patch operations, by whichever run. */
  readonly operations?: Bucket;
}

/** Whether this run may still send. */
export const isHeldBy = (lease: Lease, runId: string): boolean =>
  lease.held && lease.runId === runId && lease.fenced === undefined;

export type IntentState =
  /** May be sent, or was and the answer is not stored yet. */
  | "open"
  | "accepted"
  /** Azure refused it definitely: nothing was started. */
  | "refused"
  /** Never sent, and never will be. */
  | "withheld"
  /** Sent perhaps; Azure shows no trace of it. */
  | "untraced";

/** Written before a mutating POST. Only who inserts it may send it. */
export interface Intent {
  readonly runId: string;
  readonly operation: OperationKind;
  readonly attempt: number;
  /** Counts the intents of one attempt: a definite refusal may be followed by another. */
  readonly sequence: number;
  readonly state: IntentState;
  readonly epoch: number;
  readonly baseline: Baseline;
  readonly postNotAfter: number;
  readonly request?: InstallRequest;
  /** When to look at the operation, in milliseconds after it was accepted, as others of its kind took; none if unknown. */
  readonly looks?: readonly number[];
  readonly accepted?: Accepted;
  /** Refused or withheld for now: the next intent may follow at this time of our clock, as every delivery of the start answers. */
  readonly retryAt?: number;
  /** Of Azure's refusal. */
  readonly refusedIds?: AnswerIds;
  /** Refused or withheld for good: every delivery of the start answers this. */
  readonly ending?: Ending;
}

export interface Accepted extends Omit<AcceptedOperation, "pollerState"> {
  readonly pollerState?: string;
  /** Found in the instance view after its answer was lost. */
  readonly adopted: boolean;
  /** Our clock when it was first known. */
  readonly knownSince: number;
  readonly ended?: EndedOperation;
}

export interface EndedOperation {
  /** Unknown: it is over, for its VM is gone, and nobody can say how it ended. */
  readonly state: "succeeded" | "failed" | "unknown";
  readonly at: number;
  readonly source: "operation" | "instanceView";
  readonly result?: OperationResult;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/** What a run did to its VM's power, written before each request. Instants are our clock, milliseconds since the epoch. */
export interface PowerRecord {
  readonly runId: string;
  /** When the run first decided to start the VM, which it had seen deallocated. */
  readonly startFrom: number;
  /** When it first wanted the VM deallocated again. */
  readonly stopFrom?: number;
  /** What last kept it from being deallocated. */
  readonly trouble?: string;
  /** No request that was written down so far leaves after this. */
  readonly postNotAfter: number;
  /** The VM was seen deallocated, or gone, or was given up. */
  readonly over?: true;
}

const LEASE = "lease";
const powerKey = (runId: string): string => `power:${runId}`;
const intentPrefix = (runId: string, operation: OperationKind, attempt: number) =>
  `intent:${runId}:${operation}:${attempt}:`;

/** The key under which an operation is followed. */
export const intentKey = ({
  runId,
  operation,
  attempt,
  sequence,
}: Pick<Intent, "runId" | "operation" | "attempt" | "sequence">): string =>
  `${intentPrefix(runId, operation, attempt)}${String(sequence).padStart(4, "0")}`;

/** The names under which Azure logs an intent's request: the same for the same intent. */
export const requestIdsOf = (intent: Intent): RequestIds => ({
  clientRequestId: requestIdOf(intentKey(intent)),
  correlationRequestId: requestIdOf(intent.runId),
});

/** The rows of one VM: lease, intents, and which machine behind the name was handled. */
export class VmLedger {
  readonly #store: Store;
  readonly #partition: string;

  constructor(store: Store, canonicalVmId: string) {
    this.#store = store;
    this.#partition = vmPartition(canonicalVmId);
  }

  lease(): Promise<StoredRow<Lease> | undefined> {
    return this.#store.get<Lease>(this.#partition, LEASE);
  }

  /** False when somebody else was faster. */
  takeLease(runId: string, previous: StoredRow<Lease> | undefined): Promise<boolean> {
    const { epoch = 0, operations } = previous?.value ?? {};
    const lease: Lease = { runId, epoch: epoch + 1, held: true, postNotAfter: 0, ...(operations && { operations }) };
    return previous
      ? this.#store.replaceIfMatch(previous, lease)
      : this.#store.insertIfAbsent(this.#partition, LEASE, lease);
  }

  async releaseLease(runId: string): Promise<void> {
    await update<Lease>(this.#store, this.#partition, LEASE, (lease) =>
      lease.held && lease.runId === runId ? released(lease) : undefined,
    );
  }

  /**
   * Takes the right to send from the holder and leaves it the VM: an intent that was not inserted yet never will be,
   * and one that was is not sent under the new epoch. False when somebody else was faster.
   */
  fence(lease: StoredRow<Lease>, why: Ending): Promise<boolean> {
    return this.#store.replaceIfMatch(lease, { ...lease.value, epoch: lease.value.epoch + 1, fenced: why });
  }

  /**
   * Inserts the intent and extends the lease in one transaction: false when the lease changed or the intent exists.
   * @param operations the VM's bucket once the intent's request is drawn from it
   */
  insertIntent(intent: Intent, lease: StoredRow<Lease>, operations?: Bucket): Promise<boolean> {
    return this.#store.batch(this.#partition, [
      { kind: "insert", key: intentKey(intent), value: intent },
      {
        kind: "replace",
        key: LEASE,
        etag: lease.etag,
        value: {
          ...lease.value,
          postNotAfter: Math.max(lease.value.postNotAfter, intent.postNotAfter),
          ...(operations && { operations }),
        },
      },
    ]);
  }

  power(runId: string): Promise<StoredRow<PowerRecord> | undefined> {
    return this.#store.get<PowerRecord>(this.#partition, powerKey(runId));
  }

  /**
   * Writes down that a request to start or deallocate is about to leave, and extends the lease in one transaction, so
   * that nobody takes the VM over while it may still arrive. False when the lease or the record changed.
   */
  planPower(known: StoredRow<PowerRecord> | undefined, record: PowerRecord, lease: StoredRow<Lease>): Promise<boolean> {
    const postNotAfter = Math.max(lease.value.postNotAfter, record.postNotAfter);
    return this.#store.batch(this.#partition, [
      known
        ? { kind: "replace", key: known.key, etag: known.etag, value: record }
        : { kind: "insert", key: powerKey(record.runId), value: record },
      { kind: "replace", key: LEASE, etag: lease.etag, value: { ...lease.value, postNotAfter } },
    ]);
  }

  /** `change` answers undefined to leave the record as it is. */
  async updatePower(runId: string, change: (record: PowerRecord) => PowerRecord | undefined): Promise<void> {
    await update<PowerRecord>(this.#store, this.#partition, powerKey(runId), change);
  }

  /** Corrects what was drawn from the VM's bucket by what Azure told. */
  async correctOperations(change: (operations: Bucket) => Bucket): Promise<void> {
    await update<Lease>(this.#store, this.#partition, LEASE, (lease) => {
      const { operations = FULL } = lease;
      const corrected = change(operations);
      return corrected.fullAt === operations.fullAt ? undefined : { ...lease, operations: corrected };
    });
  }

  /** Keeps the decision that nothing will be sent; false when an intent was inserted in its place. */
  withhold(intent: Intent): Promise<boolean> {
    return this.#store.insertIfAbsent(this.#partition, intentKey(intent), intent);
  }

  async intent(key: string): Promise<Intent | undefined> {
    return (await this.#store.get<Intent>(this.#partition, key))?.value;
  }

  /** The intents of one attempt, first to last. */
  async intentsOf(runId: string, operation: OperationKind, attempt: number): Promise<Intent[]> {
    const rows = await this.#store.scan<Intent>(this.#partition, intentPrefix(runId, operation, attempt));
    return rows.map(({ value }) => value);
  }

  async intentsOfRun(runId: string): Promise<Intent[]> {
    return (await this.#store.scan<Intent>(this.#partition, `intent:${runId}:`)).map(({ value }) => value);
  }

  /** `change` answers undefined to leave the intent as it is. */
  updateIntent(key: string, change: (intent: Intent) => Intent | undefined): Promise<Intent | undefined> {
    return update<Intent>(this.#store, this.#partition, key, change);
  }

  /** The run that handled this machine after an event, if any. Names are reused, so the machine's own id is the key. */
  async handledBy(vmGuid: string): Promise<string | undefined> {
    return (await this.#store.get<{ runId: string }>(this.#partition, `handled:${vmGuid.toLowerCase()}`))?.value.runId;
  }

  async markHandled(vmGuid: string, runId: string): Promise<void> {
    await this.#store.insertIfAbsent(this.#partition, `handled:${vmGuid.toLowerCase()}`, { runId });
  }

  /** Removes what the run left, but for the lease: epochs never go back. */
  async forgetRun(runId: string, vmGuid: string | undefined): Promise<void> {
    const rows: StoredRow[] = await this.#store.scan(this.#partition, `intent:${runId}:`);
    const handled =
      vmGuid !== undefined &&
      (await this.#store.get<{ runId: string }>(this.#partition, `handled:${vmGuid.toLowerCase()}`));
    if (handled && handled.value.runId === runId) rows.push(handled);
    const power = await this.power(runId);
    if (power) rows.push(power);
    await removeAll(this.#store, this.#partition, rows);
  }
}

const released = ({ fenced: _fence, ...lease }: Lease): Lease => ({ ...lease, held: false });
