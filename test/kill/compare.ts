import type { RunView } from "../../src/contracts/api/runs";
import type { KillResult } from "./kill";

export interface Comparison {
  /** Ends that are not those of the undisturbed fleet and that no kill excuses, and requests that were sent twice. */
  readonly violations: readonly string[];
  /** VMs whose host died between an install's intent and its stored answer, and of whose request Azure shows no trace. */
  readonly unresolved: readonly string[];
}

/** An undisturbed fleet beside one whose host was killed. */
export function compare(undisturbed: KillResult, killed: KillResult): Comparison {
  const violations: string[] = [];
  const unresolved: string[] = [];
  for (const [name, wanted] of undisturbed.runs) {
    const got = killed.runs.get(name);
    const posts = killed.installPosts.get(name) ?? 0;
    if (posts > 1) violations.push(`${name}: ${posts} install requests`);
    if (got?.code === "IntentUnresolved" && wanted.code !== got.code) unresolved.push(name);
    else if (!got || endOf(got) !== endOf(wanted)) {
      violations.push(`${name}: ended as ${got ? endOf(got) : "no run"}, undisturbed as ${endOf(wanted)}`);
    }
  }
  return { violations, unresolved };
}

const endOf = ({ outcome, code, installedPatchCount, failedPatchCount, supportState }: RunView): string =>
  `${outcome ?? "no outcome"} ${code ?? ""}, ${supportState ?? "no support state"}, ${installedPatchCount} installed, ${failedPatchCount} failed`;
