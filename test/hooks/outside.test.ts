import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import * as crypto from "node:crypto";
import type { OutsideAnswer } from "../../src/domain/hook/verdict";
import type { HttpsAnswer, HttpsRequest } from "../../src/embedding";
import { ForbiddenAddress } from "../../src/hooks/https-call";
import { createOutside } from "../../src/hooks/outside";
import { signatureOf } from "../../src/hooks/signature";
import { VirtualClock } from "../../src/local/clock/virtual-clock";

const KEY = "0123456789abcdef0123456789abcdef";
const NOW = Date.parse("2026-12-01T06:00:00.500Z");
const hook = { url: "https://hooks.example.com/", key: "hook", id: "the-id", body: { moment: "beforeVm" } };

function outsideWith(send: (request: HttpsRequest) => Promise<HttpsAnswer>) {
  const clock = new VirtualClock({ start: NOW });
  return { clock, outside: createOutside(clock, new Map([["hook", KEY]]), send) };
}

describe("a hook's call", () => {
  test("carries id, time and signature over the body as it is sent, and no token", async () => {
    const sent: HttpsRequest[] = [];
    const { clock, outside } = outsideWith((request) => {
      sent.push(request);
      return Promise.resolve({ status: 200 });
    });
    expect(await outside.askHook({ ...hook, until: NOW + 1000 })).toEqual({ kind: "answered", status: 200 });
    const timestamp = Math.floor(NOW / 1000);
    expect(sent[0]).toMatchObject({
      method: "POST",
      url: hook.url,
      body: '{"moment":"beforeVm"}',
      headers: {
        "content-type": "application/json",
        "user-agent": "goldpatch",
        "idempotency-key": "the-id",
        "x-goldpatch-timestamp": String(timestamp),
        "x-goldpatch-signature": `sha256=${signatureOf(KEY, timestamp, '{"moment":"beforeVm"}')}`,
      },
    });
    expect(Object.keys(sent[0]?.headers ?? {})).not.toContain("authorization");
    clock.close();
  });

  test("is not made with a key that the app does not have", async () => {
    const { clock, outside } = outsideWith(() => Promise.reject(new Error("nothing is to be sent")));
    expect(await outside.askHook({ ...hook, key: "other", until: NOW })).toEqual({
      kind: "forbidden",
      reason: "no key other in GOLDPATCH_HOOK_KEYS",
    });
    clock.close();
  });

  test.each([
    ["7", 7000],
    ["Tue, 01 Dec 2026 06:01:00 GMT", 59_500],
    ["Tue, 01 Dec 2026 05:00:00 GMT", 0],
    ["soon", undefined],
    [undefined, undefined],
  ])("may be told to come back: %s", async (retryAfter, retryAfterMs) => {
    const { clock, outside } = outsideWith(() =>
      Promise.resolve({ status: 202, ...(retryAfter !== undefined && { retryAfter }) }),
    );
    expect(await outside.askHook({ ...hook, until: NOW + 1000 })).toEqual({
      kind: "answered",
      status: 202,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
    clock.close();
  });

  test("takes half a minute at most, and never longer than its deadline leaves", async () => {
    const cutAt: number[] = [];
    const { clock, outside } = outsideWith(
      ({ signal }) =>
        new Promise((_answered, failed) => {
          signal.addEventListener("abort", () => {
            cutAt.push(clock.now() - NOW);
            failed(new Error("aborted"));
          });
        }),
    );
    const unanswered = { kind: "unanswered", reason: "no answer in time" };
    expect(await outside.askHook({ ...hook, until: NOW + 3_600_000 })).toEqual(unanswered);
    expect(await outside.askHook({ ...hook, until: NOW + 40_000 })).toEqual(unanswered);
    expect(await outside.probe(hook.url, 5000)).toEqual(unanswered);
    expect(cutAt).toEqual([30_000, 40_000, 45_000]);
    clock.close();
  });

  test.each<[string, () => Error, OutsideAnswer]>([
    [
      "an address that is not to be called",
      () => new ForbiddenAddress("no public address"),
      { kind: "forbidden", reason: "no public address" },
    ],
    [
      "a connection with a code",
      () => Object.assign(new Error("connect https://secret"), { code: "ECONNREFUSED" }),
      { kind: "unanswered", reason: "no connection (ECONNREFUSED)" },
    ],
    ["any other", () => new Error("https://secret"), { kind: "unanswered", reason: "no connection" }],
  ])("that fails tells why, without the address: %s", async (_what, failure, answer) => {
    const { clock, outside } = outsideWith(() => Promise.reject(failure()));
    expect(await outside.probe("https://health.example.com/?code=secret", 1000)).toEqual(answer);
    clock.close();
  });
});

describe("the receiver's check in docs/hooks.md", () => {
  const page = readFileSync("docs/hooks.md", "utf8");
  const [, snippet = ""] = /```js\n(function isGoldpatch[\s\S]*?)```/.exec(page) ?? [];
  const now = NOW / 1000;
  const body = '{"moment":"beforeVm"}';
  const isGoldpatch = (headers: object, text = body): boolean =>
    runInNewContext(`const crypto = require("node:crypto"); ${snippet}; isGoldpatch(headers, text, key, now)`, {
      require: () => crypto,
      Buffer,
      headers,
      text,
      key: KEY,
      now,
    }) as boolean;
  const headersAt = (timestamp: number, key = KEY) => ({
    "x-goldpatch-timestamp": String(timestamp),
    "x-goldpatch-signature": `sha256=${signatureOf(key, timestamp, body)}`,
  });

  test("takes a call of ours", () => expect(isGoldpatch(headersAt(Math.floor(now)))).toBe(true));

  test.each([
    ["another body", headersAt(Math.floor(now)), '{"moment":"afterVm"}'],
    ["another key", headersAt(Math.floor(now), "another key of thirty-two letters"), body],
    ["an old call", headersAt(Math.floor(now) - 600), body],
    ["no signature", { "x-goldpatch-timestamp": String(Math.floor(now)) }, body],
    ["nothing", {}, body],
  ])("refuses %s", (_what, headers, text) => expect(isGoldpatch(headers, text)).toBe(false));
});
