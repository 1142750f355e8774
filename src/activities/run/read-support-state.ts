import { modifiedAt, newestRow, toSupportRow, type AssessmentRow } from "../../azure/resource-graph/assessment-rows";
import type { ActivityInput, ActivityResult } from "../../contracts/activities";
import type { OutcomeCode } from "../../domain/outcome/table";
import { verdictOnFailedAssessment } from "../../domain/outcome/refusal";
import type { MachineKind } from "../../domain/machine/vm-id";
import { decideSupport, parseSupportState, type SupportDecision } from "../../domain/support/decide";
import type { Intent } from "../../ledger/intent";
import { graphTickAfter } from "./graph-tick";
import { assessRulesOf } from "./policy-of-run";
import { beginStep, isoOf, noteStep, subjectOf, type RunDeps } from "./deps";

type ReadInput = ActivityInput<"readSupportState">;
type ReadResult = ActivityResult<"readSupportState">;

/** One look at the machine's row in Resource Graph; only a fresh one decides. */
export const readSupportState =
  (deps: RunDeps) =>
  async (input: ReadInput): Promise<ReadResult> => {
    const { vm, vmId, machineId } = subjectOf(deps, input);
    await beginStep(deps, input, { name: "readSupportState", attempt: input.attempt });
    if (await deps.switches.isCancelled(input.runId)) return end("CancelledBeforeInstall");
    const intent = await vm.intent(input.operationKey);
    if (!intent?.accepted) throw new TypeError(`${input.operationKey} is no accepted operation`);
    const hopeless = verdictOnFailedAssessment(intent.accepted.ended?.errorCode);
    if (hopeless) return end(hopeless, intent.accepted.ended?.errorMessage);

    const pastDeadline = deps.clock.now() >= Date.parse(input.supportBy);
    const read = await deps.azure.readAssessmentRows(machineId);
    if (read.kind === "forbidden") return end("PermissionMissing", read.message);
    if (read.kind === "unavailable") {
      deps.logs.azureUnavailable({ runId: input.runId, vmId: input.vmId, reason: read.message });
      return pastDeadline ? end("SupportStateLate", read.message) : nextTick(deps, read.retryAfterMs);
    }
    return decide(deps, input, intent, { machineKind: vmId.kind, row: newestRow(read.rows), pastDeadline });
  };

interface Seen {
  readonly machineKind: MachineKind;
  readonly row: AssessmentRow | undefined;
  readonly pastDeadline: boolean;
}

async function decide(
  deps: RunDeps,
  input: ReadInput,
  intent: Intent,
  { machineKind, row, pastDeadline }: Seen,
): Promise<ReadResult> {
  const { accepted } = intent;
  const decision = decideSupport({
    machineKind,
    assessment: {
      ...(accepted?.activityId !== undefined && { activityId: accepted.activityId }),
      acceptedAt: accepted?.acceptedAt ?? Number.POSITIVE_INFINITY,
      failed: accepted?.ended !== undefined && accepted.ended.state !== "succeeded",
    },
    ...(row && { row: toSupportRow(row) }),
    pastDeadline,
  });
  if (decision.kind === "wait") return nextTick(deps);

  const fresh = decision.kind !== "undetermined" || decision.code !== "SupportStateLate";
  await noteStep(deps, input, {
    name: "readSupportState",
    attempt: input.attempt,
    ended: true,
    evidence: {
      source: "resourceGraph",
      decision: decision.kind,
      ...(decision.kind === "supported" && decision.evidence !== "readiness" && { evidence: decision.evidence }),
      fresh,
      ...(row && evidenceOf(row, deps.clock.now())),
    },
  });
  if (fresh && row) await noteState(deps, input, intent, row, decision);
  switch (decision.kind) {
    case "supported":
      return { kind: "supported" };
    case "unsupported":
      return end("UnsupportedImage");
    case "undetermined":
      return end(decision.code);
    case "reassess": {
      const { attempts, pauseMs } = await assessRulesOf(deps, input);
      return input.attempt < attempts
        ? { kind: "reassess", at: isoOf(deps.clock.now() + pauseMs) }
        : end(decision.code);
    }
  }
}

/** Counts of the operation's own result come first; the row's stand in when the operation had none. */
async function noteState(
  deps: RunDeps,
  input: ReadInput,
  intent: Intent,
  row: AssessmentRow,
  { kind }: SupportDecision,
): Promise<void> {
  const counts = intent.accepted?.ended?.result?.counts;
  const byRow = row.pendingByClassification ?? undefined;
  const sum = (names: readonly string[]) => names.reduce((total, name) => total + (byRow?.[name] ?? 0), 0);
  const criticalAndSecurity = counts?.["criticalAndSecurityPatchCount"] ?? (byRow && sum(["critical", "security"]));
  const others = Object.keys(byRow ?? {}).filter((name) => !["critical", "security"].includes(name));
  const other = counts?.["otherPatchCount"] ?? (byRow && sum(others));
  await deps.runs.update(input.runId, (run) => ({
    ...run,
    supportState: kind === "supported" ? "Supported" : parseSupportState(row.supportState ?? undefined),
    pending: {
      ...(criticalAndSecurity !== undefined && { criticalAndSecurity }),
      ...(other !== undefined && { other }),
    },
  }));
}

const evidenceOf = (row: AssessmentRow, now: number) => ({
  rawSupportState: row.supportState ?? null,
  rowStatus: row.status ?? null,
  startedBy: row.startedBy ?? null,
  lastModifiedDateTime: row.lastModifiedDateTime ?? null,
  ageSeconds: Math.round((now - (modifiedAt(row) ?? now)) / 1000),
});

const nextTick = ({ clock }: RunDeps, atLeastMs?: number): ReadResult => ({
  kind: "wait",
  at: graphTickAfter(clock.now(), atLeastMs),
});

const end = (code: OutcomeCode, detail?: string): ReadResult => ({
  kind: "end",
  code,
  ...(detail !== undefined && { detail }),
});
