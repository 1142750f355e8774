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

/** Characters that move a terminal's cursor, break a line or turn the direction of writing. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** A text from outside as one line that a terminal shows as it is. */
export const printable = (text: string): string =>
  text.replaceAll(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
