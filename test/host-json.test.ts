import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "@jest/globals";
import { codeRows, leavesOf } from "./support/documented";

const read = (file: string): string => readFileSync(path.join(__dirname, "..", file), "utf8");
const page = read("docs/host-json.md");
const hostJson = JSON.parse(read("host.json")) as {
  readonly functionTimeout: string;
  readonly logging: { readonly applicationInsights: { readonly samplingSettings: { readonly excludedTypes: string } } };
  readonly extensions: {
    readonly durableTask: {
      readonly storageProvider: { readonly partitionCount: number; readonly maxQueuePollingInterval: string };
    };
  };
};

const secondsOf = (span: string): number => span.split(":").reduce((total, part) => total * 60 + Number(part), 0);

describe("host.json", () => {
  it("has a reason for each value, and a value for each reason", () => {
    expect(codeRows(page, "The file")).toEqual(leavesOf(hostJson));
  });

  it("has a source for each reason", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    for (const row of rows) expect(row).toMatch(/\| [^|]+\. *\| (?:\[|`)[^|]+\|$/);
    const used = [...page.matchAll(/\[([A-Z0-9]+)\](?!\()/g)].map(([, name]) => name);
    const given = [...page.matchAll(/^\[([A-Z0-9]+)\]: https:\/\//gm)].map(([, name]) => name);
    expect([...new Set(used)].toSorted()).toEqual(given.toSorted());
  });

  it("lets the watchdog end in time", () => {
    const [, minutes] = /TICK_MS = (\d+) \* 60_000/.exec(read("src/activities/watchdog/watchdog.ts")) ?? [];
    expect(secondsOf(hostJson.functionTimeout)).toBeGreaterThan(2 * 60 * Number(minutes));
  });

  it("keeps the lines that alerts rest on", () => {
    const { excludedTypes } = hostJson.logging.applicationInsights.samplingSettings;
    expect(excludedTypes.split(";")).toEqual(expect.arrayContaining(["Trace", "Exception"]));
  });

  it("polls as often as Flex Consumption wants, with as many partitions as storage takes", () => {
    const { storageProvider } = hostJson.extensions.durableTask;
    expect(secondsOf(storageProvider.maxQueuePollingInterval)).toBeLessThanOrEqual(10);
    expect(storageProvider.partitionCount).toBe(16);
  });
});
