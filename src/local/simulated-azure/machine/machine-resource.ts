import type { Chance } from "../chance";
import type { Arc } from "../fleet/arc-schema";
import type { Fleet } from "../fleet/fleet-schema";
import type { Image } from "../fleet/image-schema";
import type { Vm } from "../fleet/vm-schema";
import { SECOND_MS, type AzureCalendar } from "../timestamps";
import { Life } from "./life";

/** What every machine of the simulation shares. */
export interface World {
  readonly fleet: Fleet;
  readonly chance: Chance;
  readonly calendar: AzureCalendar;
  /** The fleet's start, in milliseconds since the epoch. */
  readonly start: number;
}

/** What resources of a kind are called in ids. */
export const VM_TYPE = "Microsoft.Compute/virtualMachines";
export const ARC_TYPE = "Microsoft.HybridCompute/machines";

/** A VM or an Arc-enabled server as a resource: its identity, its causes in the fleet and its life. */
export class MachineResource {
  readonly world: World;
  readonly vm: Vm;
  readonly image: Image;
  /** Of an Arc-enabled server; `vm` and `image` then tell what its course has in common with a VM's. */
  readonly arc: Arc | undefined;
  readonly id: string;
  /** The id in lower case, by which machines are told apart. */
  readonly key: string;
  /** Names the machine in draws: successors under one name are machines of their own. */
  readonly identity: string;
  readonly vmId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly life: Life;

  /** @param generation - counts the machines of one name, from 1 */
  constructor(world: World, vm: Vm, image: Image, generation = 1, arc?: Arc) {
    const { fleet, chance } = world;
    this.world = world;
    this.vm = vm;
    this.image = image;
    this.arc = arc;
    this.subscriptionId = vm.subscriptionId ?? fleet.subscriptionId;
    this.resourceGroup = vm.resourceGroup ?? fleet.resourceGroup;
    this.location = vm.location ?? fleet.location;
    this.id = `/subscriptions/${this.subscriptionId}/resourceGroups/${this.resourceGroup}/providers/${this.type}/${vm.name}`;
    this.key = this.id.toLowerCase();
    this.identity = generation === 1 ? this.key : `${this.key}#${generation}`;
    this.vmId = chance.guid("vmId", this.identity);
    this.life = new Life(vm, world.start, chance);
    const lostAfter = arc?.connection.lostAfterSeconds;
    if (lostAfter !== undefined) this.life.agentIsDown(world.start + lostAfter * SECOND_MS, Number.POSITIVE_INFINITY);
  }

  get type(): string {
    return this.arc ? ARC_TYPE : VM_TYPE;
  }

  tags(now: number): Readonly<Record<string, string>> {
    const edits = (this.vm.events ?? []).filter(
      (event) => event.tags && this.life.appearsAt + event.afterSeconds * SECOND_MS <= now,
    );
    return edits.reduce<Readonly<Record<string, string>>>((tags, event) => event.tags ?? tags, this.vm.tags);
  }

  denies(action: string): boolean {
    return [...this.vm.denied, ...this.world.fleet.denied].some((denied) => sameAction(denied, action));
  }
}

const sameAction = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
