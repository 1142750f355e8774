import { ArmError, jsonAnswer, type ArmResponse } from "./arm-message";
import type { Exchange } from "./exchange";
import type { Faults } from "./faults";
import type { QueryEndpoint } from "./graph/query-endpoint";
import { instanceView } from "./machine/instance-view";
import type { Machine, World } from "./machine/machine";
import type { Machines } from "./machine/machines";
import { vmModel } from "./machine/vm-model";
import type { Maintenance } from "./maintenance/maintenance";
import { answerMaintenance, patchVmSettings } from "./maintenance/routes";
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
  readonly graph: QueryEndpoint;
  readonly maintenance: Maintenance;
  readonly now: () => number;
}

const VM_PATH =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Compute\/virtualMachines\/([^/]+)(?:\/([^/]+))?\/?$/i;
const OPERATION_PATH =
  /^\/subscriptions\/([^/]+)\/providers\/Microsoft\.Compute\/locations\/([^/]+)\/operations\/([^/]+)\/?$/i;
const GRAPH_PATH = /^\/providers\/Microsoft\.ResourceGraph\/resources\/?$/i;
const VM_TYPE = "Microsoft.Compute/virtualMachines";

interface VmRoute {
  readonly on: "vm" | "instanceView" | "assessPatches" | "installPatches";
  readonly action: string;
  readonly policy: ComputePolicy;
}

const VM_ROUTES: ReadonlyMap<string, VmRoute> = new Map([
  ["GET ", { on: "vm", action: `${VM_TYPE}/read`, policy: "lowCostGet" }],
  ["GET instanceview", { on: "instanceView", action: `${VM_TYPE}/instanceView/read`, policy: "lowCostGet" }],
  ["POST assesspatches", { on: "assessPatches", action: `${VM_TYPE}/assessPatches/action`, policy: "guestPatch" }],
  ["POST installpatches", { on: "installPatches", action: `${VM_TYPE}/installPatches/action`, policy: "guestPatch" }],
]);

/** Finds what a request is for and answers it. @throws ArmError or ConnectionCut */
export async function route(exchange: Exchange, services: Services): Promise<ArmResponse> {
  const { pathname } = exchange.url;
  const { method } = exchange.request;
  services.maintenance.settle(services.now());
  if (method === "POST" && GRAPH_PATH.test(pathname)) return queryGraph(exchange, services);
  const [, ofSubscription, , operationId] = OPERATION_PATH.exec(pathname) ?? [];
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
  const machine = services.addresses.find(operationId)?.machine;
  if (machine) {
    exchange.vmIds = [machine.key];
    charge(exchange, services, machine, "getOperation");
    authorize(machine, "Microsoft.Compute/locations/operations/read", `/subscriptions/${machine.subscriptionId}`);
  }
  return services.faults.around("operation", machine, services.now(), () =>
    answerPoll(services.addresses, operationId, exchange.url.search, services.now()),
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

/** A refused body and a busy machine cost a token too: [REC] R1. */
function charge(exchange: Exchange, { rates, now }: Services, machine: Machine, policy: ComputePolicy): void {
  const { subscriptionId, location, key } = machine;
  Object.assign(exchange.headers, rates.arm(exchange.request.method, subscriptionId, location, now()));
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
