import path from "node:path";
import { afterEach } from "@jest/globals";
import type * as WorldModule from "./world";

declare const requireOutsideJest: (file: string) => unknown;

/** The world lives outside jest's sandbox, in which `@azure/functions` registers nothing. */
const { World } = requireOutsideJest(path.resolve("dist/test-support-world.js")) as typeof WorldModule;
export type World = WorldModule.World;

const open = new Set<World>();

/** A world of its own for one test; it ends with the test, however that ends. */
export async function startWorld(options: WorldModule.WorldOptions): Promise<World> {
  const world = await World.start(options);
  open.add(world);
  return world;
}

/** A world for a whole file, which closes it. */
export const startLastingWorld = (options: WorldModule.WorldOptions): Promise<World> => World.start(options);

afterEach(async () => {
  for (const world of open) await world.close();
  open.clear();
});
