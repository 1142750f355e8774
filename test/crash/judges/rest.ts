import type { Course } from "../course";

/** Everything ends, and every orchestration completes but for those that the scenario ends from outside. */
export function everythingCameToRest({ cameToRest, instances, scenario }: Course): string[] {
  const terminated = scenario.deeds.filter(({ what }) => what === "terminate").length;
  const broken = instances.filter(({ runtimeStatus }) => runtimeStatus !== "Completed");
  const left = broken.filter(({ runtimeStatus }) => runtimeStatus !== "Terminated");
  return [
    ...(cameToRest ? [] : ["something still runs after days"]),
    ...(broken.length - left.length > terminated ? ["more orchestrations were terminated than were to be"] : []),
    ...left.map(({ instanceId, name, runtimeStatus }) => `${name} ${instanceId} is ${runtimeStatus}`),
  ];
}

/** A lease is given back unless something of its run may still work on the VM. */
export function leasesAreGivenBack({ leases, intents }: Course): string[] {
  return leases
    .filter(({ held, runId }) => held && !intents.some((intent) => intent.runId === runId && isLoose(intent)))
    .map(({ runId }) => `run ${runId} keeps a lease without need`);
}

const isLoose = ({ state, accepted }: Course["intents"][number]): boolean =>
  state === "open" || state === "untraced" || (accepted !== undefined && !accepted.ended);

export const slotsAreFree = ({ slots }: Course): string[] => slots.map((runId) => `run ${runId} keeps its slot`);

export const noErrorIsLogged = ({ logs }: Course): string[] =>
  logs.filter((line) => line.startsWith("error")).map((line) => `logged: ${line.split("\n")[0] ?? ""}`);

/** A VM that a run started is as it was found. */
export function powerIsAsFound({ scenario, machines }: Course): string[] {
  return Object.entries(scenario.power ?? {}).flatMap(([vm, wanted]) => {
    const view = [...machines].find(([id]) => id.toLowerCase().endsWith(`/${vm}`))?.[1] ?? "";
    return view.includes(`"PowerState/${wanted}"`) ? [] : [`${vm} is not ${wanted}`];
  });
}
