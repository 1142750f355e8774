import { beforeAll, describe, expect, test } from "@jest/globals";
import { requestIdOf } from "../../src/ledger/keys";
import { intentKey } from "../../src/ledger/intent";
import { fleetOf } from "../support/fleet";
import { judged, judges, type JudgeName } from "./judges";
import { program } from "./outside-jest";
import type { Played } from "./played";
import type { Schedule } from "./schedule/schedule";

const SCOPE = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-test";

/** One VM in order that is patched once. */
const QUIET: Schedule = {
  seed: 1,
  fleet: fleetOf([{ name: "vm", image: "win", events: [] }]),
  causes: { vm: [] },
  settings: { GOLDPATCH_SCOPE: SCOPE },
  requests: [{ kind: "run", atSeconds: 0, mode: "patch", vms: ["vm"], install: { rebootSetting: "IfRequired" } }],
  misbehaviour: {},
  slowness: { probability: 0, mostSeconds: 1 },
};

type Fields<K extends keyof Played> = Played[K] extends readonly (infer Item)[] ? Partial<Item> : never;

/** The course with fields of every item of one list changed. */
const each = <K extends "runs" | "vms" | "transcript" | "truth">(
  played: Played,
  list: K,
  fields: Fields<K>,
): Played => ({
  ...played,
  [list]: played[list].map((item) => ({ ...item, ...fields })),
});

const lineOf = ({ transcript }: Played, part: string) => {
  const line = transcript.find(({ path }) => path.includes(part));
  if (!line) throw new Error(`nothing was sent to ${part}`);
  return line;
};

const installIntentOf = ({ vms }: Played) => {
  const intent = vms[0]?.intents.find(({ operation }) => operation === "install");
  if (!intent) throw new Error("no install was meant");
  return intent;
};

const withOperations = (
  played: Played,
  change: (operation: Played["truth"][number]["operations"][number]) => object,
): Played => ({
  ...played,
  truth: played.truth.map((machine) => ({
    ...machine,
    operations: machine.operations.map((operation) => ({ ...operation, ...change(operation) })),
  })),
});

const secondsLater = (instant: string, seconds: number) => new Date(Date.parse(instant) + seconds * 1000).toISOString();

