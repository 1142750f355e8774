import type { ImageVersionView, ImageView } from "../contracts/api/images";
import { vmName } from "./short-names";

/** A list for a person; `--json` has all. */
const MOST_VMS = 40;

/** What Azure has on record about an image's VMs, version by version. */
export function imageText({ imageId, versions, complete }: ImageView): string {
  if (versions.length === 0) {
    return `Image:         ${imageId}\nNo VM in scope was created from it, and no run has met it.`;
  }
  const parts = versions.map(versionText);
  return [...parts, ...(complete ? [] : ["Azure lists still more VMs than were read."])].join("\n\n");
}

function versionText({ imageId, verdict, states, disagree, vms, resourceGraphTrouble }: ImageVersionView): string {
  const counts = Object.entries(states).map(([state, count]) => `${state === "none" ? "not known" : state} ${count}`);
  const rows: (readonly [string, string | undefined])[] = [
    ["Image", imageId],
    ["Verdict", verdict ? `${verdict.supportState}, seen ${verdict.seenAt} on ${vmName(verdict.vmId)}` : "none yet"],
    ["VMs", vms.length === 0 ? "none in scope" : counts.join(", ")],
    ["Disagreement", disagree ? "Azure calls some of its VMs Supported and others Unsupported" : undefined],
    ["Source", vms.length === 0 ? undefined : "Resource Graph"],
    ["Trouble", resourceGraphTrouble && `Resource Graph could not be read: ${resourceGraphTrouble}`],
  ];
  const lines = rows.flatMap(([name, value]) => (value ? [`${`${name}:`.padEnd(15)}${value}`] : []));
  const shown = vms.slice(0, MOST_VMS).map(({ vmId, supportState, seenAt }) => {
    const state = (supportState ?? "not known").padEnd(17);
    return `  ${state}  ${(seenAt ?? "never").padEnd(24)}  ${vmId}`;
  });
  const rest = vms.length - shown.length;
  return [...lines, ...shown, ...(rest > 0 ? [`  and ${rest} more: --json lists them`] : [])].join("\n");
}
