import type { Settings } from "../config";
import type { Switches } from "../ledger/switches";

/** What an operator holds the whole app by: the setting GOLDPATCH_PAUSED, or the stop switch. Codes of the outcome table. */
type Hold = "Paused" | "Stopped";

/** In words for an operator. */
export const holdTexts: Readonly<Record<Hold, string>> = {
  Paused: "GOLDPATCH_PAUSED is set",
  Stopped: "goldpatch is stopped",
};

interface Holds {
  readonly settings: Pick<Settings, "GOLDPATCH_PAUSED">;
  readonly switches: Pick<Switches, "isStopped">;
}

/** What holds the app now; undefined: nothing. The switch is read only where the setting does not hold already. */
export async function holdOn({ settings, switches }: Holds): Promise<Hold | undefined> {
  if (settings.GOLDPATCH_PAUSED) return "Paused";
  return (await switches.isStopped()) ? "Stopped" : undefined;
}
