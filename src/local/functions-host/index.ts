export { startFunctionsHost } from "./functions-host";
export type { FunctionsHost, FunctionSummary, HostOptions, InstanceSummary } from "./functions-host";
export { HostStartError, type HostStartErrorCode } from "./errors";
export type { HostLog, HostLogEntry } from "./log";
export type { ActivityChaos, ActivityDelivery, DeliveryFate } from "./durable/chaos";
export type { Instance } from "./durable/instance";
export type { InstanceStatus } from "./http/instance-status";
export { SqliteInstanceStore } from "./durable/sqlite-instance-store";
export type { InstanceStore } from "./durable/store";
