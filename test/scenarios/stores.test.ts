import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { RunView } from "../../src/contracts/api/runs";
import { SqliteStore } from "../../src/store/sqlite";
import { startAzurite, type Azurite } from "../support/azurite";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, startWorld, type World } from "../support/outside-jest";

// Each test loads the app twice, and waits for a disk or a socket.
jest.setTimeout(60_000);

const MINUTE = 60_000;

/** An event starts the run, so that its id, and with it all spread of times, is the same in each world. */
const fleet = fleetOf([
  { name: "vm", image: "managed", createAfterSeconds: 0, events: [{ kind: "create", afterSeconds: 60 }] },
]);

/** From the event to the outcome, and what is told of it. */
async function patchIn(world: World): Promise<RunView> {
  await world.passes(2 * MINUTE);
  const [run] = await world.settle();
  if (!run) throw new Error("the event started no run");
  const posts = world.transcript.flatMap(({ path }) => /(assess|install)Patches\?/.exec(path)?.[1] ?? []);
  expect(posts).toEqual(["assess", "install"]);
  return run;
}

describe("a run ends the same way in every store", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-stores-"));
  let azurite: Azurite;
  beforeAll(async () => {
    azurite = await startAzurite();
  });
  afterAll(async () => {
    await azurite.stop();
    rmSync(folder, { recursive: true });
  });

  /** In virtual time the steps of a run depend on the store's answers only. */
  let inMemory: RunView;
  beforeAll(async () => {
    const world = await startLastingWorld({ fleet });
    inMemory = await patchIn(world);
    await world.close();
    expect(inMemory).toMatchObject({ outcome: "patched", code: "Patched" });
  });

  test("a SQLite file, which still has it after a restart", async () => {
    const file = path.join(folder, "runs.db");
    const store = SqliteStore.open(file);
    const world = await startWorld({ fleet, store });
    expect(await patchIn(world)).toEqual(inMemory);
    await world.close();
    store.close();
    const reopened = SqliteStore.open(file);
    const later = await startWorld({ fleet: fleetOf([]), store: reopened });
    expect(await later.runs()).toEqual([inMemory]);
    await later.close();
    reopened.close();
  });

  test("Azure Tables, as the app's own setting says, which the next process finds", async () => {
    const options = { noStore: true, settings: { GOLDPATCH_TABLES_ENDPOINT: azurite.endpoint } };
    const world = await startWorld({ fleet, ...options });
    expect(await patchIn(world)).toEqual(inMemory);
    await world.close();
    const later = await startWorld({ fleet: fleetOf([]), ...options });
    expect(await later.runs()).toEqual([inMemory]);
  });
});
