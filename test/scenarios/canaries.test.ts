import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ArmAnswer, ArmExchange } from "../../src/embedding";
import { goldpatch } from "../cli/goldpatch";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, type World } from "../support/outside-jest";

/** Every secret that is planted ends in this and the name of its channel, so that what leaks is named. */
const MARK = "CANARY";
const planted = new Set<string>();
const plant = (channel: string): string => {
  planted.add(channel);
  return `${MARK}-${channel}-0123456789abcdef`;
};

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = (channel: string): string =>
  `Bearer ${part({ alg: "none" })}.${part({ aud: "https://management.azure.com" })}.${plant(channel)}`;
const sas = (channel: string): string =>
  `https://account.blob.core.windows.net/logs/x?sv=2024-11-04&se=2026-12-02&sig=${plant(channel)}`;
const connectionString = (channel: string): string =>
  `DefaultEndpointsProtocol=https;AccountName=account;AccountKey=${plant(channel)};EndpointSuffix=core.windows.net`;
const keyed = (channel: string): string => `https://app.example/runtime/webhooks/eventgrid?code=${plant(channel)}`;

const answer = (status: number, body: object | string): ArmAnswer => ({
  status,
  headers: { "content-type": "application/json", date: "Tue, 01 Dec 2026 06:00:30 GMT" },
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const refused = (status: number, code: string, message: string) => answer(status, { error: { code, message } });

const fleet = fleetOf(
  [
    ...["fine", "refused", "invalid", "forbidden", "page", "no-json", "cut", "silent-agent", "throws"].map((name) => ({
      name,
      image: "win",
      events: [],
      tags: { owner: token("tag"), store: connectionString("tag-key") },
    })),
    {
      name: "breaks",
      image: "lin",
      events: [],
      install: { breaks: { error: { code: "Broken", message: `upload to ${sas("operation-error")} failed` } } },
    },
    {
      name: "hopeless",
      image: "lin",
      events: [],
      assess: {
        breaks: { error: { code: "VMAgentStatusCommunicationError", message: `sent ${token("assessment-error")}` } },
      },
    },
  ],
  {},
);

const ADDRESSES = ["azure-asyncoperation", "location"];
/** Operation addresses with another signature on the way to the app, and without it on the way back. */
const SIGNATURE = `&sig=${plant("operation-address")}`;
let addressesFollowed = 0;

/** What Azure, and whoever stands between, may say. */
async function spoil(request: ArmExchange, azure: (request: ArmExchange) => Promise<ArmAnswer>): Promise<ArmAnswer> {
  if (request.url.includes(SIGNATURE)) addressesFollowed++;
  const said = spoken(request);
  if (said instanceof Error) throw said;
  if (said) return said;
  const genuine = await azure({ ...request, url: request.url.replace(SIGNATURE, "") });
  const headers = { ...genuine.headers };
  for (const name of ADDRESSES) if (headers[name] !== undefined) headers[name] += SIGNATURE;
  if (request.url.includes("/fine")) headers["x-ms-request-id"] = token("request-id");
  const body = request.url.includes("/silent-agent?")
    ? genuine.body.replaceAll('"displayStatus":"Ready"', `"displayStatus":"Not ready: ${sas("agent-status")}"`)
    : genuine.body;
  return { ...genuine, headers, body };
}

let graphQueries = 0;
function spoken({ method, url }: ArmExchange): ArmAnswer | Error | undefined {
  const { pathname } = new URL(url);
  const post = method === "POST";
  if (pathname.endsWith("/resources") && graphQueries++ < 2) {
    return refused(500, "InternalServerError", `while asking as ${token("graph-error")}`);
  }
  if (post && pathname.endsWith("/refused/installPatches")) {
    return refused(409, "OperationNotAllowed", `requires the VM to be running, see ${sas("refusal")}`);
  }
  if (post && pathname.endsWith("/invalid/installPatches")) {
    return refused(400, `Bad ${token("error-code")}`, `the header authorization: ${token("refusal-400")} is wrong`);
  }
  if (post && pathname.endsWith("/cut/assessPatches")) {
    return new Error(
      `socket to ${keyed("broken-connection")} was closed, {"x-functions-key":"${plant("header-dump")}"}`,
    );
  }
  if (pathname.endsWith("/forbidden")) return refused(403, "AuthorizationFailed", `${token("forbidden")} may not`);
  if (pathname.endsWith("/page")) {
    return answer(
      502,
      `<html><body>proxy at https://proxy:${plant("proxy-password")}@10.0.0.1, ${token("page")}</body>`,
    );
  }
  if (pathname.endsWith("/no-json")) return answer(200, `no JSON, but ${token("no-json")}`);
  return undefined;
}

const event = (vmId: string, more: object = {}) => ({
  topic: vmId.split("/").slice(0, 3).join("/"),
  subject: vmId,
  eventType: "Microsoft.Resources.ResourceWriteSuccess",
  eventTime: "2026-12-01T06:00:00Z",
  data: {
    operationName: "Microsoft.Compute/virtualMachines/write",
    correlationId: plant("event-correlation"),
    resourceUri: vmId,
    claims: { aud: "https://management.core.windows.net/", token: token("event-claims") },
    httpRequest: { url: sas("event-request"), method: "PUT" },
    authorization: { evidence: { key: connectionString("event-evidence") } },
  },
  ...more,
});

describe("what is secret leaves the app by no door", () => {
  const places = new Map<string, string>();
  let world: World;

  beforeAll(async () => {
    world = await startLastingWorld({ fleet, intercept: spoil, settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "50" } });
    const rows: string[] = [];
    let thrown = 0;
    const batch = world.store.batch.bind(world.store);
    world.store.batch = (partition, operations) => {
      for (const operation of operations) {
        if (operation.kind === "delete") continue;
        const row = JSON.stringify(operation.value, (name, value: unknown) =>
          // The one place in which operation addresses rest (test/scenarios/secrets-at-rest.test.ts).
          name === "pollerState" ? undefined : value,
        );
        rows.push(`${partition} ${operation.key} ${row}`);
        if (partition === "runs" && row.includes("/throws") && row.includes('"assessPatches"') && thrown++ < 2) {
          throw new RangeError(`the store at ${connectionString("adapter-exception")} broke\n${sas("adapter-stack")}`);
        }
      }
      return batch(partition, operations);
    };
    const answers: { readonly body: string; readonly headers: unknown }[] = [];
    const ask = async (...args: Parameters<World["http"]>) => {
      const said = await world.http(...args);
      answers.push(said);
      return said;
    };
    const own = { "x-functions-key": world.host.functionKey };
    const principal = Buffer.from(JSON.stringify({ auth_typ: "aad", claims: [], name: plant("principal-inside") }));
    const principalHeader = { "x-ms-client-principal": `${principal.toString("base64")}.${plant("principal")}` };

    const names = world.azure.vmIds.map((id) => id.split("/").at(-1) ?? "");
    const runIds = await world.run("patch", names);
    await ask("GET", "/api/runs", undefined, { ...own, ...principalHeader, authorization: token("own-token") });
    await ask("GET", "/api/runs", undefined, { "x-functions-key": plant("wrong-key") });
    await ask("GET", `/api/runs?code=${plant("wrong-code")}`);
    await ask("POST", "/api/runs", { mode: token("body-value"), vmIds: [sas("body-vm")] }, own);
    await ask("POST", "/api/runs", { mode: "assess", vmIds: [sas("body-vm-2")] }, own);
    await ask("POST", "/api/runs", `no JSON: ${token("body-text")}`, own);
    await ask("GET", `/api/runs/${encodeURIComponent(token("path-run"))}`, undefined, own);
    await ask("GET", `/api/vms/${encodeURIComponent(sas("path-vm"))}`, undefined, own);
    for (const name of ["forbidden", "page", "no-json", "fine"]) {
      await ask("GET", `/api/vms${world.vmId(name)}`, undefined, own);
      await ask("POST", "/api/runs", { mode: "patch", vmIds: [world.vmId(name)], dryRun: true }, own);
    }
    const webhook = `/runtime/webhooks/EventGrid?functionName=vmProvisioned&code=${world.host.systemKey}`;
    const notification = { "aeg-event-type": "Notification" };
    const fine = world.vmId("fine");
    await ask("POST", webhook, [event(fine)], notification);
    await ask("POST", webhook, [event(fine, { subject: keyed("event-subject") })], notification);
    await ask("POST", webhook, [event(fine, { eventType: token("event-type") })], notification);
    await ask("POST", webhook, `no JSON: ${plant("event-text")}`, notification);
    await ask("POST", `${webhook}${plant("webhook-key")}`, [event(fine)], notification);
    await world.settle();
    for (const path of ["runs", "images", "health", ...runIds.map((id) => `runs/${id}`)]) {
      await ask("GET", `/api/${path}`, undefined, own);
    }
    const store = world.store as unknown as { scan: unknown };
    const scan = store.scan;
    store.scan = () => {
      throw new Error(`broke at ${connectionString("route-exception")}`);
    };
    expect((await ask("GET", "/api/runs", undefined, own)).status).toBe(500);
    store.scan = scan;

    places.set("API answers", answers.map(({ body, headers }) => body + JSON.stringify(headers)).join("\n"));
    places.set("logs of app and host", world.logs.join("\n"));
    places.set(
      "inputs, outputs, custom status and histories of orchestrations",
      JSON.stringify(world.host.instances().map(({ instanceId }) => world.host.status(instanceId))),
    );
    places.set("transcript", JSON.stringify(world.transcript));
    places.set("rows", rows.join("\n"));
    const cli = [];
    for (const id of runIds) {
      cli.push(await goldpatch(["explain", id, "--host", world.host.url, "--key", world.host.functionKey]));
    }
    cli.push(await goldpatch(["support", fine, "--host", world.host.url, "--key", plant("cli-key")]));
    cli.push(await goldpatch(["host"], { GOLDPATCH_TABLES_ENDPOINT: connectionString("setting") }));
    cli.push(
      await goldpatch(["host"], {
        GOLDPATCH_SCOPE: `/subscriptions/${sas("setting-scope")}`,
        AzureWebJobsStorage: connectionString("host-setting"),
      }),
    );
    places.set("standard output and error of the command", cli.map(({ stdout, stderr }) => stdout + stderr).join("\n"));
  }, 300_000);
  afterAll(() => world.close());

  test("the canaries were sung: each channel was used, and what stood around them is told", async () => {
    expect(planted.size).toBeGreaterThan(35);
    expect(addressesFollowed).toBeGreaterThan(10);
    const details = Object.fromEntries(
      (await world.runs()).map(({ vmId, code, detail = "" }) => [vmId.split("/").at(-1) ?? "", `${code}: ${detail}`]),
    ) as Record<string, string>;
    expect(details).toMatchObject({
      refused: expect.stringMatching(/^NotRunning: .*requires the VM to be running, see .*sig=\[redacted\]/),
      invalid: expect.stringMatching(/^RequestRefused: 400 .*\[redacted\].*is wrong/),
      forbidden: expect.stringMatching(/^PermissionMissing: .*\[redacted\] may not/),
      page: expect.stringMatching(/^AzureUnavailable: /),
      "silent-agent": expect.stringMatching(/^AgentNotReady: .*Not ready: .*\[redacted\]/),
      breaks: expect.stringMatching(/^InstallFailed: Broken: upload to .*\[redacted\] failed/),
      hopeless: expect.stringMatching(/^AgentUnreachable: sent .*\[redacted\]/),
    });
    const histories = places.get("inputs, outputs, custom status and histories of orchestrations") ?? "";
    expect(histories).toMatch(/RangeError[^{}]*the store at [^{}]*AccountKey=\[redacted\];[^{}]* broke/);
    expect(places.get("logs of app and host")).toMatch(/"event":"requestFailed".*broke at .*AccountKey=\[redacted\]/);
  });

  test.each([
    "API answers",
    "logs of app and host",
    "inputs, outputs, custom status and histories of orchestrations",
    "transcript",
    "rows",
    "standard output and error of the command",
  ])("%s", (place) => {
    const text = places.get(place) ?? "";
    expect(text.length).toBeGreaterThan(500);
    const leaked = [...text.matchAll(/.{0,120}CANARY-([a-z0-9-]+?)-0123456789abcdef/gs)].map(([around]) => around);
    expect(leaked).toEqual([]);
    for (const own of [world.host.systemKey, world.host.functionKey]) expect(text).not.toContain(own);
  });
});
