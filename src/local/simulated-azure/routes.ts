import { ArmError, jsonAnswer, type ArmResponse } from "./arm-message";
import type { Exchange } from "./exchange";
import type { Faults } from "./faults";
import type { QueryEndpoint } from "./graph/query-endpoint";
import { instanceView } from "./machine/instance-view";
import { arcModel } from "./machine/arc-model";
import type { Machine } from "./machine/machine";
import { ARC_TYPE, VM_TYPE, type World } from "./machine/machine-resource";
import type { Machines } from "./machine/machines";
import type { PowerOperations } from "./machine/power";
import { vmModel } from "./machine/vm-model";
import type { Maintenance } from "./maintenance/maintenance";
import type { MaintenanceRuns } from "./maintenance/maintenance-runs";
import { answerMaintenance, patchArcSettings, patchVmSettings } from "./maintenance/routes";
import type { OperationAddresses } from "./patching/operation-addresses";
import { answerPoll } from "./patching/operation-answers";
import type { Starter } from "./patching/starter";
import { COMPUTE_LIMITS, type ComputePolicy } from "./rates/limits";
import type { RateLimits } from "./rates/rate-limits";
import { answerAround, isUnregistered, notAuthorized } from "./surroundings";

export interface Services {
  readonly world: World;
  readonly machines: Machines;
  readonly rates: RateLimits;
  readonly faults: Faults;
  readonly addresses: OperationAddresses;
  readonly starter: Starter;
  readonly power: PowerOperations;
  readonly graph: QueryEndpoint;
  readonly maintenance: Maintenance;
  readonly maintenanceRuns: MaintenanceRuns;
  readonly now: () => number;
}

const VM_PATH =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Compute\/virtualMachines\/([^/]+)(?:\/([^/]+))?\/?$/i;
const OPERATION_PATH =
  /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.Compute\/locations\/([^/]+)\/operations\/([^/]+)\/?$/i;
const ARC_PATH =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.HybridCompute\/machines\/([^/]+)(?:\/([^/]+))?\/?$/i;
const ARC_OPERATION_PATH =
  /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.HybridCompute\/locations\/([^/]+)\/updateCenterOperationResults\/([^/]+)\/?$/i;
const GRAPH_PATH = /^\/providers\/Microsoft\.ResourceGraph\/resources\/?$/i;

interface VmRoute {
  readonly on: "vm" | "instanceView" | "assessPatches" | "installPatches" | "start" | "deallocate";
  readonly action: string;
  readonly policy: ComputePolicy;
}

const VM_ROUTES: ReadonlyMap<string, VmRoute> = new Map([
  ["GET ", { on: "vm", action: `${VM_TYPE}/read`, policy: "lowCostGet" }],
  ["GET instanceview", { on: "instanceView", action: `${VM_TYPE}/instanceView/read`, policy: "lowCostGet" }],
  ["POST assesspatches", { on: "assessPatches", action: `${VM_TYPE}/assessPatches/action`, policy: "guestPatch" }],
  ["POST installpatches", { on: "installPatches", action: `${VM_TYPE}/installPatches/action`, policy: "guestPatch" }],
  ["POST start", { on: "start", action: `${VM_TYPE}/start/action`, policy: "updateVm" }],
  ["POST deallocate", { on: "deallocate", action: `${VM_TYPE}/deallocate/action`, policy: "deleteVm" }],
]);

/** Finds what a request is for and answers it. @throws ArmError or ConnectionCut */
export async function route(exchange: Exchange, services: Services): Promise<ArmResponse> {
  const { pathname } = exchange.url;
  const { method } = exchange.request;
  services.maintenanceRuns.settle(services.now());
  if (method === "POST" && GRAPH_PATH.test(pathname)) return queryGraph(exchange, services);
  const [, ofSubscription, , operationId] = OPERATION_PATH.exec(pathname) ?? ARC_OPERATION_PATH.exec(pathname) ?? [];
  if (method === "GET" && ofSubscription !== undefined && operationId !== undefined) {
    return followOperation(exchange, services, ofSubscription, operationId);
  }
  const [, subscriptionId, group, name, child] = VM_PATH.exec(pathname) ?? [];
  const vmRoute = VM_ROUTES.get(`${method} ${child?.toLowerCase() ?? ""}`);
  if (subscriptionId !== undefined && group !== undefined && name !== undefined && vmRoute) {
    const machine = services.machines.find(subscriptionId, decodeURIComponent(group), name, services.now());
    requireRegistration(services, "Microsoft.Compute");
    return answerVm(exchange, services, machine, vmRoute);
  }
  const ofArc = await routeArc(exchange, services);
  if (ofArc) return ofArc;
  if (
    method === "PATCH" &&
    child === undefined &&
    subscriptionId !== undefined &&
    group !== undefined &&
    name !== undefined
  ) {
    return patchVm(
      exchange,
      services,
      services.machines.find(subscriptionId, decodeURIComponent(group), name, services.now()),
    );
  }
  const maintained = answerMaintenance(exchange, services);
  if (maintained) return maintained;
  const around = answerAround(exchange, services);
  if (around) return around;
  throw new ArmError(404, "NotSimulated", `Simulated Azure does not answer ${method} ${pathname}.`);
}

interface ArcRoute {
  readonly on: "vm" | "patch" | "assessPatches" | "installPatches";
  readonly action: string;
}

