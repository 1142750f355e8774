import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createHttpHeaders, createPipelineRequest, RestError } from "@azure/core-rest-pipeline";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { armErrorOf, parseJson, readFailureOf, retryAfterOf } from "../../src/azure/answers";
import { Arm, connectArm } from "../../src/azure/arm";
import { ARM_ORIGIN, armAddress, armTransport, ForeignHostError } from "../../src/azure/arm-transport";
import { plannedCalls } from "../../src/azure/planned-calls";
import type { ArmAnswer, ArmExchange } from "../../src/embedding";

const SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
const ENDPOINT = "http://127.0.0.1:8484";
/** Real ones carry three signed parts, in which every byte counts. */
const SIGNED =
  "/subscriptions/s/operations/o?p=1&monitor=true&api-version=2026-04-01&t=6&c=MII%2bA-b_&s=x%3D%3d&h=~!*()";

describe("an address is Azure Resource Manager's", () => {
  test.each([
    ["as given, byte for byte", `${ARM_ORIGIN}${SIGNED}`, undefined, `${ARM_ORIGIN}${SIGNED}`],
    ["whatever the case of its host", `https://Management.Azure.COM${SIGNED}`, undefined, "unchanged"],
    ["with a simulated endpoint set, too", `${ARM_ORIGIN}${SIGNED}`, ENDPOINT, `${ARM_ORIGIN}${SIGNED}`],
    ["when it is on the simulated endpoint", `${ENDPOINT}${SIGNED}`, ENDPOINT, `${ARM_ORIGIN}${SIGNED}`],
  ])("%s", (_what, url, endpoint, sent) => {
    expect(armAddress(url, endpoint)).toBe(sent === "unchanged" ? url : sent);
  });

  test.each([
    ["another host", "https://operations.example.net/x"],
    ["a host that begins like it", "https://management.azure.com.example.net/x"],
    ["a host behind its name as user", "https://management.azure.com@example.net/x"],
    ["a subdomain", "https://eu.management.azure.com/x"],
    ["another cloud", "https://management.usgovcloudapi.net/x"],
    ["no encryption", "http://management.azure.com/x"],
    ["another port", "https://management.azure.com:8443/x"],
    ["loopback, when nothing is simulated there", `${ENDPOINT}/x`],
    ["a path", "/subscriptions/s"],
    ["no address", "soon"],
  ])("but not with %s", (_what, url) => {
    expect(armAddress(url, undefined)).toBeUndefined();
  });

  test.each([["http://127.0.0.1:8485/x"], ["http://localhost:8484/x"], ["https://127.0.0.1:8484/x"]])(
    "but not %s beside the endpoint on 127.0.0.1:8484",
    (url) => expect(armAddress(url, ENDPOINT)).toBeUndefined(),
  );
});

describe("a request for another host", () => {
  const sent: ArmExchange[] = [];
  const answer: ArmAnswer = { status: 200, headers: {}, body: "{}" };
  const exchange = (request: ArmExchange): Promise<ArmAnswer> => {
    sent.push(request);
    return Promise.resolve(answer);
  };
  beforeEach(() => void sent.splice(0));

  test("is refused by the transport before anything is sent", async () => {
    const request = createPipelineRequest({ url: "https://example.net/x" });
    await expect(armTransport(ENDPOINT, exchange).sendRequest(request)).rejects.toThrow(ForeignHostError);
    expect(sent).toEqual([]);
  });

  test("is refused on real Azure as well", async () => {
    const request = createPipelineRequest({ url: "https://127.0.0.1:1/x" });
    await expect(armTransport(undefined, undefined).sendRequest(request)).rejects.toMatchObject({
      name: "ForeignHostError",
      message: `refused to send a request to https://127.0.0.1:1: it is not ${ARM_ORIGIN}`,
    });
  });

  test("is refused at the end of the SDK's pipeline, which had a token for it", async () => {
    const arm = connectArm({ endpoint: ENDPOINT }, exchange);
    await expect(arm.get(SUBSCRIPTION, "https://example.net/x")).rejects.toThrow(ForeignHostError);
    expect(sent).toEqual([]);

    await arm.get(SUBSCRIPTION, `${ENDPOINT}${SIGNED}`);
    expect(sent).toMatchObject([
      { method: "GET", url: `${ARM_ORIGIN}${SIGNED}`, headers: { authorization: "Bearer simulated" } },
    ]);
  });

  test("is not sent when Azure redirects to it", async () => {
    const redirecting = (request: ArmExchange): Promise<ArmAnswer> => {
      sent.push(request);
      return Promise.resolve({ status: 307, headers: { location: "https://example.net/x" }, body: "" });
    };
    const arm = connectArm({ endpoint: ENDPOINT }, redirecting);
    expect(await arm.get(SUBSCRIPTION, `${ARM_ORIGIN}${SIGNED}`)).toMatchObject({ status: 307 });
    expect(sent.map(({ url }) => url)).toEqual([`${ARM_ORIGIN}${SIGNED}`]);
  });
});

