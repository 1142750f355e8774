/** The `…PatchCount` fields of a result, summary or row: complete even where Azure cuts the lists (azure-addenda A2). */
export const patchCountsOf = (fields: object): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, number] => entry[0].endsWith("PatchCount") && typeof entry[1] === "number",
    ),
  );

/** The two counts of a VM's assessment, from `availablePatchCountByClassification`, which is what Arc and rows have. */
export function countsByClassification(
  counts: Readonly<Record<string, number | null | undefined>>,
): Readonly<Record<string, number>> {
  const known = Object.entries(counts).flatMap(([name, count]) => (typeof count === "number" ? [{ name, count }] : []));
  if (known.length === 0) return {};
  const sum = (wanted: boolean) =>
    known
      .filter(({ name }) => ["critical", "security"].includes(name.toLowerCase()) === wanted)
      .reduce((total, { count }) => total + count, 0);
  return { criticalAndSecurityPatchCount: sum(true), otherPatchCount: sum(false) };
}
