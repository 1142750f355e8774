import type { Policy } from "../../policy/policy";
import type { WindowGate } from "../../window/gate";
import { installMs, LEAD_MS, releaseGateAt } from "../times";

/** When a policy lets VMs be released, asked for thousands of times: what its windows say of an instant is kept. */
export class ReleaseTimes {
  readonly #policy: Policy;
  readonly #isAlways: boolean;
  readonly #known = new Map<number, WindowGate>();
  /** Between these it is open, without a look. */
  #open = { from: 0, until: 0 };

  constructor(policy: Policy) {
    this.#policy = policy;
    this.#isAlways = policy.windows.length === 0 && policy.blackouts.length === 0;
  }

  /** When the next VM may be released: the instant itself, a later one, or undefined when there is none within 400 days. */
  next(instant: number): number | undefined {
    if (this.#isAlways || (this.#open.from <= instant && instant < this.#open.until)) return instant;
    const gate = this.#known.get(instant) ?? releaseGateAt(this.#policy, instant);
    this.#known.set(instant, gate);
    if (gate.kind === "closed") return gate.opensAt;
    const needed = this.#policy.mode === "assess" ? 0 : installMs(this.#policy) + LEAD_MS;
    this.#open = { from: instant, until: instant + gate.leftMs - needed };
    return instant;
  }
}
