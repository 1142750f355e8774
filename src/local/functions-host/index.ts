export { startFunctionsHost } from "./functions-host";
export type { FunctionsHost, FunctionSummary, HostOptions, InstanceSummary } from "./functions-host";
export { HostStartError, type HostStartErrorCode } from "./errors";
export type { HostLog, HostLogEntry } from "./log";
export type { ActivityChaos, ActivityDelivery, DeliveryFate } from "./durable/chaos";
export type { Instance } from "./durable/instance";
export type { InstanceStatus } from "./http/instance-status";
export { memoryInstanceStore } from "./durable/instance-file";
export type { InstanceStore } from "./durable/store";
