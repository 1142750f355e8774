/** How many letters may be added, left out, changed or swapped with their neighbour in a name that somebody meant. */
const FARTHEST = 2;

/** The name that a word was probably meant to be, in any case; undefined when none comes near. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  for (let changes = 0; changes <= FARTHEST; changes += 1) {
    // With more than half of its letters changed it is another name.
    const near = names.find(
      (name) => changes * 2 <= name.length && isNear(word.toLowerCase(), name.toLowerCase(), changes),
    );
    if (near !== undefined) return near;
  }
  return undefined;
}

function isNear(a: string, b: string, changes: number): boolean {
  if (Math.abs(a.length - b.length) > changes) return false;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same += 1;
  const [left, right] = [a.slice(same), b.slice(same)];
  if (left === right) return true;
  if (changes === 0) return false;
  const isSwapped = left.slice(0, 2) === `${right.charAt(1)}${right.charAt(0)}`;
  return (
    isNear(left.slice(1), right.slice(1), changes - 1) ||
    isNear(left.slice(1), right, changes - 1) ||
    isNear(left, right.slice(1), changes - 1) ||
    (isSwapped && isNear(left.slice(2), right.slice(2), changes - 1))
  );
}