const ARC_ROUTES: ReadonlyMap<string, ArcRoute> = new Map<string, ArcRoute>([
  ["GET ", { on: "vm", action: `${ARC_TYPE}/read` }],
  ["PATCH ", { on: "patch", action: `${ARC_TYPE}/write` }],
  ["POST assesspatches", { on: "assessPatches", action: `${ARC_TYPE}/assessPatches/action` }],
  ["POST installpatches", { on: "installPatches", action: `${ARC_TYPE}/installPatches/action` }],
]);

/** The answer to a request about an Arc-enabled server; undefined when the path is none. @throws ArmError */
async function routeArc(exchange: Exchange, services: Services): Promise<ArmResponse | undefined> {
  const [, subscriptionId, group, name, child] = ARC_PATH.exec(exchange.url.pathname) ?? [];
  const arcRoute = ARC_ROUTES.get(`${exchange.request.method} ${child?.toLowerCase() ?? ""}`);
  if (subscriptionId === undefined || group === undefined || name === undefined || !arcRoute) return undefined;
  const now = services.now();
  const machine = services.machines.find(subscriptionId, decodeURIComponent(group), name, now, ARC_TYPE);
  const { arc } = machine;
  if (!arc) return undefined;
  requireRegistration(services, "Microsoft.HybridCompute");
  exchange.vmIds = [machine.key];
  charge(exchange, services, machine);
  authorize(machine, arcRoute.action, machine.id);
  const { on } = arcRoute;
  if (on === "patch") return patchArcSettings(machine, arc, exchange.request.body, now);
  return services.faults.around(on, machine, now, () => {
    if (on === "vm") return jsonAnswer(200, arcModel(machine, arc, services.now()));
    return services.starter.start(exchange, machine, on === "assessPatches" ? "assess" : "install");
  });
}

async function answerVm(
  exchange: Exchange,
  services: Services,
  machine: Machine,
  route: VmRoute,
): Promise<ArmResponse> {
  exchange.vmIds = [machine.key];
  charge(exchange, services, machine, route.policy);
  authorize(machine, route.action, machine.id);
  return services.faults.around(route.on, machine, services.now(), () => {
    switch (route.on) {
      case "vm": {
        const expanded = (exchange.url.searchParams.get("$expand") ?? "").toLowerCase().includes("instanceview");
        return jsonAnswer(200, vmModel(machine, services.now(), { instanceView: expanded }));
      }
      case "instanceView":
        return jsonAnswer(200, instanceView(machine, services.now()));
      case "assessPatches":
        return services.starter.start(exchange, machine, "assess");
      case "installPatches":
        return services.starter.start(exchange, machine, "install");
      case "start":
      case "deallocate":
        return services.power.accept(exchange, machine, route.on, services.now());
      default:
        return route.on satisfies never;
    }
  });
}

function patchVm(exchange: Exchange, { rates, now }: Services, machine: Machine): ArmResponse {
  exchange.vmIds = [machine.key];
  Object.assign(exchange.headers, rates.arm("PATCH", machine.subscriptionId, machine.location, now()));
  authorize(machine, `${VM_TYPE}/write`, machine.id);
  return patchVmSettings(machine, exchange.request.body, now());
}

async function followOperation(
  exchange: Exchange,
  services: Services,
  subscriptionId: string,
  operationId: string,
): Promise<ArmResponse> {
  services.machines.requireSubscription(subscriptionId);
  exchange.operationId = operationId.toLowerCase();
  const { addresses, power } = services;
  const powered = power.find(operationId);
  const machine = addresses.find(operationId)?.machine ?? powered;
  if (machine) {
    exchange.vmIds = [machine.key];
    charge(exchange, services, machine, machine.arc ? undefined : "getOperation");
    authorize(machine, machine.arc ? ARC_POLL : VM_POLL, `/subscriptions/${machine.subscriptionId}`);
  }
  return services.faults.around("operation", machine, services.now(), () =>
    powered
      ? power.poll(operationId, services.now())
      : answerPoll(addresses, operationId, exchange.url.search, services.now()),
  );
}

async function queryGraph(exchange: Exchange, services: Services): Promise<ArmResponse> {
  exchange.bucket = "Microsoft.ResourceGraph/query";
  Object.assign(exchange.headers, services.rates.graphQuery(services.now()));
  return services.faults.around("resourceGraph", undefined, services.now(), () => {
    const { response, vmIds } = services.graph.answer(exchange.request.body, services.now());
    exchange.vmIds = vmIds;
    return response;
  });
}

const VM_POLL = "Microsoft.Compute/locations/operations/read";
const ARC_POLL = "Microsoft.HybridCompute/locations/updateCenterOperationResults/read";

/**
 * A refused body and a busy machine cost a token too: [REC] R1. @param policy none for Arc, whose limits are not public:
 * Resource Manager's own hold for it
 */
function charge(exchange: Exchange, { rates, now }: Services, machine: Machine, policy?: ComputePolicy): void {
  const { subscriptionId, location, key } = machine;
  Object.assign(exchange.headers, rates.arm(exchange.request.method, subscriptionId, location, now()));
  if (policy === undefined) return;
  exchange.bucket = COMPUTE_LIMITS[policy].name;
  Object.assign(exchange.headers, rates.compute(policy, { subscriptionId, location, vmId: key }, now()));
}

function authorize(machine: Machine, action: string, scope: string): void {
  if (machine.denies(action)) throw notAuthorized(machine.world, action, scope);
}

/** @throws ArmError 409 as Resource Manager refuses calls of a provider that is not registered [MEM] */
function requireRegistration({ world }: Services, namespace: string): void {
  if (!isUnregistered(world, namespace)) return;
  throw new ArmError(
    409,
    "MissingSubscriptionRegistration",
    `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
  );
}
