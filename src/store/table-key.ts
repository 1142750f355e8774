/** All but letters, digits and `-._:@`, which mean nothing in a key, an address or a filter. One UTF-16 unit at a time. */
const SPECIAL = /[^A-Za-z0-9\-._:@]/g;

/**
 * A key as Azure Tables takes it: it forbids / \ # ? and control characters
 * (learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model).
 * Each other UTF-16 unit becomes `!` and four digits, so that a prefix of a key stays a prefix of what it becomes.
 */
export const toTableKey = (key: string): string =>
  key.replaceAll(SPECIAL, (unit) => `!${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

export const fromTableKey = (key: string): string =>
  key.replaceAll(/!([0-9a-f]{4})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));

/** Greater than every character that `toTableKey` writes: where the keys with one prefix end. */
export const AFTER_ALL = "{";
