import { setTimeout } from "node:timers/promises";
import type { SweepView } from "../../contracts/api/sweeps";
import type { HostClient } from "../host-client";
import { patiently } from "../patiently";
import type { StopSignal, StopSignals } from "../stop-signal";
import { tell } from "../tell";
import { changesText } from "./sweep-text";
import { sweepOf } from "./sweeps";

const LOOK_EVERY_MS = 1000;

/**
 * Asks for the sweep until it is over, and tells stages and counts as they change.
 *
 * @throws UsageError when the host does not answer at all, OperatorError when it answers no more; the sweep itself may go on
 */
export async function followSweep(
  host: HostClient,
  sweepId: string,
  signals: StopSignals,
): Promise<SweepView | StopSignal> {
  const goesOn = `sweep ${sweepId}: ${host.url} answers no more, and the sweep may go on there; ask with goldpatch sweep show ${sweepId}`;
  let sweep = await sweepOf(host, sweepId);
  for (let before: SweepView | undefined; ; sweep = await patiently(() => sweepOf(host, sweepId), goesOn)) {
    for (const line of changesText(before, sweep)) tell(line);
    if (sweep.endedAt !== null) return sweep;
    before = sweep;
    const stopped = await Promise.race([signals.first, setTimeout(LOOK_EVERY_MS, undefined)]);
    if (stopped !== undefined) return stopped;
  }
}
