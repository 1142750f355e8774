import type { HealthView } from "../contracts/api/app";
import type { Settings } from "../config";
import { clouds } from "../domain/cloud/cloud";
import { formatScopeEntry, type ScopeEntry } from "../domain/machine/scope";
import { azureLogin } from "./azure-login";
import { HostClient } from "./host-client";
import type { Target } from "./target";
import { tell } from "./tell";

/** Tells where a command is about to work, before it does anything. @throws OperatorError without a login */
export async function tellWhere(target: Target): Promise<void> {
  if (target.kind === "host") return tellHost(target.url, await new HostClient(target.url, target.key).health());
  const { endpoint, settings } = target;
  tell(`Azure:         ${endpoint ?? clouds[settings.GOLDPATCH_CLOUD].armOrigin}`);
  return endpoint === undefined ? tellRealAzure(settings) : tellSimulatedAzure(settings.GOLDPATCH_SCOPE);
}

const TENANT_UNTOLD = "told by the host's own login only";

type RealAzure = Pick<Settings, "GOLDPATCH_SCOPE" | "GOLDPATCH_CLOUD">;

/** Tells what of real Azure would be touched, and as whom. @throws OperatorError without a login */
export async function tellRealAzure(settings: RealAzure): Promise<void> {
  const { GOLDPATCH_SCOPE: scope, GOLDPATCH_CLOUD: cloud } = settings;
  tell(`This is real Azure${cloud === "AzureCloud" ? "" : `, in ${cloud}`}.`);
  tellScope(scope.map(formatScopeEntry));
  const { tenantId, who } = await azureLogin(cloud);
  tell(`Tenant:        ${tenantId} (as ${who})`);
}

/** Tells what of simulated Azure would be touched: there is no tenant, and nobody's login is used. */
function tellSimulatedAzure(scope: readonly ScopeEntry[]): void {
  tell("This is simulated Azure.");
  tellScope(scope.map(formatScopeEntry));
  tell("Tenant:        none");
}

/** Tells what a running host touches. */
function tellHost(url: string, { azure, scope }: HealthView): void {
  tell(`Host:          ${url}`);
  tell(`Azure:         ${azure}`);
  tellScope(scope);
  tell(`Tenant:        ${TENANT_UNTOLD}`);
}

function tellScope(entries: readonly string[]): void {
  const subscriptions = new Set(entries.map((entry) => entry.split("/")[2] ?? ""));
  tell(`Subscription:  ${[...subscriptions].join(", ")}`);
  tell(`Scope:         ${entries.join(", ")}`);
}
