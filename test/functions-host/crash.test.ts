import { afterEach, expect, test } from "@jest/globals";
import { expectRecorded, type Part } from "./support/expect-recorded";
import { appFile, loadOutside } from "./support/load";
import { comparable, inAnyOrder } from "./support/recording";
import { crashes, type Outcome } from "./support/recordings";
import type { TestHost } from "./support/outside";

/** The worker and the host were killed with SIGKILL while activities of some seconds ran; the host came back after 2.7 s. */
const outside = loadOutside();
const main = appFile("scenarios.cjs");
const env = { EXPROP: "", ECHO_MS: "" };
const BACK_AFTER_MS = 2_700;
let open: TestHost[] = [];

const host = async (options: Partial<Parameters<typeof outside.openHost>[0]>): Promise<TestHost> => {
  const app = await outside.openHost({ main, env, ...options });
  open.push(app);
  return app;
};
afterEach(async () => {
  await Promise.all(open.map((app) => app.close()));
  open = [];
});

const outcomeOf = (app: TestHost, instanceId: string, { final, history }: Outcome): Part => {
  const wanted = { ...final, history };
  return {
    got: inAnyOrder("host killed", comparable(app.host.status(instanceId))),
    wanted: inAnyOrder("host killed", wanted),
  };
};

test.each(crashes)("$name", async ({ name, crash: { workerKilled, hostKilled } }) => {
  const killed = await host({ chaos: () => "killedBefore" });
  await killed.start("fanAllCaught", { n: 3, failAt: -1, ms: 3000 }, "c1-worker-killed");
  await killed.host.idle();

  const store = outside.SqliteInstanceStore.open(":memory:");
  const before = await host({ store });
  const began = before.clock.now();
  await before.start("fanAll", { n: 6, failAt: -1, ms: 4000 }, "c1-host-killed");
  await before.start("timer", 8000, "c1-host-killed-timer");
  await before.pass(1000);
  await before.close();
  const after = await host({ store, start: before.clock.now() + BACK_AFTER_MS });
  const ended = new Map<string, number>();
  while (ended.size < 2) {
    for (const { instanceId, runtimeStatus } of after.host.instances()) {
      if (runtimeStatus === "Completed" && !ended.has(instanceId)) ended.set(instanceId, after.clock.now() - began);
    }
    await after.pass(100);
  }

  const { activityMs, timerMs, activities, timer } = hostKilled;
  const seconds = (ms: number) => Math.floor(ms / 1000);
  const took = (instanceId: string) => seconds(ended.get(instanceId) ?? 0);
  expectRecorded(
    name,
    new Map<string, Part>([
      ["workerKilled", outcomeOf(killed, "c1-worker-killed", workerKilled)],
      ["hostKilled.activities", outcomeOf(after, "c1-host-killed", activities)],
      ["hostKilled.timer", outcomeOf(after, "c1-host-killed-timer", timer)],
      ["hostKilled.activityMs", { got: took("c1-host-killed"), wanted: seconds(activityMs) }],
      ["hostKilled.timerMs", { got: took("c1-host-killed-timer"), wanted: seconds(timerMs) }],
    ]),
  );
  // They ran again, all of them, from the moment on at which the host was back.
  expect(took("c1-host-killed")).toBe(seconds(1000 + BACK_AFTER_MS + 4000));
});
