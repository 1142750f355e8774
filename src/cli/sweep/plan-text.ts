import type { ExpectedView, SweepPlan } from "../../contracts/api/sweeps";
import { shortImage } from "../short-names";
import { tableText } from "../table";
import { isoMinute } from "./sweep-text";

/** Lanes of a stage that are told in words; --json has all. */
const MOST_LANES = 5;

const REASONS: Readonly<Record<string, string>> = {
  outsideScope: "outside GOLDPATCH_SCOPE",
  place: "in no place of scope",
  taggedOff: "tagged goldpatch: off",
  tagMissing: "without a tag of scope.tags.include",
  tagExcluded: "with a tag of scope.tags.exclude",
  imageKind: "of another kind of image",
  image: "of another image",
  imageVersion: "of another image version",
  operatingSystem: "of another operating system",
  noStage: "no stage takes them",
};

type Bounds = SweepPlan["reboots"];
const boundsText = ({ least, most }: Pick<Bounds, "least" | "most">): string =>
  least === most ? String(least) : `${least} to ${most}`;

const range = (expected: ExpectedView | null, which: "within50" | "within90"): string =>
  expected ? expected[which].map(isoMinute).join(" to ") : "";

/** A plan in words. */
export function planText(plan: SweepPlan): string {
  const { counts, stages, ends, calls, reboots, assumptions } = plan;
  const leftOut = Object.entries(counts.leftOut).map(([reason, vms]) => `${vms} ${REASONS[reason] ?? reason}`);
  const rows: (readonly [string, string])[] = [
    ["Policy", `${plan.policy}, hash ${plan.policyHash}`],
    ["Mode", plan.mode],
    ["VMs", String(counts.found)],
    ["Left out", leftOut.join(", ") || "none"],
    ["Ends", ends ? `${isoMinute(ends.at)}, in 9 of 10 cases ${range(ends, "within90")}` : "not within 400 days"],
    [
      "Calls",
      `${boundsText(calls.armReads)} reads and ${boundsText(calls.armWrites)} writes of Resource Manager, ${boundsText(calls.graphQueries)} Resource Graph queries`,
    ],
    ["Reboots", boundsText(reboots)],
  ];
  const held = stages.filter(({ heldBack }) => heldBack > 0);
  return [
    ...(counts.found === 0 ? rows.filter(([name]) => name !== "Ends") : rows).map(
      ([name, value]) => `${`${name}:`.padEnd(15)}${value}`,
    ),
    "",
    tableText([
      ["Stage", "VMs", "Begins", "Ends", "Half of all cases", "9 of 10 cases"],
      ...stages.map(({ name, vms, begins, ends: end }) => [
        name,
        String(vms),
        begins ? isoMinute(begins.at) : "",
        end ? isoMinute(end.at) : "",
        range(end, "within50"),
        range(end, "within90"),
      ]),
    ]),
    ...held.map(({ name, heldBack }) => `${name}: ${heldBack} VMs are held back, their image version is Unsupported`),
    "",
    "Order:",
    ...stages.flatMap(({ name, order }) => [
      ...order
        .slice(0, MOST_LANES)
        .map(
          ({ imageId, osType, vms, expectedMinutes }) =>
            `  ${name}: ${vms} of ${imageId === null ? (osType ?? "an unknown image") : shortImage(imageId)}${expectedMinutes === null ? "" : `, about ${expectedMinutes} minutes each`}`,
        ),
      ...(order.length > MOST_LANES ? [`  ${name}: ${order.length - MOST_LANES} more kinds`] : []),
    ]),
    "",
    "Assumed:",
    ...assumptions.map((text) => `  ${text}`),
    "Nothing was started.",
  ].join("\n");
}
