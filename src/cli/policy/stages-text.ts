import type { Amount } from "../../domain/policy/amount";
import type { Policy, PolicyStage } from "../../domain/policy/policy";
import { amountText, counted, durationText, tagsText } from "./words";

/** Stage by stage, then the groups. */
export function stageTexts({ stages, groups }: Policy): string[] {
  return [
    ...stages.map((stage, index) => `${index + 1}. ${stageText(stage, index === stages.length - 1)}`),
    ...groups.map(({ tag, concurrency }) => `of VMs with the same tag ${tag}, ${concurrency} at the same time at most`),
  ];
}

function stageText(
  { name, share, tags, concurrency, failureBudget, gate, wait }: PolicyStage,
  isLast: boolean,
): string {
  const all = isLast ? "all VMs that are left" : "all VMs";
  const who = `${share === undefined ? all : `at most ${amountText(share)}`}${tags ? ` with the tags ${tagsText(tags)}` : ""}`;
  const onTimeout = gate?.onTimeout === "go" ? "begins all the same" : "stops the sweep";
  return [
    `${name}: ${who}`,
    ...(gate ? [`needs an approval within ${durationText(gate.timeout)}, and without one ${onTimeout}`] : []),
    ...(concurrency === undefined ? [] : [`${counted(concurrency, "VM")} at the same time`]),
    failedText(failureBudget, "stops"),
    ...(durationText(wait) === "no time" || isLast ? [] : [`then waits ${durationText(wait)}`]),
  ].join("; ");
}

/** What a failure budget means for whoever reads when things stop. */
export const failedText = (budget: Amount, stops: string): string =>
  budget === 0
    ? `${stops} at the first VM that fails`
    : `${stops} when more than ${typeof budget === "number" ? budget : `${budget}, rounded down,`} of its VMs failed`;

export function exposureText({ exposure: { cap, ramp } }: Policy): string[] {
  const steps = ramp.map((step) => (step === "rest" ? "the rest" : typeof step === "number" ? String(step) : step));
  return [
    `at most ${amountText(cap)} in flight and not yet verified (at least one)`,
    `begins with ${steps.join(", then ")}; each step when all VMs before are settled`,
  ];
}
