import { asksYes, requireConsent, type Terminal } from "../consent";
import type { HostClient } from "../host-client";
import type { Given } from "../options";
import { openToWork } from "../own-host";
import type { Target } from "../target";
import { tell } from "../tell";
import { tellWhere } from "../where";
import type { changeOptions } from "./schedule-target";

interface Change {
  readonly target: Target;
  readonly given: Given<typeof changeOptions>;
  /** What shows the effect without having it. */
  readonly look: string;
  /** What would happen, in words; it is told before consent is asked for. */
  readonly effect: () => Promise<string>;
  /** Answers the exit code. */
  readonly act: (client: HostClient) => Promise<number>;
}

/** Changes something of Azure's once that was consented to. @throws UsageError when nobody can be asked */
export async function change({ target, given, look, effect, act }: Change): Promise<number> {
  const { yes = false } = given;
  const terminal: Terminal = { input: process.stdin, output: process.stderr };
  requireConsent(yes, terminal, look);
  await tellWhere(target);
  const words = await effect();
  if (yes) tell(words);
  else if (!(await asksYes(words, terminal))) {
    tell("Nothing was changed.");
    return 1;
  }
  const host = await openToWork(target, given);
  try {
    return await act(host.client);
  } finally {
    await host.close();
  }
}
