import { afterEach, expect, test } from "@jest/globals";
import { stopAll } from "../cli/goldpatch";
import { compare } from "./compare";
import { patchWhileKilled, type KillResult } from "./kill";

afterEach(stopAll);

const quiet = { seed: 1, tell: () => undefined };

/** The short form of `npm run test:kill`. */
test("a fleet ends as it would have ended although its host is killed again and again", async () => {
  const [undisturbed, killed] = await Promise.all([
    patchWhileKilled({ vms: 15, kills: 0, ...quiet }),
    patchWhileKilled({ vms: 15, kills: 4, ...quiet }),
  ]);
  expect(undisturbed.runs.size).toBe(15);
  expect(killed.kills).toBe(4);
  expect(compare(undisturbed, killed).violations).toEqual([]);
}, 300_000);

test("another end, a lost run and a second install request are told apart from what a kill excuses", () => {
  const run = {
    outcome: "patched",
    code: "Patched",
    installedPatchCount: 3,
    failedPatchCount: 0,
    supportState: "Supported",
  };
  const result = (runs: object, installPosts: Readonly<Record<string, number>> = {}) =>
    ({
      runs: new Map(Object.entries(runs)),
      installPosts: new Map(Object.entries(installPosts)),
    }) as unknown as KillResult;
  const undisturbed = result({ same: run, other: run, lost: run, unresolved: run });
  const killed = result(
    {
      same: run,
      other: { ...run, installedPatchCount: 2 },
      unresolved: { ...run, outcome: "undetermined", code: "IntentUnresolved" },
    },
    { same: 2, unresolved: 1 },
  );
  expect(compare(undisturbed, killed)).toEqual({
    unresolved: ["unresolved"],
    violations: [
      "same: 2 install requests",
      expect.stringMatching(/^other: ended as patched Patched, Supported, 2 installed/),
      expect.stringMatching(/^lost: ended as no run, undisturbed as patched/),
    ],
  });
});
