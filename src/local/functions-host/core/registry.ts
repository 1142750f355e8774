import type { HostLog } from "../log";
import type { Binding, FunctionCallback, FunctionMetadata, HookCallback, HookName, ProgrammingModel } from "./contract";

export interface RegisteredFunction {
  readonly name: string;
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
  /** The model of the copy of `@azure/functions` that registered it; an app's bundle brings its own copy. */
  readonly model: ProgrammingModel;
  readonly trigger: NamedBinding;
}

export interface NamedBinding {
  readonly name: string;
  readonly binding: Binding;
}

/** What one app registered while it loaded. */
export class Registry {
  readonly functions = new Map<string, RegisteredFunction>();
  readonly hooks = new Map<HookName, HookCallback[]>();
  readonly log: HostLog;

  constructor(log: HostLog) {
    this.log = log;
  }

  addFunction(metadata: FunctionMetadata, callback: FunctionCallback, model: ProgrammingModel): void {
    const { name } = metadata;
    if (this.functions.has(name)) throw new Error(`A function with the name "${name}" is registered already.`);
    const trigger = bindingsOf(metadata).find(({ binding }) => /trigger$/i.test(binding.type));
    if (!trigger) throw new Error(`Function "${name}" has no trigger.`);
    this.functions.set(name, { name, metadata, callback, model, trigger });
  }

  addHook(name: HookName, callback: HookCallback): void {
    this.hooks.set(name, [...(this.hooks.get(name) ?? []), callback]);
  }

  async runHooks(name: HookName, context: unknown): Promise<void> {
    for (const hook of this.hooks.get(name) ?? []) await hook(context);
  }

  /** Functions with this trigger type, in the order of registration. */
  withTrigger(type: string): RegisteredFunction[] {
    return [...this.functions.values()].filter(({ trigger }) => isType(trigger.binding, type));
  }
}

export const bindingsOf = (metadata: FunctionMetadata): NamedBinding[] =>
  Object.entries(metadata.bindings).map(([name, binding]) => ({ name, binding }));

export const isType = (binding: Binding, type: string): boolean => binding.type.toLowerCase() === type.toLowerCase();
