import { describe, expect, it } from "@jest/globals";
import { policyDurationMs } from "../../../src/domain/policy/duration";

describe("a policy's duration", () => {
  it.each([
    ["PT30S", 30_000],
    ["PT0M", 0],
    ["PT90M", 5_400_000],
    ["PT1H30M", 5_400_000],
    ["P1D", 86_400_000],
    ["P2DT3H4M5S", 183_845_000],
  ])("%s is %d ms", (text, ms) => expect(policyDurationMs(text)).toBe(ms));

  it.each(["", "P", "PT", "P1DT", "1H", "PT1.5H", "P1M", "P1W", "PT-1H", "pt1h", "PT9999H", "PT1M1H", "PT1H "])(
    "%j is none",
    (text) => expect(policyDurationMs(text)).toBeUndefined(),
  );
});
