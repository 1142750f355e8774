import { randomUUID } from "node:crypto";
import type { CoreInvocationContext, NamedData, TypedData } from "./contract";
import type { RegisteredFunction, Registry } from "./registry";

/**
 * Calls a function as the Node worker does: arguments from the programming model, hooks around the handler, and the
 * response back through the model. Throws what the handler threw.
 */
export async function invoke(
  registry: Registry,
  fn: RegisteredFunction,
  inputData: readonly NamedData[],
  triggerMetadata: Readonly<Record<string, TypedData | null>> = {},
): Promise<TypedData | null | undefined> {
  const invocationId = randomUUID();
  const core: CoreInvocationContext = {
    invocationId,
    request: { invocationId, functionId: fn.name, inputData, triggerMetadata, traceContext: {} },
    metadata: fn.metadata,
    log: (level, category, message) => registry.log({ level, category, functionName: fn.name, message }),
  };
  const model = await fn.model.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  const shared = { hookData: {}, appHookData: {}, invocationContext: context };

  core.state = "preInvocationHooks";
  const before = { ...shared, functionCallback: fn.callback, inputs };
  await registry.runHooks("preInvocation", before);

  core.state = "invocation";
  const after: { result: unknown; error: unknown } & typeof shared & { inputs: unknown[] } = {
    ...shared,
    inputs: before.inputs,
    result: null,
    error: null,
  };
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (thrown) {
    // A handler may throw anything, `undefined` too; null alone means that it did not throw.
    after.error = thrown ?? new Error(`Function "${fn.name}" threw ${String(thrown)}.`);
  }

  core.state = "postInvocationHooks";
  await registry.runHooks("postInvocation", after);
  if (after.error !== null && after.error !== undefined) throw after.error;
  const response = await model.getResponse(context, after.result);
  return response.returnValue;
}
