import { OperatorError } from "../errors";
import type { Store, StoredRow } from "./store";

/** Where no store is configured: nothing is known, and nothing can be written. */
export class MissingStore implements Store {
  get(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  scan(): Promise<StoredRow<never>[]> {
    return Promise.resolve([]);
  }

  insertIfAbsent(): Promise<never> {
    return refuse();
  }

  replaceIfMatch(): Promise<never> {
    return refuse();
  }

  batch(): Promise<never> {
    return refuse();
  }
}

const refuse = (): Promise<never> => Promise.reject(new OperatorError(NO_STORE));

/** Claims, intents and leases live in the store: without one nothing may be started. */
export const NO_STORE =
  "no store is configured, so nothing that changes a VM is started: set GOLDPATCH_TABLES_ENDPOINT, or run the app in the embedded host (npm run host)";
