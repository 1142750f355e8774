import { ArmError } from "../arm-message";
import type { Machine } from "../machine/machine";
import { parseInstallRequest, type InstallRequest } from "../patching/install-request";
import { MINUTE_MS } from "../timestamps";
import { parseWindow, type Window } from "./recurrence";

export type Json = Readonly<Record<string, unknown>>;

/** A maintenance configuration as it was PUT. Instants are milliseconds since the epoch. */
export interface Configuration {
  readonly id: string;
  /** The id in lower case. */
  readonly key: string;
  readonly name: string;
  readonly location: string;
  readonly properties: Json;
  readonly tags: unknown;
  readonly window: Window;
  readonly changedAt: number;
  /** What an installation of a run asks of the machine. @throws ArmError when the configuration has nothing for it */
  installRequest(machine: Machine): InstallRequest;
}

export const objectOf = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};

export function bodyOf(body: string | undefined): Json {
  try {
    return objectOf(JSON.parse(body ?? ""));
  } catch {
    throw new ArmError(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized.");
  }
}

/** Shape: MaintenanceConfigurations_CreateOrUpdate [SPEC]; limits [DOC]. @throws ArmError 400 */
export function parseConfiguration(id: string, body: Json, start: number, now: number): Configuration {
  const [name = ""] = id.split("/").slice(-1);
  const properties = objectOf(body["properties"]);
  const refuse = (message: string) => new ArmError(400, "InvalidMaintenanceConfiguration", message);
  if (properties["maintenanceScope"] !== "InGuestPatch") throw refuse("Only the scope InGuestPatch is simulated.");
  if (objectOf(properties["extensionProperties"])["InGuestPatchMode"] !== "User") {
    throw refuse("extensionProperties.InGuestPatchMode must be User.");
  }
  if ((id.split("/")[4] ?? "").length + name.length >= 128) throw refuse("Resource group and name are too long.");
  const installPatches = objectOf(properties["installPatches"]);
  return {
    id,
    key: id.toLowerCase(),
    name,
    location: String(body["location"]),
    properties: { namespace: "Microsoft.Maintenance", ...properties },
    tags: body["tags"] ?? {},
    window: parseWindow(properties["maintenanceWindow"]),
    changedAt: now,
    installRequest: ({ image }) => parseInstallRequest(JSON.stringify(installPatches), image.osType, start),
  };
}

/** First start after a creation or change: [DOC] maintenance-configurations. */
const LEAD_MS = 15 * MINUTE_MS;

/** Starts of a configuration between two instants, without those that come too soon after its last change. */
export const startsOf = ({ window, changedAt }: Configuration, from: number, until: number): readonly number[] =>
  window.starts(Math.max(from, changedAt + LEAD_MS), until);

export const configurationBody = ({ id, name, location, tags, properties }: Configuration): Json => ({
  id,
  name,
  type: "Microsoft.Maintenance/maintenanceConfigurations",
  location,
  tags,
  properties,
});
