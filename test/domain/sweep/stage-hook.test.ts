import { expect, test } from "@jest/globals";
import { hookState, stageHookName } from "../../../src/domain/sweep/stage-hook";
import { policyOf, policyText } from "../../policy/policy-text";

const policy = policyOf(policyText('hooks:\n  beforeStage: { url: "https://hooks.example.com", key: hook }\n'));
const hook = { moment: "beforeStage", stage: 0 } as const;
const answers = (answer: string) => new Map([[stageHookName(hook), answer]]);

test("a hook lets the sweep go on with a yes, and only then", () => {
  expect(hookState(policy, new Map(), { ...hook, moment: "afterStage" })).toEqual({ kind: "open" });
  expect(hookState(policy, new Map(), hook)).toEqual({ kind: "ask", hook });
  expect(hookState(policy, answers("agreed"), hook)).toEqual({ kind: "open" });
  expect(hookState(policy, answers("it answered 409"), hook)).toEqual({
    kind: "refused",
    detail: "hook beforeStage of stage all: it answered 409",
  });
});

test("each stage has its own answer; one that no stage has any more is told by its number", () => {
  expect(hookState(policy, answers("agreed"), { ...hook, stage: 1 })).toMatchObject({ kind: "ask" });
  expect(hookState({ ...policy, stages: [] }, answers("no"), hook)).toMatchObject({
    detail: "hook beforeStage of stage 0: no",
  });
});
