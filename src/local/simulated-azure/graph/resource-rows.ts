import type { Machine } from "../machine/machine";
import { vmProperties } from "../machine/vm-model";
import { lagOf, rowOf, type Row } from "./row";

/** The VM's row in `resources`, as it was a while ago. */
export function resourceRow(machine: Machine, now: number): Row | undefined {
  const then = now - lagOf(machine, "resource");
  if (!machine.life.exists(then)) return undefined;
  const power = machine.life.power(then);
  return {
    ...rowOf(machine, {
      id: machine.id,
      name: machine.vm.name,
      type: "microsoft.compute/virtualmachines",
      properties: {
        ...vmProperties(machine, then),
        ...(power === "missing"
          ? {}
          : {
              extended: {
                instanceView: {
                  powerState: { code: `PowerState/${power}`, displayStatus: `VM ${power}`, level: "Info" },
                },
              },
            }),
      },
    }),
    tags: machine.tags(then),
    managedBy: machine.vm.managedBy ?? "",
  };
}
