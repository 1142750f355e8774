import { describe, expect, it } from "@jest/globals";
import { parseRecurrence, recurrenceText } from "../../../src/domain/maintenance/recurrence";

describe("a recurrence", () => {
  it.each([
    ["Day", { unit: "day", every: 1 }, "Day"],
    ["3Days", { unit: "day", every: 3 }, "3Days"],
    ["6Hours", { unit: "hour", every: 6 }, "6Hours"],
    ["Week", { unit: "week", every: 1, on: [] }, "Week"],
    ["3Weeks", { unit: "week", every: 3, on: [] }, "3Weeks"],
    ["Week Saturday,Sunday", { unit: "week", every: 1, on: ["Saturday", "Sunday"] }, "Week Saturday,Sunday"],
    ["  week   saturday , sunday ", { unit: "week", every: 1, on: ["Saturday", "Sunday"] }, "Week Saturday,Sunday"],
    ["1Week Saturday", { unit: "week", every: 1, on: ["Saturday"] }, "Week Saturday"],
    ["Month", { unit: "month", every: 1, days: [] }, "Month"],
    ["2Months", { unit: "month", every: 2, days: [] }, "2Months"],
    ["Month day23,day24", { unit: "month", every: 1, days: [23, 24] }, "Month day23,day24"],
    ["Month Day31", { unit: "month", every: 1, days: [31] }, "Month day31"],
    ["Month Last Sunday", { unit: "month", every: 1, week: "last", on: "Sunday", offset: 0 }, "Month Last Sunday"],
    [
      "Month Second Tuesday Offset4",
      { unit: "month", every: 1, week: "second", on: "Tuesday", offset: 4 },
      "Month Second Tuesday Offset4",
    ],
    [
      "1Month Second Tuesday Offset+2",
      { unit: "month", every: 1, week: "second", on: "Tuesday", offset: 2 },
      "Month Second Tuesday Offset2",
    ],
    [
      "3Months last sunday offset-3",
      { unit: "month", every: 3, week: "last", on: "Sunday", offset: -3 },
      "3Months Last Sunday Offset-3",
    ],
  ])("%s is read, and written as Azure does", (text, recurrence, written) => {
    expect(parseRecurrence(text)).toEqual({ kind: "read", recurrence });
    expect(recurrenceText(recurrence as Parameters<typeof recurrenceText>[0])).toBe(written);
  });

  it.each([
    ["", 'write it as "Day"'],
    ["Fortnight", 'write it as "Day"'],
    ["Year", 'write it as "Day"'],
    ["0Days", "repeats every 1 to 999 units"],
    ["1000Days", "repeats every 1 to 999 units"],
    ["Day Monday", '"Monday" goes with Week or Month only'],
    ["5Hours", "6 hours at the earliest"],
    ["Hour", "6 hours at the earliest"],
    ["Week Saturday,Saturday", "Saturday is named twice"],
    ["Week Sat", '"Sat" is no weekday: use Monday to Sunday, in English and in full'],
    ["Week Sunady", '"Sunady" is no weekday: use "Sunday"'],
    ["Week Monday,", '"" is no weekday'],
    ["Month day0", '"day0" is no day of a month'],
    ["Month day32", '"day32" is no day of a month'],
    ["Month 23", '"23" is no day of a month'],
    ["Month day3,day3", "day3 is named twice"],
    ["Month Fifth Monday", '"Fifth Monday" names no week of the month: use one of First, Second, Third, Fourth, Last'],
    ["Month Second", '"" is no weekday'],
    ["Month Second Tusday", '"Tusday" is no weekday: use "Tuesday"'],
    ["Month Second Tuesday 4", '"4" is no offset'],
    ["Month Second Tuesday Offset 4", '"Offset 4" is no offset'],
    ["Month Second Tuesday Offset4 x", '"Offset4 x" is no offset'],
    ["Month Second Tuesday Offset7", "between -6 and 6"],
    ["Month Second Tuesday Offset-7", "between -6 and 6"],
  ])("%j is refused by the rule: %s", (text, rule) => {
    expect(parseRecurrence(text)).toEqual({ kind: "refused", rule: expect.stringContaining(rule) });
  });
});
