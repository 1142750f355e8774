import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { UsageError } from "./usage-error";

/** Where a person may be asked. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
}

/**
 * @param look what shows the effect without having it
 * @throws UsageError when nobody can be asked and --yes was not given
 */
export function requireConsent(yes: boolean, { input, output }: Terminal, look: string): void {
  if (yes || (input.isTTY && output.isTTY)) return;
  throw new UsageError(
    `--yes: missing, and there is no terminal to ask on; write --yes to consent, or ${look} to look`,
  );
}

/** Asks on the terminal; anything but yes is no. */
export function asksYes(effect: string, { input, output }: Terminal): Promise<boolean> {
  const lines = createInterface({ input, output, terminal: false });
  return new Promise<boolean>((resolve) => {
    lines.once("line", (line) => resolve(/^y(?:es)?$/i.test(line.trim())));
    lines.once("close", () => resolve(false));
    output.write(`\n${effect}\nGo on? [y/N] `);
  }).finally(() => lines.close());
}
