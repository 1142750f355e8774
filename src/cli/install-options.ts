import type { VmView } from "../contracts/api/vms";
import { installOptions, meantBy } from "../contracts/run";
import {
  linuxClassifications,
  problemWithOptions,
  rebootSettings,
  windowsClassifications,
  type InstallOptions,
  type RebootSetting,
} from "../domain/install/options";
import type { OsType } from "../domain/machine/readiness";
import { flag, list, oneOf, text, type Given } from "./options";
import { refusedOption } from "./refused-option";
import { vmName } from "./short-names";
import { UsageError } from "./usage-error";

/** Options of an installation, in Azure's words. What is named for one system is refused for a VM of the other. */
export const installFlags = {
  reboot: oneOf<RebootSetting>(
    rebootSettings,
    "Whether it may reboot; IfRequired for a VM younger than a day, else Never, if absent.",
    meantBy,
  ),
  duration: text("PT3H", "The longest that the installation may take, at most PT4H; PT3H55M if absent."),
  classifications: list("WORD,WORD", "What to install; Critical,Security if nothing is named."),
  "include-kbs": list("KB,KB", "Windows: these too, such as KB5034441, or 5034441."),
  "exclude-kbs": list("KB,KB", "Windows: not these."),
  "exclude-kbs-requiring-reboot": flag("Windows: nothing that needs a reboot."),
  "published-until": text(
    "DATE",
    "Windows: nothing that was published later, such as 2026-11-01 or 2026-11-01T07:00:00Z.",
  ),
  "include-packages": list("MASK,MASK", "Linux: these packages too, such as openssl*."),
  "exclude-packages": list("MASK,MASK", "Linux: not these, such as kernel*."),
};

const WINDOWS = ["include-kbs", "exclude-kbs", "exclude-kbs-requiring-reboot", "published-until"] as const;
const LINUX = ["include-packages", "exclude-packages"] as const;

type InstallFlags = Given<typeof installFlags>;

/** Which option a field of the API comes from. */
const FLAGS = {
  "windows.classificationsToInclude": "classifications",
  "windows.kbNumbersToInclude": "include-kbs",
  "windows.kbNumbersToExclude": "exclude-kbs",
  "windows.maxPatchPublishDate": "published-until",
  "linux.classificationsToInclude": "classifications",
  "linux.packageNameMasksToInclude": "include-packages",
  "linux.packageNameMasksToExclude": "exclude-packages",
  maximumDuration: "duration",
};

/** The options as the API takes them. @throws UsageError that names the first option that Azure would refuse */
export function installOf(given: InstallFlags): InstallOptions {
  const systems = systemsOf(given);
  const parsed = installOptions.safeParse({
    ...(given.reboot !== undefined && { rebootSetting: given.reboot }),
    ...(given.duration !== undefined && { maximumDuration: given.duration }),
    ...(systems.includes("Windows") && blockOf("windows", windowsBlock(given))),
    ...(systems.includes("Linux") && blockOf("linux", linuxBlock(given))),
  });
  if (!parsed.success) {
    throw refusedOption(parsed.error, FLAGS, given);
  }
  // Linux has the lower bound, so what is wrong there is wrong everywhere.
  const wrong = problemWithOptions(parsed.data, systems.includes("Linux") ? "Linux" : "Windows");
  if (wrong !== undefined) throw new UsageError(wrong.replace("install.maximumDuration: ", "--duration "));
  return parsed.data;
}

/** The system that the options are for, when they are not for both. */
export function onlySystemOf(install: InstallOptions): OsType | undefined {
  if (install.windows && !install.linux) return "Windows";
  return install.linux && !install.windows ? "Linux" : undefined;
}

/** Refuses options for another system than the machine's. @throws UsageError */
export function requireSystem(only: OsType | undefined, { vmId, osType }: Pick<VmView, "vmId" | "osType">): void {
  if (only === undefined || osType === null || only === osType) return;
  const named = (only === "Windows" ? WINDOWS : LINUX).map((name) => `--${name}`).join(", ");
  throw new UsageError(
    `the options are for ${only} (${named}, or its classifications), and ${vmName(vmId)} runs ${osType}: leave them out`,
  );
}

/** For which systems the options may be. @throws UsageError when they name both at once, or an unknown word */
function systemsOf(given: InstallFlags): OsType[] {
  const words = given.classifications ?? [];
  const has = (names: readonly (keyof InstallFlags)[]) => names.find((name) => given[name] !== undefined);
  const [windowsFlag, linuxFlag] = [has(WINDOWS), has(LINUX)];
  if (windowsFlag && linuxFlag) {
    throw new UsageError(`--${windowsFlag} and --${linuxFlag}: the one is for Windows, the other for Linux; give one`);
  }
  const isWordOf = (known: readonly string[]) =>
    words.every((word) => known.some((candidate) => candidate.toLowerCase() === word.toLowerCase()));
  const systems: OsType[] = [];
  if (!linuxFlag && isWordOf(windowsClassifications)) systems.push("Windows");
  if (!windowsFlag && isWordOf(linuxClassifications)) systems.push("Linux");
  if (systems.length > 0) return systems;
  // Words that nobody knows are refused by the API's own check, which knows the documents' misspellings.
  const all: readonly string[] = [...windowsClassifications, ...linuxClassifications];
  const isKnown = words.every((word) => all.some((candidate) => candidate.toLowerCase() === word.toLowerCase()));
  if (!isKnown) return [linuxFlag || words.some(isLinuxWord) ? "Linux" : "Windows"];
  throw new UsageError(
    `--classifications "${words.join(",")}": no system has all of them${windowsFlag ? " and KBs" : linuxFlag ? " and packages" : ""}; Windows has ${windowsClassifications.join(", ")}, Linux ${linuxClassifications.join(", ")}`,
  );
}

const isLinuxWord = (word: string): boolean => /^others?$/i.test(word);

function windowsBlock(given: InstallFlags) {
  const date = given["published-until"];
  return {
    ...(given.classifications && { classificationsToInclude: given.classifications }),
    ...(given["include-kbs"] && { kbNumbersToInclude: given["include-kbs"] }),
    ...(given["exclude-kbs"] && { kbNumbersToExclude: given["exclude-kbs"] }),
    ...(given["exclude-kbs-requiring-reboot"] && { excludeKbsRequiringReboot: true }),
    // A day means all of it, in UTC.
    ...(date !== undefined && { maxPatchPublishDate: /^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date}T23:59:59Z` : date }),
  };
}

function linuxBlock(given: InstallFlags) {
  return {
    ...(given.classifications && { classificationsToInclude: given.classifications }),
    ...(given["include-packages"] && { packageNameMasksToInclude: given["include-packages"] }),
    ...(given["exclude-packages"] && { packageNameMasksToExclude: given["exclude-packages"] }),
  };
}

const blockOf = (name: "windows" | "linux", block: object) => (Object.keys(block).length > 0 ? { [name]: block } : {});
