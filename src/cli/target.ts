import { readSettings, type Settings } from "../config";
import { formatScopeEntry, isInScope, type ScopeEntry } from "../domain/machine/scope";
import { formatVmId, type VmId } from "../domain/machine/vm-id";
import type { Environment } from "../local/embedded-app";
import { flag, text, type Given } from "./options";
import { UsageError } from "./usage-error";

export const targetOptions = {
  host: text("URL", "A host that runs, such as http://127.0.0.1:7071; its API does the work."),
  key: text("KEY", "A function key of that host; npm start and goldpatch host print it."),
  azure: flag("Your real Azure with your own login, through a host for this command alone."),
};

/** Where a command does its work: a host that runs, or one for this command, on real or simulated Azure. */
export type Target = RunningHost | OwnHost;

export interface RunningHost {
  readonly kind: "host";
  readonly url: string;
  readonly key: string;
}

export interface OwnHost {
  readonly kind: "own";
  /** Simulated Azure; real Azure without it. */
  readonly endpoint?: string;
  readonly settings: Settings;
  readonly environment: Environment;
}

/**
 * Reads where to work. Without GOLDPATCH_SCOPE an own host may touch the VMs' resource groups, and nothing else.
 *
 * @throws UsageError when nothing or too much is named, or a VM lies outside the scope
 */
export function targetOf(given: Given<typeof targetOptions>, vmIds: readonly VmId[], environment: Environment): Target {
  const target = targetIn(given, vmIds, environment);
  if (target.kind === "host") return target;
  const outside = vmIds.find((vmId) => !isInScope(target.settings.GOLDPATCH_SCOPE, vmId));
  if (!outside) return target;
  const scope = target.settings.GOLDPATCH_SCOPE.map(formatScopeEntry).join(",");
  throw new UsageError(
    `VM_ID "${formatVmId(outside)}": lies outside GOLDPATCH_SCOPE, which is "${scope}"; add ${groupOf(outside)} to it, or unset it`,
  );
}

/** The same for what is no VM. @param homes what may be touched when GOLDPATCH_SCOPE does not say */
export function targetIn(
  given: Given<typeof targetOptions>,
  homes: readonly ScopeEntry[],
  environment: Environment,
): Target {
  const { azure = false } = given;
  const running = hostOf(given);
  if (running && azure) throw new UsageError("--host and --azure: give one of them");
  return running ?? ownHost(azure, homes, environment, "--host URL --key KEY for a host that runs, ");
}

/** The running host that is named, if one is. @throws UsageError when it cannot be used */
export function hostOf({ host, key }: Pick<Given<typeof targetOptions>, "host" | "key">): RunningHost | undefined {
  if (host === undefined) {
    if (key === undefined) return undefined;
    throw new UsageError("--key: without --host it opens nothing; write --host URL too");
  }
  if (key === undefined) throw new UsageError("--key: missing; write --key KEY, as the host printed it");
  return { kind: "host", url: hostUrl(host), key };
}

/**
 * The host that lives on when the command is over.
 *
 * @throws UsageError when none is named
 */
export function lastingHostOf(given: Pick<Given<typeof targetOptions>, "host" | "key">): RunningHost {
  const running = hostOf(given);
  if (running) return running;
  throw new UsageError(
    "--host: missing; sweeps and policies live in a host that runs: write --host URL --key KEY, as npm start or goldpatch host printed them",
  );
}

/**
 * Real Azure, or simulated Azure, for this command alone.
 *
 * @param homes what may be touched when GOLDPATCH_SCOPE does not say
 * @param elsewhere another way to say where, told when nothing does
 * @throws UsageError when nothing or too much is named
 */
export function ownHost(
  azure: boolean,
  homes: readonly ScopeEntry[],
  environment: Environment,
  elsewhere = "",
): OwnHost {
  const endpoint = environment["GOLDPATCH_ARM_ENDPOINT"]?.trim() || undefined;
  if (azure && endpoint !== undefined) {
    throw new UsageError(
      `--azure: GOLDPATCH_ARM_ENDPOINT is "${endpoint}", simulated Azure; unset it, or leave --azure out`,
    );
  }
  if (!azure && endpoint === undefined) {
    throw new UsageError(
      `nothing says where: write ${elsewhere}--azure for your real Azure, or set GOLDPATCH_ARM_ENDPOINT to the address of goldpatch simulate`,
    );
  }
  const scoped = { ...environment, GOLDPATCH_SCOPE: environment["GOLDPATCH_SCOPE"]?.trim() || groupsOf(homes) };
  const settings = readSettings(scoped);
  return { kind: "own", ...(endpoint !== undefined && { endpoint }), settings, environment: scoped };
}

/** The resource group, as the user wrote it, or the subscription. */
const groupOf = ({ subscriptionId, resourceGroup }: ScopeEntry): string =>
  formatScopeEntry({ subscriptionId, ...(resourceGroup !== undefined && { resourceGroup }) });

const groupsOf = (homes: readonly ScopeEntry[]): string => [...new Set(homes.map(groupOf))].join(",");

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** The key goes there: over https, or not off this machine. */
function hostUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const secure = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.includes(url.hostname));
  if (!url || !secure) {
    throw new UsageError(`--host "${given}": give it an https address, or an http one on this machine`);
  }
  return `${url.origin}${url.pathname.replace(/\/(?:api\/?)?$/, "")}`;
}
