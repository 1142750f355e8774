import { ARM_ORIGINS } from "../clouds";
import { ArmError, emptyAnswer, jsonAnswer, type ArmResponse } from "../arm-message";
import type { Exchange } from "../exchange";
import { gone } from "../patching/starter";
import { SECOND_MS } from "../timestamps";
import type { Machine } from "./machine";

type Kind = "start" | "deallocate";

interface PowerOperation {
  readonly machine: Machine;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** How long each takes until the power state says so, by seed (assumption). */
const STARTING_MS = [30 * SECOND_MS, 55 * SECOND_MS] as const;
const DEALLOCATING_MS = [40 * SECOND_MS, 90 * SECOND_MS] as const;
/** From running to an agent that reports, as after a creation. */
const AGENT_MS = [60 * SECOND_MS, 180 * SECOND_MS] as const;

/**
 * Takes up `start` and `deallocate`. On a machine that is as they want it they change nothing, and are accepted all the
 * same: Compute documents 200 and 202 for both, and no conflict with a state (that there is none is an assumption).
 */
export class PowerOperations {
  readonly #operations = new Map<string, PowerOperation>();
  #count = 0;

  accept(exchange: Exchange, machine: Machine, kind: Kind, now: number): ArmResponse {
    const { life, world, identity } = machine;
    if (!life.exists(now)) throw gone(machine);
    const ordinal = this.#count++;
    const draw = ([least, most]: readonly [number, number], purpose: string) =>
      Math.round(world.chance.between(least, most, identity, purpose, ordinal) / SECOND_MS) * SECOND_MS;
    const power = life.power(now);
    let endsAt = now;
    if (kind === "start" && ["deallocated", "stopped"].includes(power)) {
      endsAt = now + draw(STARTING_MS, "start");
      life.starts(now, endsAt, endsAt + draw(AGENT_MS, "agent after start"));
    }
    if (kind === "deallocate" && power !== "deallocated" && power !== "deallocating") {
      endsAt = now + draw(DEALLOCATING_MS, "deallocate");
      life.powerChanges(now, "deallocating");
      life.powerChanges(endsAt, "deallocated");
    }
    const id = world.chance.guid(identity, kind, ordinal);
    this.#operations.set(id, { machine, startsAt: now, endsAt });
    exchange.operationId = id;
    const address = `${ARM_ORIGINS[machine.world.fleet.cloud]}/subscriptions/${machine.subscriptionId}/providers/Microsoft.Compute/locations/${machine.location}/operations/${id}?api-version=${exchange.apiVersion}`;
    return emptyAnswer(202, {
      "azure-asyncoperation": address,
      location: `${address}&monitor=true`,
      "x-ms-request-id": id,
    });
  }

  find(operationId: string): Machine | undefined {
    return this.#operations.get(operationId.toLowerCase())?.machine;
  }

  /** @throws ArmError for an operation that is none of these */
  poll(operationId: string, now: number): ArmResponse {
    const operation = this.#operations.get(operationId.toLowerCase());
    if (!operation)
      throw new ArmError(404, "NotFound", `The entity ${operationId} was not found in this Azure location.`);
    const { machine, startsAt, endsAt } = operation;
    const { calendar } = machine.world;
    const isOver = now >= endsAt;
    return jsonAnswer(200, {
      startTime: calendar.offset(startsAt),
      ...(isOver ? { endTime: calendar.offset(endsAt) } : {}),
      status: isOver ? "Succeeded" : "InProgress",
      name: operationId.toLowerCase(),
    });
  }
}
