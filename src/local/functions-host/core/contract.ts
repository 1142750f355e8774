/**
 * The part of `@azure/functions-core` that the Node worker offers to `@azure/functions`, as version 4.16.5 uses it.
 * Names and shapes are the worker's: https://github.com/Azure/azure-functions-nodejs-worker (types-core).
 */

/** A value on its way between host and worker; exactly one field is set. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly int?: number;
  readonly double?: number;
  readonly http?: RpcHttp;
}

export interface RpcHttp {
  readonly method?: string;
  readonly url?: string;
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: TypedData | null;
  readonly cookies?: readonly unknown[];
}

export interface NamedData {
  readonly name: string;
  readonly data: TypedData | null;
}

export interface Binding {
  readonly type: string;
  readonly direction?: string;
  readonly authLevel?: string;
  readonly methods?: readonly string[];
  readonly route?: string;
  readonly schedule?: string;
  readonly runOnStartup?: boolean;
}

export interface FunctionMetadata {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
}

export type FunctionCallback = (...args: unknown[]) => unknown;

export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: {
    readonly invocationId: string;
    readonly functionId: string;
    readonly inputData: readonly NamedData[];
    readonly triggerMetadata: Readonly<Record<string, TypedData | null>>;
    readonly traceContext: Readonly<Record<string, string>>;
  };
  readonly metadata: FunctionMetadata;
  state?: "preInvocationHooks" | "invocation" | "postInvocationHooks";
  log(level: string, category: string, message: string): void;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ readonly returnValue?: TypedData | null }>;
}

export interface ProgrammingModel {
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
}

export type HookName = "preInvocation" | "postInvocation" | "appStart" | "appTerminate" | "log";
export type HookCallback = (context: unknown) => unknown;

export interface CoreApi {
  readonly version: string;
  readonly hostVersion: string;
  readonly Disposable: new (dispose: () => void) => { dispose(): void };
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): { dispose(): void };
  registerHook(name: HookName, callback: HookCallback): { dispose(): void };
  setProgrammingModel(model: ProgrammingModel): void;
  getProgrammingModel(): ProgrammingModel | undefined;
  log(level: string, category: string, message: string): void;
}
