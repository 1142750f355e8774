/** Azure's words come in any case: ids, states, enum values. */
export const sameText = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

/** Enough of a failure to find its cause, too short to carry a body or an address. */
const LONGEST_LINE = 300;

/** A failure's first line, cut. */
export const firstLine = (failure: string): string => failure.replace(/\n[^]*/, "").slice(0, LONGEST_LINE);
