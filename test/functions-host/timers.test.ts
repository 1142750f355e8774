import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { InstanceStore } from "../../src/local/functions-host";
import type { TestHost } from "./support/outside";
import { appFile, loadOutside } from "./support/load";

const outside = loadOutside();
const at = (iso: string): number => Date.parse(`${iso}Z`);
const iso = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString().replace(".000Z", "");

describe("NCRONTAB: six fields, UTC, a day must fit both day fields", () => {
  test.each([
    ["0 */5 * * * *", "2026-11-23T12:00:00", "2026-11-23T12:05:00"],
    ["0 */5 * * * *", "2026-11-23T12:04:59", "2026-11-23T12:05:00"],
    ["*/20 * * * * *", "2026-11-23T12:00:41", "2026-11-23T12:01:00"],
    ["0 30 9 * * 1-5", "2026-11-27T10:00:00", "2026-11-30T09:30:00"],
    ["0 0 2 * * MON", "2026-11-23T12:00:00", "2026-11-30T02:00:00"],
    ["0 0 0 1 JAN *", "2026-11-23T12:00:00", "2027-01-01T00:00:00"],
    ["0 0 0 13 * 5", "2026-11-23T12:00:00", "2027-08-13T00:00:00"],
    ["0 0 0 29 2 *", "2026-11-23T12:00:00", "2028-02-29T00:00:00"],
    ["0 0,30 8-9 * * *", "2026-11-23T08:30:00", "2026-11-23T09:00:00"],
    ["%EVERY_HOUR%", "2026-11-23T12:00:00", "2026-11-23T13:00:00"],
    ["0 0 0 31 2 *", "2026-11-23T12:00:00", undefined],
  ])("%s after %s is %s", (expression, after, next) => {
    const schedule = outside.parseSchedule("f", expression, { EVERY_HOUR: "0 0 * * * *" });
    expect(iso(schedule.next(at(after)))).toBe(next);
  });

  test.each([
    ["*/5 * * * *", /it has 5 fields, not 6/],
    ["0 0 0 L * *", /"L" is not NCRONTAB/],
    ["0 0 0 ? * 1", /"\?" is not NCRONTAB/],
    ["0 0 0 * * 1#2", /"1#2" is not NCRONTAB/],
    ["0 99 * * * *", /cannot be read/],
    ["%ABSENT%", /the setting ABSENT is not set/],
    ["00:05:00", /it has 1 fields, not 6/],
  ])("%s is refused", (expression, message) => {
    expect(() => outside.parseSchedule("f", expression, {})).toThrow(message);
  });
});

describe("timer functions", () => {
  let app: TestHost;
  let seen: { name: string; at: string; timer: unknown }[];

  beforeAll(async () => {
    const env = { TIMERS: "1", HOURLY: "0 0 * * * *" };
    app = await outside.openHost({ main: appFile("triggers.cjs"), start: at("2026-11-23T12:00:30"), env });
    await app.pass(3 * 3_600_000);
    seen = (await app.call("/api/seen")).body as typeof seen;
  });
  afterAll(async () => {
    outside.environment()["TIMERS"] = "";
    await app.close();
  });

  test("fire at their instants of virtual time, with the status of the schedule", () => {
    const status = (Last: string, Next: string) => ({
      schedule: { adjustForDST: true },
      scheduleStatus: { last: Last, next: Next, lastUpdated: Last },
      isPastDue: false,
    });
    expect(seen.filter(({ name }) => name === "everyHour")).toEqual([
      {
        name: "everyHour",
        at: "2026-11-23T13:00:00.000Z",
        timer: status("0001-01-01T00:00:00", "2026-11-23T13:00:00.000Z"),
      },
      {
        name: "everyHour",
        at: "2026-11-23T14:00:00.000Z",
        timer: status("2026-11-23T13:00:00.000Z", "2026-11-23T14:00:00.000Z"),
      },
      {
        name: "everyHour",
        at: "2026-11-23T15:00:00.000Z",
        timer: status("2026-11-23T14:00:00.000Z", "2026-11-23T15:00:00.000Z"),
      },
    ]);
  });

  test("under a minute have no status", () => {
    const fast = seen.filter(({ name }) => name === "every20s");
    expect(fast).toHaveLength(3 * 180);
    expect(fast[0]).toEqual({
      name: "every20s",
      at: "2026-11-23T12:00:40.000Z",
      timer: { schedule: { adjustForDST: true }, scheduleStatus: null, isPastDue: false },
    });
  });

  test("that throw are logged and fire again", () => {
    const failures = app.logs.filter(({ functionName, level }) => functionName === "throws" && level === "error");
    expect(failures).toHaveLength(3);
  });
});

describe("an occurrence that was missed while no host ran", () => {
  /** Runs a host from one instant to another on what the one before left behind; answers what its timers did. */
  async function hostFrom(
    store: InstanceStore,
    start: string,
    passes: number,
    { hourly = "0 0 * * * *", ...more }: { hourly?: string; disabledTimers?: readonly string[] } = {},
  ) {
    const env = { TIMERS: "1", HOURLY: hourly };
    const app = await outside.openHost({ main: appFile("triggers.cjs"), start: at(start), env, store, ...more });
    await app.pass(passes);
    const seen = (await app.call("/api/seen")).body as { name: string; at: string; timer: { isPastDue: boolean } }[];
    await app.close();
    return seen.map(({ name, at: fired, timer }) => `${name} ${fired}${timer.isPastDue ? " past due" : ""}`);
  }
  let store: InstanceStore;
  beforeEach(() => {
    store = outside.SqliteInstanceStore.open(":memory:");
  });
  afterEach(() => {
    outside.environment()["TIMERS"] = "";
  });

  test("comes at once, past due, and several come as one", async () => {
    await hostFrom(store, "2026-11-23T12:10:00", 1000);
    expect(await hostFrom(store, "2026-11-23T15:20:00", 1000)).toEqual(["everyHour 2026-11-23T15:20:00.000Z past due"]);
    expect(await hostFrom(store, "2026-11-23T15:25:00", 1000)).toEqual([]);
  });

  test("waits for a host that does not leave the function out", async () => {
    await hostFrom(store, "2026-11-23T12:10:00", 1000);
    const without = { disabledTimers: ["everyHour"] };
    expect(await hostFrom(store, "2026-11-23T13:20:00", 2 * 3_600_000, without)).not.toContainEqual(
      expect.stringMatching(/everyHour/),
    );
    expect(await hostFrom(store, "2026-11-23T15:25:00", 1000)).toEqual(["everyHour 2026-11-23T15:25:00.000Z past due"]);
  });

  test("was none when the host was back in time, or the schedule is another one now", async () => {
    await hostFrom(store, "2026-11-23T12:10:00", 1000);
    expect(await hostFrom(store, "2026-11-23T12:20:00", 1000)).toEqual([]);
    expect(await hostFrom(store, "2026-11-23T15:20:00", 1000, { hourly: "0 45 * * * *" })).toEqual([]);
  });
});
