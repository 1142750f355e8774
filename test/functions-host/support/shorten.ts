import { isExchange, shortenedExchange, type Exchange } from "./exchanges";
import { normalized } from "./normalized";
import { comparableRow } from "./recording";

/**
 * The rule by which recordings of the real host were copied: what differs from run to run is gone or named, and of
 * histories and answers only what is compared is left. See `normalized` and `comparedAnswer`.
 */
export function shortened(name: string, recorded: unknown): unknown {
  if (!isRecord(recorded) && !Array.isArray(recorded)) return recorded;
  if (name.startsWith("perf-")) return recorded;
  if (isRecord(recorded) && "scenario" in recorded) return shortenedScenario(recorded);
  if (isRecord(recorded) && "runtimeStatus" in recorded) return victim(name, recorded);
  if (isRecord(recorded) && "hostKilled" in recorded) return crashes(recorded);
  return shortenedLog(recorded, "");
}

function shortenedScenario({
  scenario,
  orchestrator,
  instanceId,
  input,
  steps,
  statusCode,
  final,
  kids,
}: Recorded): unknown {
  const sent = steps as readonly Exchange[];
  return {
    ...{ scenario, orchestrator, instanceId, input: normalized(input) },
    ...(sent.length > 0 && { steps: sent.map(({ url, status }) => ({ url: url.split("?")[0], status })) }),
    ...{ statusCode, final: fieldsOf(final), history: rowsOf(final) },
    ...(isRecord(kids) && {
      kids: Object.fromEntries(Object.entries(kids).map(([suffix, kid]) => [suffix, fieldsOf(kid)])),
    }),
  };
}

const victim = (scenario: string, final: Recorded): unknown => ({
  ...{ scenario, orchestrator: final["name"], instanceId: final["instanceId"], statusCode: 200 },
  ...{ final: fieldsOf(final), history: rowsOf(final) },
});

/** Only what the outcome was, and how long it took. */
function crashes({ workerKilled, hostKilled }: Recorded): unknown {
  const { final: killed } = workerKilled as Recorded;
  const { activityMs, timerMs, final, finalTimer } = hostKilled as Recorded;
  const outcome = (status: unknown) => ({ final: fieldsOf(status), history: rowsOf(status) });
  return {
    workerKilled: outcome(killed),
    hostKilled: { activityMs, timerMs, activities: outcome(final), timer: outcome(finalTimer) },
  };
}

const FIELDS = ["name", "runtimeStatus", "input", "customStatus", "output", "Message", "ExceptionMessage"];

function fieldsOf(status: unknown): unknown {
  const fields = isRecord(status) ? status : {};
  return Object.fromEntries(FIELDS.filter((field) => field in fields).map((field) => [field, cut(fields[field])]));
}

const rowsOf = (status: unknown): unknown => {
  const rows: unknown = isRecord(status) ? status["historyEvents"] : [];
  return Array.isArray(rows) ? rows.filter(isRecord).map((row) => cut(comparableRow(row))) : [];
};

const cut = (value: unknown): unknown => normalized(value);

function shortenedLog(log: unknown, prefix: string): unknown {
  if (!isRecord(log) && !Array.isArray(log)) return log;
  const entries = Object.entries(log).map(([name, value]: [string, unknown]) => {
    const step = prefix + name;
    if (isExchange(value)) return [name, shortenedExchange(step, value)];
    if (Array.isArray(value) && value.every(isExchange))
      return [name, value.map((each) => shortenedExchange(step, each))];
    return [name, shortenedLog(value, `${step}.`)];
  });
  return Object.fromEntries(entries);
}

type Recorded = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Recorded =>
  typeof value === "object" && value !== null && !Array.isArray(value);
