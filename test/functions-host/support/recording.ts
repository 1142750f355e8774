import type { InstanceStatus } from "../../../src/local/functions-host";

/**
 * One scenario as the real host ran it. Recordings were shortened when they were copied: stack traces and the .NET
 * exception behind a failure's first line are gone; ids and texts are untouched.
 */
export interface Recording {
  readonly scenario: string;
  readonly orchestrator: string;
  readonly instanceId: string;
  readonly input?: unknown;
  readonly steps?: readonly { readonly url: string; readonly status: number }[];
  readonly statusCode: number;
  readonly final: Readonly<Record<string, unknown>>;
  readonly history: readonly Readonly<Record<string, unknown>>[];
  readonly kids?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Step {
  /** Milliseconds after the start. */
  readonly at: number;
  readonly path: (instanceId: string) => string;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const raise = (at: number, name: string, body: unknown, headers?: Record<string, string>): Step => ({
  at,
  path: (id) => `instances/${id}/raiseEvent/${name}`,
  body,
  ...(headers ? { headers } : {}),
});

/** What was sent while a scenario ran. */
export const script: Readonly<Record<string, readonly Step[]>> = {
  "event-after-wait": [raise(1500, "go", { v: 1 })],
  "event-before-wait": [raise(800, "go", { early: true })],
  "event-before-wait-two": [raise(600, "go", 1), raise(700, "go", 2)],
  "event-case-differs": [raise(800, "GO", '"upper"')],
  "event-two-waiters": [raise(800, "go", '"first"'), raise(900, "go", '"second"')],
  "event-payloads": ['"str"', "42", "null", '{"a":[1]}', "true"].map((body, n) => raise(800 + 300 * n, "go", body)),
  "event-bad-bodies": [
    raise(800, "go", "not json"),
    raise(800, "go", "x", { "content-type": "text/plain" }),
    raise(800, "go", ""),
  ],
  "event-timeout-won": [raise(400, "go", '"in time"')],
  "event-right-after-start": [raise(0, "go", '"instant"')],
  "event-wrong-name-then-right": [raise(800, "other", '"x"'), raise(900, "go", '"y"')],
  "event-extra-ignored": [raise(500, "go", "1"), raise(600, "go", "2"), raise(700, "go", "3")],
  "continueAsNew-events-preserved": [1, 2, 4, 3, 5].map((n) => raise(1000, "add", n)),
  "continueAsNew-events-sequential": [1, 2, 3, 4].map((n) => raise(400 + 100 * n, "add", n)),
  "continueAsNew-while-activity-runs": [raise(500, "stop", 1)],
  customStatus: [{ at: 1500, path: (id) => `instances/${id}`, method: "GET" }, raise(1600, "go", 1)],
  "sub-parent-terminated": [{ at: 1500, path: (id) => `instances/${id}/terminate?reason=why` }],
};

const ROW_FIELDS = ["EventType", "FunctionName", "Name", "Result", "Reason", "OrchestrationStatus", "Generation"];

/** The host's answer in the shape of a recording. */
export function comparable(status: InstanceStatus | undefined): unknown {
  if (!status) return undefined;
  const { name, runtimeStatus, input, customStatus, output, historyEvents = [] } = status;
  const history = historyEvents.map((event) =>
    Object.fromEntries(ROW_FIELDS.filter((field) => field in event).map((field) => [field, event[field]])),
  );
  return normalized({ name, runtimeStatus, input, customStatus, output, history });
}

/** Branches of one fan-out end in any order, on the real host as well. */
export function inAnyOrder(scenario: string, value: unknown): unknown {
  if (!scenario.startsWith("fanAll50") || typeof value !== "object" || value === null || !("history" in value))
    return value;
  const rows = Array.isArray(value.history) ? value.history.map((row) => JSON.stringify(row)).sort() : [];
  return { ...value, history: rows };
}

/** `done`: how many branches had ended before the first failure. */
const OMITTED = ["stackHead", "stackTrace", "str", "done"];

/** Without what differs from run to run: generated ids, the milliseconds of a duration, all but an error's first line. */
export function normalized(value: unknown, key = ""): unknown {
  if (key === "ms") return Math.floor(Number(value) / 1000);
  if (typeof value === "string") {
    return value
      .replace(/ \n (?:\{|Message:)[^]*$/, "")
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<guid>");
  }
  if (Array.isArray(value)) return value.map((each) => normalized(each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .filter(([name]) => !OMITTED.includes(name))
      .map(([name, each]) => [name, normalized(each, name)]),
  );
}
