/** A place where the embedded host does something else than a recording of the real one, and why it may. */
export interface Difference {
  /** A file of golden/; of golden-3.16.2/ with that before its name. */
  readonly recording: string;
  /** A request by its name, or a part of an outcome: each has its row. All of the recording when absent. */
  readonly at?: string;
  readonly real: string;
  readonly ours: string;
  readonly why: string;
  /** What our side holds there, at least; absent where it says no more than `ours`. */
  readonly shows?: object;
}

type Row = Omit<Difference, "recording" | "at">;

const rowsFor = (recording: string, row: Row, places: readonly string[]): Difference[] =>
  places.map((at) => ({ recording, at, ...row }));

const ENTITIES = "Durable entities are not offered, and the app uses none: they are refused loudly instead.";
const REWIND = "Rewind is not offered: the app settles and records a failed run, and a new run takes its place.";
const ADMIN = "The host's own pages and admin API are for the platform; the embedded host serves the app alone.";
const RACE = "How far the other one had come is a race; what the caller learns, that the id is taken, is the same.";
const SPEED = "A measurement of one machine, not a behaviour: the host's own speed is measured by a benchmark.";

const NO_ENTITIES =
  'The operation failed with an unexpected status code: 501. Details: {"Message":"The embedded host does not offer entities."}';

const refusedEntity: Row = {
  real: "the entity's state, or 404",
  ours: "501",
  why: ENTITIES,
  shows: { status: 501, body: { Message: "The embedded host does not offer entities." } },
};
const refusedAction = (real: string, why: string): Row => ({
  real,
  ours: "the orchestration fails at once and says what is not offered",
  why,
});
const notServed = (real: string): Row => ({ real, ours: "404", why: ADMIN, shows: { status: 404 } });

const orchestratorsWithEntities: readonly Difference[] = [
  ...rowsFor("entity", refusedAction("signals and calls the entity", ENTITIES), ["final", "history"]),
  ...rowsFor("entity-unknown-name", refusedAction("waits for ever", ENTITIES), ["final", "history", "statusCode"]),
  ...rowsFor("unyielded-activity", refusedAction("sends the signal and completes", ENTITIES), ["final", "history"]),
  ...rowsFor(
    "entity-lock",
    {
      real: "takes and releases the lock",
      ours: "the library refuses the lock, as the host says that it speaks schema V3",
      why: `${ENTITIES} Nothing but locks needs a later schema.`,
    },
    ["final", "history"],
  ),
];

const entityRequests: readonly Difference[] = [
  {
    recording: "entity-http",
    real: "entities are read, signalled and listed",
    ours: "501, and through the durable client an error that says so",
    why: ENTITIES,
  },
  ...rowsFor("checks", refusedEntity, ["lower", "upper", "keyUpper"]),
  {
    recording: "checks",
    at: "sdkUpper",
    real: "the entity's state",
    ours: "the durable client throws what the host refused",
    why: ENTITIES,
    shows: { status: 500, body: { caught: { message: NO_ENTITIES } } },
  },
  { recording: "history-variants-and-misc", at: "manySignals", ...refusedEntity },
];

const rewinding: readonly Difference[] = [
  ...["rewind-activity", "rewind-sub", "rewind-fan"].flatMap((recording) =>
    rowsFor(recording, { real: "202, and it goes on to complete", ours: "501, and it stays failed", why: REWIND }, [
      "answers",
      "final",
      "history",
      ...(recording === "rewind-sub" ? ["kid -kid"] : []),
    ]),
  ),
  {
    recording: "management-api",
    at: "rewindFailed.rewind",
    ...{ real: "202", ours: "501", why: REWIND },
    shows: { status: 501, body: "The embedded host does not offer rewind. Start the orchestration again instead." },
  },
  {
    recording: "management-api",
    at: "rewindFailed.after",
    real: "fails again, as nondeterministic, for rewind does not work after a retried activity",
    ours: "stays as it failed",
    why: REWIND,
    shows: { status: 200, body: { runtimeStatus: "Failed" } },
  },
  {
    recording: "management-api",
    at: "rewindClient",
    ...{ real: "succeeds", ours: "the durable client throws what the host refused", why: REWIND },
    shows: { status: 500 },
  },
];

