import { DatabaseSync } from "node:sqlite";
import { INSTANCE_SCHEMA, SqliteInstanceStore } from "./sqlite-instance-store";
import type { InstanceStore } from "./store";

/** Instances live as long as the store: a later host can take it up, another process cannot. */
export function memoryInstanceStore(): InstanceStore {
  const database = new DatabaseSync(":memory:");
  database.exec(INSTANCE_SCHEMA);
  return new SqliteInstanceStore(database);
}
