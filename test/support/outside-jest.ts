import path from "node:path";
import type * as WorldModule from "./world";

declare const requireOutsideJest: (file: string) => unknown;

/** The world lives outside jest's sandbox, in which `@azure/functions` registers nothing. */
export const { World } = requireOutsideJest(path.resolve("dist/test-world.js")) as typeof WorldModule;
export type World = WorldModule.World;
