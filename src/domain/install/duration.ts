const DURATION = /^PT(?:(\d{1,2})H)?(?:(\d{1,3})M)?$/;

/** Milliseconds of an ISO 8601 duration in hours and minutes (`PT3H55M`), or undefined when the text is none. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match || (match[1] === undefined && match[2] === undefined)) return undefined;
  return (Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0)) * 60_000;
}
