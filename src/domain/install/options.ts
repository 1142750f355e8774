import type { OsType } from "../machine/readiness";
import { parseDuration } from "./duration";

/** Values of the Compute API; the documents' other spellings are refused by name. */
export const rebootSettings = ["IfRequired", "Never", "Always"] as const;
export type RebootSetting = (typeof rebootSettings)[number];

export const windowsClassifications = [
  "Critical",
  "Security",
  "UpdateRollUp",
  "FeaturePack",
  "ServicePack",
  "Definition",
  "Tools",
  "Updates",
] as const;
export const linuxClassifications = ["Critical", "Security", "Other"] as const;
export type WindowsClassification = (typeof windowsClassifications)[number];
export type LinuxClassification = (typeof linuxClassifications)[number];

export interface WindowsOptions {
  readonly classificationsToInclude?: readonly WindowsClassification[];
  readonly kbNumbersToInclude?: readonly string[];
  readonly kbNumbersToExclude?: readonly string[];
  readonly excludeKbsRequiringReboot?: boolean;
  /** ISO 8601: nothing that was published later. */
  readonly maxPatchPublishDate?: string;
}

export interface LinuxOptions {
  readonly classificationsToInclude?: readonly LinuxClassification[];
  readonly packageNameMasksToInclude?: readonly string[];
  readonly packageNameMasksToExclude?: readonly string[];
}

/** What the caller of a run may ask of the installation; everything has a default. */
export interface InstallOptions {
  readonly rebootSetting?: RebootSetting;
  readonly maximumDuration?: string;
  readonly windows?: WindowsOptions;
  readonly linux?: LinuxOptions;
}

/** The request as sent: the block of the machine's own operating system only. */
export interface InstallRequest {
  readonly rebootSetting: RebootSetting;
  readonly maximumDuration: string;
  readonly windowsParameters?: WindowsOptions;
  readonly linuxParameters?: LinuxOptions;
}

/** On-demand maximum of the portal (Update Manager: deploy updates); PT4H is accepted when asked for (addenda A3). */
export const DEFAULT_MAXIMUM_DURATION = "PT3H55M";
export const LONGEST_DURATION_MS = 4 * 3_600_000;

/**
 * Below this an installation starts nothing. Windows needs 15 min before the 10 min it keeps for the reboot
 * (Update Manager: troubleshoot); Linux needs 5 min for one package beside 15 min kept for the reboot
 * (Linux patch extension, maintenance window).
 */
export const SHORTEST_DURATION_MS: Readonly<Record<OsType, number>> = {
  Windows: 25 * 60_000,
  Linux: 20 * 60_000,
};

/** A machine this young carries no users yet, so a reboot by default hurts nobody. */
const YOUNG_VM_MS = 24 * 3_600_000;

const DEFAULT_CLASSIFICATIONS = ["Critical", "Security"] as const;

export interface InstallSubject {
  readonly osType: OsType;
  readonly createdAt?: number;
  readonly now: number;
}

/** The other system's options on their own would be left out, and the defaults installed instead: nobody asked for that. */
function problemWithSystem({ windows, linux }: InstallOptions, osType: OsType): string | undefined {
  if (osType === "Windows" && linux && !windows) return "install.linux: the machine runs Windows: use install.windows";
  if (osType === "Linux" && windows && !linux) return "install.windows: the machine runs Linux: use install.linux";
  return undefined;
}

/** What is wrong with the options for a machine that runs this system, in words; undefined when nothing is. */
export const problemOnMachine = (options: InstallOptions, osType: OsType): string | undefined =>
  problemWithSystem(options, osType) ?? problemWithOptions(options, osType);

/** What is wrong with the options for this operating system, in words that name field and value; undefined when nothing is. */
export function problemWithOptions(options: InstallOptions, osType: OsType): string | undefined {
  const duration = options.maximumDuration ?? DEFAULT_MAXIMUM_DURATION;
  const milliseconds = parseDuration(duration);
  if (milliseconds === undefined) return `install.maximumDuration: "${duration}" is no duration such as PT2H30M`;
  const shortest = SHORTEST_DURATION_MS[osType];
  if (milliseconds < shortest) {
    return `install.maximumDuration: "${duration}" is too short for ${osType}, which starts nothing below ${shortest / 60_000} minutes`;
  }
  if (milliseconds > LONGEST_DURATION_MS) {
    return `install.maximumDuration: "${duration}" is longer than PT4H, the longest that Azure is known to accept`;
  }
  return undefined;
}

/** The body of installPatches for this machine. */
export function installRequestFor(options: InstallOptions, subject: InstallSubject): InstallRequest {
  const common = {
    rebootSetting: options.rebootSetting ?? defaultReboot(subject),
    maximumDuration: options.maximumDuration ?? DEFAULT_MAXIMUM_DURATION,
  };
  return subject.osType === "Windows"
    ? { ...common, windowsParameters: windowsParameters(options.windows) }
    : { ...common, linuxParameters: linuxParameters(options.linux) };
}

function defaultReboot({ createdAt, now }: InstallSubject): RebootSetting {
  return createdAt !== undefined && now - createdAt < YOUNG_VM_MS ? "IfRequired" : "Never";
}

/** Azure wants at least one classification or package (Compute: automatic VM guest patching, on-demand). */
function windowsParameters(options: WindowsOptions = {}): WindowsOptions {
  const named = options.classificationsToInclude?.length || options.kbNumbersToInclude?.length;
  return {
    ...options,
    ...(!named && { classificationsToInclude: DEFAULT_CLASSIFICATIONS }),
    ...(options.kbNumbersToInclude && { kbNumbersToInclude: options.kbNumbersToInclude.map(normalKb) }),
    ...(options.kbNumbersToExclude && { kbNumbersToExclude: options.kbNumbersToExclude.map(normalKb) }),
  };
}

function linuxParameters(options: LinuxOptions = {}): LinuxOptions {
  const named = options.classificationsToInclude?.length || options.packageNameMasksToInclude?.length;
  return { ...options, ...(!named && { classificationsToInclude: DEFAULT_CLASSIFICATIONS }) };
}

/** Both spellings are used in the documents; this one is known to be accepted (addenda A3). */
const normalKb = (kb: string): string => `KB${kb.replace(/^KB/i, "")}`;
