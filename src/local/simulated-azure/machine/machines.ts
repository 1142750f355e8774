import { ArmError } from "../arm-message";
import { gone } from "../patching/starter";
import { Machine, type World } from "./machine";

/** The fleet's machines, found by the ids of requests, whose case does not matter. */
export class Machines {
  readonly all: readonly Machine[];
  readonly #byKey: ReadonlyMap<string, Machine>;
  readonly #groups: ReadonlySet<string>;
  readonly #subscriptions: ReadonlySet<string>;

  constructor(world: World) {
    const images = new Map(world.fleet.images.map((image) => [image.name, image]));
    this.all = world.fleet.vms.flatMap((vm) => {
      const image = images.get(vm.image);
      return image ? [new Machine(world, vm, image)] : [];
    });
    const { subscriptionId, resourceGroup } = world.fleet;
    const places = [{ subscriptionId, resourceGroup }, ...this.all];
    this.#byKey = new Map(this.all.map((machine) => [machine.key, machine]));
    this.#groups = new Set(places.map((place) => `${place.subscriptionId}/${place.resourceGroup}`.toLowerCase()));
    this.#subscriptions = new Set(places.map((place) => place.subscriptionId.toLowerCase()));
  }

  /** @throws ArmError 404 as ARM tells of an unknown subscription */
  requireSubscription(subscriptionId: string): void {
    if (this.#subscriptions.has(subscriptionId.toLowerCase())) return;
    throw new ArmError(404, "SubscriptionNotFound", `The subscription '${subscriptionId}' could not be found.`);
  }

  /** @throws ArmError 404 that tells which part of the id is unknown */
  find(subscriptionId: string, resourceGroup: string, name: string, now: number): Machine {
    this.requireSubscription(subscriptionId);
    if (!this.#groups.has(`${subscriptionId}/${resourceGroup}`.toLowerCase())) {
      throw new ArmError(404, "ResourceGroupNotFound", `Resource group '${resourceGroup}' could not be found.`);
    }
    const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/virtualMachines/${name}`;
    const machine = this.#byKey.get(id.toLowerCase());
    if (!machine?.life.exists(now)) throw gone({ vm: { name }, resourceGroup });
    return machine;
  }
}
