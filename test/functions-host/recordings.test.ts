import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { appFile, loadOutside } from "./support/load";
import { comparable, inAnyOrder, normalized, script, type Recording } from "./support/recording";
import type { TestHost } from "./support/outside";

/** Every file in golden/ is what the real host (Durable extension 3.15.0) did with the same app: see support/recording.ts. */
const folder = join(__dirname, "golden");
const recordings = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Recording);
const withProvider = recordings.filter(({ scenario }) => scenario.startsWith("exprops-"));
const without = recordings.filter((recording) => !withProvider.includes(recording));

/** Scenarios whose history has other rows here than on the real host, and why; all the rest of them is the same. */
const otherRows: Readonly<Record<string, string>> = {
  "nondet-kind": "we stop before the timer of the broken replay is recorded",
  "sub-unknown-name": "we show the child that was asked for, so that a developer sees what the parent waits for",
};

const outside = loadOutside();
let app: TestHost;

async function replay(recording: Recording) {
  const { orchestrator, input, instanceId } = recording;
  const steps = script[recording.scenario] ?? [];
  const began = app.clock.now();
  expect((await app.start(orchestrator, input, instanceId)).status).toBe(202);
  const sent = steps.map(async ({ at, path, method = "POST", ...call }) => {
    if (at > 0) await app.pass(at - (app.clock.now() - began));
    const { status } = await app.manage(path(instanceId), { method, ...call });
    return { url: `/runtime/webhooks/durabletask/${path(instanceId)}`.split("?")[0] ?? "", status };
  });
  const answers = await Promise.all(sent);
  const running = [recording.final, ...Object.values(recording.kids ?? {})].some(
    (each) => each["runtimeStatus"] === "Running",
  );
  await (running ? app.pass(15_000) : app.host.idle());
  const { status } = await app.manage(`instances/${instanceId}`);
  const final = app.host.status(instanceId);
  const kids = Object.fromEntries(
    Object.keys(recording.kids ?? {}).map((suffix) => [suffix, app.host.status(instanceId + suffix)]),
  );
  for (const { instanceId: id, runtimeStatus } of app.host.instances()) {
    if (runtimeStatus === "Running" || runtimeStatus === "Pending") {
      await app.manage(`instances/${id}/terminate?reason=cleanup`, { method: "POST" });
    }
  }
  await app.host.idle();
  return { answers, status, final, kids };
}

describe.each([
  ["without an exception-properties provider", without, ""],
  ["with an exception-properties provider", withProvider, "1"],
])("as recorded %s", (_, group, setting) => {
  beforeAll(async () => {
    app = await outside.openHost({ main: appFile("scenarios.cjs"), env: { EXPROP: setting } });
  });
  afterAll(() => app.close());

  test.each(group.map((recording) => [recording.scenario, recording] as const))("%s", async (_name, recording) => {
    const { answers, status, final, kids } = await replay(recording);

    expect(answers).toEqual(recording.steps ?? []);
    expect(status).toBe(recording.statusCode);
    const [got, wanted] = [comparable(final), normalized({ ...recording.final, history: recording.history })];
    if (recording.scenario in otherRows) {
      expect(got).toMatchObject(normalized(recording.final) as object);
    } else {
      expect(inAnyOrder(recording.scenario, got)).toEqual(inAnyOrder(recording.scenario, wanted));
    }
    for (const [suffix, kid] of Object.entries(recording.kids ?? {}))
      expect(comparable(kids[suffix])).toMatchObject(normalized(kid) as object);
  });
});
