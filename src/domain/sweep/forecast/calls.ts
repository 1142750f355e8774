import type { Policy } from "../../policy/policy";
import { ASSUMED } from "./durations";
import type { SweepForecast } from "./forecast";

/** Between these, as far as anybody can tell beforehand. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

export interface PlannedCalls {
  readonly armReads: Bounds;
  readonly armWrites: Bounds;
  readonly graphQueries: Bounds;
}

/** A run reads its VM when it begins and before each request, and once more when it has installed. */
const LOOKS: Bounds = { least: 2, most: 8 };
/** Looks at an operation: few where durations are learned, else one each half minute or minute (../../operation/looks.ts). */
const FEWEST_POLLS = 2;
const POLL_EVERY_MS = { assess: 30_000, install: 60_000 } as const;
/** Looks for a row that shows late; each query asks for up to 200 VMs, and at most one leaves in half a minute. */
const GRAPH_LOOKS = 8;
const VMS_OF_A_QUERY = 200;
const GRAPH_TICK_MS = 30_000;

/** Calls of a sweep. @param pages queries that find its VMs */
export function callsOf(
  { mode }: Pick<Policy, "mode">,
  { stages, ends, madeAt }: SweepForecast,
  pages: number,
): PlannedCalls {
  const vms = stages.reduce((sum, stage) => sum + stage.vms - stage.heldBack, 0);
  const operations = mode === "patch" ? (["assess", "install"] as const) : (["assess"] as const);
  const polls = operations.reduce((sum, kind) => sum + Math.ceil((2 * ASSUMED[kind].most) / POLL_EVERY_MS[kind]), 0);
  const ticks = ends ? Math.ceil((ends.within90[1] - madeAt) / GRAPH_TICK_MS) : Number.POSITIVE_INFINITY;
  return {
    armReads: { least: vms * (LOOKS.least + FEWEST_POLLS), most: vms * (LOOKS.most + polls) },
    // A VM that lacks nothing gets no installation.
    armWrites: { least: vms, most: vms * operations.length },
    graphQueries: {
      least: pages + Math.ceil(vms / VMS_OF_A_QUERY),
      most: pages + Math.min(GRAPH_LOOKS * vms, ticks + Math.ceil((GRAPH_LOOKS * vms) / VMS_OF_A_QUERY)),
    },
  };
}

/** VMs that are rebooted, if all lack patches. Without a setting those younger than a day may be. */
export function rebootsOf({ mode, install }: Pick<Policy, "mode" | "install">, { stages }: SweepForecast): Bounds {
  const vms = mode === "patch" ? stages.reduce((sum, stage) => sum + stage.vms - stage.heldBack, 0) : 0;
  const { rebootSetting } = install;
  return { least: rebootSetting === "Always" ? vms : 0, most: rebootSetting === "Never" ? 0 : vms };
}
