import type { OutcomeCode } from "../domain/outcome/table";
import { LARGEST_BATCH } from "../store/limits";
import { removeAll } from "../store/remove";
import type { BatchOperation, RowValue, Store, StoredRow } from "../store/store";

/** A VM of a sweep. It waits in the queue, is in flight, or is done; which of them the row's key tells. */
export interface SweepVmRow {
  readonly vmId: string;
  readonly imageId: string | null;
  readonly stage: number;
  readonly lane: number;
}

export interface ActiveVmRow extends SweepVmRow {
  readonly runId: string;
  /** ISO 8601. Its run takes it from here: whether that was claimed, the run's row tells. */
  readonly releasedAt: string;
}

export interface DoneVmRow extends SweepVmRow {
  readonly runId: string;
  readonly code: OutcomeCode;
}

export type Place = "queued" | "active" | "done";

/** What the VMs of one lane of a stage have in common (domain/sweep/lanes.ts). */
export interface Lane {
  readonly imageId: string | null;
  readonly osType: string | null;
  /** Absent: none (domain/sweep/groups.ts). */
  readonly groups?: readonly string[];
  readonly vms: number;
  /** How long one of them is expected to take, in milliseconds; 0: nobody knows. */
  readonly expectedMs: number;
}

export interface LanePlace {
  readonly stage: number;
  readonly lane: number;
}

/** VMs of a lane that are written, and read, together: one row of the batch is the mark that they were. */
export const CHUNK_VMS = LARGEST_BATCH - 1;
/** A move takes two rows of a batch. */
const MOVES = LARGEST_BATCH / 2;

const number = (digits: number, value: number): string => String(value).padStart(digits, "0");
/** Sorts as it counts. */
const chunkKey = ({ stage, lane }: LanePlace, chunk: number): string =>
  [number(2, stage), number(4, lane), number(4, chunk)].join(":");
const chunkOf = (key: string): string => key.slice(0, key.lastIndexOf(":"));
export const vmKey = (place: LanePlace, index: number): string =>
  `${chunkKey(place, Math.floor(index / CHUNK_VMS))}:${number(2, index % CHUNK_VMS)}`;
export const keyOf = (row: StoredRow): string => row.key.slice(row.key.indexOf(":") + 1);

/**
 * The VMs of a sweep, a row each. Their keys begin with place, stage, lane and chunk, so that a reader finds the head of a
 * lane without the rest; and all share a partition, so that a move is one write.
 */
export class SweepQueue {
  readonly #store: Store;
  readonly #partition: string;

  constructor(store: Store, sweepId: string) {
    this.#store = store;
    this.#partition = `policy-sweep:${sweepId}`;
  }

  /** The stage's lanes, the first to go first; undefined while they are not laid out. */
  async lanes(stage: number): Promise<readonly Lane[] | undefined> {
    const row = await this.#store.get<{ lanes: readonly Lane[] }>(this.#partition, `lanes:${number(2, stage)}`);
    return row?.value.lanes;
  }

  /** Only the first who lays a stage out does; everybody gets what was written. */
  async layOut(stage: number, lanes: readonly Lane[]): Promise<readonly Lane[]> {
    await this.#store.insertIfAbsent(this.#partition, `lanes:${number(2, stage)}`, { lanes });
    return (await this.lanes(stage)) ?? [];
  }

  /** Names of the chunks that are written, as `isFilled` asks for them. */
  async filled(): Promise<ReadonlySet<string>> {
    return new Set((await this.#store.scan(this.#partition, "filled:")).map(keyOf));
  }

  isFilled = (filled: ReadonlySet<string>, place: LanePlace, chunk: number): boolean =>
    filled.has(chunkKey(place, chunk));

  /** Writes a chunk of a lane, once: its mark stays when its VMs have moved on, so that nobody who is late queues them again. */
  async fill(place: LanePlace, chunk: number, rows: readonly SweepVmRow[]): Promise<void> {
    const mark: BatchOperation = { kind: "insert", key: `filled:${chunkKey(place, chunk)}`, value: {} };
    const vms = rows.map((value, index): BatchOperation => {
      const key = vmKey(place, chunk * CHUNK_VMS + index);
      return { kind: "insert", key: `queued:${key}`, value };
    });
    await this.#store.batch(this.#partition, [mark, ...vms]);
  }

  /**
   * VMs that wait at the head of a lane, chunk by chunk from `from` on, and the first chunk that has one.
   * @param vms of the lane, whether they wait or not
   */
  async head(
    place: LanePlace,
    { vms, from, most }: { readonly vms: number; readonly from: number; readonly most: number },
  ): Promise<{ rows: StoredRow<SweepVmRow>[]; from: number }> {
    const rows: StoredRow<SweepVmRow>[] = [];
    let first = from;
    for (let chunk = from; chunk * CHUNK_VMS < vms && rows.length < most; chunk++) {
      const found = await this.#chunk<SweepVmRow>("queued", chunkKey(place, chunk));
      if (found.length === 0 && chunk === first) first = chunk + 1;
      rows.push(...found);
    }
    return { rows: rows.slice(0, most), from: first };
  }

  active(): Promise<StoredRow<ActiveVmRow>[]> {
    return this.#store.scan<ActiveVmRow>(this.#partition, "active:");
  }

  done(): Promise<StoredRow<DoneVmRow>[]> {
    return this.#store.scan<DoneVmRow>(this.#partition, "done:");
  }

  /** Those of the VMs that are at the place. */
  async rows<R extends SweepVmRow = SweepVmRow>(place: Place, keys: readonly string[]): Promise<StoredRow<R>[]> {
    const wanted = new Set(keys);
    const chunks = [...new Set(keys.map(chunkOf))];
    const rows = await Promise.all(chunks.map((chunk) => this.#chunk<R>(place, chunk)));
    return rows.flat().filter((row) => wanted.has(keyOf(row)));
  }

  /** Moves the VMs that are still there; one that was moved already stays where it is. */
  async move(
    [from, to]: readonly [Place, Place],
    keys: readonly string[],
    valueOf: (key: string, row: SweepVmRow) => RowValue,
  ): Promise<void> {
    for (let isDone = keys.length === 0; !isDone;) {
      const rows = await this.rows(from, keys);
      isDone = true;
      for (let at = 0; at < rows.length; at += MOVES) {
        const moves = rows.slice(at, at + MOVES).flatMap((row): BatchOperation[] => [
          { kind: "delete", key: row.key, etag: row.etag },
          { kind: "insert", key: `${to}:${keyOf(row)}`, value: valueOf(keyOf(row), row.value) },
        ]);
        // Another delivery moved some of them: look again.
        if (!(await this.#store.batch(this.#partition, moves))) isDone = false;
      }
    }
  }

  async forget(): Promise<void> {
    await removeAll(this.#store, this.#partition, await this.#store.scan(this.#partition, ""));
  }

  #chunk<T extends RowValue>(place: Place, chunk: string): Promise<StoredRow<T>[]> {
    return this.#store.scan<T>(this.#partition, `${place}:${chunk}:`);
  }
}
