import { ArmError } from "../arm-message";
import type { Vm } from "../fleet/vm-schema";
import { gone } from "../patching/starter";
import { courseOf } from "../fleet/arc-schema";
import { Machine } from "./machine";
import { VM_TYPE, type World } from "./machine-resource";

/** The fleet's machines, found by the ids of requests, whose case does not matter. */
export class Machines {
  readonly all: readonly Machine[];
  readonly #byKey: ReadonlyMap<string, readonly Machine[]>;
  readonly #groups: ReadonlySet<string>;
  readonly #subscriptions: ReadonlySet<string>;

  constructor(world: World) {
    const images = new Map(world.fleet.images.map((image) => [image.name, image]));
    const vms = world.fleet.vms.flatMap((vm) => {
      const image = images.get(vm.image);
      return image ? generationsOf(vm).map((one, index) => new Machine(world, one, image, index + 1)) : [];
    });
    const servers = world.fleet.machines.map((arc) => {
      const { vm, image } = courseOf(arc);
      return new Machine(world, vm, image, 1, arc);
    });
    this.all = [...vms, ...servers];
    const { subscriptionId, resourceGroup } = world.fleet;
    const places = [{ subscriptionId, resourceGroup }, ...this.all];
    this.#byKey = Map.groupBy(this.all, ({ key }) => key);
    this.#groups = new Set(places.map((place) => `${place.subscriptionId}/${place.resourceGroup}`.toLowerCase()));
    this.#subscriptions = new Set(places.map((place) => place.subscriptionId.toLowerCase()));
  }

  /** @throws ArmError 404 as ARM tells of an unknown subscription */
  requireSubscription(subscriptionId: string): void {
    if (this.#subscriptions.has(subscriptionId.toLowerCase())) return;
    throw new ArmError(404, "SubscriptionNotFound", `The subscription '${subscriptionId}' could not be found.`);
  }

  /** @throws ArmError 404 that tells which part of the id is unknown */
  find(subscriptionId: string, resourceGroup: string, name: string, now: number, type = VM_TYPE): Machine {
    this.requireSubscription(subscriptionId);
    if (!this.#groups.has(`${subscriptionId}/${resourceGroup}`.toLowerCase())) {
      throw new ArmError(404, "ResourceGroupNotFound", `Resource group '${resourceGroup}' could not be found.`);
    }
    const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;
    const machine = this.#byKey.get(id.toLowerCase())?.find(({ life }) => life.exists(now));
    if (!machine) throw gone({ vm: { name }, resourceGroup, type });
    return machine;
  }
}

const GONE_BETWEEN_SECONDS = 60;

/** The machines that bear the name one after another; nobody but us works on the second. */
function generationsOf(vm: Vm): readonly Vm[] {
  const { recreatedAfterSeconds, createdAt: _past, ...rest } = vm;
  if (recreatedAfterSeconds === undefined) return [vm];
  const appearsAfterSeconds = vm.createAfterSeconds ?? 0;
  return [
    { ...vm, deletedAfterSeconds: recreatedAfterSeconds - GONE_BETWEEN_SECONDS },
    {
      ...rest,
      createAfterSeconds: appearsAfterSeconds + recreatedAfterSeconds,
      power: { changes: [] },
      provisioning: {},
      otherOperations: [],
      // A VM without events has none when it is created anew either.
      events: vm.events?.length === 0 ? [] : undefined,
    },
  ];
}
