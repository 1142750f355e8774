import { commandOn, commandOnEach, type Command } from "../command";
import { hostToChange, lastingHostOptions, print } from "../lasting-host";
import type { Argument } from "../options";
import { sweepText } from "./sweep-text";
import { changeSweep, sweepArgument, sweepIdOf } from "./sweeps";

const summaries = {
  pause: "Pauses a sweep: it starts nothing more, and no request leaves, until it is resumed.",
  resume: "Lets a paused sweep go on.",
  cancel: "Ends a sweep: what was not begun ends as cancelled; what Azure works on is followed to its end.",
} as const;

const control = (action: keyof typeof summaries): Command =>
  commandOn(`sweep ${action}`, summaries[action], sweepArgument, lastingHostOptions, async (sweepId, given) => {
    const sweep = await changeSweep(await hostToChange(given), sweepId, action);
    print(given, { sweep }, sweepText(sweep));
    return 0;
  });

export const controlSweepCommands: readonly Command[] = [control("pause"), control("resume"), control("cancel")];

const argument: Argument<string> = {
  placeholder: "ID [STAGE]",
  meaning: "A sweep's id, and a stage with a gate; the stage that waits if absent.",
  repeats: true,
  most: 2,
  read: (text) => text,
};

export const approveSweepCommand = commandOnEach(
  "sweep approve",
  "Lets a stage begin that waits for approval, or the stage that is named, ahead of its time.",
  argument,
  lastingHostOptions,
  async ([id, stage], given) => {
    const sweepId = sweepIdOf(id);
    const body = stage === undefined ? undefined : { stage };
    const sweep = await changeSweep(await hostToChange(given), sweepId, "approve", body);
    print(given, { sweep }, sweepText(sweep));
    return 0;
  },
);
