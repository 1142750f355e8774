import { setTimeout } from "node:timers/promises";
import { OperatorError } from "../errors";
import { HostRefusal, HostSilentError } from "./host-client";

const ASK_AGAIN_MS = 1000;
/** A host may be restarted, and a connection break, without harm to what it does. */
const PATIENCE_MS = 60_000;

/**
 * Asks a host that may be away for a moment.
 *
 * @param goesOn what is told when it stays away
 * @throws OperatorError then
 */
export async function patiently<T>(ask: () => Promise<T>, goesOn: string): Promise<T> {
  for (const until = Date.now() + PATIENCE_MS; ;) {
    try {
      return await ask();
    } catch (failure) {
      if (!(failure instanceof HostSilentError) && !isPassing(failure)) throw failure;
      if (Date.now() >= until) throw new OperatorError(goesOn, { cause: failure });
      await setTimeout(ASK_AGAIN_MS);
    }
  }
}

const isPassing = (failure: unknown): boolean =>
  failure instanceof HostRefusal && (failure.status === 429 || failure.status >= 500);
