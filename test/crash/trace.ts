import { replay, type Crash } from "./explore";
import { isPoint } from "./journal";
import { judged } from "./judges";
import type { Played } from "./play";
import { scenarioNamed } from "./scenarios";

/** One crash, told entry by entry: the journal with its points numbered, Azure's transcript, the log, the verdict. */
export async function traceOf(crash: Crash): Promise<{ text: string; violations: readonly string[] }> {
  const played = await replay(scenarioNamed(crash.scenario), crash);
  const violations = judged(played);
  const parts = [
    section("What it did", journalLines(played)),
    section(
      "What Azure saw",
      played.transcript.map(({ t, method, path, status }) => `${t} ${method} ${path} ${String(status)}`),
    ),
    section("What it said since it started last", played.logs),
    section("How it ended", [...rows(played), ...(violations.length > 0 ? violations : ["no violation"])]),
  ];
  return { text: parts.join("\n\n"), violations };
}

const section = (title: string, lines: readonly string[]): string => [title, ...lines].join("\n  ");

function journalLines({ journal, past }: Played): string[] {
  let points = 0;
  return journal.flatMap((entry, index) => {
    const number = isPoint(entry) ? String(++points) : "";
    const line = `${number.padStart(4)} ${new Date(entry.t).toISOString()} ${entry.label}`;
    return index === past?.entries.length ? ["---- crash", line] : [line];
  });
}

const rows = ({ instances }: Played): string[] =>
  instances.map(({ name, instanceId, runtimeStatus }) => `${name} ${instanceId} ${runtimeStatus}`);
