import type { CoreApi, ProgrammingModel } from "./contract";
import type { Registry } from "./registry";

/** What the host says it is. 3.x workers and 4.x hosts speak the protocol that this folder speaks. */
const WORKER_VERSION = "3.10.0";
const HOST_VERSION = "4.1037.0";

class Disposable {
  readonly #dispose: () => void;

  constructor(dispose: () => void) {
    this.#dispose = dispose;
  }

  dispose(): void {
    this.#dispose();
  }
}

/**
 * One API object for each module that requires `@azure/functions-core`. The library keeps the object for as long as the
 * process lives, while apps come and go, so it forwards to whatever app is loading.
 */
export function createCoreApi(loading: () => Registry | undefined): CoreApi {
  let model: ProgrammingModel | undefined;
  const registry = (what: string): Registry => {
    const current = loading();
    if (!current) throw new Error(`${what} after the app has been loaded; register while the entry file loads.`);
    return current;
  };
  return {
    version: WORKER_VERSION,
    hostVersion: HOST_VERSION,
    Disposable,
    registerFunction(metadata, callback) {
      if (!model) throw new Error(`Function "${metadata.name}" was registered before the programming model.`);
      const app = registry(`Function "${metadata.name}" was registered`);
      app.addFunction(metadata, callback, model);
      return new Disposable(() => app.functions.delete(metadata.name));
    },
    registerHook(name, callback) {
      const app = registry(`Hook "${name}" was registered`);
      app.addHook(name, callback);
      return new Disposable(() => {
        app.hooks.set(
          name,
          (app.hooks.get(name) ?? []).filter((hook) => hook !== callback),
        );
      });
    },
    setProgrammingModel(value) {
      model = value;
    },
    getProgrammingModel: () => model,
    log: (level, category, message) => loading()?.log({ level, category, message }),
  };
}
