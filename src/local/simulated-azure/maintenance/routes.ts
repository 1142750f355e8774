import { ArmError, jsonAnswer, type ArmResponse } from "../arm-message";
import type { Exchange } from "../exchange";
import type { Arc } from "../fleet/arc-schema";
import { arcModel } from "../machine/arc-model";
import type { Machine } from "../machine/machine";
import type { World } from "../machine/machine-resource";
import type { Machines } from "../machine/machines";
import { vmModel } from "../machine/vm-model";
import type { RateLimits } from "../rates/rate-limits";
import { notAuthorized } from "../surroundings";
import { bodyOf, objectOf } from "./configuration";
import type { Maintenance } from "./maintenance";
import type { MaintenanceRuns } from "./maintenance-runs";

interface Around {
  readonly world: World;
  readonly machines: Machines;
  readonly maintenance: Maintenance;
  readonly maintenanceRuns: MaintenanceRuns;
  readonly rates: RateLimits;
  readonly now: () => number;
}

const PROVIDER = String.raw`/providers/Microsoft\.Maintenance`;
const CONFIGURATION = new RegExp(
  String.raw`^(/subscriptions/([^/]+)/resourceGroups/[^/]+${PROVIDER}/maintenanceConfigurations/[^/]+)(?:${PROVIDER}/applyUpdates/(\d{14}))?/?$`,
  "i",
);
const CONFIGURATIONS = new RegExp(String.raw`^/subscriptions/([^/]+)${PROVIDER}/maintenanceConfigurations/?$`, "i");
const ASSIGNMENT = new RegExp(
  String.raw`^(/subscriptions/([^/]+)(?:/resourceGroups/([^/]+)/providers/(Microsoft\.Compute/virtualMachines|Microsoft\.HybridCompute/machines)/([^/]+))?)${PROVIDER}/configurationAssignments(?:/([^/]+))?/?$`,
  "i",
);
const VERBS: Readonly<Record<string, string>> = { GET: "read", PUT: "write", DELETE: "delete" };

/** What Microsoft.Maintenance answers; undefined when the path is none of its. @throws ArmError */
export function answerMaintenance(exchange: Exchange, around: Around): ArmResponse | undefined {
  const { request, url } = exchange;
  const { maintenance, maintenanceRuns, machines, now } = around;
  const { method, body } = request;
  const verb = VERBS[method];
  if (verb === undefined) return undefined;
  const admit = (subscriptionId: string, type: string): void => {
    machines.requireSubscription(subscriptionId);
    const { location } = around.world.fleet;
    Object.assign(exchange.headers, around.rates.arm(method, subscriptionId, location, now()));
    const action = `Microsoft.Maintenance/${type}/${verb}`;
    const denied = around.world.fleet.denied.some((one) => one.toLowerCase() === action.toLowerCase());
    if (denied) throw notAuthorized(around.world, action, url.pathname);
  };
  const [, configurationId, ofConfiguration, run] = CONFIGURATION.exec(url.pathname) ?? [];
  if (configurationId !== undefined && ofConfiguration !== undefined) {
    admit(ofConfiguration, run === undefined ? "maintenanceConfigurations" : "applyUpdates");
    if (run === undefined) return maintenance.answerConfiguration(method, configurationId, body, now());
    return method === "PUT" ? maintenanceRuns.cancel(configurationId, run, body, now()) : undefined;
  }
  const [, ofList] = CONFIGURATIONS.exec(url.pathname) ?? [];
  if (ofList !== undefined && method === "GET") {
    admit(ofList, "maintenanceConfigurations");
    return maintenance.list(ofList);
  }
  const [, resourceId, ofAssignment, group, type, name, assignment] = ASSIGNMENT.exec(url.pathname) ?? [];
  if (resourceId === undefined || ofAssignment === undefined) return undefined;
  admit(ofAssignment, "configurationAssignments");
  if (group !== undefined && type !== undefined && name !== undefined) {
    exchange.vmIds = [machines.find(ofAssignment, decodeURIComponent(group), name, now(), type).key];
  }
  return maintenance.answerAssignment(method, resourceId, assignment, body, now());
}

/**
 * `PATCH Microsoft.HybridCompute/machines/{name}` as far as it changes who assesses: shape of Machines_Update [SPEC],
 * done at once (assumption).
 */
export function patchArcSettings(machine: Machine, arc: Arc, body: string | undefined, now: number): ArmResponse {
  const profile = objectOf(objectOf(bodyOf(body)["properties"])["osProfile"]);
  const block = machine.image.osType === "Windows" ? "windowsConfiguration" : "linuxConfiguration";
  const { assessmentMode } = objectOf(objectOf(profile[block])["patchSettings"]);
  if (typeof assessmentMode === "string") machine.changePatchSettings({ assessmentMode }, now);
  return jsonAnswer(200, arcModel(machine, arc, now));
}

/** Text of the refusal: [3P] azure-addenda A4. */
const UNSUPPORTED_IMAGE =
  "The selected VM image is not supported for VM Guest patch operations. Learn more at: https://aka.ms/VMGuestPatchingCompatibility";

/**
 * `PATCH virtualMachines/{name}` as far as it changes who patches: done at once (assumption). On customized images the
 * mode without the bypass is refused: azure-addenda A4 [3P, inference].
 */
export function patchVmSettings(machine: Machine, body: string | undefined, now: number): ArmResponse {
  const profile = objectOf(objectOf(bodyOf(body)["properties"])["osProfile"]);
  const block = machine.image.osType === "Windows" ? "windowsConfiguration" : "linuxConfiguration";
  const settings = objectOf(objectOf(profile[block])["patchSettings"]);
  const patchMode = typeof settings["patchMode"] === "string" ? settings["patchMode"] : undefined;
  const assessmentMode = typeof settings["assessmentMode"] === "string" ? settings["assessmentMode"] : undefined;
  const bypass = objectOf(settings["automaticByPlatformSettings"])["bypassPlatformSafetyChecksOnUserSchedule"] === true;
  const refuse = (field: string): never => {
    const target = `${block}.patchSettings.${field}`;
    throw new ArmError(400, "InvalidParameter", UNSUPPORTED_IMAGE, { target });
  };
  if (patchMode === "AutomaticByPlatform" && !bypass && machine.image.kind !== "marketplace") refuse("patchMode");
  if (assessmentMode === "AutomaticByPlatform" && machine.image.refusesPeriodicAssessment) refuse("assessmentMode");
  machine.changePatchSettings(
    {
      ...(patchMode !== undefined && { patchMode, bypass }),
      ...(assessmentMode !== undefined && { assessmentMode }),
    },
    now,
  );
  return jsonAnswer(200, vmModel(machine, now, { instanceView: false }));
}
