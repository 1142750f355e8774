import { DEFAULT_MAXIMUM_DURATION } from "../install/options";
import type { Policy } from "./policy";

/** What a policy file that leaves a field out gets, each with its reason. */
export const policyDefaults = {
  /** A sweep that nobody told to patch only looks. */
  mode: "assess",
  timeZone: "UTC",
  /** The app's own setting stays in force until a policy says otherwise. */
  onProvision: { mode: "setting", inWindows: true },
  maximumDuration: DEFAULT_MAXIMUM_DURATION,
  /** As GOLDPATCH_MAX_ACTIVE_RUNS, which holds too. */
  concurrency: 50,
  /** Assumed: one VM in twenty may fail for its own reasons; more looks like the patches' fault. */
  failureBudget: "5%",
  stage: { failureBudget: "5%", wait: "PT0M" },
  /** Long enough that somebody sees it on the next working day; nobody's silence starts an installation. */
  gate: { timeout: "PT24H", onTimeout: "stop" },
  /** As many as the ramp's last step before the rest: nine VMs in ten are always verified or untouched. */
  exposure: { cap: "10%", ramp: [1, "1%", "10%", "rest"] },
  /** As GOLDPATCH_GRACE_MINUTES. */
  verify: { within: "PT15M" },
  /** Assumed: a service that starts with its machine answers within half a minute. */
  probe: { timeout: "PT30S" },
  /** Three VMs could be tried one after the other within the longest support deadline each. */
  verdict: { tries: 3, deadline: "PT2H", agreeing: 2, expiresAfterDays: 30 },
  /** A machine that somebody stopped stays stopped. */
  power: "skip",
  /** Assumed: draining a load balancer takes a few minutes. */
  hook: { deadline: "PT5M" },
} as const satisfies Pick<
  Policy,
  "mode" | "timeZone" | "onProvision" | "concurrency" | "failureBudget" | "exposure" | "verify" | "verdict" | "power"
> &
  Record<string, unknown>;

/** Without stages a sweep has one; the ramp of its exposure makes it careful. */
export const onlyStage = { name: "all", ...policyDefaults.stage } as const satisfies Policy["stages"][number];
