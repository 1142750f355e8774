import { closeSync, openSync, writeSync } from "node:fs";
import type { TranscriptLine } from "../local/simulated-azure";
import { text } from "./options";
import { userPath } from "./paths";
import { UsageError } from "./usage-error";

export const transcriptOption = text("FILE", "Writes one JSON line for each request to simulated Azure.");

export interface TranscriptFile {
  readonly write: (line: TranscriptLine) => void;
  close(): void;
}

/** Opens the file anew. @throws UsageError when it cannot be written */
export function openTranscript(given: string): TranscriptFile {
  const file = userPath(given);
  const descriptor = open(file);
  return {
    write: (line) => writeSync(descriptor, `${JSON.stringify(line)}\n`),
    close: () => closeSync(descriptor),
  };
}

function open(file: string): number {
  try {
    return openSync(file, "w");
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    throw new UsageError(`--transcript ${file}: ${reason}; name a file that can be written`);
  }
}
