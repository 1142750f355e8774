import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { ConfigurationError } from "../errors";
import { SqliteStore } from "../store/sqlite";
import type { Store } from "../store/store";
import { SqliteInstanceStore, type InstanceStore } from "./functions-host";
import type { Environment } from "./embedded-app";

export interface DataFolder {
  readonly store: Store;
  readonly instances: InstanceStore;
  close(): void;
}

/** Nobody else on the machine reads what runs saw. */
const OWNER_ONLY = 0o700;

/**
 * Takes up, or makes, the two files that outlive the process: runs, and the host's orchestrations.
 *
 * @throws ConfigurationError when the folder cannot be made, OperatorError when another process uses it, or a file is not
 * one that this version may write; such a file is left as it was
 */
export function openDataFolder(folder: string): DataFolder {
  try {
    mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError([`--data ${folder}: ${reason}; name a folder that can be written`]);
  }
  const store = SqliteStore.open(path.join(folder, "runs.sqlite"));
  try {
    const instances = SqliteInstanceStore.open(path.join(folder, "orchestrations.sqlite"));
    return {
      store,
      instances,
      close() {
        instances.close();
        store.close();
      },
    };
  } catch (failure) {
    store.close();
    throw failure;
  }
}

/** Where the platform keeps a user's data: XDG Base Directory, Apple's and Microsoft's conventions. */
export function userDataFolder(environment: Environment, platform = process.platform, home = homedir()): string {
  switch (platform) {
    case "win32":
      return path.join(environment["LOCALAPPDATA"] || path.join(home, "AppData", "Local"), "goldpatch");
    case "darwin":
      return path.join(home, "Library", "Application Support", "goldpatch");
    default:
      return path.join(environment["XDG_DATA_HOME"] || path.join(home, ".local", "share"), "goldpatch");
  }
}
