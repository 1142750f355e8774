import { fleetOf } from "../../support/fleet";
import type { Deed } from "../scenario";

/** A machine whose operations are short, so that a course has few steps; events and runs come from the scenario. */
const machine = (name: string, causes: object): object => {
  const { assess, install, graph, ...rest } = causes as { assess?: object; install?: object; graph?: object };
  return {
    name,
    image: "win",
    events: [],
    assess: { durationSeconds: 45, ...assess },
    install: { durationSeconds: 45, ...install },
    graph: { lagSeconds: 20, ...graph },
    ...rest,
  };
};

/** One machine with these causes, named vm. */
export const oneVm = (causes: object = {}): object => fleetOf([machine("vm", causes)]);

export const someVms = (names: readonly string[], causes: object = {}): object =>
  fleetOf(names.map((name) => machine(name, causes)));

export const patchVm: readonly Deed[] = [{ when: 0, what: "run", mode: "patch", vms: ["vm"] }];
