/** Azure's words come in any case: ids, states, enum values. */
export const sameText = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();
