import { expect } from "@jest/globals";
import { buildSync } from "esbuild";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { activityContracts } from "../../src/contracts/activities";
import { orchestrationNames, triggerNames } from "../../src/contracts/names";
import type * as RealClockModule from "../../src/local/clock/real-clock";
import type * as FunctionsHostModule from "../../src/local/functions-host";

declare const requireOutsideJest: (file: string) => unknown;

/** The host, outside jest's sandbox, where `@azure/functions` registers as it does in production. */
function hostModule(folder: string): typeof FunctionsHostModule & typeof RealClockModule {
  const outfile = path.join(folder, "host.cjs");
  buildSync({
    stdin: {
      contents: `export * from "./src/local/functions-host"; export * from "./src/local/clock/real-clock";`,
      resolveDir: path.resolve(__dirname, "../.."),
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
  });
  return requireOutsideJest(outfile) as ReturnType<typeof hostModule>;
}

/** Loads the app's entry file in the embedded host and wants every function of it to be registered. */
export async function expectWholeApp(main: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-host-"));
  const { startFunctionsHost, realClock } = hostModule(folder);
  // The real environment; jest gives its tests a copy.
  const { env } = requireOutsideJest("node:process") as { env: NodeJS.ProcessEnv };
  env["GOLDPATCH_SCOPE"] = "/subscriptions/11111111-2222-4333-8444-555555555555";
  const host = await startFunctionsHost({ main, clock: realClock });
  try {
    expect(host.functions.map(({ name }) => name).toSorted()).toEqual(
      [
        ...Object.values(orchestrationNames),
        ...Object.values(triggerNames),
        ...Object.keys(activityContracts),
      ].toSorted(),
    );
  } finally {
    await host.close();
    Reflect.deleteProperty(env, "GOLDPATCH_SCOPE");
    rmSync(folder, { recursive: true });
  }
}
