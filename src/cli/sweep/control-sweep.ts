import { one, type Subject } from "../argument";
import { command, type Command } from "../command";
import { hostToChange, lastingHostOptions, print } from "../lasting-host";
import { UsageError } from "../usage-error";
import { sweepText } from "./sweep-text";
import { changeSweep, sweepArgument, sweepIdOf } from "./sweeps";

const summaries = {
  pause: "Pauses a sweep: it starts nothing more, and no request leaves, until it is resumed.",
  resume: "Lets a paused sweep go on.",
  cancel: "Ends a sweep: what was not begun ends as cancelled; what Azure works on is followed to its end.",
} as const;

const control = (action: keyof typeof summaries): Command =>
  command(`sweep ${action}`, summaries[action], one(sweepArgument), lastingHostOptions, async (sweepId, given) => {
    const sweep = await changeSweep(await hostToChange(given), sweepId, action);
    print(given, { sweep }, sweepText(sweep));
    return 0;
  });

export const controlSweepCommands: readonly Command[] = [control("pause"), control("resume"), control("cancel")];

const sweepAndStage: Subject<{ readonly sweepId: string; readonly stage: string | undefined }> = {
  placeholder: "ID [STAGE]",
  meaning: "A sweep's id, and a stage with a gate; the stage that waits if absent.",
  usage: "ID [STAGE]",
  least: 1,
  most: 2,
  read([id = "", stage]) {
    if (stage === "") throw new UsageError('STAGE "": is no stage; goldpatch sweep show tells them');
    return { sweepId: sweepIdOf(id), stage };
  },
};

export const approveSweepCommand = command(
  "sweep approve",
  "Lets a stage begin that waits for approval, or the stage that is named, ahead of its time.",
  sweepAndStage,
  lastingHostOptions,
  async ({ sweepId, stage }, given) => {
    const body = stage === undefined ? undefined : { stage };
    const sweep = await changeSweep(await hostToChange(given), sweepId, "approve", body);
    print(given, { sweep }, sweepText(sweep));
    return 0;
  },
);
