import type { Intent } from "../../src/ledger/intent";
import type { Instance, InstanceStore } from "../../src/local/functions-host";
import type { Entry } from "./journal";

/** What a crash left, and for how long nothing ran. */
export interface Past {
  /** The journal up to the crash. */
  readonly entries: readonly Entry[];
  readonly crashedAt: number;
  readonly downMs: number;
}

/** The rows of the run store, by partition and key. */
export function rowsOf(entries: readonly Entry[]): Map<string, Map<string, string>> {
  const partitions = new Map<string, Map<string, string>>();
  for (const entry of entries) {
    if (entry.kind !== "write") continue;
    const rows = partitions.get(entry.partition) ?? new Map<string, string>();
    partitions.set(entry.partition, rows);
    for (const { key, json } of entry.rows) {
      if (json === undefined) rows.delete(key);
      else rows.set(key, json);
    }
  }
  return partitions;
}

/** In the order of creation: a replaced instance counts as new. */
export function restoreInstances(store: InstanceStore, entries: readonly Entry[]): void {
  const instances = new Map<string, Instance>();
  for (const entry of entries) {
    if (entry.kind === "timer") store.setTimerDue(entry.functionName, entry.timer);
    if (entry.kind !== "commit") continue;
    for (const id of entry.deletedIds) instances.delete(id);
    for (const instance of entry.saved) instances.set(instance.instanceId, instance);
  }
  store.commit([...instances.values()], []);
}

/** Runs whose install may have been sent, its answer not stored: these may never learn what became of it. */
export function runsWithOpenInstall(entries: readonly Entry[]): Set<string> {
  const intents = [...rowsOf(entries).values()]
    .flatMap((rows) => [...rows].filter(([key]) => key.startsWith("intent:")))
    .map(([, json]) => JSON.parse(json) as Intent);
  return new Set(
    intents
      .filter(({ operation, state }) => operation === "install" && (state === "open" || state === "untraced"))
      .map(({ runId }) => runId),
  );
}
