import { z } from "zod";

type DeepReadonly<T> = T extends object
  ? keyof T extends never
    ? T
    : { readonly [K in keyof T]: DeepReadonly<T[K]> }
  : T;

/** An answer as its schema says it, readonly all the way down. */
export type ViewOf<S extends z.ZodType> = DeepReadonly<z.infer<S>>;

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
