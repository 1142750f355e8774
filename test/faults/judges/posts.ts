import { requestIdOf } from "../../../src/ledger/keys";
import type { RunRecord } from "../../../src/ledger/runs";
import { intentKey, type Intent } from "../../../src/ledger/intent";
import type { MachineTruth, TranscriptLine } from "../../../src/local/simulated-azure";
import type { Played } from "../played";

/** An intent's request leaves within this, or never (DESIGN: never twice). */
const POST_WITHIN_MS = 60_000;

type Operation = MachineTruth["operations"][number];

/** A request for an operation that reached simulated Azure, with all that is known about it. */
export interface Post {
  readonly line: TranscriptLine;
  readonly at: number;
  readonly kind: "assess" | "install";
  readonly vmId: string;
  readonly intent: Intent | undefined;
  /** When the intent was written down: every gate is looked at again after that. */
  readonly meantAt: number;
  readonly run: RunRecord | undefined;
  /** The machine that bore the name then. */
  readonly machine: MachineTruth | undefined;
  /** What Azure made of it, if it took it. */
  readonly operation: Operation | undefined;
}

/** The POSTs of a course, in the order of their arrival. */
export function postsOf({ transcript, vms, runs, truth }: Played): Post[] {
  const intents = new Map(
    vms.flatMap((vm) => vm.intents.map((intent) => [requestIdOf(intentKey(intent)), intent] as const)),
  );
  const byRunId = new Map(runs.map((run) => [run.runId, run]));
  return transcript
    .flatMap((line): Post[] => {
      const [, address = "", word] = /^([^?]*)\/(assess|install)Patches\?/i.exec(line.path) ?? [];
      if (line.method !== "POST" || word === undefined) return [];
      const at = Date.parse(line.t);
      // Of the address: the transcript names no machine where none bears the name any more.
      const vmId = address.toLowerCase();
      const intent = intents.get(line.clientRequestId ?? "");
      const machines = truth.filter(({ id }) => id === vmId);
      const operations = machines.flatMap(({ operations }) => operations);
      return [
        {
          line,
          at,
          kind: word.toLowerCase() === "assess" ? "assess" : "install",
          vmId,
          intent,
          meantAt: (intent?.postNotAfter ?? Infinity) - POST_WITHIN_MS,
          run: byRunId.get(intent?.runId ?? ""),
          machine: machines.find(({ createdAt, deletedAt }) => createdAt <= at && at < deletedAt),
          operation: operations.find(({ id }) => id === line.operationId),
        },
      ];
    })
    .sort((one, other) => one.at - other.at);
}

export const told = ({ kind, run, line }: Post): string =>
  `${kind} POST at ${line.t} (${String(line.status)}) of run ${run?.runId ?? "unknown"}`;
