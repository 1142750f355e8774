import { startDemo, type Demo } from "../local/demo/demo";
import type { DemoResult } from "../local/demo/main-job";
import { settingsIn } from "../local/embedded-app";
import { nothing } from "./argument";
import { command } from "./command";
import { demoDocument } from "./demo-document";
import { demoTable } from "./demo-table";
import { fleetOption, fleetText, readFleet } from "./fleet-file";
import { flag, number } from "./options";
import { hostPortOption, hostPorts, portNotice } from "./ports";
import { progressLine } from "./progress";
import { closeSoon, exitCodeOf, StopSignals } from "./stop-signal";
import { tell } from "./tell";
import { openTranscript, transcriptOption } from "./transcript-file";
import { UsageError } from "./usage-error";

/** The demo's hour takes about half a minute. */
const WATCHABLE_SPEED = 120;
const FASTEST = 100_000;
const DEFAULT_SEED = 1;

export const demoCommand = command(
  "demo",
  "Runs the app in the embedded host against simulated Azure, does the main job for a fleet, then serves its API.",
  nothing,
  {
    once: flag("Ends after the main job instead of serving on."),
    json: flag("Prints one JSON document instead of the table."),
    fleet: fleetOption,
    transcript: transcriptOption,
    seed: number(`Seed of all that simulated Azure draws; ${DEFAULT_SEED} if absent.`, 0, 2 ** 31 - 1),
    speed: number(
      `Simulated seconds per second; ${WATCHABLE_SPEED} if absent, as fast as possible with --once.`,
      0.1,
      FASTEST,
      false,
    ),
    port: hostPortOption,
  },
  async (_, { once = false, json = false, fleet, transcript, seed = DEFAULT_SEED, speed, port }) => {
    const signals = new StopSignals();
    const parsedFleet = readFleet(fleet);
    if (parsedFleet.vms.length === 0) throw new UsageError("fleet: vms: []: name at least one VM");
    const file = transcript === undefined ? undefined : openTranscript(transcript);
    const ports = once && port === undefined ? ([0] as const) : hostPorts(port);
    tellIgnoredSettings();
    const demo = await startDemo({
      fleet: parsedFleet,
      seed,
      speed: speed ?? (once ? Number.POSITIVE_INFINITY : WATCHABLE_SPEED),
      ports,
      ...(file && { transcript: file.write }),
      onLog: (entry, now) => tell(progressLine(entry, now)),
    });
    try {
      tell(portNotice(demo.host.url, ports));
      tell(`Simulated Azure with ${fleetText(parsedFleet)}; the time below is simulated.`);
      const ended = await Promise.race([demo.result, signals.first]);
      if (typeof ended === "string") return once ? exitCodeOf(ended) : 0;
      process.stdout.write(json ? `${JSON.stringify(demoDocument(seed, ended.runs))}\n` : `\n${demoTable(ended)}\n`);
      if (once) return 0;
      demo.resume();
      tell(howToCall(demo, ended));
      await signals.first;
      return 0;
    } finally {
      await closeSoon(demo.close);
      file?.close();
    }
  },
);

/** The demo is the same for everybody. */
function tellIgnoredSettings(): void {
  const ignored = settingsIn(process.env).filter((name) => name.startsWith("GOLDPATCH_"));
  if (ignored.length > 0) tell(`The demo ignores your settings ${ignored.join(", ")}; goldpatch host uses them.`);
}

function howToCall({ host, azureUrl }: Demo, { runs }: DemoResult): string {
  const vmId = runs[0]?.vmId ?? "";
  return `
API:              ${host.url}/api
Simulated Azure:  ${azureUrl}

curl -s '${host.url}/api/runs?vmId=${vmId}' -H 'x-functions-key: ${host.functionKey}'

Serving until Ctrl-C.`;
}
