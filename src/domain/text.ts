/** Azure's words come in any case: ids, states, enum values. */
export const sameText = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

/** Enough of a failure to find its cause, too short to carry a body or an address. */
const LONGEST_LINE = 300;

/** A failure's first line, cut. */
export const firstLine = (failure: string): string => failure.replace(/\n[^]*/, "").slice(0, LONGEST_LINE);

/** Characters that move a terminal's cursor, break a line or turn the direction of writing. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** A text from outside as one line that a terminal shows as it is. */
export const printable = (text: string): string =>
  text.replaceAll(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
