import { expect, it } from "@jest/globals";
import { MemoryStore } from "../../src/store/memory";
import type { Store } from "../../src/store/store";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

const MINUTE_MS = 60_000;
const VMS = ["one", "two", "three"];

/** A table that can be lost: from then on an empty one answers in its place. */
function losable(): { readonly store: Store; readonly lose: () => void } {
  let kept: Store = new MemoryStore();
  return {
    store: {
      get: (partition, key) => kept.get(partition, key),
      insertIfAbsent: (partition, key, value) => kept.insertIfAbsent(partition, key, value),
      replaceIfMatch: (row, value) => kept.replaceIfMatch(row, value),
      scan: (partition, prefix) => kept.scan(partition, prefix),
      batch: (partition, operations) => kept.batch(partition, operations),
    },
    lose: () => void (kept = new MemoryStore()),
  };
}

/** docs/operations.md, backup: without any copy nothing dangerous happens. */
it.each([
  ["Azure assesses", 3],
  ["Resource Graph is asked", 6],
  ["Azure installs", 12],
])("runs in flight send nothing more when the table is lost while %s", async (_, minutes) => {
  const { store, lose } = losable();
  const operations = { assess: { durationSeconds: 300 }, install: { durationSeconds: 1200 } };
  const world = await startWorld({
    fleet: fleetOf(VMS.map((name) => ({ name, image: "lin", events: [], ...operations }))),
    store,
  });
  const posts = () => world.transcript.filter(({ method, path }) => method === "POST" && path.includes("Patches?"));
  await world.run("patch", VMS);
  await world.passes(minutes * MINUTE_MS);
  const sentBefore = posts();
  lose();
  await world.settle();

  expect(sentBefore.length).toBeGreaterThanOrEqual(VMS.length);
  expect(posts().slice(sentBefore.length)).toEqual([]);
  expect(world.host.instances().filter(({ runtimeStatus }) => ["Pending", "Running"].includes(runtimeStatus))).toEqual(
    [],
  );
});
