import type { OutcomeCode } from "../../src/domain/outcome/table";

/** A number of seconds from the start, or from the first entry of the journal whose label holds a text. */
export type When = number | { readonly after: string; readonly seconds: number };

/** What somebody does from outside, repeated until it is answered, as a person or Event Grid would. */
export type Deed = { readonly when: When } & (
  | {
      readonly what: "run";
      readonly mode: "assess" | "patch";
      readonly vms: readonly string[];
      readonly install?: object;
    }
  /** Of everything, by the policy's text. */
  | { readonly what: "sweep"; readonly policy: string }
  | { readonly what: "cancel" | "terminate"; readonly vm: string }
  | { readonly what: "stop" | "unstop" | "look" }
);

/** How one run may end: undisturbed, and what else may come of it when the host crashed. */
export type Ends = readonly [OutcomeCode, ...OutcomeCode[]];

/** A short course of events whose every crash point is explored. */
export interface Scenario {
  readonly name: string;
  /** A fleet file's content; events of its VMs are delivered as Event Grid would. */
  readonly fleet: object;
  readonly settings?: Readonly<Record<string, string>>;
  readonly deeds: readonly Deed[];
  /** For each VM the ends of its runs, in any order. */
  readonly ends: Readonly<Record<string, readonly Ends[]>>;
  /** Power states in which VMs are left, whatever happened. */
  readonly power?: Readonly<Record<string, string>>;
  /** Only points from this one on are explored: what comes before is another scenario's. */
  readonly from?: string;
  /** A long course of thousands of crashes, shared by several workers. */
  readonly isLong?: boolean;
  /** Answers 409 and 429 that are part of the scenario. */
  readonly refusals?: boolean;
}

/** How the host delivers activities: as a rule once; a lost lock repeats an activity, after or while it runs. */
export const deliveries = ["once", "repeated", "doubled"] as const;
export type Delivery = (typeof deliveries)[number];
