import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, startWorld, type World } from "../support/outside-jest";

const CREATE = ["POST", "runs"] as const;
const LOOK = ["GET", "runs"] as const;

const claim = (typ: string, val: string) => ({ typ, val });
const header = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");
/** As App Service writes it for a caller with these app roles. */
const principalOf = (...roles: readonly string[]): string =>
  header({
    auth_typ: "aad",
    claims: [claim("aud", "api://goldpatch"), ...roles.map((role) => claim("roles", role))],
    name_typ: "name",
    role_typ: "roles",
  });

const fleet = fleetOf([{ name: "vm", image: "win", events: [] }]);
const worldWith = (settings: Readonly<Record<string, string>>): Promise<World> => startWorld({ fleet, settings });

/** The status and detail that the API answers to a caller with this principal, and with the function key. */
async function ask(world: World, [method, route]: readonly [string, string], principal?: string) {
  const body = method === "POST" ? { mode: "assess", vmIds: [world.vmId("vm")] } : undefined;
  const answer = await world.http(method, `/api/${route}`, body, {
    "x-functions-key": world.host.functionKey,
    ...(principal !== undefined && { "x-ms-client-principal": principal }),
  });
  const { detail } = JSON.parse(answer.body) as { detail?: string };
  return { status: answer.status, ...(detail !== undefined && { detail }) };
}

describe("behind App Service authentication", () => {
  let world: World;
  beforeAll(async () => {
    const settings = { GOLDPATCH_ACCESS: "entra", WEBSITE_AUTH_ENABLED: "True" };
    world = await startLastingWorld({ fleet, settings });
  });
  afterAll(() => world.close());

  test("a reader may look, and start or stop nothing", async () => {
    const reader = principalOf("Goldpatch.Reader");
    const missing = {
      status: 403,
      detail: `role: "Goldpatch.Operator" is missing: let it be assigned to you in the app's enterprise application`,
    };
    for (const route of ["runs", "images", "health"]) {
      expect(await ask(world, ["GET", route], reader)).toEqual({ status: 200 });
    }
    for (const route of ["runs", "stop"]) expect(await ask(world, ["POST", route], reader)).toEqual(missing);
    expect(await ask(world, ["DELETE", "stop"], reader)).toEqual(missing);
    expect(await world.store.scan("open-runs", "")).toEqual([]);
    expect(await world.store.scan("switches", "")).toEqual([]);
    expect(world.logs.filter((line) => line.includes("accessRefused"))).toHaveLength(3);
  });

  test("an operator may both", async () => {
    const operator = principalOf("Something", "Goldpatch.Operator");
    expect(await ask(world, LOOK, operator)).toEqual({ status: 200 });
    expect(await ask(world, CREATE, operator)).toEqual({ status: 202 });
    await world.settle().catch(() => undefined);
  });

  test("the name of the role claim is the principal's own", async () => {
    const typ = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";
    const principal = { auth_typ: "aad", claims: [claim(typ, "Goldpatch.Reader")], role_typ: typ };
    expect(await ask(world, LOOK, header(principal))).toEqual({ status: 200 });
  });

  test.each([
    ["nobody", undefined],
    ["no base64 of JSON", "!!"],
    ["JSON that is no principal", header([])],
    ["someone of another provider", header({ auth_typ: "github", claims: [claim("roles", "Goldpatch.Operator")] })],
  ])("%s is not signed in", async (_, principal) => {
    expect(await ask(world, LOOK, principal)).toMatchObject({ status: 401 });
  });

  test("a claim that only looks like a role is none", async () => {
    const principal = { auth_typ: "aad", claims: [claim("name", "Goldpatch.Operator")], role_typ: "roles" };
    expect(await ask(world, LOOK, header(principal))).toMatchObject({ status: 403 });
    expect(await ask(world, LOOK, principalOf("goldpatch.operators"))).toMatchObject({ status: 403 });
  });

  test("a role opens nothing without a function key", async () => {
    const principal = { "x-ms-client-principal": principalOf("Goldpatch.Operator") };
    expect((await world.http("GET", "/api/runs", undefined, principal)).status).toBe(401);
  });
});

test("with entra asked for and no platform in front, nobody is let in by a header that anybody may write", async () => {
  const world = await worldWith({ GOLDPATCH_ACCESS: "entra" });
  const operator = principalOf("Goldpatch.Operator");
  expect(await ask(world, LOOK, operator)).toEqual({
    status: 403,
    detail:
      'GOLDPATCH_ACCESS is "entra", and App Service authentication is off: switch it on, or set GOLDPATCH_ACCESS to key',
  });
});

test("no route of the app opens without a key, or with a wrong one", async () => {
  const world = await worldWith({});
  const routes = world.host.functions.filter(({ trigger }) => trigger.toLowerCase() === "httptrigger");
  expect(routes.length).toBeGreaterThan(8);
  for (const { route = "", methods = [] } of routes) {
    for (const method of methods) {
      const path = `/api/${route.replace("{runId}", "x").replace("{*vmId}", "x/y")}`;
      expect([path, (await world.http(method, path)).status]).toEqual([path, 401]);
      for (const key of ["x", `${world.host.functionKey}x`, world.host.functionKey.slice(1)]) {
        const answer = await world.http(method, path, undefined, { "x-functions-key": key });
        expect([path, answer.status]).toEqual([path, 401]);
      }
    }
  }
});

test("with keys alone the header means nothing", async () => {
  const world = await worldWith({});
  expect(await ask(world, CREATE, principalOf("Goldpatch.Reader"))).toEqual({ status: 202 });
});
