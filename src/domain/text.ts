import { redacted } from "./redact";

/** Azure's words come in any case: ids, states, enum values. */
export const sameText = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

/** Enough of a failure to find its cause, too short to carry a body or an address. */
const LONGEST_LINE = 300;

/** Of a longer text nothing is looked at: what is cut away first cannot slow anything down. */
const LONGEST_READ = 10_000;

/** A text of somebody else's, without secrets and at most so long. */
export const excerpt = (text: string, longest: number): string =>
  redacted(text.slice(0, LONGEST_READ)).slice(0, longest);

/** A failure's first line, without secrets, cut. */
export const firstLine = (failure: string): string => excerpt(failure.replace(/\n[^]*/, ""), LONGEST_LINE);
