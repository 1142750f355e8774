import { z } from "zod";

/** ISO 8601. */
export const at = z.iso.datetime({ offset: true });
export const count = z.int().min(0);
export const counts = z.record(z.string(), count);
export const armId = z.string().describe("ARM id");
/** Null: Azure does not say, or not yet. */
export const text = z.string().nullable();
export const texts = z.array(z.string());
/** With whatever fields. */
export const anyFields: z.ZodType<object> = z.record(z.string(), z.unknown());

/** Of one request: a VM's support state is asked for by the thousand at most. */
const MOST_VMS = 1000;
export const vmIds = z
  .array(z.string())
  .min(1, "name at least one VM id")
  .max(MOST_VMS, `name at most ${MOST_VMS} VM ids`);
