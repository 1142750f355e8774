import { inOrder, CONTENDERS, type Report as BadPatchReport } from "../badpatch/report";
import { barsSvg, type Panel } from "./bars";

/** What the plot needs of `npm run bench -- --json`. */
export interface FleetReport {
  readonly vms: number;
  readonly contenders: Readonly<
    Record<string, { readonly makespanRatio: number; readonly armCallsPerVm: number; readonly throttled: number }>
  >;
}

const OURS = "goldpatch";
const number = (value: number): string => value.toLocaleString("en-GB", { maximumFractionDigits: 2 });

export function fleetPlot({ vms, contenders }: FleetReport): string {
  const panel = (title: string, of: "makespanRatio" | "armCallsPerVm" | "throttled"): Panel => ({
    title,
    bars: Object.entries(contenders).map(([label, figures]) => ({
      label,
      value: figures[of],
      text: number(figures[of]),
    })),
  });
  return barsSvg({
    title: `${number(vms)} VMs patched`,
    subtitle: "Less is better. The same machines of simulated Azure, virtual time.",
    highlight: OURS,
    panels: [
      panel("Time, ideal = 1", "makespanRatio"),
      panel("ARM calls per VM", "armCallsPerVm"),
      panel("Calls refused (429)", "throttled"),
    ],
  });
}

export function badPatchPlot(report: BadPatchReport): string {
  return barsSvg({
    title: "VMs harmed by a bad patch",
    subtitle: `Of ${number(report.vms)} VMs of four images, mean of ${number(report.seeds)} fleets. The patch breaks a share of the VMs of one image.`,
    highlight: OURS,
    panels: inOrder(report.rates).map(([rate, harm]) => ({
      title: `${number(Number(rate) * 100)} % of its VMs break`,
      bars: CONTENDERS.map((label) => ({ label, value: harm[label], text: number(harm[label]) })),
    })),
  });
}