/** For each judge a violation to plant in a course that had none. */
const planted: Readonly<Record<JudgeName, (played: Played) => Played>> = {
  onePostPerIntent: (played) => ({ ...played, transcript: [...played.transcript, lineOf(played, "/installPatches")] }),
  noSecondInstall(played) {
    const again = { ...installIntentOf(played), sequence: 2 };
    const line = { ...lineOf(played, "/installPatches"), clientRequestId: requestIdOf(intentKey(again)) };
    return {
      ...played,
      vms: played.vms.map((vm) => ({ ...vm, intents: [...vm.intents, again] })),
      transcript: [...played.transcript, line],
    };
  },
  noneAfterItsTime: (played) => ({
    ...played,
    vms: played.vms.map((vm) => ({ ...vm, intents: vm.intents.map((intent) => ({ ...intent, postNotAfter: 1 })) })),
  }),
  noneFromAnEndedRun: (played) => each(played, "runs", { endedAt: new Date(played.startedAt).toISOString() }),
  noneOutsideTheScope: (played) => ({
    ...played,
    schedule: { ...played.schedule, settings: { GOLDPATCH_SCOPE: SCOPE.replace("rg-test", "rg") } },
  }),
  noneWhileStopped: (played) => ({
    ...played,
    asked: [
      {
        request: { kind: "stop", atSeconds: 0 },
        askedAt: played.startedAt - 1,
        at: played.startedAt - 1,
        statuses: [200],
        runIds: [],
      },
    ],
  }),
  noneAfterCancel: (played) => ({
    ...played,
    asked: [
      {
        request: { kind: "cancel", request: 0, atSeconds: 0 },
        askedAt: played.startedAt - 1,
        at: played.startedAt - 1,
        statuses: [202],
        runIds: played.runs.map(({ runId }) => runId),
      },
    ],
  }),
  noneForAnotherVm: (played) => each(played, "runs", { vmId: (played.runs[0]?.vmId ?? "").replace(/vm$/, "other") }),
  noInstallBesideAnother: (played) =>
    withOperations(played, ({ kind }) => (kind === "assess" ? { endsAt: played.endedAt } : {})),
  noInstallWithoutSupport: (played) => withOperations(played, () => ({ readiness: "Unsupported" })),
  everyRequestHasARun: (played) => ({ ...played, runs: [] }),
  everyRunHasOneOutcome: (played) => each(played, "runs", { outcome: null }),
  patchedByUsIsOurs: (played) =>
    withOperations(played, ({ kind }) => (kind === "install" ? { installed: undefined } : {})),
  numbersAreTrue: (played) => each(played, "runs", { failedPatchCount: 1 }),
  patchedMeansAll: (played) =>
    withOperations(played, ({ installed }) => ({
      installed: installed && {
        ...installed,
        entries: installed.entries.map((entry) => ({ ...entry, state: "Pending" })),
      },
    })),
  runsNameTheirVm: (played) => each(played, "runs", { vmId: "/subscriptions/x" }),
  aTakenInstallIsTold: (played) => each(played, "runs", { code: "CancelledBeforeInstall" }),
  lostInstallsAreFound: (played) => each(played, "runs", { code: "IntentUnresolved" }),
  notFoundMeansGone: (played) => each(played, "runs", { code: "VmNotFound" }),
  replacedMeansReplaced: (played) => each(played, "runs", { code: "VmReplaced" }),
  supportStateIsTrue: (played) => each(played, "runs", { supportState: "UnableToDetermine" }),
  supportedMeansFresh: (played) =>
    withOperations(each(played, "runs", { code: "Supported" }), ({ endsAt }) => ({ endsAt: endsAt - 86_400_000 })),
  nothingPendingIsTrue: (played) => each(played, "runs", { code: "NothingPending" }),
  heldMeansHeld: (played) => each(played, "runs", { code: "HeldByRun", detail: "http-nobody" }),
  leasesAreReleased: (played) => ({
    ...played,
    vms: played.vms.map((vm) => ({ ...vm, lease: vm.lease && { ...vm.lease, held: true } })),
  }),
  leasesAreKept: (played) => each(played, "runs", { endedAt: secondsLater(lineOf(played, "/installPatches").t, 60) }),
  slotsAreFree: (played) => ({ ...played, slots: ["http-1"] }),
  everythingCameToRest: (played) => ({ ...played, cameToRest: false }),
  pollsAreApart: (played) => ({
    ...played,
    exchanges: played.exchanges.flatMap((one) =>
      one.target.includes("/operations/") ? [one, { ...one, at: one.at + 14_000 }] : [one],
    ),
  }),
  retryAfterIsKept: (played) => ({
    ...played,
    exchanges: played.exchanges.map((one) => ({ ...one, retryAfterMs: 3_600_000 })),
  }),
  neverThrottled: (played) => each(played, "transcript", { status: 429 }),
  nothingSecret: (played) => ({ ...played, logs: [...played.logs, "authorization: Bearer simulated"] }),
};

describe("each judge", () => {
  let quiet: Played;
  beforeAll(async () => {
    quiet = await program.play(QUIET);
  }, 30_000);

  test("finds nothing in a course in order", () => {
    expect(quiet.runs.map(({ code }) => code)).toEqual(["Patched"]);
    expect(judged(quiet)).toEqual([]);
  });

  test.each(Object.entries(planted))("%s finds what was planted for it", (name, plant) => {
    expect(judges[name as JudgeName](plant(quiet))).not.toEqual([]);
  });

  test.each([
    ["an orchestration that failed", "everythingCameToRest", { orchestrations: "Failed" }],
    ["a signed address in a history", "nothingSecret", { text: `?s=${"a".repeat(342)}` }],
  ] as const)(
    "%s is found as well",
    (_, name, { orchestrations, text }: { orchestrations?: string; text?: string }) => {
      const changed = quiet.orchestrations.map((one) => ({
        ...one,
        ...(orchestrations !== undefined && { runtimeStatus: orchestrations }),
        ...(text !== undefined && { text }),
      }));
      expect(judges[name]({ ...quiet, orchestrations: changed })).not.toEqual([]);
    },
  );

  test("an install for another machine of the same name is found", () => {
    const install = Date.parse(lineOf(quiet, "/installPatches").t);
    const truth = quiet.truth.flatMap((machine) => [
      { ...machine, deletedAt: install - 1 },
      { ...machine, vmId: "another", createdAt: install - 1 },
    ]);
    expect(judges.noInstallWithoutSupport({ ...quiet, truth })).not.toEqual([]);
  });
});
