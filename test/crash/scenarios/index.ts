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
