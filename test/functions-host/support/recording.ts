import { normalized } from "./normalized";
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

/** What an instance of another name or id was started with, and what ran before. */
export interface Prelude {
  readonly running?: { readonly orchestrator: string; readonly instanceId: string };
  readonly started?: { readonly orchestrator: string; readonly input: unknown; readonly instanceId: string };
}

const BUSY = { orchestrator: "childWait", instanceId: "r1-busy" };

/** What differs from starting the recorded instance and nothing else. */
export const preludes: Readonly<Record<string, Prelude>> = {
  "sub-id-of-running-instance": { running: BUSY },
  "sub-id-of-running-instance.victim": {
    running: BUSY,
    started: { orchestrator: "subExistingRunning", input: "r1-busy", instanceId: "r1-sub-id-of-running-instance" },
  },
};

const API = "/runtime/webhooks/durabletask";

/** The status was looked at, the instance rewound, and what became of its children looked at. */
const rewound = (...kids: readonly string[]): Step[] => [
  { at: 15_000, path: (id) => `${API}/instances/${id}`, method: "GET" },
  { at: 15_001, path: (id) => `${API}/instances/${id}/rewind?reason=fixed` },
  ...kids.map((kid): Step => ({ at: 15_002, path: (id) => `${API}/instances/${id}${kid}`, method: "GET" })),
];

const raise = (at: number, name: string, body: unknown, headers?: Record<string, string>): Step => ({
  at,
  path: (id) => `${API}/instances/${id}/raiseEvent/${name}`,
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
  customStatus: [{ at: 1500, path: (id) => `${API}/instances/${id}`, method: "GET" }, raise(1600, "go", 1)],
  "event-via-client": [
    { at: 500, path: () => "/api/client/raiseEvent", body: { args: ["r1-event-via-client", "go", { via: "client" }] } },
  ],
  "rewind-activity": rewound(),
  "rewind-sub": rewound("-kid"),
  "rewind-fan": rewound(),
  "sub-parent-terminated": [{ at: 1500, path: (id) => `${API}/instances/${id}/terminate?reason=why` }],
};

const ROW_FIELDS = ["EventType", "FunctionName", "Name", "Result", "Reason", "OrchestrationStatus", "Generation"];

export const comparableRow = (event: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(ROW_FIELDS.filter((field) => field in event).map((field) => [field, event[field]]));

/** The host's answer in the shape of a recording. */
export function comparable(status: InstanceStatus | undefined): unknown {
  if (!status) return undefined;
  const { name, runtimeStatus, input, customStatus, output, historyEvents = [] } = status;
  const history = historyEvents.map(comparableRow);
  return normalized({ name, runtimeStatus, input, customStatus, output, history });
}

interface ComparedOutcome extends Readonly<Record<string, unknown>> {
  readonly history?: unknown;
}

/** Branches of one fan-out end in any order, on the real host as well. */
export function inAnyOrder(scenario: string, outcome: unknown): ComparedOutcome {
  const compared = typeof outcome === "object" && outcome !== null ? (outcome as ComparedOutcome) : {};
  if (!/^(?:fanAll50|host killed)/.test(scenario) || !Array.isArray(compared.history)) return compared;
  return { ...compared, history: compared.history.map((row) => JSON.stringify(row)).sort() };
}
