import Module from "node:module";
import type { CoreApi } from "./contract";
import { createCoreApi } from "./core-api";
import type { Registry } from "./registry";

const CORE = "@azure/functions-core";

interface CoreSlot {
  loading: Registry | undefined;
  installed: number;
  uninstall: () => void;
  readonly apis: WeakMap<object, CoreApi>;
}

declare global {
  var goldpatchFunctionsCore: CoreSlot | undefined;
}

/**
 * One slot for the process, not for this module: `@azure/functions` stays in Node's module cache with the API object it
 * was first given, while this module may be there twice (a bundle of the host, and a bundle of its tests).
 */
const slot = (): CoreSlot =>
  (globalThis.goldpatchFunctionsCore ??= {
    loading: undefined,
    installed: 0,
    uninstall: () => undefined,
    apis: new WeakMap(),
  });

/** Makes `require("@azure/functions-core")` answer in this process until the returned function is called. */
export function installCore(): () => void {
  const core = slot();
  if (core.installed++ === 0) core.uninstall = patchRequire(core);
  let installed = true;
  return () => {
    if (!installed) return;
    installed = false;
    if (--core.installed === 0) core.uninstall();
  };
}

/** Runs `load` while registrations go to `registry`. Loading is synchronous, so apps never mix. */
export function registeringTo(registry: Registry, load: () => void): void {
  const core = slot();
  core.loading = registry;
  try {
    load();
  } finally {
    core.loading = undefined;
  }
}

function patchRequire(core: CoreSlot): () => void {
  const { prototype } = Module;
  const original: (this: object, id: string) => unknown = Reflect.get(prototype, "require");
  prototype.require = function (this: object, id: string): unknown {
    return id === CORE ? apiFor(core, this) : original.call(this, id);
  };
  return () => {
    prototype.require = original;
  };
}

function apiFor(core: CoreSlot, requirer: object): CoreApi {
  let api = core.apis.get(requirer);
  if (!api) {
    api = createCoreApi(() => core.loading);
    core.apis.set(requirer, api);
  }
  return api;
}
