import type { DeliveryFate } from "../../src/local/functions-host/durable/chaos";
import type { MachineTruth, TranscriptLine } from "../../src/local/simulated-azure";
import type { RunRecord } from "../../src/ledger/runs";
import type { Intent } from "../../src/ledger/intent";
import type { Lease } from "../../src/ledger/lease";
import type { Request, Schedule } from "./schedule/schedule";

/** A request to the app, and what it answered. Instants are our clock, in milliseconds since the epoch. */
export interface Asked {
  readonly request: Request;
  readonly askedAt: number;
  /** When it was answered. */
  readonly at: number;
  readonly statuses: readonly number[];
  readonly runIds: readonly string[];
}

/** One exchange with simulated Azure as the app saw it. */
export interface Exchange {
  /** When the request left, and when its answer or failure came. */
  readonly at: number;
  readonly answeredAt: number;
  readonly method: string;
  /** Path of a VM or operation, with what tells two addresses of one operation apart. */
  readonly target: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
}

export interface VmRows {
  /** The ARM id in lower case. */
  readonly id: string;
  readonly lease: Lease | undefined;
  readonly intents: readonly Intent[];
}

export interface Orchestration {
  readonly instanceId: string;
  readonly name: string;
  readonly runtimeStatus: string;
  /** All of its status and history, as JSON. */
  readonly text: string;
}

export interface Delivery {
  readonly at: number;
  readonly name: string;
  readonly instanceId: string;
  readonly fate: DeliveryFate;
}

/** Everything that a course of events left behind, for the judges. */
export interface Played {
  readonly schedule: Schedule;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Whether every orchestration ended within the time that a course may take. */
  readonly cameToRest: boolean;
  readonly asked: readonly Asked[];
  /** The events that the app took, as delivered. */
  readonly eventsTaken: readonly unknown[];
  readonly runs: readonly RunRecord[];
  readonly vms: readonly VmRows[];
  /** Run ids that hold a slot at the end. */
  readonly slots: readonly string[];
  readonly transcript: readonly TranscriptLine[];
  readonly exchanges: readonly Exchange[];
  readonly truth: readonly MachineTruth[];
  readonly orchestrations: readonly Orchestration[];
  readonly deliveries: readonly Delivery[];
  readonly faultsMet: readonly string[];
  readonly logs: readonly string[];
}
