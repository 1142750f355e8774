import type { Policy } from "../domain/policy/policy";
import { remove, removeAll } from "../store/remove";
import { update, type Store, type StoredRow } from "../store/store";

/** A policy that lives in the app. Instants are ISO 8601. */
export interface StoredPolicy {
  readonly policy: Policy;
  readonly hash: string;
  /** As it was sent, comments and all. */
  readonly text: string;
  readonly changedAt: string;
  /** Since when its schedule holds: occurrences before are not its. */
  readonly scheduledSince: string;
}

/** What became of one occurrence of a policy's schedule, decided once. Instants are ISO 8601. */
export type PolicyStart =
  | {
      readonly kind: "started";
      readonly sweepId: string;
      /** As they were when it was decided: a policy that changes meanwhile changes nothing. */
      readonly policy: Policy;
      readonly policyHash: string;
    }
  | { readonly kind: "stillRunning"; readonly sweepId: string }
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "missed"; readonly detail: string };

const PARTITION = "policies";
const VERSIONS = "policy-versions";
const STARTS = "policy-starts";
/** Begins with the hour, by which it is forgotten. */
const startKey = (name: string, occurrence: string): string => `${occurrence}:${name}`;

/** Policies by name, every version of them by hash, and what became of their schedules' occurrences. */
export class StoredPolicies {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  row(name: string): Promise<StoredRow<StoredPolicy> | undefined> {
    return this.#store.get<StoredPolicy>(PARTITION, name);
  }

  /** By name: the order in which they are asked whether they select a VM. */
  async list(): Promise<StoredPolicy[]> {
    return (await this.#store.scan<StoredPolicy>(PARTITION, "")).map(({ value }) => value);
  }

  /** Writes the policy in the place of what was read, undefined for nothing. False when another was faster. */
  async put(read: StoredRow<StoredPolicy> | undefined, stored: StoredPolicy): Promise<boolean> {
    // First, so that whoever keeps a hash finds what it stands for.
    await this.#store.insertIfAbsent(VERSIONS, stored.hash, stored.policy);
    return read
      ? this.#store.replaceIfMatch(read, stored)
      : this.#store.insertIfAbsent(PARTITION, stored.policy.name, stored);
  }

  remove(name: string): Promise<void> {
    return remove(this.#store, PARTITION, name);
  }

  /** What a hash stands for, whether the policy is still stored or not. */
  async version(hash: string): Promise<Policy | undefined> {
    return (await this.#store.get<Policy>(VERSIONS, hash))?.value;
  }

  async start(name: string, occurrence: string): Promise<PolicyStart | undefined> {
    return (await this.#store.get<PolicyStart>(STARTS, startKey(name, occurrence)))?.value;
  }

  /** False when it was decided before: the first decision on an occurrence stands. */
  decideStart(name: string, occurrence: string, start: PolicyStart): Promise<boolean> {
    return this.#store.insertIfAbsent(STARTS, startKey(name, occurrence), start);
  }

  /** A start that was decided, and never made. */
  async giveUpStart(name: string, occurrence: string, detail: string): Promise<void> {
    const missed: PolicyStart = { kind: "missed", detail };
    await update<PolicyStart>(this.#store, STARTS, startKey(name, occurrence), () => missed);
  }

  /** Removes the decisions on one hour's occurrences, such as 2026-11-24T05. */
  async forgetHour(hour: string): Promise<void> {
    await removeAll(this.#store, STARTS, await this.#store.scan(STARTS, hour));
  }
}
