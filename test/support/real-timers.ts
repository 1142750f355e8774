/** A line of the app's. With source maps a stack names the sources and the SDK's packages, without them the bundle. */
const APP = /\/dist\/app\.js|^(?!.*\/node_modules\/).*\/src\/(?!local\/)|\/node_modules\/@azure\//m;
/** A deadline of a request over a real socket is no waiting: it is cleared with the answer. */
const DEADLINE = "NodeHttpClient.sendRequest";

const stacks: string[] = [];

/**
 * In virtual time the app waits on its clock alone. Whoever sets a timer of Node's below the app would make a test slow,
 * or different from run to run; from the first call on such timers are watched.
 */
export function watchRealTimers(): void {
  globalThis.setTimeout = watched;
  // Those of worlds before are no matter of this one.
  stacks.length = 0;
}

const watched = new Proxy(globalThis.setTimeout, {
  apply(real, self, args: unknown[]) {
    const [, ms = 0] = args;
    // A delay of 0 is no waiting: the durable client's HTTP library sets one for each request.
    if (Number(ms) > 0) {
      const stack = new Error(`a real timer of ${String(ms)} ms`).stack ?? "";
      if (APP.test(stack) && !stack.includes(DEADLINE)) stacks.push(stack);
    }
    return Reflect.apply(real, self, args) as unknown;
  },
});

/** @throws Error with the first stack when the app has set a real timer since the last call */
export function refuseRealTimers(): void {
  const [first] = stacks.splice(0);
  if (first !== undefined) throw new Error(`in virtual time the app set ${first}`);
}
