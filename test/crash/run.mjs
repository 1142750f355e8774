import { fork } from "node:child_process";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { bundleProgram, bundleTestApp } from "../../build/bundle.mjs";
import { requireNode } from "../../build/node-version.mjs";

const HELP = `npm run test:crash [-- --scenario NAME] [--delivery once|repeated|doubled] [--workers W]
npm run test:crash -- --scenario NAME --delivery once --point N --side before|after [--down SECONDS] [--then N:SIDE]

Plays each scenario and notes every store write, every commit of the host and every request that leaves; then plays it
again for a crash just before and just after each of them, up to the end, and judges what came of it.
--scenario explores this one alone
--point    plays one crash and prints all that happened
--down     how long nothing runs after the crash, 5 seconds when absent
--then     a second crash, at a point of the course that the first one led to
`;

requireNode();
const { values } = parseArgs({
  options: {
    scenario: { type: "string" },
    delivery: { type: "string" },
    point: { type: "string" },
    side: { type: "string", default: "before" },
    down: { type: "string", default: "5" },
    then: { type: "string" },
    workers: { type: "string", default: "2" },
    help: { type: "boolean", default: false },
  },
});
/** A worker is replaced after so many courses: each loads the app anew, and modules are never given back. */
const COURSES_A_WORKER = 1000;
/** Into so many parts is a scenario cut that is long, or alone: for every worker some, and none of them too long. */
const PARTS = 12;

bundleTestApp();
const program = bundleProgram("test/crash/program.ts");
const { scenarios, deliveries, traceOf } = createRequire(import.meta.url)(program);

function whole(name, text) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${name}: "${text}": give a whole number from 1`);
}

function oneOf(name, text, known) {
  if (known.includes(text)) return text;
  throw new Error(`--${name}: "${text}": give one of ${known.join(", ")}`);
}

function second(text) {
  const [point, side] = text.split(":");
  return { point: whole("then", point), side: oneOf("then", side, ["before", "after"]) };
}

async function trace() {
  const crash = {
    scenario: oneOf(
      "scenario",
      values.scenario,
      scenarios.map(({ name }) => name),
    ),
    delivery: oneOf("delivery", values.delivery ?? "once", deliveries),
    point: whole("point", values.point),
    side: oneOf("side", values.side, ["before", "after"]),
    downSeconds: whole("down", values.down),
    ...(values.then !== undefined && { then: second(values.then) }),
  };
  const { text, violations } = await traceOf(crash);
  process.stdout.write(`${text}\n`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}

async function exploreAll(units) {
  const began = performance.now();
  const sum = { points: 0, crashes: 0, courses: 0, violations: 0 };
  const queue = [...units];
  const workers = Math.min(whole("workers", values.workers), units.length);
  process.stdout.write(`${"scenario".padEnd(34)} delivery  part points crashes courses violations seconds\n`);
  await Promise.all(
    Array.from({ length: workers }, () =>
      work(
        () => queue.shift(),
        (unit, result) => add(sum, unit, result),
      ),
    ),
  );
  const explorations = units.filter(({ part }) => part === 0).length;
  process.stdout.write(
    `\n${explorations} explorations in ${((performance.now() - began) / 1000).toFixed(0)} s: ${sum.points} points, ` +
      `${sum.crashes} crashes before and after them, ${sum.courses} courses played, ${sum.violations} violations\n`,
  );
  process.exitCode = sum.violations > 0 ? 1 : 0;
}

async function work(take, done) {
  for (let unit = take(); unit !== undefined;) {
    const worker = fork(program, ["worker"], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    for (let courses = 0; unit !== undefined && courses < COURSES_A_WORKER;) {
      const result = await answerOf(worker, unit);
      done(unit, result);
      courses += result.courses;
      // A worker that died answers nothing more.
      if (!worker.connected) courses = COURSES_A_WORKER;
      unit = take();
    }
    worker.kill();
  }
}

/** A worker that dies took its exploration with it: that is a violation as well. */
function answerOf(worker, unit) {
  return new Promise((resolve) => {
    const died = (code) => {
      const says = [`the process ended with ${code}`];
      const violations = [{ crash: { ...unit, downSeconds: 5 }, says }];
      resolve({ ...unit, points: 0, crashes: 0, courses: 0, violations, seconds: 0 });
    };
    worker.once("exit", died);
    worker.once("message", (result) => {
      worker.off("exit", died);
      resolve(result);
    });
    worker.send(unit);
  });
}

/** Each part of a scenario counts all its points and crashes, and the courses that it played itself. */
function add(sum, { scenario, delivery, part, of }, { points, crashes, courses, violations, seconds }) {
  if (part === 0) {
    sum.points += points;
    sum.crashes += crashes;
  }
  sum.courses += courses;
  sum.violations += violations.length;
  const numbers = [points, crashes, courses, violations.length].map((value, index) =>
    String(value).padStart([6, 7, 7, 10][index]),
  );
  process.stdout.write(
    `${scenario.padEnd(34)} ${delivery.padEnd(8)} ${of === 1 ? "     " : `${part + 1}/${of}`.padStart(5)} ${numbers.join(" ")} ${seconds.toFixed(1).padStart(7)}\n`,
  );
  for (const { crash, says } of violations) {
    process.stdout.write(`  ${commandFor(crash)}\n`);
    for (const violation of says) process.stdout.write(`    ${violation}\n`);
  }
}

function commandFor({ scenario, delivery, point, side, label, downSeconds, then }) {
  if (point === undefined) return `npm run test:crash -- --scenario "${scenario}" --delivery ${delivery}   (no crash)`;
  const more = `${downSeconds === 5 ? "" : ` --down ${downSeconds}`}${then ? ` --then ${then.point}:${then.side}` : ""}`;
  return `npm run test:crash -- --scenario "${scenario}" --delivery ${delivery} --point ${point} --side ${side}${more}   (${label})`;
}

/** The long ones first, so that no worker is left alone with one. */
function unitsToExplore() {
  const chosen = scenarios.filter(({ name }) => values.scenario === undefined || name === values.scenario);
  if (chosen.length === 0)
    oneOf(
      "scenario",
      values.scenario,
      scenarios.map(({ name }) => name),
    );
  if (values.delivery !== undefined) oneOf("delivery", values.delivery, deliveries);
  return deliveries
    .filter((delivery) => values.delivery === undefined || delivery === values.delivery)
    .flatMap((delivery) =>
      chosen.flatMap(({ name: scenario, isLong }) => {
        const of = isLong || chosen.length === 1 ? PARTS : 1;
        return Array.from({ length: of }, (_, part) => ({ scenario, delivery, part, of }));
      }),
    );
}

try {
  if (values.help) process.stdout.write(HELP);
  else if (values.point !== undefined) await trace();
  else await exploreAll(unitsToExplore());
} catch (failure) {
  process.stderr.write(`${failure.message}\n`);
  process.exitCode = 2;
}
