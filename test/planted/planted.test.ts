import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";

interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

interface Defect {
  readonly name: string;
  readonly edits: readonly Edit[];
  readonly tests: readonly string[];
}

declare const requireOutsideJest: (file: string) => unknown;
const { defects } = requireOutsideJest(path.resolve("test/planted/defects.mjs")) as { defects: readonly Defect[] };
const { problemWithEdit } = requireOutsideJest(path.resolve("test/planted/copies.mjs")) as {
  problemWithEdit: (root: string, edit: Edit) => string | undefined;
};

/** Whether a test catches them is what `npm run test:planted` tells, which takes long. */
test.each(defects)("the defect still has its place in the source: $name", ({ edits, tests }) => {
  expect([...edits.map(({ file }) => file), ...tests].filter((file) => !existsSync(file))).toEqual([]);
  expect(edits.flatMap((edit) => problemWithEdit(".", edit) ?? [])).toEqual([]);
});
