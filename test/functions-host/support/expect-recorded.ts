import { expect } from "@jest/globals";
import { isDeepStrictEqual } from "node:util";
import { differences } from "../differences";

export interface Part {
  readonly got: unknown;
  readonly wanted: unknown;
}

/** Every part is as recorded, but for the rows of differences.ts; and each of those still is a difference. */
export function expectRecorded(recording: string, parts: ReadonlyMap<string, Part>): void {
  const rows = differences.filter((row) => row.recording === recording);
  const different = [...parts].filter(([, { got, wanted }]) => !isDeepStrictEqual(got, wanted));
  const unexplained = different.filter(([part]) => !rows.some(({ at }) => at === undefined || at === part));
  expect(Object.fromEntries(unexplained.map(([part, { got }]) => [part, got]))).toEqual(
    Object.fromEntries(unexplained.map(([part, { wanted }]) => [part, wanted])),
  );
  const vanished = rows.filter(({ at }) => !different.some(([part]) => at === undefined || at === part));
  expect(vanished).toEqual([]);
  for (const { at, shows } of rows) {
    for (const [part, { got }] of different) {
      if (shows && (at === undefined || at === part)) expect(got).toMatchObject(shows);
    }
  }
}
