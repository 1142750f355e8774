import { judged } from "./judges";
import type { Played } from "./played";
import { play } from "./play";
import { scheduleOf } from "./schedule/schedule";

/** One course in the order of time: the schedule, every exchange, what the app said, and how its runs ended. */
export async function traceOf(
  seed: number,
): Promise<{ readonly text: string; readonly violations: readonly string[] }> {
  const played = await play(scheduleOf(seed));
  const violations = judged(played);
  const parts = [
    JSON.stringify(played.schedule, null, 2),
    ...inOrder(played),
    ...played.truth.map(truthOf),
    ...played.runs.map((run) => JSON.stringify(run)),
    ...played.vms.flatMap(({ intents, lease }) =>
      [...intents, lease].map((row) => withoutAddress(JSON.stringify(row))),
    ),
    ...played.faultsMet.map((fault) => `met ${fault}`),
    ...violations.map((violation) => `violation: ${violation}`),
  ];
  return { text: parts.join("\n"), violations };
}

const withoutAddress = (row: string | undefined): string =>
  (row ?? "").replaceAll(/"pollerState":"(?:[^"\\]|\\.)*"/g, '"pollerState":"…"');

function inOrder({ exchanges, transcript, deliveries, asked, logs }: Played): string[] {
  const iso = (at: number) => new Date(at).toISOString();
  const lines = [
    ...asked.map(
      ({ at, request, statuses }) => [at, `asked ${JSON.stringify(request)} → ${statuses.join(", ")}`] as const,
    ),
    ...exchanges.map(
      ({ at, answeredAt, method, target, status, retryAfterMs }) =>
        [
          at,
          `${method} ${target.split("/").slice(-2).join("/")} → ${String(status)}` +
            `${answeredAt > at ? ` after ${answeredAt - at} ms` : ""}${retryAfterMs === null ? "" : `, Retry-After ${retryAfterMs} ms`}`,
        ] as const,
    ),
    ...transcript
      .filter(({ method, operationId }) => method === "POST" && operationId !== null)
      .map(
        ({ t, operationId, status }) =>
          [Date.parse(t), `Azure took ${String(operationId)} (${String(status)})`] as const,
      ),
    ...deliveries.map(({ at, name, instanceId, fate }) => [at, `  ${name} for ${instanceId} ${fate}`] as const),
  ];
  const events = logs.filter((line) => line.includes(" goldpatch ")).map((line) => `log ${line}`);
  return [...lines.sort(([one], [other]) => one - other).map(([at, line]) => `${iso(at)} ${line}`), ...events];
}

const truthOf = ({ id, vmId, createdAt, deletedAt, operations }: Played["truth"][number]): string =>
  [
    `machine ${id.split("/").at(-1) ?? ""} ${vmId} from ${new Date(createdAt).toISOString()} until ${String(deletedAt)}`,
    ...operations.map(
      ({ kind, id: operation, startsAt, endsAt, ending, readiness, reaches, startedBy }) =>
        `  ${kind} ${operation} ${new Date(startsAt).toISOString()} to ${endsAt === Infinity ? "for ever" : new Date(endsAt).toISOString()} ${ending.status} ${ending.error?.code ?? ""} ${String(readiness)} ${startedBy}${reaches ? "" : ", never reached the machine"}`,
    ),
  ].join("\n");
