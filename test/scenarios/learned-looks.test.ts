import { expect, test } from "@jest/globals";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

const HALF_A_DAY_MS = 12 * 3_600_000;
const LEARNERS = 10;

/** Ten VMs teach, an eleventh of the same image version is followed by what they took. */
test("an operation is looked at by what others of its image took, and its end is not seen much later", async () => {
  const names = Array.from({ length: LEARNERS + 1 }, (_, index) => `vm-${index}`);
  const world = await startWorld({
    fleet: fleetOf(
      names.map((name, index) => ({
        name,
        image: "lin",
        events: [],
        assess: { durationSeconds: 150 + 10 * index },
        install: { durationSeconds: 900 + 30 * index },
      })),
    ),
  });
  const looksAt = (name: string) => {
    const operations = new Map<string, number>();
    for (const { path, vmIds, operationId } of world.transcript) {
      if (!path.includes("/operations/") || !vmIds[0]?.endsWith(`/${name}`)) continue;
      operations.set(operationId ?? "", (operations.get(operationId ?? "") ?? 0) + 1);
    }
    return [...operations.values()];
  };

  await world.run("patch", names.slice(0, LEARNERS));
  await world.settle();
  await world.passes(HALF_A_DAY_MS);
  await world.run("patch", ["vm-10"]);
  const run = (await world.settle()).find(({ vmId }) => vmId.endsWith("/vm-10"));

  const [unlearned, learned] = [looksAt("vm-9"), looksAt("vm-10")];
  expect(unlearned[0]).toBeGreaterThan(4);
  expect(unlearned[1]).toBeGreaterThan(13);
  expect(learned[0]).toBeLessThanOrEqual(4);
  expect(learned[1]).toBeLessThanOrEqual(5);

  const install = run?.steps.find(({ name }) => name === "installPatches");
  const tookMs = Date.parse(install?.endedAt ?? "") - Date.parse(install?.startedAt ?? "");
  expect(run?.code).toMatch(/^(?:Patched|RebootPending)$/);
  expect(tookMs).toBeLessThan((900 + 30 * LEARNERS) * 1000 * 1.15);
});