describe("the simulated endpoint over the network", () => {
  const received: Pick<IncomingMessage, "url" | "headers">[] = [];
  const server = createServer((request, response) => {
    received.push(request);
    response.end("{}");
  });
  beforeEach(async () => {
    received.splice(0);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test.each([
    ["path and query arrive byte for byte", SIGNED],
    ["a path that begins with two slashes names no other host", "//example.net/x"],
  ])("%s", async (_what, pathAndQuery) => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const request = createPipelineRequest({ url: `${ARM_ORIGIN}${pathAndQuery}`, timeout: 5000 });
    const answer = await armTransport(endpoint, undefined).sendRequest(request);

    expect(received.map(({ url }) => url)).toEqual([pathAndQuery]);
    expect(answer.status).toBe(200);
    // The SDK's poller reads the address back from the request.
    expect(answer.request.url).toBe(`${ARM_ORIGIN}${pathAndQuery}`);
  });
});

/** An answer as the SDK throws it; `code` is what the SDK itself found in the body. */
function restError(status: number | undefined, body: string, headers: Record<string, string> = {}, code?: string) {
  const request = createPipelineRequest({ url: `${ARM_ORIGIN}/x` });
  const response = { request, status: status ?? 0, headers: createHttpHeaders(headers), bodyAsText: body };
  return new RestError("the SDK's own words", {
    ...(status !== undefined && { statusCode: status, response }),
    ...(code !== undefined && { code }),
    request,
  });
}

describe("what Azure answered", () => {
  const DATE = "Tue, 01 Dec 2026 06:00:00 GMT";
  test.each([
    [
      "the error in `error`",
      restError(409, '{"error":{"code":"Conflict","message":"busy"}}'),
      { status: 409, code: "Conflict", message: "busy" },
    ],
    [
      "the error at the top",
      restError(400, '{"code":"InvalidParameter","message":"no"}'),
      { status: 400, code: "InvalidParameter", message: "no" },
    ],
    [
      "no JSON, as a gateway sends it",
      restError(502, "<html>Bad Gateway</html>"),
      { status: 502, message: "the SDK's own words" },
    ],
    ["half a JSON", restError(500, '{"error":{"code":"Inte'), { status: 500, message: "the SDK's own words" }],
    ["nothing", restError(503, ""), { status: 503, message: "the SDK's own words" }],
    [
      "Retry-After in seconds",
      restError(429, '{"error":{"code":"OperationNotAllowed","message":"slow"}}', { "retry-after": "37" }),
      { status: 429, code: "OperationNotAllowed", message: "slow", retryAfterMs: 37_000 },
    ],
    [
      "Retry-After as a date, which counts from Azure's own",
      restError(503, "", { "retry-after": "Tue, 01 Dec 2026 06:01:30 GMT", date: DATE }),
      { status: 503, message: "the SDK's own words", retryAfterMs: 90_000 },
    ],
    [
      "Resource Graph's quota, which resets after a time span",
      restError(429, "", { "x-ms-user-quota-resets-after": "00:00:05" }),
      { status: 429, message: "the SDK's own words", retryAfterMs: 5_000 },
    ],
  ])("%s", (_what, failure, error) => {
    expect(armErrorOf(failure)).toEqual(error);
  });

  test.each([
    ["a broken connection", restError(undefined, "")],
    ["an error of our own", new TypeError("oops")],
    ["no error at all", "oops"],
  ])("%s is no answer", (_what, failure) => {
    expect(armErrorOf(failure)).toBeUndefined();
  });

  test.each([
    [
      "a missing permission, which it names",
      restError(
        403,
        `{"error":{"code":"AuthorizationFailed","message":"The client 'x' does not have authorization to perform action 'Microsoft.Compute/virtualMachines/read' over scope '/s'."}}`,
      ),
      { kind: "forbidden", message: "missing action Microsoft.Compute/virtualMachines/read" },
    ],
    [
      "a token that Azure does not take",
      restError(401, '{"error":{"code":"ExpiredAuthenticationToken","message":"expired"}}'),
      { kind: "forbidden", message: "401 ExpiredAuthenticationToken expired" },
    ],
    [
      "throttling",
      restError(429, '{"error":{"code":"RateLimiting","message":"slow"}}', { "retry-after": "5" }),
      { kind: "unavailable", message: "429 RateLimiting slow", throttled: true, retryAfterMs: 5000 },
    ],
    ["a broken connection", restError(undefined, ""), { kind: "unavailable", message: "the SDK's own words" }],
  ])("to a read: %s", (_what, failure, expected) => {
    expect(readFailureOf(failure)).toEqual(expected);
  });

  test.each([
    ["seconds", "120", undefined, 120_000],
    ["a fraction of a second", "0.5", undefined, 500],
    ["less than nothing", "-5", undefined, 0],
    ["a date to come", "Tue, 01 Dec 2026 06:02:00 GMT", DATE, 120_000],
    ["a date that has passed", "Tue, 01 Dec 2026 05:00:00 GMT", DATE, 0],
    ["a date without the answer's own", "Tue, 01 Dec 2026 06:02:00 GMT", undefined, undefined],
    ["words", "soon", DATE, undefined],
    ["nothing", "", DATE, undefined],
    ["no header", undefined, DATE, undefined],
  ])("Retry-After: %s", (_what, header, date, milliseconds) => {
    expect(retryAfterOf(header, date)).toBe(milliseconds);
  });

  test.each([
    ['{"a":1}', { a: 1 }],
    ["{oops", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("the body %s", (text, parsed) => expect(parseJson(text)).toEqual(parsed));
});

describe("planned calls", () => {
  const vmId = { kind: "azureVm", subscriptionId: SUBSCRIPTION, resourceGroup: "Rg-Web", name: "Web-01" } as const;
  const vmUrl = `${ARM_ORIGIN}/subscriptions/${SUBSCRIPTION}/resourceGroups/Rg-Web/providers/Microsoft.Compute/virtualMachines/Web-01`;
  const install = {
    rebootSetting: "Never",
    maximumDuration: "PT2H",
    linuxParameters: { packageNameMasksToInclude: ["a*"] },
  } as const;

  test("of an assessment: read, assess, ask Resource Graph", async () => {
    const calls = await plannedCalls(vmId, undefined);
    expect(calls.map(({ method, url }) => `${method} ${url.replace(/api-version=[\d-]+/, "api-version=V")}`)).toEqual([
      `GET ${vmUrl}?api-version=V&%24expand=instanceView`,
      `POST ${vmUrl}/assessPatches?api-version=V`,
      `POST ${ARM_ORIGIN}/providers/Microsoft.ResourceGraph/resources?api-version=V`,
    ]);
    expect(calls.map(({ body }) => body)).toEqual([
      null,
      null,
      expect.objectContaining({
        subscriptions: [SUBSCRIPTION],
        query: expect.stringContaining(`'${vmUrl.slice(ARM_ORIGIN.length).toLowerCase()}'`),
      }),
    ]);
  });

  test("of a patch run: the install as it would be sent, last", async () => {
    const calls = await plannedCalls(vmId, install);
    expect(calls).toHaveLength(4);
    expect(calls.at(-1)).toEqual({
      method: "POST",
      url: expect.stringContaining(`${vmUrl}/installPatches?api-version=`),
      body: install,
    });
  });
});

test("with a simulated endpoint no real credential is constructed", () => {
  const before = process.env["AZURE_TOKEN_CREDENTIALS"];
  // The real chain throws at once when it is told to use a credential that does not exist.
  process.env["AZURE_TOKEN_CREDENTIALS"] = "no-such-credential";
  try {
    expect(() => connectArm({}, undefined)).toThrow("AZURE_TOKEN_CREDENTIALS");
    expect(connectArm({ endpoint: ENDPOINT }, undefined)).toBeInstanceOf(Arm);
  } finally {
    if (before === undefined) delete process.env["AZURE_TOKEN_CREDENTIALS"];
    else process.env["AZURE_TOKEN_CREDENTIALS"] = before;
  }
});
