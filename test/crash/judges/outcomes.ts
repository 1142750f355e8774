import type { OutcomeCode } from "../../../src/domain/outcome/table";
import type { RunRecord } from "../../../src/ledger/runs";
import type { Course } from "../course";
import type { Ends } from "../scenario";

const named = ({ runId, code }: RunRecord): string => `run ${runId} (${code ?? "no outcome"})`;

/** Every run that the durable engine began has a row with an outcome, and no step that goes on. */
export function everyRunHasAnOutcome({ runs, instances }: Course): string[] {
  const known = new Map(runs.map((run) => [run.runId, run]));
  const begun = instances.filter(({ name }) => name === "patchVm").map(({ instanceId }) => instanceId);
  return [
    ...begun.filter((runId) => !known.has(runId)).map((runId) => `run ${runId} has no row`),
    ...runs.flatMap((run) => [
      ...(run.outcome === null || run.endedAt === null ? [`${named(run)} never ended`] : []),
      ...(run.steps.some(({ endedAt }) => endedAt === null) ? [`${named(run)} has a step that never ended`] : []),
    ]),
  ];
}

/** An outcome is written once. */
export function outcomesStay({ journal }: Course): string[] {
  const outcomes = new Map<string, string>();
  return journal.flatMap((entry) => {
    if (entry.kind !== "write" || entry.partition !== "runs") return [];
    return entry.rows.flatMap(({ key, json = "{}" }) => {
      const { code } = JSON.parse(json) as Partial<RunRecord>;
      const before = outcomes.get(key);
      if (code != null) outcomes.set(key, code);
      return before !== undefined && before !== code ? [`run ${key} ended as ${before}, then as ${String(code)}`] : [];
    });
  });
}

/** Each VM's runs end as the scenario allows, none missing and none too many. */
export function endsAsAllowed({ scenario, runs, past, unanswered }: Course): string[] {
  return Object.entries(scenario.ends).flatMap(([vm, ends]) => {
    const mine = runs.filter(({ vmId }) => vmId.toLowerCase().endsWith(`/${vm}`));
    const fits = (run: RunRecord, [usual, ...others]: Ends): boolean => {
      const { code } = run;
      if (code === null) return false;
      const unresolved: OutcomeCode[] = unanswered.has(run.runId) ? ["IntentUnresolved"] : [];
      return code === usual || (past !== undefined && [...others, ...unresolved].includes(code));
    };
    return mine.length === ends.length && canPair(mine, ends, fits)
      ? []
      : [
          `${vm} ended as ${mine.map(({ code }) => code).join(", ")} instead of ${ends.map((each) => each.join(" or ")).join(", ")}`,
        ];
  });
}

function canPair<A, B>(left: readonly A[], right: readonly B[], fits: (a: A, b: B) => boolean): boolean {
  const [first, ...rest] = left;
  if (first === undefined) return true;
  return right.some((each, index) => fits(first, each) && canPair(rest, right.toSpliced(index, 1), fits));
}

/** What a run says about its install is what Azure says. */
export function numbersAreTrue({ runs, posts, intents, machines }: Course): string[] {
  return runs.flatMap((run) => {
    const taken = posts
      .filter(({ kind, intent }) => kind === "install" && intent?.runId === run.runId)
      .flatMap(({ operationId }) => operationId ?? []);
    const unresolved = run.code === "IntentUnresolved" ? 1 : 0;
    const wrongCount = run.installPosts < taken.length || run.installPosts > taken.length + unresolved;
    const followed = intents.findLast(({ runId, operation }) => runId === run.runId && operation === "install")
      ?.accepted?.activityId;
    const view = [...machines].find(([id]) => id.toLowerCase() === run.vmId.toLowerCase())?.[1];
    const [, installed] =
      followed === undefined
        ? []
        : (new RegExp(`"installationActivityId":"${followed}".*?"installedPatchCount":(\\d+)`).exec(view ?? "") ?? []);
    return [
      ...(wrongCount ? [`${named(run)} says ${run.installPosts} installs were sent, Azure took ${taken.length}`] : []),
      ...(followed !== undefined && !taken.includes(followed)
        ? [`${named(run)} follows ${followed}, which is not its own`]
        : []),
      ...(installed !== undefined &&
      run.code !== "FinalStateUnreadable" &&
      Number(installed) !== run.installedPatchCount
        ? [`${named(run)} says ${run.installedPatchCount} patches, Azure installed ${installed}`]
        : []),
    ];
  });
}
