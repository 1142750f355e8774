import type { HostClock } from "../local/clock/host-clock";
import { realClock } from "../local/clock/real-clock";
import { scaledClock } from "../local/clock/scaled-clock";
import { startingAt } from "../local/demo/starting-at";
import { onFirstFreePort } from "../local/first-free-port";
import { serveSimulatedAzure, SimulatedAzure } from "../local/simulated-azure";
import { nothing } from "./argument";
import { command } from "./command";
import { fleetOption, fleetText, readFleet } from "./fleet-file";
import { number } from "./options";
import { azurePortOption, azurePorts, portNotice } from "./ports";
import { closeSoon, StopSignals } from "./stop-signal";
import { openTranscript, transcriptOption } from "./transcript-file";

export const simulateCommand = command(
  "simulate",
  "Serves simulated Azure alone, for `goldpatch host` with GOLDPATCH_ARM_ENDPOINT or any ARM client.",
  nothing,
  {
    fleet: fleetOption,
    port: azurePortOption,
    seed: number("Seed of all that it draws; 1 if absent.", 0, 2 ** 31 - 1),
    speed: number("Simulated seconds per second, from now on; the wall clock if absent.", 0.1, 100_000, false),
    transcript: transcriptOption,
  },
  async (_, { fleet, port, seed = 1, speed, transcript }) => {
    const signals = new StopSignals();
    const start = Date.now();
    const parsedFleet = startingAt(readFleet(fleet), start);
    const file = transcript === undefined ? undefined : openTranscript(transcript);
    const clock: HostClock = speed === undefined ? realClock : scaledClock(start, speed);
    const azure = new SimulatedAzure({ fleet: parsedFleet, clock, seed, ...(file && { transcript: file.write }) });
    const ports = azurePorts(port);
    const served = await onFirstFreePort(ports, (candidate) => serveSimulatedAzure(azure, { port: candidate, clock }));
    const notice = portNotice(served.url, ports);
    process.stderr.write(
      `${notice ? `${notice}\n` : ""}Simulated Azure with ${fleetText(parsedFleet)}. Serving until Ctrl-C.\n`,
    );
    process.stdout.write(`GOLDPATCH_ARM_ENDPOINT=${served.url}\n`);
    await signals.first;
    await closeSoon(() => served.close());
    file?.close();
    return 0;
  },
);
