import type { TranscriptLine } from "../../../src/local/simulated-azure";

/** An operation that Azure took up. */
export interface Accepted {
  readonly kind: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const OPERATION = /\/(assessPatches|installPatches)\?/;
const REFUSED = 429;
const ACCEPTED = 202;

/** What the judge needs of the transcript from the sweep's start on, counted line by line: a fleet's would fill the memory. */
export class Requests {
  readonly accepted: Accepted[] = [];
  readonly #startedAt: number;
  graphQueries = 0;
  armCalls = 0;
  throttled = 0;

  /** @param startedAt milliseconds since the epoch */
  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  readonly note = ({ t, path, status, vmIds }: TranscriptLine): void => {
    const at = Date.parse(t);
    if (at < this.#startedAt) return;
    if (path.includes("Microsoft.ResourceGraph")) this.graphQueries++;
    else this.armCalls++;
    if (status === REFUSED) this.throttled++;
    if (status !== ACCEPTED) return;
    const kind = OPERATION.exec(path)?.[1];
    const name = vmIds[0]?.split("/").at(-1);
    if (kind !== undefined && name !== undefined) this.accepted.push({ kind, name, at });
  };
}
