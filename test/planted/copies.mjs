import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** What git ignores, and git itself. */
const LEFT_OUT = [".git", ".goldpatch", "coverage", "dist", "local.settings.json", "node_modules"];

/** Where jest and tsc leave what they found; no copy takes over another's. */
const RESULTS = "results";
/** But for what tsc knows of the unbroken files, which spares it most of the work. */
export const TYPES_FILE = "types.tsbuildinfo";

/** Copies of a project in the temp folder. The work tree is read once, at the beginning, and never written. */
export class Copies {
  #folder = mkdtempSync(path.join(realpathSync(tmpdir()), "goldpatch-planted-"));
  #root;
  #count = 0;

  constructor(root) {
    this.#root = root;
    this.#copy(root, this.unbroken);
  }

  get unbroken() {
    return path.join(this.#folder, "unbroken");
  }

  /** A copy of the unbroken copy with the edits made in it. */
  broken(edits) {
    const copy = path.join(this.#folder, `broken-${++this.#count}`);
    this.#copy(this.unbroken, copy);
    const types = resultFile(this.unbroken, TYPES_FILE);
    if (existsSync(types)) cpSync(types, resultFile(copy, TYPES_FILE));
    for (const edit of edits) makeEdit(copy, edit);
    return copy;
  }

  discard(copy) {
    rmSync(copy, { recursive: true, force: true, maxRetries: 3 });
  }

  discardAll() {
    this.discard(this.#folder);
  }

  #copy(from, to) {
    mkdirSync(path.join(to, RESULTS), { recursive: true });
    const kept = readdirSync(from).filter((name) => ![...LEFT_OUT, RESULTS].includes(name) && !name.endsWith(".log"));
    for (const name of kept) cpSync(path.join(from, name), path.join(to, name), { recursive: true });
    symlinkSync(path.join(this.#root, "node_modules"), path.join(to, "node_modules"), "dir");
  }
}

export const resultFile = (copy, name) => path.join(copy, RESULTS, name);

/** What keeps an edit from being made, or undefined: the text to replace must stand in the file exactly once. */
export function problemWithEdit(root, { file, find, replace }) {
  if (find === replace) return `${file}: the replacement is the text itself`;
  const times = readFileSync(path.join(root, file), "utf8").split(find).length - 1;
  return times === 1 ? undefined : `${file}: holds the text ${times} times: ${JSON.stringify(find)}`;
}

function makeEdit(root, { file, find, replace }) {
  const target = path.join(root, file);
  writeFileSync(
    target,
    readFileSync(target, "utf8").replace(find, () => replace),
  );
}
