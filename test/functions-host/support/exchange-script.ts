import type { Answer, TestHost } from "./outside";

/** What happened beside the recorded requests: time, and requests that were not recorded. */
export interface ExchangeScript {
  /** How long an activity takes, where one request came while an orchestration still ran. */
  readonly activityMs?: number;
  /** Before the request with this name was sent. */
  readonly before: Readonly<Record<string, (app: TestHost) => Promise<unknown>>>;
  /** An address that an earlier answer gave. */
  readonly url?: (step: string, recorded: string, answers: ReadonlyMap<string, Answer>) => string;
  /** Headers beyond the content type, which the recordings leave out. */
  readonly headers: (step: string, answers: ReadonlyMap<string, Answer>) => Readonly<Record<string, string>>;
}

const time = (ms: number) => (app: TestHost) => app.pass(ms);
const started = (name: string, input: unknown, id: string, ms: number) => async (app: TestHost) => {
  await app.start(name, input, id);
  await app.pass(ms);
};
const NONE = {};

const managementApi: ExchangeScript = {
  before: {
    "unknown.get": time(50),
    "failed.get": started("failUncaught", 1, "r1-mfail", 50),
    "running.get": started("infinite", undefined, "r1-mrun", 1500),
    "running.suspended": time(2500),
    "running.suspendedLater": time(2000),
    "running.resumed": time(2500),
    "running.terminatePoll": time(150),
    "termSuspended.suspend": started("evt", undefined, "r1-mts", 800),
    "termSuspended.status": time(1500),
    "termSuspended.final": time(150),
    "rewindFailed.before": started("retryExhaustUncaught", undefined, "r1-mrw", 1000),
    "rewindFailed.after": time(4000),
    "restart.keepId": started("seq", "orig", "r1-mrs", 100),
    "restart.after": time(2000),
  },
  headers: () => NONE,
};

const startNew: ExchangeScript = {
  before: {
    startNewWhileRunning: time(800),
    statusAfterDup: time(1000),
    statusAfterDup2: time(800),
    startNewWhileSuspended: time(1200),
    raise: time(500),
    completed: time(150),
    afterRestart: time(500),
    startNewWhenFailed: started("throwError", undefined, "r1-dupf", 150),
    afterFailedRestart: time(1500),
    startNewWhenTerminated: async (app) => {
      await started("infinite", undefined, "r1-dupt", 1000)(app);
      await app.manage("instances/r1-dupt/terminate?reason=x", { method: "POST" });
      await app.pass(150);
    },
    afterTerminatedRestart: time(1500),
    parallelStatus: time(1000),
    unknownOrchestrator: async (app) => {
      await app.raise("r1-par", "go", '"x"');
      await app.pass(150);
    },
    unknownOrchestratorStatus: time(20),
    caseOrchestratorStatus: time(1500),
  },
  headers: () => NONE,
};

/** Lists are compared by their lengths: so many of each kind had run before. */
const BEFORE_THE_LISTS = { failed: 21, waiting: 13, withPrefix: 14, others: 60 };

const clientApi: ExchangeScript = {
  before: {
    getStatusUnknown: async (app) => {
      const { failed, waiting, withPrefix, others } = BEFORE_THE_LISTS;
      const many = (name: string, count: number, prefix: string) =>
        Array.from({ length: count }, (_, n) => app.start(name, 1, `${prefix}-${n}`));
      await Promise.all([
        ...many("throwError", failed, "a-failed"),
        ...many("evt", waiting, "b-waiting"),
        ...many("retNull", withPrefix, "r1-sub"),
        ...many("retNull", others, "c-other"),
      ]);
      await started("seq", 1, "r1-m1", 1000)(app);
    },
  },
  url: (step, recorded, answers) => {
    const { id } = (answers.get("waitTimeout")?.body ?? {}) as { id?: string };
    return step === "waitTerm" ? recorded.replace(/[0-9a-f]{32}/, String(id)) : recorded;
  },
  headers: (step, answers) => {
    const token = answers.get("listTop2")?.headers["x-ms-continuation-token"];
    return step === "listNext" ? { "x-ms-continuation-token": String(token) } : NONE;
  },
};

const EVENT_TYPES: Readonly<Record<string, string>> = {
  validation: "SubscriptionValidation",
  unsubscribe: "Unsubscribe",
  badHeader: "Other",
};
const WITHOUT_EVENT_TYPE = ["noHeader", "cloudEventNoAeg", "cloudOptions", "get"];
const MASTER_KEY = ["keyedHeader", "adminTrigger", "adminTriggerOrch"];

const triggers: ExchangeScript = {
  activityMs: 10,
  before: {
    // Three ticks of the timer function.
    validation: time(61_000),
    seen: time(22_000),
  },
  headers: (step) => ({
    ...(WITHOUT_EVENT_TYPE.includes(step) ? NONE : { "aeg-event-type": EVENT_TYPES[step] ?? "Notification" }),
    ...(step.startsWith("cloudEvent") && { "content-type": "application/cloudevents+json" }),
    ...(step === "cloudOptions" && { "webhook-request-origin": "eventgrid.azure.net" }),
    ...(MASTER_KEY.includes(step) && { "x-functions-key": "master" }),
  }),
};

const historyVariants: ExchangeScript = {
  before: {
    noHistory: started("seq", { a: 1 }, "v1-hist", 100),
    failHistory: started("failCustomUncaught", 1, "v1-fail", 100),
    suspend: started("evt", { n: 2 }, "v1-susp", 700),
    raise1: time(1200),
    suspended: time(300),
    afterResume: time(1500),
    versionStatus: time(1500),
    // One more had ended whose end was not recorded.
    purgeFilter: started("seq", 1, "v1-other", 100),
  },
  headers: () => NONE,
};

const checks: ExchangeScript = {
  before: {
    uniStatus: time(1000),
    ver1: time(3000),
    ver2: time(3000),
    ver3: time(3000),
    unkStatus: time(1000),
    unkAfter: time(1000),
    long300Status: time(500),
  },
  headers: () => NONE,
};

const nothingBeside: ExchangeScript = { before: {}, headers: () => NONE };

export const exchangeScripts: Readonly<Record<string, ExchangeScript>> = {
  "management-api": managementApi,
  "start-new": startNew,
  "client-api": clientApi,
  triggers,
  "history-variants-and-misc": historyVariants,
  checks,
  "entity-http": nothingBeside,
};
