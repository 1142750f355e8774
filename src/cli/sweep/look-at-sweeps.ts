import { nothing, one } from "../argument";
import { command } from "../command";
import { hostToAsk, lastingHostOptions, print } from "../lasting-host";
import { exitCodeOf, StopSignals } from "../stop-signal";
import { tell } from "../tell";
import { followSweep } from "./follow-sweep";
import { exitCodeOfSweep, sweepListText, sweepText } from "./sweep-text";
import { sweepArgument, sweepOf, sweepsOf } from "./sweeps";

export const listSweepsCommand = command(
  "sweep list",
  "Lists the sweeps of a host, the newest first.",
  nothing,
  lastingHostOptions,
  async (_, given) => {
    const sweeps = await sweepsOf(hostToAsk(given));
    print(given, { sweeps }, sweepListText(sweeps));
    return 0;
  },
);

export const showSweepCommand = command(
  "sweep show",
  "Tells where a sweep is: stages, counts, what it waits for, why it stopped.",
  one(sweepArgument),
  lastingHostOptions,
  async (sweepId, given) => {
    const sweep = await sweepOf(hostToAsk(given), sweepId);
    print(given, { sweep }, sweepText(sweep));
    return 0;
  },
);

export const watchSweepCommand = command(
  "sweep watch",
  "Follows a sweep to its end: tells stages and counts as they change. Ends with 0 if no VM failed.",
  one(sweepArgument),
  lastingHostOptions,
  async (sweepId, given) => {
    const signals = new StopSignals();
    const host = hostToAsk(given);
    const sweep = await followSweep(host, sweepId, signals);
    if (typeof sweep === "string") {
      tell(`Sweep ${sweepId} is not over: it goes on at ${host.url}.`);
      return exitCodeOf(sweep);
    }
    print(given, { sweep }, sweepText(sweep));
    return exitCodeOfSweep(sweep);
  },
);
