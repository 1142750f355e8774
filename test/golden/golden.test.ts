import { afterAll, describe, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { activityContracts } from "../../src/contracts/activities";
import { orchestrationNames } from "../../src/contracts/names";
import type { GoldenHistory } from "./history-file";
import type * as Outside from "./outside";

declare const requireOutsideJest: (file: string) => unknown;
const { historyFromText, historyText, record, replay, stories } = requireOutsideJest(
  path.resolve("dist/test-golden-outside.js"),
) as typeof Outside;

const hostSettings = JSON.parse(readFileSync("host.json", "utf8")) as {
  extensions: { durableTask: { defaultVersion: string } };
};
const { defaultVersion } = hostSettings.extensions.durableTask;
const versions = readdirSync(__dirname, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const textsOf = (version: string): string[] => {
  const folder = path.join(__dirname, version);
  return readdirSync(folder).map((file) => readFileSync(path.join(folder, file), "utf8"));
};
const historiesOf = (version: string): GoldenHistory[] => textsOf(version).map(historyFromText);

const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-golden-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The app with another orchestrator, as a later version might have it. */
function changedApp(from: RegExp, to: string): string {
  const source = readFileSync("dist/app.js", "utf8");
  expect(source.split(from).length - 1).toBe(1);
  const file = path.join(folder, `${createHash("sha256").update(to).digest("hex")}.cjs`);
  writeFileSync(file, source.replace(from, to));
  return file;
}

const REMEDY = [
  "Runs in flight when this is deployed would fail or go another way. Either",
  "- keep the old way for them: raise defaultVersion in host.json, branch on the orchestration's version, and run",
  "  `npm run golden` for the new version beside the old one; or",
  "- if no run can be in flight (nothing was released yet), say so in the change and run `npm run golden`.",
];

test.each(versions)("runs in flight of version %s go on with the code as it is", async (version) => {
  const differences = await replay(path.resolve("dist/app.js"), historiesOf(version));
  if (differences.length > 0) throw new Error([...REMEDY, ...differences].join("\n"));
});

test("this version has its histories: `npm run golden` writes them", () => {
  expect(versions).toContain(defaultVersion);
  expect(
    historiesOf(defaultVersion)
      .map(({ story }) => story)
      .toSorted(),
  ).toEqual(Object.keys(stories).toSorted());
});

describe("together the histories of this version hold", () => {
  const executions = historiesOf(defaultVersion).flatMap((history) => history.executions);
  const events = executions.flatMap(({ history }) => history);
  const answers = (activity: string) =>
    executions.flatMap(({ history }) => {
      const ids = new Set(
        history.flatMap((event) =>
          "Name" in event && event.Name === activity && "EventId" in event ? [event.EventId] : [],
        ),
      );
      return history.flatMap((event) =>
        "TaskScheduledId" in event && ids.has(event.TaskScheduledId) && "Result" in event
          ? [(JSON.parse(event.Result) as { kind: string }).kind]
          : [],
      );
    });

  test("every orchestrator, in a child and going on as new too", () => {
    expect(new Set(executions.map(({ instance }) => instance.name))).toEqual(
      new Set(Object.values(orchestrationNames)),
    );
    expect(executions.some(({ instance }) => instance.parent !== null)).toBe(true);
    expect(executions.some(({ ending }) => ending.kind === "continueAsNew")).toBe(true);
  });

  test.each(
    Object.entries(activityContracts).flatMap(([name, { result }]) =>
      ("options" in result ? result.options : [result]).map(({ shape }) => [name, shape.kind.value] as const),
    ),
  )("the answer of %s: %s", (activity, kind) => {
    expect(answers(activity)).toContain(kind);
  });

  test("failed activities, once and again", () => {
    expect(events.filter((event) => "Reason" in event).length).toBeGreaterThan(10);
  });
});

test.each(versions)("the histories of version %s hold no address, token or path of a machine", (version) => {
  const addresses =
    /https?:|\bsig=|[?&]t=\d|\bey[JK]|Bearer|code=|\/(?:home|work|Users|tmp)\/|[A-Z]:\\\\|node_modules|dist\//;
  for (const text of textsOf(version)) expect(addresses.exec(text)).toBeNull();
});

test("a recorded story is written the same way again", async () => {
  const story = stories["patched"];
  if (!story) throw new Error("no such story");
  const text = historyText({ story: "patched", executions: await record(story) });
  expect(text).toBe(readFileSync(path.join(__dirname, defaultVersion, "patched.json"), "utf8"));
});

describe("a change of an orchestrator is caught where it diverges", () => {
  const patched = historiesOf(defaultVersion).filter(({ story }) => story === "patched");

  test("one activity more before the claim", async () => {
    const app = changedApp(
      /(?=const claim\w* = yield\* askUntilSettled\()/,
      `yield* durable.call("settleAfterFailure", {}); `,
    );
    const [first] = await replay(app, patched);
    expect(first).toMatch(/^patched: patchVm run-1, after 0 of \d+ events, given \{"EventType":0,/);
    expect(first).toMatch(
      /\n +recorded: \{"EventType":4,"EventId":0,"Name":"claimRun".*\n +now: +\{.*"settleAfterFailure"/,
    );
    expect(first).toMatch(
      /\n +a run that is beyond it: Non-Deterministic workflow detected: .* sequence number 0 named 'claimRun', but .* 'settleAfterFailure'/,
    );
  });

  test("one activity more after the installation has ended", async () => {
    const app = changedApp(
      /if \(ended\w*\.kind === "overdue"\) return \{ code: "InstallStillRunning" \};/,
      `yield* durable.call("settleAfterFailure", {});`,
    );
    const [first] = await replay(app, patched);
    expect(Number(/after (\d+) of/.exec(first ?? "")?.[1])).toBeGreaterThan(20);
    expect(first).toMatch(/"Name":"recordOutcome".*\n +now: .*"Name":"settleAfterFailure"/);
  });

  test("a wait of another length", async () => {
    const app = changedApp(/var AFTER_FAILURE_MS = 3e4;/, "var AFTER_FAILURE_MS = 6e4;");
    const forgiven = historiesOf(defaultVersion).filter(({ story }) => story === "worker-killed-and-forgiven");
    expect((await replay(app, forgiven))[0]).toMatch(/recorded: .*"FireAt":"[^"]+"\}\n +now: .*"FireAt":/);
  });

  test("an orchestrator that is gone", async () => {
    const app = changedApp(/askUntilSettled: "askUntilSettled"/, `askUntilSettled: "askAgain"`);
    const late = historiesOf(defaultVersion).filter(({ story }) => story === "support-state-late");
    expect(await replay(app, late)).toContainEqual("support-state-late: the app has no orchestrator askUntilSettled");
  });
});
