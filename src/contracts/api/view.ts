import type { z } from "zod";

/** What has no known fields, as `object`, stays as it is. */
type DeepReadonly<T> = T extends object
  ? keyof T extends never
    ? T
    : { readonly [K in keyof T]: DeepReadonly<T[K]> }
  : T;

/** An answer as its schema says it, readonly all the way down. */
export type ViewOf<S extends z.ZodType> = DeepReadonly<z.infer<S>>;
