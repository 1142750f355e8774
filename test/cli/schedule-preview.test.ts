import { describe, expect, it } from "@jest/globals";
import { goldpatch } from "./goldpatch";

const SECOND_TUESDAY = [
  ...["--recur", "Month Second Tuesday Offset4", "--start", "2026-12-01 22:00"],
  ...["--time-zone", "W. Europe Standard Time", "--duration", "02:00"],
];
const with_ = (name: string, value: string): string[] =>
  SECOND_TUESDAY.map((word, index) => (SECOND_TUESDAY[index - 1] === `--${name}` ? value : word));

describe("goldpatch schedule preview", () => {
  it("prints the first five starts, local and UTC", async () => {
    const { code, stdout } = await goldpatch(["schedule", "preview", ...SECOND_TUESDAY]);

    expect(code).toBe(0);
    expect(stdout).toBe(`Month Second Tuesday Offset4 from 2026-12-01 22:00 W. Europe Standard Time, for 02:00
LOCAL                      UTC
2026-12-12T22:00:00+01:00  2026-12-12T21:00:00Z
2027-01-16T22:00:00+01:00  2027-01-16T21:00:00Z
2027-02-13T22:00:00+01:00  2027-02-13T21:00:00Z
2027-03-13T22:00:00+01:00  2027-03-13T21:00:00Z
2027-04-17T22:00:00+02:00  2027-04-17T20:00:00Z
`);
  });

  it("prints one JSON document, with what Azure advises against", async () => {
    const { code, stdout } = await goldpatch(["schedule", "preview", ...with_("start", "2026-12-12 23:50"), "--json"]);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      window: { recurEvery: "Month Second Tuesday Offset4", timeZone: "W. Europe Standard Time", duration: "02:00" },
      starts: [{ local: "2026-12-12T23:50:00+01:00", utc: "2026-12-12T22:50:00Z" }, {}, {}, {}, {}],
      warnings: ["Azure advises against starts of new schedules from 23:45 to midnight"],
    });
  });

  it("previews what began long ago: lead time is for creation", async () => {
    const { code } = await goldpatch(["schedule", "preview", ...with_("start", "2020-01-01 22:00")]);

    expect(code).toBe(0);
  });

  it.each([
    ["recur", "Fortnight", '--recur "Fortnight": write it as "Day"'],
    ["recur", "5Hours", "6 hours at the earliest"],
    ["duration", "01:29", '--duration "01:29": a window lasts 01:30 at least'],
    ["duration", "03:56", '--duration "03:56": a window lasts 03:55 at most'],
    ["start", "tomorrow", '--start "tomorrow": write a day and time'],
    ["time-zone", "Europe/Berlin", 'did you mean "W. Europe Standard Time"?'],
  ])("refuses --%s %j, and says why", async (name, value, reason) => {
    const { code, stdout, stderr } = await goldpatch(["schedule", "preview", ...with_(name, value)]);

    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(reason);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("names all that is missing, at once", async () => {
    const { code, stderr } = await goldpatch(["schedule", "preview", "--recur", "Day"]);

    expect(code).toBe(2);
    expect(stderr).toContain("--start, --time-zone, --duration: missing");
  });
});
