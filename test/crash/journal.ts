import type { ArmExchange } from "../../src/embedding";
import type { Instance, InstanceStore } from "../../src/local/functions-host";

interface At {
  /** Simulated instant, milliseconds since the epoch. */
  readonly t: number;
}

/** A write of the run store that took effect. */
export interface StoreWrite extends At {
  readonly kind: "write";
  readonly label: string;
  readonly partition: string;
  /** Values as JSON text; undefined for a row that was deleted. */
  readonly rows: readonly { readonly key: string; readonly json: string | undefined }[];
}

/** A commit of the host's instance store, with what the store says about the saved instances afterwards. */
export interface InstanceCommit extends At {
  readonly kind: "commit";
  readonly label: string;
  readonly saved: readonly Instance[];
  readonly deletedIds: readonly string[];
}

/** The host notes when a timer function is due. */
export interface TimerNote extends At {
  readonly kind: "timer";
  readonly label: string;
  readonly functionName: string;
  readonly timer: Parameters<InstanceStore["setTimerDue"]>[1];
}

/** A request that left for Azure. */
export interface AzureRequest extends At {
  readonly kind: "request";
  readonly label: string;
  readonly request: ArmExchange;
}

/** What one deed of the scenario was answered: it need not be repeated. */
export interface DeedDone extends At {
  readonly kind: "deed";
  readonly label: string;
  readonly index: number;
}

/** Whether the webhook took an attempt to deliver an event. */
export interface EventAttempt extends At {
  readonly kind: "event";
  readonly label: string;
  /** Counts the attempts of all events. */
  readonly ordinal: number;
  readonly taken: boolean;
}

/** Where a crash makes a difference. */
export type Point = StoreWrite | InstanceCommit | TimerNote | AzureRequest;
export type Entry = Point | DeedDone | EventAttempt;

export const isPoint = (entry: Entry): entry is Point => entry.kind !== "deed" && entry.kind !== "event";

/**
 * All that a running app did to the world outside its memory, in the order in which it happened. A crash leaves the
 * first so many entries of it and nothing else.
 */
export class Journal {
  readonly entries: Entry[];
  readonly #listeners = new Set<(entry: Entry) => void>();

  constructor(past: readonly Entry[]) {
    this.entries = [...past];
  }

  add(entry: Entry): void {
    this.entries.push(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  /** For a write that turns out to have lost its race. */
  remove(entry: Entry): void {
    this.entries.splice(this.entries.lastIndexOf(entry), 1);
  }

  /** Resolves with the first entry, past or to come, whose label holds the text. */
  first(text: string): Promise<Entry> {
    const known = this.entries.find(({ label }) => label.includes(text));
    if (known) return Promise.resolve(known);
    return new Promise((resolve) => {
      const listener = (entry: Entry) => {
        if (!entry.label.includes(text)) return;
        this.#listeners.delete(listener);
        resolve(entry);
      };
      this.#listeners.add(listener);
    });
  }
}
