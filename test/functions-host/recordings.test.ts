import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { expectRecorded, type Part } from "./support/expect-recorded";
import { appFile, loadOutside } from "./support/load";
import { expanded, normalized } from "./support/normalized";
import { comparable, inAnyOrder, preludes, script, type Recording } from "./support/recording";
import { scenarios } from "./support/recordings";
import type { TestHost } from "./support/outside";

/** One orchestration after the other, as the real host ran them with the same app: the same outcomes and histories. */
const groups = {
  "without an exception-properties provider": { EXPROP: "" },
  "with an exception-properties provider": { EXPROP: "1" },
  // Replaying them would change what they do.
  "that are not deterministic": { EXPROP: "" },
};
const groupOf = (name: string): keyof typeof groups => {
  if (name.startsWith("exprops-")) return "with an exception-properties provider";
  return name.startsWith("nondet-") ? "that are not deterministic" : "without an exception-properties provider";
};

const outside = loadOutside();
let app: TestHost;

async function begin({ scenario, ...recorded }: Recording): Promise<void> {
  const { running, started } = preludes[scenario] ?? {};
  if (running) {
    await app.start(running.orchestrator, null, running.instanceId);
    await app.pass(800);
  }
  const { orchestrator, input, instanceId } = started ?? recorded;
  expect((await app.start(orchestrator, expanded(input), instanceId)).status).toBe(202);
}

/** What was sent while it ran, and how it was answered. */
async function answersDuring({ scenario, instanceId }: Recording) {
  const began = app.clock.now();
  const sent = (script[scenario] ?? []).map(async ({ at, path, method = "POST", ...call }) => {
    if (at > 0) await app.pass(at - (app.clock.now() - began));
    const url = path(instanceId);
    const code = `${url.includes("?") ? "&" : "?"}code=${app.host.systemKey}`;
    const { status } = await app.call(url + code, { method, ...call });
    return { url: url.split("?")[0], status };
  });
  return Promise.all(sent);
}

async function replay(recording: Recording): Promise<ReadonlyMap<string, Part>> {
  const { scenario, instanceId, kids = {} } = recording;
  await begin(recording);
  const answers = await answersDuring(recording);
  // Some run for ever.
  await Promise.race([app.host.idle(), app.pass(40_000)]);
  const { status } = await app.manage(`instances/${instanceId}`);
  const { history: rows, ...final } = inAnyOrder(scenario, comparable(app.host.status(instanceId)));
  const { history: recordedRows, ...recordedFinal } = inAnyOrder(
    scenario,
    normalized({ ...recording.final, history: recording.history }),
  );
  const ofKids = Object.keys(kids).map((suffix): [string, Part] => {
    const { history: _, ...kid } = inAnyOrder(scenario, comparable(app.host.status(instanceId + suffix)));
    return [`kid ${suffix}`, { got: kid, wanted: normalized(kids[suffix]) }];
  });
  return new Map([
    ["answers", { got: answers, wanted: recording.steps ?? [] }],
    ["statusCode", { got: status, wanted: recording.statusCode }],
    ["final", { got: final, wanted: recordedFinal }],
    ["history", { got: rows, wanted: recordedRows }],
    ...ofKids,
  ]);
}

describe.each(Object.entries(groups))("as recorded %s", (group, env) => {
  beforeAll(async () => {
    const replayed = group !== "that are not deterministic";
    const options = { main: appFile("scenarios.cjs"), env: { ...env, ECHO_MS: "" } };
    app = await outside.openHost({ ...options, replay: replayed ? "checked" : "off" });
  });
  afterEach(async () => {
    for (const { instanceId, runtimeStatus } of app.host.instances()) {
      if (runtimeStatus !== "Running" && runtimeStatus !== "Pending") continue;
      await app.manage(`instances/${instanceId}/terminate?reason=cleanup`, { method: "POST" });
    }
    await app.host.idle();
  });
  afterAll(() => app.close());

  test.each(scenarios.filter(({ name }) => groupOf(name) === group))("$name", async ({ name, recording }) => {
    expectRecorded(name, await replay(recording));
  });
});
