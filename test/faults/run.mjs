import { fork } from "node:child_process";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { bundleProgram, bundleTestApp } from "../../build/bundle.mjs";
import { requireNode } from "../../build/node-version.mjs";

const HELP = `npm run test:faults -- [--seeds N] [--from K] [--workers W]
npm run test:faults -- --seed K --trace

Plays N seeded courses of faults (1000, from seed 1, two workers) over simulated Azure and judges each.
--seed K --trace   plays one course and prints its schedule and all that happened
`;

requireNode();
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    workers: { type: "string", default: "2" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
/** A worker is replaced after so many courses: each loads the app anew, and modules are never given back. */
const COURSES_A_WORKER = 100;
const PROGRESS_EVERY = 100;
/** A course takes about a second. */
const LONGEST_COURSE_MS = 180_000;
let program;

function whole(name) {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1) return value;
  process.stderr.write(`--${name}: "${values[name]}": give a whole number from 1\n`);
  process.exit(2);
}

async function trace(seed) {
  const { text, violations } = await createRequire(import.meta.url)(program).traceOf(seed);
  process.stdout.write(`${text}\n`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}

async function explore(from, count, workers) {
  const began = performance.now();
  const sum = { seeds: 0, runs: 0, posts: 0, violations: 0, codes: new Map(), met: new Map() };
  let next = from;
  const take = () => (next < from + count ? next++ : undefined);
  await Promise.all(Array.from({ length: Math.min(workers, count) }, () => work(take, (verdict) => add(sum, verdict))));
  report(sum, (performance.now() - began) / 1000);
  process.exitCode = sum.violations > 0 ? 1 : 0;
}

async function work(take, done) {
  for (let seed = take(); seed !== undefined;) {
    const worker = fork(program, ["worker"], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    for (let played = 0; seed !== undefined && isAlive(worker) && played < COURSES_A_WORKER; played++) {
      done(await answerOf(worker, seed));
      seed = take();
    }
    worker.kill();
  }
}

const isAlive = ({ exitCode, signalCode }) => exitCode === null && signalCode === null;

/** A worker that dies took its course with it, and one that is silent for long hangs: both are violations as well. */
function answerOf(worker, seed) {
  return new Promise((resolve) => {
    let why;
    const silent = setTimeout(() => {
      why = `no end after ${LONGEST_COURSE_MS / 1000} s`;
      worker.kill("SIGKILL");
    }, LONGEST_COURSE_MS);
    worker.once("exit", (code, signal) => {
      clearTimeout(silent);
      const violations = [why ?? `the process ended with ${code ?? signal}`];
      resolve({ seed, violations, runs: 0, posts: 0, codes: [], met: [] });
    });
    worker.once("message", (verdict) => {
      clearTimeout(silent);
      worker.removeAllListeners("exit");
      resolve(verdict);
    });
    worker.send(seed);
  });
}

function add(sum, { seed, violations, runs, posts, codes, met }) {
  sum.seeds += 1;
  sum.runs += runs;
  sum.posts += posts;
  for (const code of codes) sum.codes.set(code, (sum.codes.get(code) ?? 0) + 1);
  for (const what of met) sum.met.set(what, (sum.met.get(what) ?? 0) + 1);
  if (violations.length > 0) {
    sum.violations += violations.length;
    process.stdout.write(`seed ${seed}: npm run test:faults -- --seed ${seed} --trace\n`);
    for (const violation of violations) process.stdout.write(`  ${violation}\n`);
  }
  if (sum.seeds % PROGRESS_EVERY === 0) {
    process.stderr.write(`${sum.seeds} seeds, ${sum.posts} POSTs, ${sum.violations} violations\n`);
  }
}

function report(sum, seconds) {
  const table = (counts) =>
    [...counts]
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, count]) => `  ${String(count).padStart(7)}  ${name}\n`)
      .join("");
  process.stdout.write(
    `\nEnded as\n${table(sum.codes)}\nMet\n${table(sum.met)}\n` +
      `${sum.seeds} seeds in ${seconds.toFixed(0)} s: ${sum.runs} runs, ${sum.posts} POSTs, ${sum.violations} violations\n`,
  );
}

if (values.help) {
  process.stdout.write(HELP);
} else {
  bundleTestApp();
  program = bundleProgram("test/faults/program.ts");
  if (values.seed !== undefined && values.trace) await trace(whole("seed"));
  else if (values.seed !== undefined) await explore(whole("seed"), 1, 1);
  else await explore(whole("from"), whole("seeds"), whole("workers"));
}
