import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ArmStub, VM_ID } from "./arm-stub";
import { Goldpatch, goldpatch, stopAll } from "./goldpatch";

const SCOPE = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-stub";
/** The host keeps production's polling intervals, on the wall clock. */
const MAIN_JOB_MS = 5 * 60_000;

interface Run {
  readonly runId: string;
  readonly outcome: string | null;
  readonly [field: string]: unknown;
}

describe("host, with GOLDPATCH_ARM_ENDPOINT", () => {
  let stub: ArmStub;
  let host: Goldpatch;
  let url: string;
  let key: string;

  const api = (method: string, path: string, body?: string) =>
    fetch(`${url}/${path}`, { method, headers: { "x-functions-key": key }, ...(body !== undefined && { body }) });

  beforeAll(async () => {
    stub = await ArmStub.start();
    host = new Goldpatch(["host", "--port", "0"], { GOLDPATCH_SCOPE: SCOPE, GOLDPATCH_ARM_ENDPOINT: stub.url });
    url = await host.says("stdout", /^(http:\/\/127\.0\.0\.1:\d+\/api)$/m);
    key = await host.says("stderr", /x-functions-key: ([^']+)'/);
  }, 30_000);
  afterAll(async () => {
    await stopAll();
    await stub.close();
  });

  it(
    "assesses, learns the support state and patches one VM of a server that only speaks ARM",
    async () => {
      const started = await api("POST", "runs", JSON.stringify({ vmIds: [VM_ID], mode: "patch" }));
      expect(started.status).toBe(202);
      const { runs } = (await started.json()) as { runs: Run[] };
      const runId = runs[0]?.runId ?? "";

      await host.says("stderr", new RegExp(`"event":"runEnded","runId":"${runId}"`));
      const run = (await (await api("GET", `runs/${runId}`)).json()) as Run;
      expect(run).toMatchObject({
        outcome: "patched",
        supportState: "Supported",
        osType: "Linux",
        installedPatchCount: 1,
        installPosts: 1,
      });
      const posts = stub.requests.filter((request) => request.endsWith("Patches"));
      expect(posts).toEqual([`POST ${VM_ID}/assessPatches`, `POST ${VM_ID}/installPatches`]);
      expect([...stub.tokens]).toEqual(["Bearer simulated"]);
    },
    MAIN_JOB_MS,
  );

  it.each([
    [
      "an id that is no VM id",
      JSON.stringify({ vmIds: ["web-01"], mode: "patch" }),
      /vmIds: "web-01": use ids such as/,
    ],
    [
      "a VM outside the scope",
      JSON.stringify({ vmIds: [VM_ID.replace("rg-stub", "rg-other")], mode: "patch" }),
      /rg-other/,
    ],
    ["malformed JSON", "{vmIds", /body: is not valid JSON/],
    ["an unknown mode", JSON.stringify({ vmIds: [VM_ID], mode: "now" }), /mode: "now"/],
    ["an unknown field", JSON.stringify({ vmIds: [VM_ID], mode: "patch", force: true }), /force/],
  ])("refuses %s with 400", async (_, body, detail) => {
    const answer = await api("POST", "runs", body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(await answer.json()).toMatchObject({ status: 400, detail: expect.stringMatching(detail) });
  });

  it.each([
    ["GET", "runs/http-1"],
    ["POST", "runs/http-1/cancel"],
  ])("answers %s %s of an unknown run with 404", async (method, path) => {
    const answer = await api(method, path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ detail: expect.stringMatching(/runId: "http-1"/) });
  });

  it("lets nobody in without the key", async () => {
    expect((await fetch(`${url}/runs`)).status).toBe(401);
  });

  it("does not start on a port that is taken when it was told which", async () => {
    const { port } = new URL(url);
    const second = await goldpatch(["host", "--port", port], {
      GOLDPATCH_SCOPE: SCOPE,
      GOLDPATCH_ARM_ENDPOINT: stub.url,
    });
    expect(second).toMatchObject({ code: 1, stdout: "" });
    expect(second.stderr).toMatch(new RegExp(`^goldpatch: port ${port} is taken: `, "m"));
  });

  it("ends with 0 when it is stopped, and leaves nothing behind", async () => {
    expect((await host.stop()).code).toBe(0);
    expect(host.leftSomethingBehind).toBe(false);
  });
});

describe("host, paused", () => {
  it("reads the VM and starts nothing", async () => {
    const stub = await ArmStub.start();
    try {
      const host = new Goldpatch(["host", "--port", "0"], {
        GOLDPATCH_SCOPE: SCOPE,
        GOLDPATCH_ARM_ENDPOINT: stub.url,
        GOLDPATCH_PAUSED: "true",
      });
      const url = await host.says("stdout", /^(http:.+)$/m);
      const key = await host.says("stderr", /x-functions-key: ([^']+)'/);
      await fetch(`${url}/runs`, {
        method: "POST",
        headers: { "x-functions-key": key },
        body: JSON.stringify({ vmIds: [VM_ID], mode: "patch" }),
      });
      expect(await host.says("stderr", /"event":"runEnded".*"code":"([^"]+)"/)).toBe("Paused");
      expect(new Set(stub.requests)).toEqual(new Set([`GET ${VM_ID}`]));
    } finally {
      await stopAll();
      await stub.close();
    }
  }, 30_000);
});
