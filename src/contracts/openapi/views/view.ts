import { z } from "zod";

/** Each field of an interface, by what is known of it at run time too; what may be absent there may be absent here. */
type Shape<V> = {
  readonly [K in keyof V]-?: object extends Pick<V, K>
    ? z.ZodExactOptional<z.ZodType<Exclude<V[K], undefined>>>
    : z.ZodType<V[K]>;
};

/** The schema of an answer. A field that the interface lacks, or that it has besides, does not compile. */
export const viewOf = <V extends object>(shape: Shape<V>) => z.object(shape) as unknown as z.ZodType<V>;

/** ISO 8601. */
export const at = z.iso.datetime({ offset: true });
export const count = z.int().min(0);
export const counts = z.record(z.string(), count);
export const armId = z.string().describe("ARM id");
/** Null: Azure does not say, or not yet. */
export const text = z.string().nullable();
export const texts = z.array(z.string());
