import { ARM_ORIGINS } from "../clouds";
import type { OperationCauses } from "../fleet/operation-schema";
import type { Machine } from "../machine/machine";
import type { PatchOperation } from "./operation";

/** Lengths of the signed parts of an operation address: [REC] R1. */
const CERTIFICATE_CHARACTERS = 2615;
const SIGNATURE_CHARACTERS = 342;
const HASH_CHARACTERS = 43;

const FOREIGN_ORIGIN = "https://operations.example.net";

export interface FollowedOperation {
  /** In the address; the activity id of a VM's operation. */
  readonly id: string;
  readonly operation: PatchOperation;
  readonly machine: Machine;
  readonly causes: OperationCauses;
  readonly apiVersion: string;
  /** What of its addresses is signed for it alone: long to draw, and compared at every poll. */
  readonly signature: string;
  polls: number;
}

/** The addresses under which accepted operations are followed, long and signed as since 2024. */
export class OperationAddresses {
  readonly #followed = new Map<string, FollowedOperation>();
  /** The same in every address, and long to draw. */
  #certificate: string | undefined;

  accept(operation: PatchOperation, machine: Machine, apiVersion: string): FollowedOperation {
    const causes = machine.vm[operation.kind];
    const { chance } = machine.world;
    const signature = [
      `s=${chance.opaque(SIGNATURE_CHARACTERS, "signature", operation.id)}`,
      `h=${chance.opaque(HASH_CHARACTERS, "hash", operation.id)}`,
    ].join("&");
    // Nothing shows what the id in an Arc address is: here another, so that nobody relies on it.
    const id = machine.arc ? chance.guid("update center operation", operation.id) : operation.id;
    const followed: FollowedOperation = { id, operation, machine, causes, apiVersion, signature, polls: 0 };
    this.#followed.set(id, followed);
    return followed;
  }

  find(operationId: string): FollowedOperation | undefined {
    return this.#followed.get(operationId.toLowerCase());
  }

  /** Headers of the 202: both addresses, unless the causes say otherwise; no Retry-After in any recording. */
  headers(followed: FollowedOperation): Readonly<Record<string, string>> {
    const { causes } = followed;
    const origin = causes.foreignHost ? FOREIGN_ORIGIN : ARM_ORIGINS[followed.machine.world.fleet.cloud];
    const path = `${origin}${operationPath(followed)}`;
    const asynchronous = causes.headers === "both" || causes.headers === "asyncOnly";
    const location = causes.headers === "both" || causes.headers === "locationOnly";
    return {
      ...(asynchronous ? { "azure-asyncoperation": `${path}${this.query(followed, false)}` } : {}),
      ...(location ? { location: `${path}${this.query(followed, true)}` } : {}),
      "azure-asyncnotification": "Enabled",
      ...retryAfter(causes),
    };
  }

  /** The one query string under which an address is valid. */
  query({ operation, machine, apiVersion, signature }: FollowedOperation, monitor: boolean): string {
    const { chance, calendar } = machine.world;
    this.#certificate ??= chance.opaque(CERTIFICATE_CHARACTERS, "certificate");
    const signed = `t=${calendar.ticks(operation.startsAt)}&c=${this.#certificate}&${signature}`;
    const partition = chance.guid("partition", machine.location);
    return `?p=${partition}${monitor ? "&monitor=true" : ""}&api-version=${apiVersion}&${signed}`;
  }
}

export const retryAfter = ({ retryAfterSeconds }: OperationCauses): Readonly<Record<string, string>> =>
  retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };

function operationPath({ id, machine }: FollowedOperation): string {
  const locations = `/subscriptions/${machine.subscriptionId}/providers`;
  return machine.arc
    ? `${locations}/Microsoft.HybridCompute/locations/${machine.location}/updateCenterOperationResults/${id}`
    : `${locations}/Microsoft.Compute/locations/${machine.location}/operations/${id}`;
}
