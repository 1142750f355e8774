import { afterEach, describe, expect, it } from "@jest/globals";
import { TokenBucket } from "../../src/local/simulated-azure/rates/token-bucket";
import { type Answer, at, type Causes, cloud, closeClouds, type Cloud } from "./cloud";

afterEach(closeClouds);

const MINUTE_MS = 60_000;

describe("a token bucket", () => {
  const limit = { policy: "P", capacity: 12, refill: 4, everyMs: MINUTE_MS };
  const drain = (bucket: TokenBucket, now: number): number => {
    let taken = 0;
    for (; bucket.remaining(now) > 0; taken++) bucket.take(now);
    return taken;
  };

  it("starts full and refills in lumps, as the table of the documents shows", () => {
    const bucket = new TokenBucket(limit, 0);
    expect(drain(bucket, 1000)).toBe(12);
    expect(drain(bucket, MINUTE_MS - 1)).toBe(0);
    expect(drain(bucket, MINUTE_MS)).toBe(4);
    expect(drain(bucket, 3 * MINUTE_MS)).toBe(8);
  });

  it("never holds more than its capacity", () => {
    const bucket = new TokenBucket(limit, 0);
    expect(drain(bucket, 100 * MINUTE_MS)).toBe(12);
  });

  it("has its own phase", () => {
    const bucket = new TokenBucket(limit, 0, 20_000);
    drain(bucket, 0);
    expect(bucket.nextRefill(0)).toBe(20_000);
    expect([bucket.remaining(19_999), bucket.remaining(20_000)]).toEqual([0, 4]);
  });
});

const fleetOf = (count: number): Causes => ({
  vms: Array.from({ length: count }, (_, index) => ({ name: `vm${index}`, image: "win" })),
});
const refusals = (answers: readonly Answer[]): number => answers.filter(({ status }) => status === 429).length;
const REMAINING = "x-ms-ratelimit-remaining-resource";

describe("assess and install", () => {
  it("tell what remains, and a body that is refused spends a token too [REC]", async () => {
    const made = cloud();
    const remaining = async (answer: Promise<Answer>) => (await answer).headers[REMAINING];
    expect(await remaining(made.assess())).toBe(
      "Microsoft.Compute/VMGuestPatchOperationSubscriptionMaximum;599,Microsoft.Compute/VMGuestPatchOperationResource;5",
    );
    expect(await remaining(made.install("vm1", {}))).toContain("SubscriptionMaximum;598");
    expect(await remaining(made.assess())).toContain("Resource;3");
  });

  it("share six tokens for each VM, and two more come each minute", async () => {
    const made = cloud({ power: { state: "deallocated" } });
    const all = async (count: number) => Promise.all(Array.from({ length: count }, () => made.assess()));
    expect(refusals(await all(6))).toBe(0);
    const refused = await made.install();
    expect(refused.status).toBe(429);
    expect(refused.headers[REMAINING]).toContain("VMGuestPatchOperationResource;0");
    await made.until(Number(refused.headers["retry-after"]));
    expect(refusals(await all(3))).toBe(1);
  });

  it("are refused with the code that busy machines have, and details [DOC]", async () => {
    const made = cloud();
    for (let index = 0; index < 6; index++) await made.assess();
    const { json } = await made.assess();
    expect(json).toEqual({
      error: {
        code: "OperationNotAllowed",
        message: "The server rejected the request because too many requests have been received for this subscription.",
        details: [
          {
            code: "TooManyRequests",
            target: "VMGuestPatchOperationResource",
            message: expect.stringContaining('"allowedRequestCount":6'),
            innererror: { internalErrorCode: "TooManyRequestsReceived" },
          },
        ],
      },
    });
  });

  it("share 600 tokens for each subscription and region, and 200 more come each minute", async () => {
    const made = cloud({}, fleetOf(900));
    let next = 0;
    const assess = async (count: number) => {
      const answers: Answer[] = [];
      for (let index = 0; index < count; index++) answers.push(await made.assess(`vm${next++}`));
      return refusals(answers);
    };
    for (const [seconds, count] of [
      [1, 200],
      [21, 200],
      [41, 200],
    ] as const) {
      await made.until(seconds);
      expect(await assess(count)).toBe(0);
    }
    await made.until(180);
    expect(await assess(200)).toBe(0);
  });
});

describe("reads", () => {
  it.each([
    ["a VM", (made: Cloud) => made.vm(), 36, "LowCostGetResource"],
    ["an instance view", (made: Cloud) => made.view(), 36, "LowCostGetResource"],
  ] as const)("of %s have their own bucket", async (_, read, tokens, policy) => {
    const made = cloud();
    for (let index = 0; index < tokens; index++) expect((await read(made)).status).toBe(200);
    const refused = await read(made);
    expect([refused.status, at(refused.json, "error.details.0.target")]).toEqual([429, policy]);
    expect((await made.assess()).status).toBe(202);
  });

  it("of an operation are charged as the recordings show", async () => {
    const made = cloud();
    const { headers } = await made.assess();
    const poll = () => made.get(headers["azure-asyncoperation"] ?? "");
    expect((await poll()).headers[REMAINING]).toBe(
      "Microsoft.Compute/GetOperationSubscriptionMaximum;14999,Microsoft.Compute/GetOperationResource;44",
    );
  });
});

describe("ARM's own limits", () => {
  it("are told in every answer: 200 writes, 250 reads, and 15 times that for all [REC]", async () => {
    const made = cloud();
    expect((await made.assess()).headers).toMatchObject({
      "x-ms-ratelimit-remaining-subscription-writes": "199",
      "x-ms-ratelimit-remaining-subscription-global-writes": "2999",
    });
    expect((await made.vm()).headers).toMatchObject({
      "x-ms-ratelimit-remaining-subscription-reads": "249",
      "x-ms-ratelimit-remaining-subscription-global-reads": "3749",
    });
  });

  it("refuse 400 of 600 writes at once", async () => {
    const made = cloud({}, fleetOf(600));
    const answers = await Promise.all(Array.from({ length: 600 }, (_, index) => made.assess(`vm${index}`)));
    expect(refusals(answers)).toBe(400);
    const refused = answers.find(({ status }) => status === 429);
    expect(at(refused?.json, "error.code")).toBe("SubscriptionRequestsThrottled");
    expect(refused?.headers["retry-after"]).toBe("1");
  });
});
