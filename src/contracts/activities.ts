import { z } from "zod";
import { aroundSteps } from "../domain/sweep/around";
import { ending, instant, outcomeCode, runMode, runRequest } from "./run";

/**
 * All that orchestrators and activities share: a name, what goes in, what comes out.
 * A business outcome is a value of the result union; a throw means a defect or a lost worker.
 */
const run = z.object({ runId: z.string(), vmId: z.string() });
const operation = run.extend({
  operation: z.enum(["assess", "install"]),
  /** Counts assessments of this run from 1; an installation has one attempt. */
  attempt: z.int(),
});
const operationRef = run.extend({ operationKey: z.string() });

/** Ask the same again at this time. */
const wait = z.object({ kind: z.literal("wait"), at: instant });
const end = ending.extend({ kind: z.literal("end") });
const started = z.object({ kind: z.literal("started"), operationKey: z.string(), pollAt: instant });
/** A hook of a sweep's policy, and the index of the stage it is asked for. */
const stageHook = z.object({ moment: z.enum(["beforeStage", "afterStage"]), stage: z.int() });

/** `startAt` is the turn of the operation that follows, where that is still to come. */
const startAt = instant.exactOptional();
const readiness = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("ready"),
    /** What the policy says that selects the new VM; the request's own when absent. */
    mode: runMode.exactOptional(),
    /** What that policy wants around the run; absent: nothing. */
    around: z.array(z.enum(aroundSteps)).exactOptional(),
    startAt,
  }),
  wait,
  end,
]);
const support = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("supported"), startAt }),
  z.object({ kind: z.literal("reassess"), at: instant }),
  end,
]);

export const activityContracts = {
  /** Makes the run the only one for its VM: one of a limited number of active runs, holder of the VM's lease. */
  claimRun: {
    input: runRequest,
    result: z.discriminatedUnion("kind", [
      /** With the first look at the VM, unless a policy wants something done with it before. */
      z.object({ kind: z.literal("claimed"), readyBy: instant, check: readiness.exactOptional() }),
      z.object({ kind: z.literal("alreadySettled"), code: outcomeCode }),
      wait,
      end,
    ]),
  },
  /** One look at the VM: provisioned, running, agent ready, from a customized image. */
  checkProvisioning: {
    input: run.extend({ readyBy: instant }),
    result: readiness,
  },
  /** Writes the intent, evaluates every gate, posts at most once. The operation's address stays in its row. */
  startOperation: {
    input: operation,
    result: z.discriminatedUnion("kind", [
      started,
      /** A POST may be under way or its answer lost: only Azure knows. Resolve it at this time. */
      z.object({ kind: z.literal("unanswered"), resolveAt: instant }),
      wait,
      end,
    ]),
  },
  /** Read-only: finds out what became of an intent whose answer is missing. */
  resolveIntent: {
    input: operation,
    result: z.discriminatedUnion("kind", [
      started,
      /** Certainly nothing was sent and nobody will: start it. */
      z.object({ kind: z.literal("neverSent") }),
      /** Sent perhaps, but Azure shows no trace of it. */
      z.object({ kind: z.literal("noTrace") }),
      wait,
    ]),
  },
  /** One look at an operation. Its result is kept in its row. */
  pollOperation: {
    input: operationRef,
    result: z.discriminatedUnion("kind", [
      z.object({
        kind: z.literal("ended"),
        /** What follows, where it was known at once: of an assessment the support state, of an installation the run's end. */
        support: support.exactOptional(),
        ending: ending.exactOptional(),
        /** When to ask for it otherwise, and until when a support state is waited for. */
        readAt: instant,
        supportBy: instant,
      }),
      z.object({ kind: z.literal("overdue") }),
      wait,
    ]),
  },
  /** One look at Resource Graph after an assessment, coalesced with those of other runs. */
  readSupportState: {
    input: operationRef.extend({ supportBy: instant, attempt: z.int() }),
    result: z.discriminatedUnion("kind", [...support.options, wait]),
  },
  /** The installation's outcome by its numbers, once the VM is seen well or the grace time is over. */
  confirmInstall: {
    input: operationRef,
    result: z.discriminatedUnion("kind", [wait, end]),
  },
  /** Read-only: after a failed activity, says how the run ends by what its rows tell. */
  settleAfterFailure: {
    input: run.extend({ failure: z.string() }),
    result: end,
  },
  /** Asks a hook of the run's policy once; its answer is kept. No answer is a no, which ends the run. */
  askHook: {
    input: z.discriminatedUnion("moment", [
      run.extend({ moment: z.literal("beforeVm") }),
      /** With the run's ending so far, which the hook is told, and which a no replaces. */
      run.extend({ moment: z.literal("afterVm"), ending }),
    ]),
    result: z.discriminatedUnion("kind", [z.object({ kind: z.literal("agreed") }), wait, end]),
  },
  /** Starts a VM that is deallocated, and waits until it runs. Any other VM is left as it is. */
  startVm: {
    input: run,
    result: z.discriminatedUnion("kind", [z.object({ kind: z.literal("asItIs") }), wait, end]),
  },
  /** Deallocates the VM again if this run started it. */
  stopVm: {
    input: run.extend({ ending }),
    result: z.discriminatedUnion("kind", [z.object({ kind: z.literal("asItWas") }), wait, end]),
  },
  /** Writes the outcome once; frees the lease when the VM is idle. */
  recordOutcome: {
    /** With the whole request: a run whose claim never succeeded has no row yet. */
    input: z.object({ run: runRequest, ending }),
    result: z.object({ kind: z.literal("recorded"), outcome: z.string(), code: outcomeCode }),
  },
  /** One page of the VMs a sweep covers; starts their runs. */
  releaseSweepPage: {
    input: z.object({ sweepId: z.string(), slot: instant, skipToken: z.string().exactOptional() }),
    result: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("page"), started: z.int(), skipToken: z.string() }),
      z.object({ kind: z.literal("last"), started: z.int() }),
      wait,
    ]),
  },
  /** Finds a part of a policy sweep's VMs, or puts a part of them into its stages. Repeating it changes nothing. */
  planSweep: {
    input: z.object({ sweepId: z.string() }),
    result: z.discriminatedUnion("kind", [z.object({ kind: z.literal("planned") }), wait]),
  },
  /** Decides and carries out one tick of a policy sweep. A tick that is asked for again carries out what was decided. */
  tickSweep: {
    input: z.object({ sweepId: z.string(), tick: z.int() }),
    result: z.discriminatedUnion("kind", [
      /** The tick that was last decided, and when to ask for the next. */
      z.object({ kind: z.literal("ticked"), tick: z.int(), nextAt: instant, hook: stageHook.exactOptional() }),
      z.object({ kind: z.literal("over") }),
    ]),
  },
  /** Asks a hook before or after a stage once; its answer is kept, and the next tick decides by it. */
  askStageHook: {
    input: stageHook.extend({ sweepId: z.string() }),
    result: z.discriminatedUnion("kind", [z.object({ kind: z.literal("asked") }), wait]),
  },
} as const;

export type ActivityName = keyof typeof activityContracts;
export type ActivityInput<N extends ActivityName> = z.infer<(typeof activityContracts)[N]["input"]>;
export type ActivityResult<N extends ActivityName> = z.infer<(typeof activityContracts)[N]["result"]>;

/** An answer that is not "ask again". */
export type Settled<N extends ActivityName> = Exclude<ActivityResult<N>, { kind: "wait" }>;
