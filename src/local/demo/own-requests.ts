import { sleepUntil, type HostClock } from "../clock/host-clock";
import type { HostApi } from "./host-api";

interface OwnRequest {
  /** The machine's name; a fleet without it does without the request. */
  readonly vm: string;
  readonly mode: "assess" | "patch";
  /** After the fleet's start. */
  readonly afterMinutes: number;
  /** The operator thinks better of it this long after the request. */
  readonly withdrawnAfterSeconds?: number;
}

/** What operators of the demo's company ask for by hand, beside events and sweep. */
const ownRequests: readonly OwnRequest[] = [
  // Its owner tagged it off, which sweeps and events respect; somebody asks for it by mistake.
  { vm: "dev-01", mode: "patch", afterMinutes: 3, withdrawnAfterSeconds: 45 },
  // Servers outside Azure have no image, so neither events nor sweeps find them.
  { vm: "store-01", mode: "patch", afterMinutes: 4 },
  { vm: "edge-01", mode: "patch", afterMinutes: 5 },
  { vm: "edge-02", mode: "patch", afterMinutes: 6 },
  // Long after the sweep: is there news for this one?
  { vm: "cache-02", mode: "assess", afterMinutes: 45 },
];

const nameOf = (vmId: string): string => vmId.split("/").at(-1) ?? vmId;

/** Makes the requests at their times; ends with the last of them. */
export async function makeOwnRequests(
  api: HostApi,
  clock: HostClock,
  start: number,
  vmIds: readonly string[],
): Promise<void> {
  const requested = ownRequests.flatMap((request) => {
    const vmId = vmIds.find((id) => nameOf(id) === request.vm);
    return vmId === undefined ? [] : [make(api, clock, start, vmId, request)];
  });
  await Promise.all(requested);
}

async function make(
  api: HostApi,
  clock: HostClock,
  start: number,
  vmId: string,
  { mode, afterMinutes, withdrawnAfterSeconds }: OwnRequest,
): Promise<void> {
  const at = start + afterMinutes * 60_000;
  await sleepUntil(clock, at);
  const { runs } = (await api.post("runs", { vmIds: [vmId], mode })) as { runs: { runId: string }[] };
  if (withdrawnAfterSeconds === undefined) return;
  await sleepUntil(clock, at + withdrawnAfterSeconds * 1000);
  for (const { runId } of runs) await api.post(`runs/${runId}/cancel`, {});
}
