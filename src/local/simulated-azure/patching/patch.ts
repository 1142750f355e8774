import type { Chance } from "../chance";
import type { PatchCauses, PendingCauses } from "../fleet/patch-schema";

/** A patch that a machine lacks. */
export interface Patch extends Omit<PatchCauses, "kbId" | "version"> {
  readonly patchId: string;
  readonly kbId: string | undefined;
  readonly version: string | undefined;
}

type OsType = "Windows" | "Linux";

const LINUX_PACKAGES = ["openssl", "libc6", "linux-image-azure", "curl", "systemd", "sudo", "vim-tiny", "tzdata"];
const ALWAYS_REBOOT = "linux-image-azure";

export const criticalAndSecurity = ({ classification }: Patch): boolean =>
  classification === "Critical" || classification === "Security";

/** The patches of a fleet file, numbers turned into patches. */
export function patchesOf(pending: PendingCauses, osType: OsType, chance: Chance, machine: string): readonly Patch[] {
  const listed = Array.isArray(pending)
    ? pending
    : Object.entries(pending).flatMap(([classification, count]) =>
        Array.from({ length: count }, (_, index) =>
          invented(classification as PatchCauses["classification"], index, osType, chance, machine),
        ),
      );
  return listed.map((patch) => identified(patch, osType, chance));
}

function identified(patch: PatchCauses, osType: OsType, chance: Chance): Patch {
  if (osType === "Windows") {
    const kbId = patch.kbId ?? String(chance.between(5_030_000, 5_079_999, "kb", patch.name));
    return { ...patch, kbId, version: undefined, patchId: chance.guid("patch", kbId, patch.name) };
  }
  const version = patch.version ?? "1.0-1";
  return { ...patch, kbId: undefined, version, patchId: `${patch.name}_${version}_Ubuntu_22.04` };
}

function invented(
  classification: PatchCauses["classification"],
  index: number,
  osType: OsType,
  chance: Chance,
  machine: string,
): PatchCauses {
  const common = {
    classification,
    appearsAfterSeconds: 0,
    publishedDaysAgo: 14,
    whenInstalled: "installs",
    afterReboot: "comesBack",
  } as const;
  if (osType === "Windows") {
    const kbId = String(chance.between(5_030_000, 5_079_999, machine, classification, index));
    const reboot = classification === "Security" && index === 0 ? "always" : "never";
    return { ...common, reboot, kbId, name: `2026-11 ${classification} Update for Windows Server (KB${kbId})` };
  }
  const known = LINUX_PACKAGES[index];
  const name = known ?? `lib${classification.toLowerCase()}${index}`;
  const reboot = name === ALWAYS_REBOOT && classification !== "Other" ? "always" : "never";
  return {
    ...common,
    reboot,
    name: classification === "Other" ? `${name}-common` : name,
    version: `2.${index}-0ubuntu1`,
  };
}
