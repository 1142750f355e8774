import type { Arc } from "../fleet/arc-schema";
import { MINUTE_MS } from "../timestamps";
import type { Machine } from "./machine";

type Json = Readonly<Record<string, unknown>>;

/** How long Azure waits for the agent before it says Disconnected [MEM]: a reboot passes unnoticed. */
const PATIENCE_MS = 15 * MINUTE_MS;

/** The body of `GET Microsoft.HybridCompute/machines/{name}`: shape of Machines_Get [SPEC], reduced. */
export function arcModel(machine: Machine, arc: Arc, now: number): Json {
  return {
    name: machine.vm.name,
    id: machine.id,
    type: "Microsoft.HybridCompute/machines",
    location: machine.location,
    tags: machine.tags(now),
    kind: null,
    properties: arcProperties(machine, arc, now),
  };
}

/** `properties` of the model, which Resource Graph shows too. */
export function arcProperties(machine: Machine, arc: Arc, now: number): Json {
  const { image, world } = machine;
  const { assessmentMode, patchMode } = machine.patchSettings;
  const patchSettings = { assessmentMode, patchMode };
  return {
    vmId: machine.vmId,
    displayName: machine.vm.name,
    machineFqdn: `${machine.vm.name}.stores.example`,
    osType: image.osType.toLowerCase(),
    osName: image.osName ?? image.osType,
    osVersion: image.osVersion ?? null,
    osProfile: {
      computerName: machine.vm.name,
      [image.osType === "Windows" ? "windowsConfiguration" : "linuxConfiguration"]: { patchSettings },
    },
    provisioningState: arc.provisioningState,
    status: connectionStatus(machine, arc, now),
    lastStatusChange: world.calendar.zulu(changedAt(machine)),
    agentVersion: arc.connection.agentVersion,
    errorDetails: [],
  };
}

/** Connected while the agent was heard of within Azure's patience; never heard of, the state that the causes name. */
export function connectionStatus({ life }: Machine, { connection }: Arc, now: number): string {
  const heard = life.agent(now) === "ready" || life.agent(now - PATIENCE_MS) === "ready";
  if (heard) return "Connected";
  return connection.state === "Connected" ? "Disconnected" : connection.state;
}

/** When it was first connected, or the fleet's start: later changes are not told. */
function changedAt({ life }: Machine): number {
  const connectedAt = life.agentReadyFrom(life.appearsAt);
  return Number.isFinite(connectedAt) ? connectedAt : life.appearsAt;
}
