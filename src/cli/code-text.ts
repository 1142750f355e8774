import { outcomeMeanings, retryMeanings } from "../domain/outcome/document";
import { outcomeNames, outcomeTable, type OutcomeRow } from "../domain/outcome/table";
import { sameText } from "../domain/text";

export interface KnownCode extends OutcomeRow {
  readonly code: string;
}

/** A code, or all codes of an outcome, in any case; none when the word is neither. */
export function codesNamed(word: string): KnownCode[] {
  const all = Object.entries(outcomeTable).map(([code, row]) => ({ code, ...row }));
  const exact = all.filter(({ code }) => sameText(code, word));
  return exact.length > 0 ? exact : all.filter(({ outcome }) => sameText(outcome, word));
}

/** One code, told whole; or the codes of an outcome, a line each. */
export function codesText(codes: readonly KnownCode[]): string {
  const [first] = codes;
  if (!first) return outcomeNames.join(", ");
  const outcome = `${first.outcome}: ${outcomeMeanings[first.outcome]}`;
  if (codes.length > 1) {
    return [outcome, ...codes.map(({ code, meaning }) => `  ${code}: ${meaning}`)].join("\n");
  }
  return [
    `Code:          ${first.code}`,
    `Outcome:       ${outcome}`,
    `Meaning:       ${first.meaning}`,
    `Retry:         ${first.retry}: ${retryMeanings[first.retry]}.`,
    `Next step:     ${first.nextStep}`,
  ].join("\n");
}
