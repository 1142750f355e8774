import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readMaintenanceEvent } from "../../src/triggers/events/maintenance-event";

type Event = Record<string, unknown> & { readonly data: Record<string, unknown> };

/** An official sample, whose subscription is all zeros. */
function sample(when: "Pre" | "Post"): Event {
  const file = path.resolve(`test/examples/eventgrid/${when}MaintenanceEvent.cloudevents.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as [Event])[0];
}

const capitalised = (fields: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [`${key.charAt(0).toUpperCase()}${key.slice(1)}`, value as unknown]),
  );

const read = {
  kind: "maintenance",
  when: "before",
  run: {
    schedule: {
      subscriptionId: "00000000-0000-0000-0000-000000000000",
      resourceGroup: "testrg",
      name: "contosomaintenanceconfiguration",
    },
    run: "20230509150000",
  },
  startsAt: Date.parse("2023-05-09T15:00:00Z"),
  endsAt: Date.parse("2023-05-09T18:55:00Z"),
  cancelUntil: Date.parse("2023-05-09T14:59:00Z"),
  subscriptions: ["subscription guid 1", "subscription guid 2"],
};

describe("a maintenance event", () => {
  it("before a run is read from the official sample, with its cut-off", () => {
    expect(readMaintenanceEvent(sample("Pre"))).toEqual(read);
  });

  it("after a run too; there the documented cut-off stands in", () => {
    const cancelUntil = Date.parse("2023-05-09T14:50:00Z");
    expect(readMaintenanceEvent(sample("Post"))).toEqual({ ...read, when: "after", cancelUntil });
  });

  it("is read in the documents' other casing, and with its type in any case", () => {
    const { data, ...around } = sample("Pre");
    const event = {
      ...capitalised(around),
      Type: "MICROSOFT.Maintenance.premaintenanceevent",
      Data: capitalised(data),
    };
    expect(readMaintenanceEvent(event)).toEqual(read);
  });

  it("is read in Event Grid's own schema", () => {
    const { data, source, type } = sample("Pre");
    expect(readMaintenanceEvent({ topic: source, eventType: type, data })).toEqual(read);
  });

  it.each([
    ["another type", { type: "Microsoft.Maintenance.Other" }, {}, "ignored", "type Microsoft.Maintenance.Other"],
    ["no run", {}, { correlationId: "default" }, "ignored", "correlationId names no run"],
    ["no time", {}, { startDateTime: "soon" }, "ignored", "a time is none"],
    ["no data", { data: {} }, undefined, "ignored", "not a maintenance event: data."],
    ["another topic", { source: "/subscriptions/1" }, {}, "refused", 'topic "/subscriptions/1": is another schedule'],
    ["a foreign run", {}, { maintenanceConfigurationId: "/subscriptions/1" }, "refused", "is of another schedule"],
  ] as const)("with %s starts nothing", (_, around, data, kind, reason) => {
    const event = sample("Pre");
    const changed = { ...event, ...around, ...(data && { data: { ...event.data, ...data } }) };
    expect(readMaintenanceEvent(changed)).toMatchObject({ kind, reason: expect.stringContaining(reason) });
  });
});
