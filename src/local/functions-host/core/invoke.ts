import { randomUUID } from "node:crypto";
import { messageOf } from "../errors";
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
  const after = { ...shared, inputs: before.inputs, result: null as unknown, error: null as unknown };
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (thrown) {
    after.error = asError(thrown);
  }

  core.state = "postInvocationHooks";
  await registry.runHooks("postInvocation", after);
  if (after.error !== null && after.error !== undefined) throw asError(after.error);
  const response = await model.getResponse(context, after.result);
  return response.returnValue;
}

/** A handler may throw anything. */
const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(messageOf(thrown), { cause: thrown });
