import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { carriesKey, newKey, sameKey } from "../../src/local/functions-host/http/keys";

const key = newKey();
const request = (headers: Record<string, string>, query = "") => ({
  method: "GET",
  url: new URL(`http://127.0.0.1/api/x${query}`),
  headers,
  body: Buffer.alloc(0),
});

test("a key is 32 random bytes, and nothing in it looks like an option", () => {
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(newKey()).not.toBe(key);
});

test.each([
  ["nothing", ""],
  ["its beginning", key.slice(0, -1)],
  ["more than it", `${key}x`],
  ["another of its length", newKey()],
  ["it in another case", key.toUpperCase()],
  ["a text of a megabyte", "x".repeat(1024 * 1024)],
])("%s is not the key", (_what, given) => {
  expect(sameKey(given, key)).toBe(false);
  expect(carriesKey(request({ "x-functions-key": given }), [newKey(), key])).toBe(false);
});

test("the key is the key, in the header or the query", () => {
  expect(sameKey(key, key)).toBe(true);
  expect(carriesKey(request({ "x-functions-key": key }), [newKey(), key])).toBe(true);
  expect(carriesKey(request({}, `?code=${key}`), [key])).toBe(true);
});

/** Time itself cannot be tested on a machine that does other things too. */
test("nowhere in the host is a key compared but by sameKey, and there in constant time", () => {
  const folder = "src/local/functions-host/http";
  expect(readFileSync(`${folder}/keys.ts`, "utf8")).toMatch(/sameKey = .+ => timingSafeEqual\(digest\(/);
  for (const file of ["router.ts", "http-functions.ts", "event-grid.ts", "durable-api.ts", "keys.ts"]) {
    expect(readFileSync(`${folder}/${file}`, "utf8")).not.toMatch(
      /(?:[kK]ey|[sS]ecret) *[!=]==|[!=]== *(?:\w+\.)*\w*(?:[kK]ey|[sS]ecret)\b/,
    );
  }
});
