import { normalized } from "./normalized";

/** A request as it was sent to the real host, and what came back. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly sent?: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Requests sent one after the other; those in an array at once. */
export interface ExchangeLog {
  readonly [name: string]: Exchange | readonly Exchange[] | ExchangeLog;
}

/** `running.final`, `parallelSameId`, or `3` in a log without names. */
export type Step = readonly [name: string, exchanges: readonly Exchange[]];

export const isExchange = (value: unknown): value is Exchange =>
  typeof value === "object" && value !== null && "method" in value && "status" in value;

const isMany = (value: unknown): value is readonly Exchange[] => Array.isArray(value) && value.every(isExchange);

/** In the order in which they were sent. */
export const stepsOf = (log: ExchangeLog, prefix = ""): Step[] =>
  Object.entries(log).flatMap(([name, value]): Step[] => {
    if (isExchange(value)) return [[prefix + name, [value]]];
    return isMany(value) ? [[prefix + name, value]] : stepsOf(value, `${prefix}${name}.`);
  });

const COMPARED_HEADERS = [
  "content-type",
  "location",
  "retry-after",
  "webhook-allowed-origin",
  "www-authenticate",
  "x-ms-continuation-token",
];

/** An answer of either host. */
interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** What is compared of an answer. */
export function comparedAnswer(step: string, { status, headers, body }: Answered): Answered {
  const kept = Object.entries(headers).filter(([name]) => COMPARED_HEADERS.includes(name));
  return {
    status,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, headerText(name, String(value))])),
    body: isList(step) ? listShape(body) : comparedBody(normalized(body)),
  };
}

const headerText = (name: string, value: string): unknown =>
  name === "x-ms-continuation-token"
    ? "<token>"
    : name === "content-type"
      ? value.toLowerCase().replace("; ", ";")
      : normalized(value);

/** What a list shows depends on what ran before: its length and its fields are compared. */
const isList = (step: string): boolean => /^(?:list|getStatusBy)/.test(step);

/** Of long lists the recordings hold the first two rows and the `count`, which the copy put into the body. */
function listShape(body: unknown): unknown {
  if (typeof body !== "object" || body === null || "fields" in body) return body;
  const rows: unknown = "ok" in body ? body.ok : "sample" in body ? body.sample : body;
  if (!Array.isArray(rows)) return body;
  const [first] = rows as readonly unknown[];
  const count: unknown = "count" in body ? body.count : rows.length;
  return { count, fields: typeof first === "object" && first !== null ? Object.keys(first).sort() : [] };
}

function comparedBody(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(comparedBody);
  if (typeof body !== "object" || body === null) return body;
  const fields = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, comparedBody(value)]));
  if ("id" in fields && "statusQueryGetUri" in fields) return linksShape(fields);
  const rows: unknown = fields["historyEvents"];
  if (fields["name"] !== "infinite") return fields;
  return { ...fields, customStatus: "<turns>", ...(Array.isArray(rows) ? { historyEvents: withoutTurns(rows) } : {}) };
}

const LINKS = {
  statusQueryGetUri: "",
  sendEventPostUri: "/raiseEvent/{eventName}",
  terminatePostUri: "/terminate?reason={text}",
  rewindPostUri: "/rewind?reason={text}",
  purgeHistoryDeleteUri: "",
  restartPostUri: "/restart",
  suspendPostUri: "/suspend?reason={text}",
  resumePostUri: "/resume?reason={text}",
};

/** Management links that are as they always are, by their names alone. */
function linksShape(fields: Readonly<Record<string, unknown>>): unknown {
  const id = String(fields["id"]);
  const rest = Object.entries(fields).filter(([name, link]) => {
    if (name === "id") return false;
    const operation: string | undefined = Object.entries(LINKS).find(([each]) => each === name)?.[1];
    if (operation === undefined) return true;
    const mark = operation.includes("?") ? "&" : "?";
    return link !== `<origin>/runtime/webhooks/durabletask/instances/${id}${operation}${mark}<query>`;
  });
  const usual = Object.keys(fields).filter((name) => name in LINKS && !rest.some(([other]) => other === name));
  return { linksOf: id, usual: usual.sort(), ...Object.fromEntries(rest) };
}

/** How many turns an endless orchestrator gets in a second is speed: equal turns in a row are shown once. */
function withoutTurns(rows: readonly unknown[]): unknown[] {
  const turn = (index: number) => JSON.stringify(rows.slice(index, index + 2));
  return rows.filter((_, index) => {
    for (const begin of [index, index - 1]) {
      if (
        begin >= 2 &&
        turn(begin) === turn(begin - 2) &&
        /TimerCreated.*TimerFired|TimerFired.*TimerCreated/.test(turn(begin))
      )
        return false;
    }
    return true;
  });
}

/** Long answers about what the embedded host does not offer at all. */
const NOT_OFFERED = ["adminFunctions", "adminStatus", "root"];

/** Of what was sent and answered, what tests need. */
export const shortenedExchange = (step: string, exchange: Exchange): unknown => {
  const { method, url, sent, body } = exchange;
  if (NOT_OFFERED.includes(step)) return { method, url, ...comparedAnswer(step, { ...exchange, body: "<left out>" }) };
  const counted =
    "count" in exchange && Array.isArray(body) ? { count: exchange.count, sample: body as unknown } : body;
  return {
    method,
    url,
    ...(sent === undefined ? {} : { sent }),
    ...comparedAnswer(step, { ...exchange, body: counted }),
  };
};
