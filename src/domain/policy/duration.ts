const FORM = /^P(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?$/;

/** Milliseconds of an ISO 8601 duration such as P2D, PT90M or PT30S, a day being 24 hours; undefined when it is none. */
export function policyDurationMs(text: string): number | undefined {
  const match = FORM.exec(text);
  // The form takes a lone P, and a T with nothing behind it.
  if (!match || !/\d[DHMS]$/.test(text)) return undefined;
  const [days, hours, minutes, seconds] = [1, 2, 3, 4].map((part) => Number(match[part] ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
