import { sleepUntil, type Clock } from "../../src/clock";
import { MemoryStore } from "../../src/store/memory";
import type { BatchOperation, RowValue, Store, StoredRow } from "../../src/store/store";
import { Draw } from "./schedule/draw";

/** How often an answer of the store comes late, and by how much at most. */
export interface Slowness {
  readonly probability: number;
  readonly mostSeconds: number;
}

/** A store that takes its time now and then, before or after the effect, so that what runs beside it goes first. */
export class SlowStore implements Store {
  readonly #rows = new MemoryStore();
  readonly #slowness: Slowness;
  readonly #seed: number;
  readonly #calls = new Map<string, number>();
  #clock: Clock | undefined;
  #hurried = 0;

  constructor(seed: number, slowness: Slowness) {
    this.#seed = seed;
    this.#slowness = slowness;
  }

  /** From now on answers may come late by this clock; without one they come at once. */
  follow(clock: Clock | undefined): void {
    this.#clock = clock;
  }

  /** Until the answer is called, answers come at once: no time passes while a request to the app is open. */
  hurry(): () => void {
    this.#hurried++;
    return () => this.#hurried--;
  }

  get<T extends RowValue>(partition: string, key: string): Promise<StoredRow<T> | undefined> {
    return this.#late(["get", partition, key], () => this.#rows.get<T>(partition, key));
  }

  insertIfAbsent(partition: string, key: string, value: RowValue): Promise<boolean> {
    return this.#late(["insert", partition, key], () => this.#rows.insertIfAbsent(partition, key, value));
  }

  replaceIfMatch<T extends RowValue>(row: StoredRow<T>, value: T): Promise<boolean> {
    return this.#late(["replace", row.partition, row.key], () => this.#rows.replaceIfMatch(row, value));
  }

  scan<T extends RowValue>(partition: string, prefix: string): Promise<StoredRow<T>[]> {
    return this.#late(["scan", partition, prefix], () => this.#rows.scan<T>(partition, prefix));
  }

  batch(partition: string, operations: readonly BatchOperation[]): Promise<boolean> {
    return this.#late(["batch", partition, operations[0]?.key ?? ""], () => this.#rows.batch(partition, operations));
  }

  async #late<T>(call: readonly [string, string, string], effect: () => Promise<T>): Promise<T> {
    const name = call.join(" ");
    const number = this.#calls.get(name) ?? 0;
    this.#calls.set(name, number + 1);
    const draw = new Draw(this.#seed, "store", name, number);
    const clock = this.#clock;
    if (!clock || this.#hurried > 0 || !draw.happens(this.#slowness.probability)) return effect();
    const pause = () => sleepUntil(clock, clock.now() + draw.between(1, this.#slowness.mostSeconds, "seconds") * 1000);
    if (draw.happens(0.5, "before")) await pause();
    const result = await effect();
    if (!draw.happens(0.5, "before")) await pause();
    return result;
  }
}
