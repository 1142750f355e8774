export { ConnectionCut, type ArmRequest, type ArmResponse } from "./arm-message";
export type { EventDelivery } from "./events/event-bodies";
export { fleetJsonSchema, type Fleet } from "./fleet/fleet-schema";
export { FleetError, parseFleet } from "./fleet/parse-fleet";
export type { MachineTruth } from "./machine/machine-truth";
export { serveSimulatedAzure, type ServedAzure, type ServeOptions } from "./serve";
export { SimulatedAzure, type SimulatedAzureOptions } from "./simulated-azure";
export type { TranscriptLine } from "./transcript";
