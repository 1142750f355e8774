/** A number of VMs, or a share of them such as `10%`, with at most two decimals. */
export type Amount = number | `${number}%`;

const SHARE = /^(\d{1,3}(?:\.\d{1,2})?)%$/;

/** Whole hundredths of a percent, for exact arithmetic; undefined when the text is no share. */
export function shareOf(text: string): number | undefined {
  const [, percent] = SHARE.exec(text) ?? [];
  return percent === undefined ? undefined : Math.round(Number(percent) * 100);
}

const WHOLE = 10_000;

/** Rounded down: a share is never exceeded. A number stands for itself, whatever there is. */
export const amountOf = (amount: Amount, vms: number): number =>
  typeof amount === "number" ? amount : Math.floor((vms * (shareOf(amount) ?? 0)) / WHOLE);

/** Rounded up: a share of few is at least one. */
export const atLeastAmountOf = (amount: Amount, vms: number): number =>
  typeof amount === "number" ? amount : Math.ceil((vms * (shareOf(amount) ?? 0)) / WHOLE);
