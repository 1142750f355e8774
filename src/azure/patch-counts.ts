/** The `…PatchCount` fields of a result, summary or row: complete even where Azure cuts the lists (azure-addenda A2). */
export const patchCountsOf = (fields: object): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, number] => entry[0].endsWith("PatchCount") && typeof entry[1] === "number",
    ),
  );
