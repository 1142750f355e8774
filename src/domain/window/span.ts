/** Milliseconds since the epoch; `until` is the first instant that is outside. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Spans in their order; what touches or overlaps is one, and what is empty is none. */
export function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.filter(({ from, until }) => from < until).sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.until) {
      result[result.length - 1] = { from: last.from, until: Math.max(last.until, span.until) };
    } else result.push(span);
  }
  return result;
}

/** What is left of merged spans without others. */
export function without(spans: readonly Span[], taken: readonly Span[]): Span[] {
  let left = [...spans];
  for (const { from, until } of taken) {
    left = left.flatMap((span) => [
      { from: span.from, until: Math.min(span.until, from) },
      { from: Math.max(span.from, until), until: span.until },
    ]);
    left = left.filter((span) => span.from < span.until);
  }
  return left;
}

export const spanAt = (spans: readonly Span[], instant: number): Span | undefined =>
  spans.find(({ from, until }) => from <= instant && instant < until);
