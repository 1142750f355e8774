/** Numbers in [0, 1), always the same for a seed (mulberry32): a forecast that is made again is the same forecast. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The value below which a share of the values lies, between two of them by proportion. @param inOrder at least one */
export function quantile(inOrder: readonly number[], share: number): number {
  const at = share * (inOrder.length - 1);
  const [below = 0, above = below] = inOrder.slice(Math.floor(at), Math.floor(at) + 2);
  return below + (above - below) * (at - Math.floor(at));
}
