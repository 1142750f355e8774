import { ActionType, type Action } from "./actions";
import type { Answer } from "./episode";

/** The first place in which two answers of one orchestrator differ. */
export interface Difference {
  /** `action 3`, counted from 0 in the order of the yields; or `failure`, `isDone`, `output`, `error`, `customStatus`. */
  readonly at: string;
  readonly first: string;
  readonly again: string;
}

/** An orchestrator that, run again over the same history, asked for or said something else. */
export interface Divergence extends Difference {
  readonly orchestrator: string;
  readonly instanceId: string;
  /** How much of the history the second run was given. */
  readonly historyEvents: number;
}

export const describeDivergence = ({ orchestrator, instanceId, at, historyEvents, first, again }: Divergence): string =>
  `Orchestrator ${orchestrator}, instance ${instanceId}, is not deterministic: run again over the first ` +
  `${historyEvents} events of its history, its ${at} is ${again}; the first time it was ${first}. ` +
  `Its code may depend only on its input, on what it yielded, and on the time of its context.`;

export const actionsOf = (answer: Answer): readonly Action[] =>
  "state" in answer ? (answer.state.actions[0] ?? []) : [];

export function differenceOf(first: Answer, second: Answer): Difference | undefined {
  if ("broken" in first || "broken" in second) {
    const texts = [first, second].map((answer) => ("broken" in answer ? firstLine(answer.broken) : "no failure"));
    return textDifference("failure", texts[0], texts[1]);
  }
  const [was, is] = [actionsOf(first), actionsOf(second)];
  for (let index = 0; index < Math.max(was.length, is.length); index++) {
    const found = textDifference(`action ${index}`, described(was[index]), described(is[index]));
    if (found) return found;
  }
  for (const field of ["isDone", "output", "error", "customStatus"] as const) {
    const found = textDifference(field, shown(first.state[field]), shown(second.state[field]));
    if (found) return found;
  }
  return undefined;
}

/** Compares the first `length` actions. A timer that is open at first may be cancelled later. */
export function beginningDifference(
  first: readonly Action[],
  again: readonly Action[],
  length: number,
): Difference | undefined {
  for (let index = 0; index < length; index++) {
    const [was, is] = [first[index], again[index]].map((action) => described(action, ["isCanceled"]));
    const found = textDifference(`action ${index}`, was, is);
    if (found) return found;
  }
  return undefined;
}

function textDifference(at: string, first = "", again = ""): Difference | undefined {
  if (first === again) return undefined;
  let same = 0;
  while (first[same] === again[same]) same++;
  const from = Math.max(0, same - SHOWN_BEFORE);
  return { at, first: excerpt(first, from), again: excerpt(again, from) };
}

/** Texts may be long inputs: what is shown begins a little before the first letter that differs. */
const SHOWN_BEFORE = 200;
const SHOWN = 400;
const excerpt = (text: string, from: number): string =>
  `${from > 0 ? "…" : ""}${text.slice(from, from + SHOWN)}${text.length > from + SHOWN ? "…" : ""}`;

const NAMES = new Map<number, string>(Object.entries(ActionType).map(([name, number]) => [number, name]));

function described(action: Action | undefined, without: readonly string[] = []): string {
  if (!action) return "nothing";
  const { actionType, ...rest } = action;
  const fields = JSON.stringify(rest, (name, value: unknown) => (without.includes(name) ? undefined : value));
  return `${NAMES.get(actionType) ?? `action type ${actionType}`} ${fields}`;
}

const shown = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";
