import type { Policy } from "../policy/policy";

/** A hook of a sweep's policy before or after a stage. */
export interface StageHook {
  readonly moment: "beforeStage" | "afterStage";
  /** Index of the stage. */
  readonly stage: number;
}

/** What a hook answered is kept under this name. */
export const stageHookName = ({ moment, stage }: StageHook): string => `${moment}:${stage}`;

/** `agreed`, or why not, by the hook's name; one that was not asked to the end is absent. */
export type StageAnswers = ReadonlyMap<string, string>;

export type HookState =
  | { readonly kind: "open" }
  | { readonly kind: "ask"; readonly hook: StageHook }
  | { readonly kind: "refused"; readonly detail: string };

/** What a stage's hook lets the sweep do: it fails closed, so the sweep goes on only with a yes. */
export function hookState({ hooks, stages }: Policy, answers: StageAnswers, hook: StageHook): HookState {
  if (!hooks[hook.moment]) return { kind: "open" };
  const answer = answers.get(stageHookName(hook));
  if (answer === undefined) return { kind: "ask", hook };
  if (answer === "agreed") return { kind: "open" };
  return {
    kind: "refused",
    detail: `hook ${hook.moment} of stage ${stages[hook.stage]?.name ?? hook.stage}: ${answer}`,
  };
}
