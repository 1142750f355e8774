/** Why there is nothing to tell: Azure refuses the app's identity, or does not answer. */
export type NoAnswer =
  | { readonly kind: "forbidden"; readonly message: string }
  | { readonly kind: "unavailable"; readonly message: string; readonly retryAfterMs?: number };
