/** What a command is about, given without a dash: an id, a file. */
export interface Argument<T> {
  readonly placeholder: string;
  readonly meaning: string;
  /** @throws UsageError that names the argument, the value and the remedy */
  readonly read: (text: string) => T;
}

/** How many of its argument a command takes: `nothing`, `one`, `several` or `optional`. */
export interface Subject<S> {
  readonly placeholder: string;
  readonly meaning: string;
  /** Stands for it in the command's usage; empty when nothing is taken. */
  readonly usage: string;
  readonly least: number;
  readonly most: number;
  /** @param texts from `least` to `most` of them */
  readonly read: (texts: readonly string[]) => S;
}

export const nothing: Subject<undefined> = {
  placeholder: "",
  meaning: "",
  usage: "",
  least: 0,
  most: 0,
  read: () => undefined,
};

export const one = <T>({ placeholder, meaning, read }: Argument<T>): Subject<T> => ({
  placeholder,
  meaning,
  usage: placeholder,
  least: 1,
  most: 1,
  read: ([text = ""]) => read(text),
});

export const optional = <T>(argument: Argument<T>): Subject<T | undefined> => ({
  ...one(argument),
  usage: `[${argument.placeholder}]`,
  least: 0,
  read: ([text]) => (text === undefined ? undefined : argument.read(text)),
});

export const several = <T>(argument: Argument<T>): Subject<readonly [T, ...T[]]> => ({
  ...one(argument),
  usage: `${argument.placeholder}...`,
  most: Number.POSITIVE_INFINITY,
  read: ([first = "", ...others]) => [argument.read(first), ...others.map(argument.read)],
});
