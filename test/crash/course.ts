import { requestIdOf } from "../../src/ledger/keys";
import type { RunRecord } from "../../src/ledger/runs";
import { intentKey, type Intent } from "../../src/ledger/intent";
import type { Lease } from "../../src/ledger/lease";
import type { OperationKind } from "../../src/domain/operation/operation";
import type { AzureRequest, Entry } from "./journal";
import { rowsOf } from "./past";
import type { Played } from "./play";

/** A request for an operation, as it left the app. */
export interface Post {
  readonly kind: OperationKind;
  readonly t: number;
  readonly label: string;
  readonly intent: Intent | undefined;
  /** The rows at the moment of sending. */
  readonly rowsThen: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The operation that Azure began, whether or not its answer arrived. */
  readonly operationId: string | undefined;
  readonly status: number | null | undefined;
}

/** What a course of events left in the rows, and what it sent, for judges. */
export interface Course extends Played {
  readonly runs: readonly RunRecord[];
  readonly intents: readonly Intent[];
  readonly leases: readonly Lease[];
  /** Runs that hold a slot. */
  readonly slots: readonly string[];
  readonly posts: readonly Post[];
}

export function courseOf(played: Played): Course {
  const rows = rowsOf(played.journal);
  const intents = rowsLike<Intent>(rows, "vm-", "intent:");
  return {
    ...played,
    runs: rowsLike<RunRecord>(rows, "runs", ""),
    intents,
    leases: rowsLike<Lease>(rows, "vm-", "lease"),
    slots: rowsLike<{ runId: string | null }>(rows, "active-runs", "slot:").flatMap(({ runId }) => runId ?? []),
    posts: postsOf(played, intents),
  };
}

export const rowsLike = <T>(
  rows: ReadonlyMap<string, ReadonlyMap<string, string>>,
  partition: string,
  key: string,
): T[] =>
  [...rows]
    .filter(([name]) => name.startsWith(partition))
    .flatMap(([, inside]) => [...inside].filter(([name]) => name.startsWith(key)))
    .map(([, json]) => JSON.parse(json) as T);

function postsOf({ journal, transcript }: Played, intents: readonly Intent[]): Post[] {
  const byRequestId = new Map(intents.map((intent) => [requestIdOf(intentKey(intent)), intent]));
  return journal.flatMap((entry, index) => {
    const kind = operationIn(entry);
    if (kind === undefined || entry.kind !== "request") return [];
    const id = clientRequestId(entry);
    // The order of the journal is that of the transcript's requests of one id.
    const line = transcript.find(({ clientRequestId }) => clientRequestId === id);
    const sent: Post = {
      kind,
      t: entry.t,
      label: `${entry.label} at ${new Date(entry.t).toISOString()}`,
      intent: byRequestId.get(id),
      rowsThen: rowsOf(journal.slice(0, index)),
      operationId: line?.operationId ?? undefined,
      status: line?.status,
    };
    return [sent];
  });
}

const clientRequestId = ({ request }: AzureRequest): string => request.headers["x-ms-client-request-id"] ?? "";

const operationIn = ({ kind, label }: Entry): OperationKind | undefined =>
  kind !== "request"
    ? undefined
    : label.startsWith("POST assess")
      ? "assess"
      : label.startsWith("POST install")
        ? "install"
        : undefined;
