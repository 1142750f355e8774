import { existsSync } from "node:fs";
import type { RunView } from "../contracts/api/runs";
import { RunLedger } from "../ledger/runs";
import { openDataFolder } from "../local/data-folder";
import { toView } from "../ports/app";

/** Looks a run up in a data folder that no host uses. @throws OperatorError when one does, or the folder is damaged */
export async function keptRun(folder: string, runId: string): Promise<RunView | undefined> {
  if (!existsSync(folder)) return undefined;
  const opened = openDataFolder(folder);
  try {
    const run = await new RunLedger(opened.store).get(runId);
    return run && toView(run);
  } finally {
    opened.close();
  }
}
