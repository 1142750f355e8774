export const CONTENDERS = ["goldpatch", "threshold", "naive"] as const;
export type Contender = (typeof CONTENDERS)[number];

/** Mean numbers of harmed VMs. */
export type MeanHarm = Readonly<Record<Contender, number>>;

export interface Report {
  readonly vms: number;
  readonly seeds: number;
  /** By the share of the hit image's machines that break. */
  readonly rates: Readonly<Record<string, MeanHarm>>;
}

export interface Game {
  readonly rate: number;
  readonly seed: number;
  readonly contender: Contender;
}

export function reportOf(vms: number, seeds: number, rates: readonly number[], harmed: (game: Game) => number): Report {
  const mean = (rate: number, contender: Contender) => {
    const total = Array.from({ length: seeds }, (_, index) => harmed({ rate, seed: index + 1, contender }));
    return Number((total.reduce((sum, each) => sum + each, 0) / seeds).toFixed(2));
  };
  return {
    vms,
    seeds,
    rates: Object.fromEntries(
      rates.map((rate) => [
        String(rate),
        Object.fromEntries(CONTENDERS.map((contender) => [contender, mean(rate, contender)])) as MeanHarm,
      ]),
    ),
  };
}

/** JavaScript puts the rate 1 first. */
export const inOrder = (rates: Report["rates"]): [string, MeanHarm][] =>
  Object.entries(rates).toSorted(([one], [other]) => Number(one) - Number(other));

/** Where goldpatch does not harm fewer VMs than each of the others: one line for each of them. */
export const missesOf = ({ rates }: Report): string[] =>
  inOrder(rates).flatMap(([rate, harm]) =>
    CONTENDERS.filter((contender) => contender !== "goldpatch" && !(harm.goldpatch < harm[contender])).map(
      (contender) => `rate ${rate}: goldpatch harms ${harm.goldpatch} VMs, ${contender} ${harm[contender]}`,
    ),
  );

export function tableOf({ vms, seeds, rates }: Report): string {
  const rows = [
    ["breaks", ...CONTENDERS],
    ...inOrder(rates).map(([rate, harm]) => [
      `${Number(rate) * 100} %`,
      ...CONTENDERS.map((contender) => harm[contender].toFixed(2)),
    ]),
  ];
  const lines = rows.map((cells) => cells.map((cell) => cell.padStart(10)).join(""));
  return [`Harmed of ${vms} VMs, mean of ${seeds} seeds`, ...lines, ""].join("\n");
}
