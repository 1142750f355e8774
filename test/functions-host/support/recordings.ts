import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExchangeLog } from "./exchanges";
import type { Recording } from "./recording";

/** What the worker's and the host's death did to what ran. */
export interface CrashRecording {
  readonly workerKilled: Outcome;
  readonly hostKilled: {
    readonly activityMs: number;
    readonly timerMs: number;
    readonly activities: Outcome;
    readonly timer: Outcome;
  };
}

export interface Outcome {
  readonly final: Readonly<Record<string, unknown>>;
  readonly history: readonly Readonly<Record<string, unknown>>[];
}

interface File {
  /** Of an older extension; `3.16.2/` and the name for those of the newer one. */
  readonly name: string;
  readonly content: unknown;
}

/**
 * Recordings of the real host, extension 3.15.0, and of 3.16.2 those that differ from it: of its 86, all failures without
 * an exception-properties provider have one blank less (failUncaught stands for them), and throwString ends; otherwise they
 * show the same. Copied by `build/recordings.mjs`.
 */
const files: readonly File[] = [...filesIn("golden", ""), ...filesIn("golden-3.16.2", "3.16.2/")];

function filesIn(folder: string, prefix: string): File[] {
  const path = join(__dirname, "..", folder);
  return readdirSync(path).map((file) => ({
    name: prefix + file.replace(/\.json$/, ""),
    content: JSON.parse(readFileSync(join(path, file), "utf8")) as unknown,
  }));
}

const has = (content: unknown, field: string): boolean =>
  typeof content === "object" && content !== null && field in content;

type Kind = "scenario" | "exchanges" | "crash" | "measurement";

function kindOf({ name, content }: File): Kind {
  if (name.startsWith("perf-")) return "measurement";
  if (has(content, "scenario")) return "scenario";
  return has(content, "hostKilled") ? "crash" : "exchanges";
}

const ofKind = (kind: Kind) => files.filter((file) => kindOf(file) === kind);

export const recordingNames: readonly string[] = files.map(({ name }) => name);
export const scenarios = ofKind("scenario").map(({ name, content }) => ({ name, recording: content as Recording }));
export const exchangeLogs = ofKind("exchanges").map(({ name, content }) => ({ name, log: content as ExchangeLog }));
export const crashes = ofKind("crash").map(({ name, content }) => ({ name, crash: content as CrashRecording }));
export const measurements = ofKind("measurement").map(({ name }) => name);
