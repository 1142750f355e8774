import { HostStartError } from "./functions-host";

/**
 * Starts on the first of the ports that is free.
 *
 * @throws what `start` throws, for the last port or for another reason than a port that is taken
 */
export async function onFirstFreePort<T>(
  [port, ...others]: readonly [number, ...number[]],
  start: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await start(port);
  } catch (failure) {
    const [next, ...rest] = others;
    if (next === undefined || !(failure instanceof HostStartError) || failure.code !== "PortTaken") throw failure;
    return onFirstFreePort([next, ...rest], start);
  }
}
