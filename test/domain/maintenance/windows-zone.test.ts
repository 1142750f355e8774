import { expect, it } from "@jest/globals";
import { readWindowsZone } from "../../../src/domain/maintenance/windows-zone";
import { windowsZones } from "../../../src/domain/maintenance/windows-zones";

it("every Windows zone of the data is one that clocks can be read in", () => {
  const names = Object.keys(windowsZones);
  expect(names.length).toBeGreaterThan(130);
  for (const name of names) {
    const reading = readWindowsZone(name);
    expect(reading).toEqual({ kind: "known", name, iana: expect.any(String) });
    if (reading.kind === "known") expect(() => new Intl.DateTimeFormat("en", { timeZone: reading.iana })).not.toThrow();
  }
});

it("an IANA zone is in one Windows zone only", () => {
  const all = Object.values(windowsZones).flat();
  expect(all.length).toBe(new Set(all).size);
});
