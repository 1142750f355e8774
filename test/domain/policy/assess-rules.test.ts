import { expect, test } from "@jest/globals";
import { assessRules } from "../../../src/domain/policy/assess-rules";

const settings = { attempts: 3, pauseMs: 300_000, deadlineMs: 1_200_000 };

test.each([
  [{}, settings],
  [{ attempts: 1 }, { ...settings, attempts: 1 }],
  [{ pause: "PT1M" }, { ...settings, pauseMs: 60_000 }],
  [{ deadline: "PT2H" }, { ...settings, deadlineMs: 7_200_000 }],
])("%j: what it does not say the settings do", (assess, rules) => {
  expect(assessRules(assess, settings)).toEqual(rules);
});
