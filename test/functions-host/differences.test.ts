import { describe, expect, test } from "@jest/globals";
import { differences } from "./differences";
import { crashes, exchangeLogs, measurements, recordingNames, scenarios } from "./support/recordings";

/** That each row is a difference still, and that nothing else differs, is tested where the recordings are replayed. */
const replayed = [...scenarios, ...exchangeLogs, ...crashes].map(({ name }) => name);

test("every recording is replayed, or has a row that says why it is not", () => {
  const leftOut = recordingNames.filter((name) => !replayed.includes(name));
  expect(leftOut).toEqual(measurements);
  expect(differences.flatMap(({ recording, at }) => (at === undefined ? [recording] : []))).toEqual(
    expect.arrayContaining(leftOut),
  );
});

describe("the table", () => {
  test("names recordings that there are", () => {
    expect(differences.map(({ recording }) => recording).filter((name) => !recordingNames.includes(name))).toEqual([]);
  });

  test("has one row a place", () => {
    const places = differences.map(({ recording, at = "" }) => `${recording} ${at}`);
    expect(new Set(places).size).toBe(places.length);
  });

  test("gives a reason everywhere", () => {
    for (const { real, ours, why } of differences) {
      expect(why).toMatch(/[\w)]\.$/);
      expect(real).not.toBe(ours);
    }
  });
});
