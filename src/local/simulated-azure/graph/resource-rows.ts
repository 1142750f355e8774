import type { Machine } from "../machine/machine";
import { arcProperties } from "../machine/arc-model";
import { vmProperties } from "../machine/vm-model";
import { lagOf, rowOf, type Row } from "./row";

/** The machine's row in `resources`, as it was a while ago. */
export function resourceRow(machine: Machine, now: number): Row | undefined {
  const then = now - lagOf(machine, "resource");
  if (!machine.life.exists(then)) return undefined;
  if (machine.arc) {
    const { id, vm, arc } = machine;
    const type = machine.type.toLowerCase();
    return {
      ...rowOf(machine, { id, name: vm.name, type, properties: arcProperties(machine, arc, then) }),
      tags: machine.tags(then),
    };
  }
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
