import type { Scenario } from "../scenario";
import { branches } from "./branches";
import { crowds } from "./crowds";
import { switches, takeovers } from "./operators";
import { operations, requests } from "./requests";

export const scenarios: readonly Scenario[] = [
  ...branches,
  ...requests,
  ...operations,
  ...switches,
  ...takeovers,
  ...crowds,
];

export function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (!scenario) throw new RangeError(`there is no scenario "${name}"`);
  return scenario;
}
