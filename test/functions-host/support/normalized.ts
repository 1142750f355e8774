/** Of a run only, or the text of a .NET exception: nothing that an app could depend on. */
const OMITTED = ["stackHead", "stackTrace", "StackTrace", "Details", "str", "done", "wallMs"];

/** Names of the machine and its settings. */
const NAMES = ["taskHubName"];

/** Durations, in milliseconds: compared by whole seconds. */
const DURATIONS = ["ms", "diff"];

const TEXTS: readonly (readonly [RegExp, string])[] = [
  // All but the first line of a failure without an exception-properties provider.
  [/ \n (?:\{|Message:)[^]*$/, ""],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<guid>"],
  [/\b[0-9a-f]{32}\b/g, "<id>"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)/g, "<time>"],
  [/http:\/\/(?:127\.0\.0\.1|localhost):\d+/g, "<origin>"],
  [/taskHub=\w+&connection=Storage&code=[\w-]+/g, "<query>"],
  [/\bcode=[\w-]+/g, "code=<key>"],
  // The list of orchestrators depends on the app; the place in a text on the length of its address.
  [/(known orchestrator functions: ).*$/, "$1<names>"],
  [/(character at index )\d+/, "$1<n>"],
];

/** A text of one letter that is longer than this is shown by its letter and length. */
const LONG = 1000;

const text = (value: string): string =>
  value.length > LONG && value === value.charAt(0).repeat(value.length)
    ? `<${value.charAt(0)} * ${value.length}>`
    : TEXTS.reduce((changed, [pattern, shown]) => changed.replace(pattern, shown), value);

/** The value behind a text that `normalized` shortened. */
export function expanded(value: unknown): unknown {
  const match = typeof value === "string" ? /^<(.) \* (\d+)>$/.exec(value) : null;
  return match ? match[1]?.repeat(Number(match[2])) : value;
}

/** Without what differs from run to run. Both sides of a comparison go through it; twice changes nothing. */
export function normalized(value: unknown, key = ""): unknown {
  if (DURATIONS.includes(key) && typeof value === "number") return `${Math.floor(value / 1000)} s`;
  if (NAMES.includes(key)) return `<${key}>`;
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map((each) => normalized(each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .filter(([name]) => !OMITTED.includes(name))
      .map(([name, each]) => [name, normalized(each, name)]),
  );
}
