import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RouteName } from "../../src/contracts/names";
import { operations } from "../../src/contracts/openapi/operations";
import { apiSchemas } from "../../src/contracts/openapi/schemas";
import { routes } from "../../src/functions/routes";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, type World } from "../support/outside-jest";
import { patchPolicy, SUBSCRIPTION } from "../support/sweeps";

const SCHEDULE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-test/providers/Microsoft.Maintenance/maintenanceConfigurations/nightly`;
const IMAGE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/goldgallery/images/win`;
const READY = { patchMode: "AutomaticByPlatform", bypassPlatformSafetyChecksOnUserSchedule: true };

let world: World;
/** Names of routes with the statuses that were seen of them. */
const seen = new Set<string>();

beforeAll(async () => {
  const vm = (name: string, image: string) => ({ name, image, events: [], ...READY });
  world = await startLastingWorld({ fleet: fleetOf([vm("a", "win"), vm("b", "win"), vm("c", "lin")]) });
});
afterAll(() => world.close());

interface Question {
  readonly [parameter: `:${string}`]: string;
  readonly body?: unknown;
  /** With its question mark. */
  readonly query?: string;
}

/** Asks a route, whose answer must be what the document says of this status: no field more, none less. */
async function ask(status: number, name: RouteName, { body, query = "", ...parts }: Question = {}) {
  const { method, path } = routes[name];
  const address = path.replaceAll(/\{\*?(\w+)\}/g, (_, part: string) => parts[`:${part}`]?.replace(/^\//, "") ?? "");
  const answer = await world.api(method, `${address}${query}`, body);
  expect({ name, status: answer.status, body: answer.body }).toMatchObject({ name, status });
  const content: unknown = JSON.parse(answer.body);
  const { answers, problems } = operations[name];
  const success = answers.find((each) => each.status === status);
  const schema = success ? apiSchemas[success.schema] : apiSchemas.Problem;
  expect({ name, content: schema.parse(content) }).toEqual({ name, content });
  if (!success) {
    expect(problems).toContain(status);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
  } else if (name !== "createRuns") {
    expect(Object.keys(answer.headers)).toEqual(expect.arrayContaining([...(success.headers ?? [])]));
  }
  seen.add(`${name} ${status}`);
  return content as Record<string, unknown>;
}

const ids = (...names: string[]) => names.map((name) => world.vmId(name));

test("runs, VMs and images answer as the document says", async () => {
  await ask(200, "createRuns", { body: { vmIds: ids("a", "b"), mode: "patch", dryRun: true } });
  const { runs } = await ask(202, "createRuns", { body: { vmIds: ids("a"), mode: "patch" } });
  const [{ runId } = { runId: "" }] = runs as { runId: string }[];
  await ask(200, "getRun", { ":runId": runId });
  await ask(202, "cancelRun", { ":runId": runId });
  const install = { rebootSetting: "Never" };
  await ask(202, "createRuns", { body: { vmIds: ids("b", "c"), mode: "patch", install } });
  await world.settle();
  await ask(200, "getRun", { ":runId": runId });
  await ask(409, "cancelRun", { ":runId": runId });
  await ask(200, "listRuns");
  await ask(200, "listRuns", { query: "?limit=1" });
  await ask(400, "listRuns", { query: "?limit=all" });
  await ask(404, "getRun", { ":runId": "none" });
  await ask(400, "createRuns", { body: { vmIds: [], mode: "patch" } });
  await ask(200, "getVm", { ":vmId": world.vmId("b") });
  await ask(404, "getVm", { ":vmId": world.vmId("b").replace(/b$/, "none") });
  await ask(400, "getVm", { ":vmId": "none" });
  await ask(200, "listImages");
  await ask(200, "getImage", { ":imageId": IMAGE });
  await ask(400, "getImage", { ":imageId": "none" });
});

test("policies and sweeps answer as the document says", async () => {
  const name = { ":name": "test-policy" };
  const body = patchPolicy('schedule: { every: day, at: "08:00" }\ndescription: every morning\n');
  await ask(201, "putPolicy", { ...name, body });
  await ask(200, "putPolicy", { ...name, body });
  await ask(400, "putPolicy", { ":name": "other", body });
  await ask(200, "getPolicy", name);
  await ask(404, "getPolicy", { ":name": "none" });
  await ask(200, "listPolicies");

  const stages = "stages:\n  - { name: first, share: 1 }\n  - { name: rest, gate: {} }\n";
  await ask(200, "createSweep", { body: { policy: patchPolicy(stages), dryRun: true } });
  const { sweepId } = await ask(202, "createSweep", { body: { policy: patchPolicy(stages) } });
  const sweep = { ":sweepId": String(sweepId) };
  await ask(400, "createSweep", { body: { policy: "version: 2" } });
  await ask(200, "getSweep", sweep);
  await ask(202, "pauseSweep", sweep);
  await ask(202, "resumeSweep", sweep);
  await world.passes(3 * 3_600_000);
  await ask(200, "getSweep", sweep);
  await ask(400, "approveSweep", { ...sweep, body: { stage: "none" } });
  await ask(202, "approveSweep", { ...sweep, body: { stage: "rest" } });
  await ask(202, "cancelSweep", sweep);
  await world.passes(24 * 3_600_000);
  await ask(200, "getSweep", sweep);
  await ask(409, "cancelSweep", sweep);
  await ask(404, "getSweep", { ":sweepId": "none" });
  await ask(200, "listSweeps");
  await ask(200, "listRuns");
  await ask(200, "listPolicies");
  await ask(200, "deletePolicy", name);
  await ask(404, "deletePolicy", name);
});

test("schedules and periodic assessment answer as the document says", async () => {
  const window = { recurEvery: "Day", startDateTime: "2026-12-05 22:00", timeZone: "UTC", duration: "02:00" };
  const scheduleId = SCHEDULE;
  const schedule = { ":scheduleId": scheduleId };
  await ask(201, "createSchedule", { body: { scheduleId, location: "westeurope", window } });
  await ask(400, "createSchedule", { body: { scheduleId } });
  await ask(200, "assignSchedule", { body: { scheduleId, vmIds: ids("a"), dryRun: true } });
  await ask(200, "assignSchedule", { body: { scheduleId, vmIds: ids("a", "b") } });
  await ask(400, "assignSchedule", { body: { scheduleId } });
  // Its run comes, and the watchdog picks up what it did.
  await world.passes(6 * 24 * 3_600_000);
  await ask(200, "getSchedule", schedule);
  await ask(200, "listSchedules");
  await ask(200, "unassignSchedule", { body: { scheduleId, vmIds: ids("a", "c") } });
  await ask(200, "deleteSchedule", schedule);
  await ask(404, "getSchedule", schedule);
  await ask(200, "setPeriodicAssessment", { body: { vmIds: ids("a", "c"), on: true } });
  await ask(400, "setPeriodicAssessment", { body: { on: true } });
  await ask(200, "getPeriodicAssessment", { query: `?scope=/subscriptions/${SUBSCRIPTION}` });
  await ask(400, "getPeriodicAssessment");
});

test("the app's own routes answer as the document says, and are all that it tells", async () => {
  await ask(200, "stop");
  await ask(200, "health");
  await ask(200, "unstop");
  const { paths } = await ask(200, "openApi");
  const registered = world.host.functions.flatMap(({ trigger, route = "", methods = [] }) =>
    trigger === "httpTrigger" ? methods.map((method) => `${method} /${route.replace("{*", "{")}`) : [],
  );
  const told = Object.entries(paths as object).flatMap(([path, item]) =>
    Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(told.toSorted()).toEqual(registered.toSorted());
});

test("without a key not even the document is told", async () => {
  expect((await world.http("GET", "/api/openapi.json")).status).toBe(401);
});

test("no answer of success that the document tells was left out here", () => {
  const told = Object.entries(operations).flatMap(([name, { answers }]) =>
    answers.map(({ status }) => `${name} ${status}`),
  );
  expect(told.filter((one) => !seen.has(one))).toEqual([]);
});
