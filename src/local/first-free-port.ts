import { OperatorError } from "../errors";
import { HostStartError } from "./functions-host";

/**
 * Starts on the first of the ports that is free.
 *
 * @throws OperatorError when none is, or what `start` throws for another reason
 */
export async function onFirstFreePort<T>(ports: readonly number[], start: (port: number) => Promise<T>): Promise<T> {
  for (const port of ports) {
    try {
      return await start(port);
    } catch (failure) {
      if (!isPortTaken(failure)) throw failure;
    }
  }
  const which = ports.length === 1 ? `port ${ports.join()} is taken` : `ports ${ports.join(", ")} are taken`;
  throw new OperatorError(`${which}: stop what listens there, or choose another with --port (0: any that is free)`);
}

function isPortTaken(failure: unknown): boolean {
  if (failure instanceof HostStartError) return failure.code === "PortTaken";
  return failure instanceof Error && "code" in failure && failure.code === "EADDRINUSE";
}
