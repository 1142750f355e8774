import type { Ending } from "../contracts/run";
import type { OperationKind } from "../domain/operation/operation";
import { FULL, type Bucket } from "../domain/rate/bucket";
import { removeAll } from "../store/remove";
import { update, type Store, type StoredRow } from "../store/store";
import { intentKey, intentPrefix, type Intent } from "./intent";
import { vmPartition } from "./keys";
import type { Lease } from "./lease";
import type { PowerRecord } from "./power-record";

const LEASE = "lease";
const powerKey = (runId: string): string => `power:${runId}`;

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
