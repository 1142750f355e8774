import { hookMoments, type HookMoment, type Policy } from "../../domain/policy/policy";
import { counted, durationText, listed } from "./words";

export function assessText({ assess: { attempts, pause, deadline } }: Policy): string {
  const parts = [
    attempts === undefined ? "" : `at most ${counted(attempts, "time")}`,
    pause === undefined ? "" : `${durationText(pause)} apart`,
    deadline === undefined ? "" : `waits ${durationText(deadline)} for the support state`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "as the settings say" : `${listed(parts)}; the rest as the settings say`;
}

export function installText({ install, mode, onProvision, scope }: Policy): string {
  if (mode === "assess" && !["patch", "setting"].includes(onProvision.mode)) return "nothing";
  const { windows = {}, linux = {}, rebootSetting } = install;
  const chosen = {
    Windows: chosenText(
      "KBs",
      windows.classificationsToInclude,
      windows.kbNumbersToInclude,
      windows.kbNumbersToExclude,
    ),
    Linux: chosenText(
      "packages",
      linux.classificationsToInclude,
      linux.packageNameMasksToInclude,
      linux.packageNameMasksToExclude,
    ),
  };
  const systems = scope.operatingSystems.map((system) => `on ${system} ${chosen[system]}`);
  const quiet =
    windows.excludeKbsRequiringReboot && scope.operatingSystems.includes("Windows")
      ? ["no KB that needs a reboot"]
      : [];
  const reboot =
    rebootSetting === undefined
      ? "reboots VMs younger than a day if required, others never"
      : rebootTexts[rebootSetting];
  return [...systems, ...quiet, `${durationText(install.maximumDuration)} at most`, reboot].join("; ");
}

const rebootTexts = { IfRequired: "reboots if required", Never: "never reboots", Always: "always reboots" } as const;

/** Classifications and names add up; without either it is Critical and Security. */
function chosenText(
  what: string,
  classes?: readonly string[],
  include?: readonly string[],
  exclude?: readonly string[],
): string {
  const named = [...(classes ?? []), ...(include ? [`the ${what} ${listed(include)}`] : [])];
  return `${listed(named.length > 0 ? named : ["Critical", "Security"])}${exclude ? `, without the ${what} ${listed(exclude)}` : ""}`;
}

export function verifyText({ verify: { within, probe } }: Policy): string {
  const probed = probe ? `, and ${probe.url} answers with 2xx within ${durationText(probe.timeout)}` : "";
  return `running, agent ready and boot time as expected${probed}, at most ${durationText(within)} after the installation`;
}

export const verdictText = ({ verdict: { tries, deadline, agreeing, expiresAfterDays } }: Policy): string =>
  `one VM goes first, up to ${tries} in ${durationText(deadline)}; ${agreeing} Unsupported VMs hold back the rest; a verdict holds ${counted(expiresAfterDays, "day")}`;

const momentNames: Readonly<Record<HookMoment, string>> = {
  beforeVm: "before each VM",
  afterVm: "after each VM",
  beforeStage: "before each stage",
  afterStage: "after each stage",
};

export function hookTexts({ hooks }: Policy): string[] {
  const texts = hookMoments.flatMap((moment) => {
    const hook = hooks[moment];
    return hook
      ? [
          `${momentNames[moment]} ${hook.url}, signed with ${hook.key}; no 2xx within ${durationText(hook.deadline)} means no`,
        ]
      : [];
  });
  return texts.length === 0 ? ["none"] : texts;
}
