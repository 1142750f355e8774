import type { ExpectedView, SweepView } from "../../contracts/api/sweeps";
import { printable } from "../../domain/text";
import { tableText } from "../table";

export const isoMinute = (instant: string): string => `${instant.slice(0, 16)}Z`;

/** `2026-12-01T08:10Z, in 9 of 10 cases 2026-12-01T07:55Z to 2026-12-01T08:41Z` */
export const expectedText = ({ at, within90 }: ExpectedView): string =>
  `${isoMinute(at)}, in 9 of 10 cases ${within90.map(isoMinute).join(" to ")}`;

/** 0 when all VMs ended and none failed. */
export const exitCodeOfSweep = ({ state, counts }: SweepView): number =>
  state === "completed" && counts.failed === 0 ? 0 : 1;

/** `working on canary`, `waits for approval of rest until 2026-11-24T12:00Z`. */
export function stateText({ state, stage, waitsFor, paused }: SweepView): string {
  if (state !== "waiting" || !waitsFor)
    return stage === null ? state : `${state} on ${stage}${paused ? ", paused" : ""}`;
  const what = {
    approval: `approval of ${stage ?? "a stage"}`,
    hook: `the policy's hook at ${stage ?? "a stage"}`,
    pause: "goldpatch sweep resume",
    stop: "the app: it is paused or stopped",
    wait: `the time before ${stage ?? "a stage"}`,
    window: "a window",
  }[waitsFor.what];
  return `waits for ${what}${waitsFor.until === null ? "" : ` until ${isoMinute(waitsFor.until)}`}`;
}

const outcomesText = (outcomes: Readonly<Record<string, number>>): string =>
  Object.entries(outcomes)
    .map(([outcome, vms]) => `${vms} ${outcome}`)
    .join(", ");

/** The stages, each with its VMs. */
export const stagesText = ({ stages }: SweepView): string =>
  tableText([
    ["Stage", "VMs", "Ended", "Failed", "Outcomes"],
    ...stages.map(({ name, vms, ended, failed, outcomes }) => [
      name,
      String(vms),
      String(ended),
      String(failed),
      outcomesText(outcomes),
    ]),
  ]);

/** What was expected of each stage, beside what came. */
function forecastText({ stages }: SweepView): string[] {
  const rows = stages.flatMap(({ name, forecast, beganAt, endedAt }) => {
    if (!forecast?.begins || !forecast.ends) return [];
    const came = (instant: string | null) => (instant === null ? "" : isoMinute(instant));
    return [
      [
        name,
        isoMinute(forecast.begins.at),
        came(beganAt),
        isoMinute(forecast.ends.at),
        forecast.ends.within90.map(isoMinute).join(" to "),
        came(endedAt),
      ],
    ];
  });
  const head = ["Stage", "Begin expected", "Began", "End expected", "9 of 10 between", "Ended"];
  return rows.length > 0 ? ["", tableText([head, ...rows])] : [];
}

/** A sweep in words. */
export function sweepText(sweep: SweepView): string {
  const { sweepId, policy, policyHash, mode, requestedAt, occurrence, stop, endedAt } = sweep;
  const rows: (readonly [string, string | undefined])[] = [
    ["Sweep", sweepId],
    ["Policy", `${policy}, hash ${policyHash}`],
    ["Mode", mode],
    [
      "Begun",
      `${isoMinute(requestedAt)}${occurrence === undefined ? "" : `, by its schedule for ${isoMinute(occurrence)}`}`,
    ],
    ["State", stateText(sweep)],
    ["Stopped", stop && `${isoMinute(stop.at)}: ${stop.detail}`],
    ["Expected end", sweep.forecast?.ends ? expectedText(sweep.forecast.ends) : undefined],
    ["Ended", endedAt === null ? undefined : isoMinute(endedAt)],
  ];
  const told = rows.flatMap(([name, value]) => (value ? [`${`${name}:`.padEnd(15)}${printable(value)}`] : []));
  const tables = sweep.stages.length > 0 ? [stagesText(sweep), ...forecastText(sweep)] : [];
  return [...told, ...tables].join("\n");
}

/** Sweeps, one a line. */
export const sweepListText = (sweeps: readonly SweepView[]): string =>
  sweeps.length === 0
    ? "no sweeps"
    : tableText([
        ["Sweep", "Policy", "Mode", "VMs", "Ended", "Failed", "State"],
        ...sweeps.map((sweep) => [
          sweep.sweepId,
          sweep.policy,
          sweep.mode,
          ...[sweep.counts.vms, sweep.counts.ended, sweep.counts.failed].map(String),
          stateText(sweep),
        ]),
      ]);

/** What changed since, one line each; undefined before: everything that is to be told. */
export function changesText(before: SweepView | undefined, now: SweepView): string[] {
  const lines = now.stages.flatMap((stage, index) => {
    const text = `${stage.name}: ${stage.ended} of ${stage.vms} ended, ${stage.failed} failed${stage.ended > 0 ? ` (${outcomesText(stage.outcomes)})` : ""}`;
    const was = before?.stages[index];
    return was?.ended === stage.ended && was.vms === stage.vms ? [] : [text];
  });
  const state = stateText(now);
  return before && stateText(before) === state ? lines : [...lines, state];
}
