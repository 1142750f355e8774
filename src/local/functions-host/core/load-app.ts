import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { HostStartError, messageOf } from "../errors";
import type { HostLog } from "../log";
import { bindingsOf, isType, Registry, type RegisteredFunction } from "./registry";
import { registeringTo } from "./require-hook";

const TRIGGERS = ["httpTrigger", "timerTrigger", "eventGridTrigger", "orchestrationTrigger", "activityTrigger"];
const INPUTS = ["durableClient", "orchestrationClient"];
const OUTPUTS = ["http"];

/**
 * Loads the app's entry file, always afresh, and returns what it registered.
 *
 * @throws HostStartError when the file is missing, throws, registers nothing, or registers what this host does not offer.
 */
export function loadApp(main: string, log: HostLog): Registry {
  if (!existsSync(main)) {
    throw new HostStartError("EntryFileMissing", `The app's entry file ${main} does not exist. Build the app first.`);
  }
  const registry = new Registry(log);
  const appRequire = createRequire(main);
  try {
    registeringTo(registry, () => {
      Reflect.deleteProperty(appRequire.cache, appRequire.resolve(main));
      appRequire(main);
    });
  } catch (thrown) {
    throw new HostStartError("AppThrewAtLoad", `The app ${main} threw while it loaded: ${messageOf(thrown)}`, thrown);
  }
  if (registry.functions.size === 0) {
    throw new HostStartError(
      "NoFunctions",
      `The app ${main} registered no function. It must call app.* of @azure/functions or durable-functions while it ` +
        `loads, and a bundle must keep "@azure/functions-core" external.`,
    );
  }
  for (const fn of registry.functions.values()) refuseWhatIsNotOffered(fn);
  return registry;
}

function refuseWhatIsNotOffered(fn: RegisteredFunction): void {
  for (const { name, binding } of bindingsOf(fn.metadata)) {
    const offered = name === fn.trigger.name ? TRIGGERS : binding.direction === "out" ? OUTPUTS : INPUTS;
    if (offered.some((type) => isType(binding, type))) continue;
    throw new HostStartError(
      "FunctionNotOffered",
      `Function "${fn.name}" uses the binding type "${binding.type}", which the embedded host does not offer. ` +
        `It offers ${offered.join(", ")} in this place.`,
    );
  }
}
