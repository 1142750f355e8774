import { GRAPH_TICK_MS } from "../../azure/limits";
import { isoOf } from "./deps";

/** A row takes longer than this to show, so looking sooner serves nobody. */
const SHORTEST_WAIT_MS = 15_000;

/** When to look at Resource Graph next: all runs look on the same ticks, so that their reads share queries. */
export function graphTickAfter(now: number, atLeastMs = SHORTEST_WAIT_MS): string {
  const earliest = now + Math.max(atLeastMs, SHORTEST_WAIT_MS);
  return isoOf(Math.ceil(earliest / GRAPH_TICK_MS) * GRAPH_TICK_MS);
}
