import type { VmView } from "../contracts/api/vms";
import { outcomeTable, type OutcomeCode } from "../domain/outcome/table";
import { labelOf, saidOf } from "./machine-words";
import { missingText } from "./missing-text";
import { rowOf } from "./plan-text";
import { shortImage } from "./short-names";

const SOURCES: Readonly<Record<VmView["source"], string>> = {
  resourceGraph: "Resource Graph",
  instanceView: "the VM's instance view, which shows a newer assessment than Resource Graph",
  none: "nowhere: no assessment of this VM is on record, or the identity may not read patchAssessmentResults",
};

/** What a run would end with by this support state, which is where the next step is told. */
const CODES: Readonly<Record<string, OutcomeCode>> = {
  Unsupported: "UnsupportedImage",
  UnableToDetermine: "SupportUnableToDetermine",
  Unknown: "SupportUnknown",
};

const IMAGELESS: Readonly<Record<string, string>> = { none: "none: an Azure Arc-enabled server" };

/** What Azure has on record about a VM, in words. */
export function vmText(vm: VmView): string {
  const pending = Object.entries(vm.pending ?? {}).map(([name, count]) => `${name} ${count}`);
  const rows: (readonly [string, string | undefined])[] = [
    [labelOf(vm.vmId), vm.vmId],
    ["Image", vm.imageId === null ? (IMAGELESS[vm.imageKind] ?? vm.imageKind) : shortImage(vm.imageId)],
    ["Support state", vm.supportState ?? "not known"],
    ["Source", saidOf(vm.vmId, SOURCES[vm.source])],
    ["Proof", vm.evidence && "the assessment succeeded; for Arc-enabled servers Azure tells no support state"],
    ["Connection", vm.connection && connectionText(vm.connection)],
    ["Age", vm.ageSeconds === null || vm.seenAt === null ? undefined : `${ageText(vm.ageSeconds)} (${vm.seenAt})`],
    ["Assessment", vm.assessmentStatus ?? undefined],
    ["Missing", pending.join(", ")],
    ["Now", vm.ready ? "ready for an operation" : notReadyText(vm)],
    ["Trouble", vm.resourceGraphTrouble && `Resource Graph could not be read: ${vm.resourceGraphTrouble}`],
    ...vm.warnings.map((warning) => ["Warning", warning] as const),
    ["Next step", nextStepOf(vm)],
  ];
  const told = rows.flatMap(([name, value]) => (value ? [`${`${name}:`.padEnd(15)}${value}`] : []));
  return [...told, ...(vm.missing ? [missingText(vm.missing)] : [])].join("\n");
}

function nextStepOf({ vmId, supportState, notReady }: VmView): string {
  const row = rowOf(notReady);
  if (row) return saidOf(vmId, row.nextStep);
  if (supportState === "Supported") return `goldpatch patch ${vmId}`;
  const code = supportState === null ? undefined : CODES[supportState];
  return code ? saidOf(vmId, outcomeTable[code].nextStep) : `goldpatch assess ${vmId}: only an operation can tell.`;
}

function notReadyText({ vmId, notReady }: VmView): string {
  const row = rowOf(notReady);
  return row ? `not ready (${notReady ?? ""}): ${saidOf(vmId, row.meaning)}` : "not ready";
}

const connectionText = ({ status, agentVersion, since }: NonNullable<VmView["connection"]>): string =>
  `${status ?? "no status"}${since === null ? "" : ` since ${since}`}, agent ${agentVersion ?? "without a version"}`;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** In the two largest units. */
export function ageText(seconds: number): string {
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ${Math.floor((seconds % HOUR) / MINUTE)} min`;
  return `${Math.floor(seconds / DAY)} d ${Math.floor((seconds % DAY) / HOUR)} h`;
}