const nondeterminism: readonly Difference[] = [
  {
    recording: "nondet-kind",
    at: "history",
    real: "the timer that the broken replay asked for stands in the history",
    ours: "the broken replay leaves nothing but the failure",
    why: "The orchestration has failed: nothing of what its wrong replay asked for should look as if it had been done.",
  },
  ...rowsFor(
    "nondet-name",
    {
      real: "the status can no longer be read: 400, the same key has already been added",
      ours: "fails as nondeterministic, and names the activity of then and of now",
      why: "A status that cannot be read is a defect of the extension; an operator needs the reason.",
    },
    ["statusCode", "final", "history"],
  ),
];

const starting: readonly Difference[] = [
  {
    recording: "sub-unknown-name",
    at: "history",
    real: "nothing of the child that does not exist",
    ours: "a row for the child that was asked for",
    why: "The parent waits for ever on both; here a developer sees for what (and the log says so).",
  },
  {
    recording: "start-new",
    at: "httpStartBadJson",
    real: "the .NET parser's words and exception type beside the message",
    ours: "the message",
    why: "The parser here is another one.",
    shows: { status: 400, body: { Message: "Invalid JSON content" } },
  },
  {
    recording: "start-new",
    at: "httpStartWait",
    real: "with ?timeout= the start waits, and answers the output",
    ours: "answers at once with the addresses, as without it",
    why: "Neither the app nor the durable client starts orchestrations so.",
    shows: { status: 202 },
  },
  {
    recording: "start-new",
    at: "id_ctrl",
    real: "500 with the content type that the app had chosen",
    ours: "500 without a content type",
    why: "A control character in an id makes no header; an answer without a body needs no type.",
    shows: { status: 500, body: "" },
  },
  {
    recording: "start-new",
    at: "id_question",
    real: "409: of the id a?b only a is left, and that one, started just before, is still Pending",
    ours: "202: of the id a?b only a is left, too, but that one has ended already",
    why: RACE,
    shows: { status: 202, body: { linksOf: "r1-a" } },
  },
  {
    recording: "start-new",
    at: "parallelSameId",
    real: "one wins; the others are told that the id is Pending",
    ours: "one wins; the others are told that the id is Running",
    why: RACE,
  },
];

const ending: readonly Difference[] = [
  {
    recording: "management-api",
    at: "running.final",
    real: "a turn that was under way adds a fired and a new timer around the end",
    ours: "nothing follows the termination but the end",
    why: "A race between the termination and a turn; here a turn is over before the next message is looked at.",
    shows: { status: 200, body: { runtimeStatus: "Terminated", output: "enough now" } },
  },
  {
    recording: "crash-recovery",
    at: "hostKilled.activityMs",
    real: "activities in flight run again after 305 s, when the lock of their message ends",
    ours: "they run again as soon as the host is back",
    why: "No other host can be at work on them: one process owns the store, so there is no lock to wait for.",
  },
];

const notTheApp: readonly Difference[] = [
  ...rowsFor(
    "callHttp-local",
    refusedAction("calls the address and gives its answer", "The app's orchestrators leave all I/O to activities."),
    ["final", "history"],
  ),
  ...rowsFor("triggers", notServed("the host's state, 401 without a key"), ["adminStatus", "adminStatusNoKey"]),
  ...rowsFor("triggers", notServed("the functions"), ["adminFunctions"]),
  ...rowsFor("triggers", notServed("runs the function"), ["adminTrigger", "adminTriggerOrch"]),
  ...rowsFor("triggers", notServed("a page, or an empty answer"), ["root", "ping"]),
];

/** Of the newer extension; see support/recordings.ts for what else of it was compared. */
const newerExtension: readonly Difference[] = [
  ...rowsFor(
    "3.16.2/failUncaught",
    {
      real: "one blank between `failed:` and the message",
      ours: "two, as 3.15.0",
      why: "3.15.0 is followed: its recordings ran on its own framework, those of 3.16.2 on an older one. The app reads no such text.",
    },
    ["final", "history"],
  ),
  ...rowsFor(
    "3.16.2/throwString",
    {
      real: "fails with an internal dump",
      ours: "runs for ever without a word, as 3.15.0",
      why: "3.15.0 is followed. The app throws errors only.",
    },
    ["statusCode", "final", "history"],
  ),
];

const measurements: readonly Difference[] = ["perf-disk", "perf-mem1", "perf-idle-latency"].map((recording) => ({
  recording,
  ...{ real: "how long orchestrations took", ours: "not replayed", why: SPEED },
}));

/** All there is. Tests hold that each is one still, and that nothing else differs. */
export const differences: readonly Difference[] = [
  ...orchestratorsWithEntities,
  ...entityRequests,
  ...rewinding,
  ...nondeterminism,
  ...starting,
  ...ending,
  ...notTheApp,
  ...newerExtension,
  ...measurements,
];
