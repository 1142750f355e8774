import { describe, expect, test } from "@jest/globals";
import { hookVerdict, probeTrouble, type OutsideAnswer } from "../../../src/domain/hook/verdict";

const NOW = 1_000_000;
const DEADLINE = NOW + 60_000;
const answered = (status: number, retryAfterMs?: number): OutsideAnswer => ({
  kind: "answered",
  status,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

describe("a hook's answer", () => {
  test.each([200, 201, 204, 299])("%i is yes", (status) => {
    expect(hookVerdict(answered(status), NOW, DEADLINE)).toEqual({ kind: "yes", status });
  });

  test.each([100, 301, 302, 307, 308, 400, 401, 403, 404, 409, 410])("%i is no", (status) => {
    expect(hookVerdict(answered(status), NOW, DEADLINE)).toEqual({ kind: "no", reason: `it answered ${status}` });
  });

  test.each([202, 408, 429, 500, 503])("%i: ask again", (status) => {
    expect(hookVerdict(answered(status), NOW, DEADLINE)).toEqual({ kind: "again", at: NOW + 15_000 });
    expect(hookVerdict(answered(status, 40_000), NOW, DEADLINE)).toEqual({ kind: "again", at: NOW + 40_000 });
    expect(hookVerdict(answered(status, 0), NOW, DEADLINE)).toEqual({ kind: "again", at: NOW + 2000 });
    expect(hookVerdict(answered(status, 60_000), NOW, DEADLINE)).toEqual({
      kind: "no",
      reason: `it answered ${status}, and its deadline is over`,
    });
  });

  test("none: ask again, until the deadline", () => {
    const silent: OutsideAnswer = { kind: "unanswered", reason: "no connection" };
    expect(hookVerdict(silent, NOW, DEADLINE)).toEqual({ kind: "again", at: NOW + 15_000 });
    expect(hookVerdict(silent, DEADLINE - 15_000, DEADLINE)).toEqual({
      kind: "no",
      reason: "no connection, and its deadline is over",
    });
  });

  test("a call that is not made is no", () => {
    expect(hookVerdict({ kind: "forbidden", reason: "no public address" }, NOW, DEADLINE)).toEqual({
      kind: "no",
      reason: "no public address",
    });
  });
});

test("a probe succeeds with 2xx, and 202 is not yet", () => {
  expect(probeTrouble(answered(200))).toBeUndefined();
  expect(probeTrouble(answered(204))).toBeUndefined();
  for (const status of [199, 202, 300, 404, 503]) expect(probeTrouble(answered(status))).toBe(`it answered ${status}`);
  expect(probeTrouble({ kind: "unanswered", reason: "no connection" })).toBe("no connection");
  expect(probeTrouble({ kind: "forbidden", reason: "no public address" })).toBe("no public address");
});
