import type { EventCauses } from "../fleet/event-schema";
import type { Machine } from "../machine/machine";

export type EventSchemaName = "EventGridSchema" | "CloudEventSchemaV1_0";

/** One delivery of a subscription's system topic, as its HTTP body. */
export interface EventDelivery {
  /** Whose topic it is of; that of the subscription, about VMs, when absent. */
  readonly about?: "maintenance";
  readonly schema: EventSchemaName;
  /** An array of one event, or one cloud event. */
  readonly body: unknown;
}

const TYPE = "Microsoft.Resources.ResourceWriteSuccess";
const OPERATION = "Microsoft.Compute/virtualMachines/write";

/** Shapes of test/examples/eventgrid/ResourceWriteSuccess.vm.* [DOC]; array evidence [3P] facts/azure.md §9.1. */
export function eventDelivery(machine: Machine, causes: EventCauses, index: number, happenedAt: number): EventDelivery {
  const { world, subscriptionId } = machine;
  const id = world.chance.guid(machine.identity, "event", index);
  const subject = spelled(machine.id.replace("/resourceGroups/", "/resourcegroups/"), causes.idCase);
  const time = world.calendar.zulu(happenedAt);
  const data = eventData(machine, causes, index, subject);
  const topic = `/subscriptions/${subscriptionId}`;
  if (causes.schema === "CloudEventSchemaV1_0") {
    return { schema: causes.schema, body: { id, source: topic, subject, type: TYPE, time, specversion: "1.0", data } };
  }
  const event = { subject, eventType: TYPE, eventTime: time, id, data, dataVersion: "2", metadataVersion: "1", topic };
  return { schema: causes.schema, body: [event] };
}

function eventData(machine: Machine, causes: EventCauses, index: number, resourceUri: string): unknown {
  const { world, subscriptionId, identity } = machine;
  const { chance, fleet } = world;
  const oneCreation = causes.kind === "create" ? "create" : index;
  const correlationId = causes.correlationId ?? chance.guid(identity, "correlation", oneCreation);
  const asArray = causes.evidence === "array";
  return {
    authorization: {
      scope: resourceUri,
      action: OPERATION,
      evidence: asArray ? [] : { role: "Subscription Admin" },
    },
    claims: asArray ? {} : { aud: "https://management.core.windows.net/", appid: chance.guid("client"), ver: "1.0" },
    correlationId,
    ...((causes.httpRequest ?? causes.kind === "write")
      ? {
          httpRequest: {
            clientRequestId: chance.guid(identity, "client request", index),
            clientIpAddress: "203.0.113.7",
            method: causes.kind === "create" ? "PUT" : "PATCH",
            url: `https://management.azure.com${machine.id}?api-version=2024-07-01`,
          },
        }
      : {}),
    resourceProvider: "Microsoft.Compute",
    resourceUri,
    operationName: OPERATION,
    status: "Succeeded",
    subscriptionId,
    tenantId: fleet.tenantId,
  };
}

function spelled(id: string, idCase: EventCauses["idCase"]): string {
  if (idCase === "lower") return id.toLowerCase();
  return idCase === "upper" ? id.toUpperCase() : id;
}
