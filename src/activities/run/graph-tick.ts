import { GRAPH_TICK_MS } from "../../azure/limits";
import { isoOf } from "./deps";

/** A row takes longer than this to show, so looking sooner serves nobody. */
const SHORTEST_WAIT_MS = 15_000;

/** The next instant at which all runs look at Resource Graph: looking together, they share queries. */
export const graphTickFrom = (instant: number): number => Math.ceil(instant / GRAPH_TICK_MS) * GRAPH_TICK_MS;

/** When to look at Resource Graph again. */
export const graphTickAfter = (now: number, atLeastMs = SHORTEST_WAIT_MS): string =>
  isoOf(graphTickFrom(now + Math.max(atLeastMs, SHORTEST_WAIT_MS)));

/** When to look at Resource Graph for an assessment that was over at the instant. */
export const rowMayShowAt = (overSince: number): string => graphTickAfter(overSince);

/** Most rows show within this after their assessment's end (assumed: docs/simulated-azure.md). */
export const ROW_LAG_MS = 50_000;
