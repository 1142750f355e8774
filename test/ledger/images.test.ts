import { expect, test } from "@jest/globals";
import { ImageLedger, type ImageVerdict } from "../../src/ledger/images";
import { MemoryStore } from "../../src/store/memory";

const verdict = (changes: Partial<ImageVerdict> = {}): ImageVerdict => ({
  imageId: "/subscriptions/s/…/galleries/gold/images/ubuntu/versions/1.2.3",
  supportState: "Supported",
  runId: "run-1",
  vmId: "/subscriptions/s/…/virtualmachines/vm1",
  seenAt: "2026-11-23T10:00:00.000Z",
  lastOutcome: "patched",
  ...changes,
});
const older = verdict();
const newer = verdict({ supportState: "Unsupported", runId: "run-2", seenAt: "2026-11-23T10:00:00.001Z" });

test.each([
  ["the newest after the older", [older, newer], newer],
  ["the newest, though an older comes late", [newer, older], newer],
  [
    "the last of two seen at the same time",
    [older, { ...newer, seenAt: older.seenAt }],
    { ...newer, seenAt: older.seenAt },
  ],
])("an image version has one verdict: %s", async (_, verdicts, kept) => {
  const images = new ImageLedger(new MemoryStore());
  for (const seen of verdicts) await images.note(seen);
  expect(await images.list()).toEqual([kept]);
});

test("the newest of fifty verdicts at a time is kept, in whatever order they come", async () => {
  const images = new ImageLedger(new MemoryStore());
  const seconds = Array.from({ length: 50 }, (_, index) => String((index * 7) % 50).padStart(2, "0"));
  await Promise.all(
    seconds.map((second) =>
      images.note(verdict({ runId: `run-${second}`, seenAt: `2026-11-23T10:00:${second}.000Z` })),
    ),
  );
  expect((await images.list()).map(({ runId }) => runId)).toEqual(["run-49"]);
});

test("versions of one image have verdicts of their own", async () => {
  const images = new ImageLedger(new MemoryStore());
  const next = verdict({ imageId: older.imageId.replace("1.2.3", "1.2.4"), supportState: "Unknown" });
  await images.note(older);
  await images.note(next);
  const states = (await images.list()).map(({ imageId, supportState }) => [imageId, supportState]);
  expect(new Map(states.map(([imageId, state]) => [imageId, state]))).toEqual(
    new Map([
      [older.imageId, "Supported"],
      [next.imageId, "Unknown"],
    ]),
  );
});
