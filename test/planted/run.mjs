import { existsSync } from "node:fs";
import path from "node:path";
import { requireNode } from "../../build/node-version.mjs";
import { Copies, problemWithEdit } from "./copies.mjs";
import { defects } from "./defects.mjs";
import { killAll } from "./programs.mjs";
import { troubleWithUnbroken, verdictOn } from "./verdicts.mjs";

/** Breaks one decision at a time in a copy of the project; each must make a test fail. Words narrow the list by name. */

/** One copy a core. */
const AT_A_TIME = 2;

requireNode();
const root = path.resolve(import.meta.dirname, "../..");
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = defects.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
const copies = new Copies(root);
for (const [signal, status] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
  process.on(signal, () => {
    cleanUp();
    process.exit(status);
  });
}
try {
  process.exitCode = (await breakAll()) ? 0 : 1;
} finally {
  cleanUp();
}

function cleanUp() {
  killAll();
  copies.discardAll();
}

async function breakAll() {
  const started = Date.now();
  const problems = chosen.flatMap(problemsWith);
  if (chosen.length === 0) problems.push(`no defect's name holds ${words.join(" and ")}`);
  for (const problem of problems) print(`ERROR     ${problem}`);
  if (problems.length > 0) return false;

  const tests = [...new Set(chosen.flatMap((defect) => defect.tests))];
  const trouble = await troubleWithUnbroken(copies.unbroken, tests);
  if (trouble !== undefined) {
    print(`ERROR     the unbroken copy is no measure: ${trouble}`);
    return false;
  }
  print(`the unbroken copy passes its ${tests.length} test files after ${secondsSince(started)} s`);
  const kinds = await verdictOnEach(chosen);
  print(`took ${secondsSince(started)} s`);
  return sumUp(kinds);
}

function problemsWith({ name, edits, tests }) {
  const missing = [...edits.map(({ file }) => file), ...tests].filter(
    (file) => !existsSync(path.join(copies.unbroken, file)),
  );
  const problems = missing.map((file) => `${file} is not there`);
  if (problems.length === 0) problems.push(...edits.flatMap((edit) => problemWithEdit(copies.unbroken, edit) ?? []));
  return problems.map((problem) => `${name}: ${problem}`);
}

/** @returns the kinds of verdict, in the order in which they came */
async function verdictOnEach(all) {
  const queue = [...all];
  const kinds = [];
  const work = async () => {
    for (let defect = queue.shift(); defect; defect = queue.shift()) kinds.push(await judge(defect));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return kinds;
}

async function judge({ name, edits, tests, named }) {
  const copy = copies.broken(edits);
  const { kind, detail } = await verdictOn(copy, { tests, named });
  copies.discard(copy);
  switch (kind) {
    case "caught":
      print(`caught    ${name}  by ${detail}`);
      break;
    case "survived":
      print(`SURVIVED  ${name}  (${detail})`);
      break;
    default:
      print(`INVALID   ${name}  (${detail})`);
  }
  return kind;
}

function sumUp(kinds) {
  const count = (kind) => kinds.filter((other) => other === kind).length;
  const invalid = count("invalid");
  print(`${count("caught")} caught, ${count("survived")} survived${invalid > 0 ? `, ${invalid} invalid` : ""}`);
  return count("caught") === kinds.length;
}

function secondsSince(instant) {
  return Math.round((Date.now() - instant) / 1000);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
