import type { Ending, RunRequest } from "../contracts/run";
import type { AroundStep } from "../domain/sweep/around";
import { askUntilSettled } from "./ask-until-settled";
import type { Durable, Story } from "./durable";
import { end, endingOf, go, ids, type Step } from "./step";

/**
 * What a policy wants before anything is done with a VM; the readiness deadline counts from its end.
 *
 * 1. Ask the hook before the VM.
 * 2. Start the VM if it is deallocated.
 */
export function* prepareVm(durable: Durable, run: RunRequest, readyBy: string): Story<Step<string>> {
  const around = run.sweep?.around ?? [];
  const from = durable.now().getTime();
  const agreed = yield* askBefore(durable, run, around);
  if (agreed.kind === "end") return agreed;
  if (around.includes("power")) {
    const input = ids(run);
    const started = yield* askUntilSettled(durable, { activity: "startVm", input, forgiving: true }, "power-on");
    if (started.kind === "end") return end(started);
  }
  const spent = durable.now().getTime() - from;
  return go(new Date(Date.parse(readyBy) + spent).toISOString());
}

/** The hook before the VM, if there is one. */
export function* askBefore(durable: Durable, run: RunRequest, around: readonly AroundStep[]): Story<Step<void>> {
  if (!around.includes("beforeVm")) return go(undefined);
  const input = { ...ids(run), moment: "beforeVm" } as const;
  const answer = yield* askUntilSettled(durable, { activity: "askHook", input, forgiving: true }, "before");
  return answer.kind === "end" ? end(answer) : go(undefined);
}

/**
 * What a policy wants once it is known how the run ends, whatever happened: the activities know by the rows whether the
 * run came so far that there is anything to do.
 *
 * 1. Ask the hook after the VM, while it still runs.
 * 2. Deallocate the VM if the run started it.
 */
export function* leaveVm(
  durable: Durable,
  run: RunRequest,
  around: readonly AroundStep[],
  ending: Ending,
): Story<Ending> {
  let left = ending;
  if (around.includes("afterVm")) {
    const input = { ...ids(run), moment: "afterVm", ending: left } as const;
    const answer = yield* askUntilSettled(durable, { activity: "askHook", input, forgiving: true }, "after");
    if (answer.kind === "end") left = endingOf(answer);
  }
  if (around.includes("power")) {
    const input = { ...ids(run), ending: left };
    const stopped = yield* askUntilSettled(durable, { activity: "stopVm", input, forgiving: true }, "power-off");
    if (stopped.kind === "end") left = endingOf(stopped);
  }
  return left;
}
