import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import type * as Program from "./program";

declare const requireOutsideJest: (file: string) => unknown;

/** The courses run outside jest's sandbox, in which `@azure/functions` registers nothing. */
const { deliveries, explore, scenarios } = requireOutsideJest(
  path.resolve("dist/test-crash-program.js"),
) as typeof Program;

/** A short form of `npm run test:crash`: each scenario under one way of delivery, with crashes spread over its course. */
const CRASHES = 6;
const CRASHES_OF_LONG = 2;

const cases = scenarios.map((scenario, index) => {
  const delivery = deliveries[index % deliveries.length] ?? "once";
  return [scenario.name, delivery, scenario] as const;
});

describe("whatever the point of the crash, nothing is sent twice and no run is lost", () => {
  test.each(cases)(
    "%s, activities delivered %s",
    async (_name, delivery, scenario) => {
      const most = scenario.isLong ? CRASHES_OF_LONG : CRASHES;
      const { courses, violations } = await explore(scenario, delivery, { most });
      expect(courses).toBeGreaterThanOrEqual(most);
      expect(violations).toEqual([]);
    },
    60_000,
  );
});
