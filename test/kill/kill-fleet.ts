import { fleetOf } from "../support/fleet";

const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";

interface Causes {
  readonly image: string;
  readonly assess?: object;
  readonly install?: object;
  readonly [cause: string]: unknown;
}

/** What is the matter with the machines, one after another: most are in order, and no end depends on how long a start takes. */
const causes: readonly Causes[] = [
  { image: "win" },
  { image: "lin" },
  { image: "managed" },
  { image: "win", install: { cut: { when: "afterEffect" } } },
  { image: "lin", assess: { cut: { when: "afterEffect" } } },
  { image: "win", graph: { readiness: ["Unsupported"] } },
  { image: "lin", graph: { readiness: ["UnableToDetermine", "Supported"] } },
  { image: "community", install: { failing: 1 }, pending: { Security: 3 } },
  { image: "shared", pending: [] },
  { image: "win", power: { state: "deallocated" } },
  { image: "market" },
  { image: "lin", install: { headers: "locationOnly" } },
  { image: "win", install: { gonePolls: 1 } },
  {
    image: "lin",
    assess: { answers: [{ status: 429, code: "OperationNotAllowed", message: "Too many.", retryAfterSeconds: 30 }] },
  },
  {
    image: "win",
    install: { breaks: { error: { code: "VMExtensionHandlerNonTransientError", message: "It broke." } } },
  },
];

/** @param size number of VMs */
export function killFleet(size: number) {
  const vms = Array.from({ length: size }, (_, index) => {
    const cause = causes[index % causes.length];
    return {
      name: `vm-${String(index).padStart(3, "0")}`,
      events: [],
      ...cause,
      assess: { durationSeconds: 60, ...cause?.assess },
      install: { durationSeconds: 150, ...cause?.install },
    };
  });
  const base = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-test/providers/Microsoft.Compute/virtualMachines`;
  return { fleet: fleetOf(vms), vmIds: vms.map(({ name }) => `${base}/${name}`) };
}

/** In waves that outlast the kills, and nothing that is waited for in vain takes long. */
export const killSettings = (endpoint: string): Readonly<Record<string, string>> => ({
  GOLDPATCH_ARM_ENDPOINT: endpoint,
  GOLDPATCH_SCOPE: `/subscriptions/${SUBSCRIPTION}`,
  GOLDPATCH_SWEEP_SCHEDULE: "0 0 0 1 1 *",
  GOLDPATCH_MAX_ACTIVE_RUNS: "60",
  GOLDPATCH_REASSESS_MINUTES: "1",
});
