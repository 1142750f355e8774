import { expect, test } from "@jest/globals";
import { aroundOf, extraMs, forNewVm } from "../../../src/domain/sweep/around";
import { policyOf, policyText } from "../../policy/policy-text";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const plain = policyOf(policyText("mode: patch\n"));
const hook = (moment: string, deadline: string) =>
  `  ${moment}: { url: "https://hooks.example.com", key: hook, deadline: ${deadline} }\n`;
const full = (mode: string) =>
  policyOf(
    policyText(
      `mode: ${mode}\npower: startAndStop\nverify: { within: PT1H }\nhooks:\n${hook("beforeVm", "PT1H")}${hook("afterVm", "PT5M")}${hook("beforeStage", "PT1H")}`,
    ),
  );
const settings = { readyMinutes: 30, graceMinutes: 15 };

test("a plain policy wants nothing around a run, and gives it no more time", () => {
  expect(aroundOf(plain)).toEqual([]);
  expect(extraMs(plain, settings)).toBe(0);
  expect(extraMs(plain, { ...settings, graceMinutes: 60 })).toBe(0);
  expect(extraMs({ ...plain, verify: { within: "soon" } }, settings)).toBe(0);
});

test("hooks and power do, in their order", () => {
  expect(aroundOf(full("patch"))).toEqual(["beforeVm", "power", "afterVm"]);
  expect(aroundOf(full("assess"))).toEqual(["beforeVm", "afterVm"]);
});

test("a new VM runs: nobody starts it", () => {
  expect(aroundOf(forNewVm(full("patch")))).toEqual(["beforeVm", "afterVm"]);
  expect(extraMs(forNewVm(full("patch")), settings)).toBe(extraMs(full("assess"), settings));
});

test("so much longer may its run take", () => {
  const hooks = HOUR + 5 * MINUTE;
  const within = 45 * MINUTE;
  expect(extraMs(full("assess"), settings)).toBe(hooks + within);
  expect(extraMs(full("patch"), settings)).toBe(hooks + within + (120 + 30) * MINUTE);
  expect(extraMs(full("patch"), { ...settings, readyMinutes: 180 })).toBe(hooks + within + 360 * MINUTE);
});
