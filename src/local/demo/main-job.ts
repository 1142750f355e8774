import type { ImageVerdictView } from "../../contracts/api/images";
import type { RunView } from "../../contracts/api/runs";
import { OperatorError } from "../../errors";
import { sleepUntil, type HostClock } from "../clock/host-clock";
import type { FunctionsHost } from "../functions-host";
import type { Fleet } from "../simulated-azure";
import { SWEEP_AFTER_MS } from "./demo-settings";
import { endOfEvents } from "./end-of-events";
import type { HostApi } from "./host-api";
import { makeOwnRequests } from "./own-requests";

interface MainJob {
  readonly api: HostApi;
  readonly clock: HostClock;
  readonly host: FunctionsHost;
  readonly fleet: Fleet;
  readonly vmIds: readonly string[];
}

export interface DemoResult {
  readonly runs: readonly RunView[];
  /** Image version (ARM id in lower case) to the support state that its machines told. */
  readonly verdicts: ReadonlyMap<string, string>;
}

/** For the last delivery and the sweep to become runs. */
const MARGIN_MS = 5 * 60_000;
/** After the last event everything must have ended within this: an installation may take four hours. */
const LONGEST_MS = 24 * 3_600_000;

/**
 * Waits until events, sweep and own requests have become runs and all runs have ended.
 *
 * @param freeze stops time as soon as that is so: nothing else may happen before the result is read
 * @throws OperatorError when it takes longer than a day
 */
export async function untilAllIsDone(job: MainJob, freeze: () => void): Promise<DemoResult> {
  const { api, clock, host, fleet, vmIds } = job;
  const start = Date.parse(fleet.start);
  const lastBegins = start + Math.max(endOfEvents(fleet) * 1000, SWEEP_AFTER_MS) + MARGIN_MS;
  const allDone = Promise.all([sleepUntil(clock, lastBegins), makeOwnRequests(api, clock, start, vmIds)]).then(() =>
    host.idle(),
  );
  const tooLate = Promise.withResolvers<never>();
  const cancel = clock.at(lastBegins + LONGEST_MS, () => {
    const live = host.instances().filter(({ runtimeStatus }) => runtimeStatus === "Running").length;
    tooLate.reject(
      new OperatorError(`the main job did not end within a simulated day: ${live} orchestrations still run`),
    );
  });
  try {
    await Promise.race([allDone, tooLate.promise]);
  } finally {
    freeze();
    cancel();
  }
  return readResult(api);
}

async function readResult(api: HostApi): Promise<DemoResult> {
  const { runs } = (await api.get("runs")) as { runs: RunView[] };
  const { images } = (await api.get("images")) as { images: ImageVerdictView[] };
  const open = runs.filter(({ outcome }) => outcome === null).map(({ runId }) => runId);
  if (open.length > 0) throw new OperatorError(`runs that ended without an outcome: ${open.join(", ")}`);
  const byStart = runs.toSorted((a, b) => compare(a.startedAt, b.startedAt) || compare(a.vmId, b.vmId));
  return { runs: byStart, verdicts: new Map(images.map(({ imageId, supportState }) => [imageId, supportState])) };
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
