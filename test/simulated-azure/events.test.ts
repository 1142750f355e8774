import { afterEach, describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { at, type Causes, cloud, closeClouds, type Cloud, vmIdOf } from "./cloud";

afterEach(closeClouds);

const official = (file: string): unknown => JSON.parse(readFileSync(`test/examples/eventgrid/${file}`, "utf8"));
const keysOf = (value: unknown): string[] => Object.keys(value as object).sort();

/** Runs the fleet's events until the given second. */
async function delivered(vm: Causes, seconds = 3600, deliver?: (attempt: number) => Promise<void>): Promise<Cloud> {
  let attempts = 0;
  const made = cloud(vm, {}, deliver ? { deliver: () => deliver(++attempts) } : {});
  made.azure.start();
  await made.until(seconds);
  return made;
}

const dataOf = (made: Cloud, index = 0): unknown => {
  const body = made.events[index]?.event.body;
  return at(Array.isArray(body) ? body[0] : body, "data");
};

describe("events", () => {
  it("a VM created meanwhile has one at the end of its creation", async () => {
    const made = await delivered({ createAfterSeconds: 100, provisioning: { succeedsAfterSeconds: 80 } });
    expect(made.events.map(({ at: seconds, event }) => [seconds, event.schema])).toEqual([[182, "EventGridSchema"]]);
  });

  it("an existing VM has none", async () => {
    expect((await delivered({})).events).toEqual([]);
  });

  it("have the form of the official event in Event Grid's schema", async () => {
    const made = await delivered({ events: [{ afterSeconds: 10 }] });
    const [event] = made.events[0]?.event.body as unknown[];
    const [example] = official("ResourceWriteSuccess.vm.eventgridschema.json") as unknown[];
    expect(keysOf(event)).toEqual(keysOf(example));
    expect(keysOf(at(event, "data"))).toEqual(keysOf(at(example, "data")));
    expect(keysOf(at(event, "data.httpRequest"))).toEqual(keysOf(at(example, "data.httpRequest")));
    expect(event).toMatchObject({
      eventType: "Microsoft.Resources.ResourceWriteSuccess",
      eventTime: "2026-11-23T08:00:10.0000000Z",
      subject: vmIdOf("vm1").replace("resourceGroups", "resourcegroups"),
      data: { operationName: "Microsoft.Compute/virtualMachines/write", status: "Succeeded" },
    });
  });

  it("have the form of the official cloud event", async () => {
    const made = await delivered({ events: [{ afterSeconds: 10, kind: "create", schema: "CloudEventSchemaV1_0" }] });
    const example = official("ResourceWriteSuccess.vm.cloudevents.json");
    expect(keysOf(made.events[0]?.event.body)).toEqual(keysOf(example));
    expect(keysOf(dataOf(made))).toEqual(keysOf(at(example, "data")));
  });

  it.each<[string, Causes, string, unknown]>([
    ["ids in lower case", { idCase: "lower" }, "resourceUri", vmIdOf("vm1").toLowerCase()],
    ["ids in upper case", { idCase: "upper" }, "resourceUri", vmIdOf("vm1").toUpperCase()],
    ["evidence as an array", { evidence: "array" }, "authorization.evidence", []],
    ["evidence as an object", { evidence: "object" }, "authorization.evidence", { role: "Subscription Admin" }],
    ["no httpRequest on a creation", { kind: "create" }, "httpRequest", undefined],
    ["httpRequest on an edit", { kind: "write" }, "httpRequest.method", "PATCH"],
    ["httpRequest as told", { kind: "create", httpRequest: true }, "httpRequest.method", "PUT"],
    ["the correlation id as told", { correlationId: "c-1" }, "correlationId", "c-1"],
  ])("carry %s", async (_, causes, path, expected) => {
    const made = await delivered({ events: [{ afterSeconds: 10, ...causes }] });
    expect(at(dataOf(made), path)).toEqual(expected);
  });

  it("of one creation share the correlation id, not the event id", async () => {
    const create = { afterSeconds: 10, kind: "create" };
    const made = await delivered({
      events: [create, { ...create, schema: "CloudEventSchemaV1_0" }, { afterSeconds: 90 }],
    });
    const correlations = made.events.map((_, index) => at(dataOf(made, index), "correlationId"));
    expect(correlations[0]).toBe(correlations[1]);
    expect(correlations[2]).not.toBe(correlations[0]);
  });

  it("come in copies and out of order when told", async () => {
    const made = await delivered({
      events: [
        { afterSeconds: 10, delaySeconds: 100, correlationId: "first" },
        { afterSeconds: 20, copies: 2, copyEverySeconds: 30, correlationId: "second" },
      ],
    });
    const seen = made.events.map(({ at: seconds }, index) => [seconds, at(dataOf(made, index), "correlationId")]);
    expect(seen).toEqual([
      [22, "second"],
      [52, "second"],
      [110, "first"],
    ]);
  });

  it("are delivered again, later and later, while the receiver refuses", async () => {
    const made = await delivered({ events: [{ afterSeconds: 0, delaySeconds: 0 }] }, 3600, (attempt) =>
      attempt <= 4 ? Promise.reject(new Error("not now")) : Promise.resolve(),
    );
    expect(made.events.map(({ at: seconds }) => seconds)).toEqual([0, 10, 40, 100, 400]);
  });

  it.each([400, 401, 403, 413])("are dropped when the receiver answers %d", async (status) => {
    const made = await delivered({ events: [{ afterSeconds: 0 }] }, 3600, () =>
      Promise.reject(Object.assign(new Error("no"), { status })),
    );
    expect(made.events).toHaveLength(1);
  });

  it("are given up after a day", async () => {
    const made = await delivered({ events: [{ afterSeconds: 0, delaySeconds: 0 }] }, 3 * 24 * 3600, () =>
      Promise.reject(new Error("never")),
    );
    expect(made.events.length).toBeGreaterThan(5);
    expect(made.events.at(-1)?.at).toBeLessThanOrEqual(24 * 3600);
  });

  it("stop when the simulation stops", async () => {
    const made = cloud({ events: [{ afterSeconds: 50 }] });
    made.azure.start();
    made.azure.stop();
    await made.until(100);
    expect(made.events).toEqual([]);
  });
});
