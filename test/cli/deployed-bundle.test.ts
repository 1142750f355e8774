import { afterAll, describe, expect, it } from "@jest/globals";
import { buildSync } from "esbuild";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { orchestrationNames, triggerNames } from "../../src/contracts/names";
import { activityContracts } from "../../src/contracts/activities";
import type * as FunctionsHostModule from "../../src/local/functions-host";
import type * as RealClockModule from "../../src/local/clock/real-clock";
import { ROOT } from "./goldpatch";

declare const requireOutsideJest: (file: string) => unknown;

type HostModule = typeof FunctionsHostModule & typeof RealClockModule;

/** What a deployment consists of, far from any node_modules. */
const DEPLOYED = ["package.json", "host.json", "dist/app.js"];

const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-deployed-"));
afterAll(() => rmSync(folder, { recursive: true }));

function deploy(): string {
  mkdirSync(path.join(folder, "dist"));
  for (const file of DEPLOYED) cpSync(path.join(ROOT, file), path.join(folder, file));
  const { main } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { main: string };
  return path.join(folder, main);
}

/** The host, outside jest's sandbox, where `@azure/functions` registers as it does in production. */
function hostModule(): HostModule {
  const outfile = path.join(folder, "host.cjs");
  buildSync({
    stdin: {
      contents: `export * from "./src/local/functions-host"; export * from "./src/local/clock/real-clock";`,
      resolveDir: ROOT,
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
  });
  return requireOutsideJest(outfile) as HostModule;
}

describe("what is deployed", () => {
  const main = deploy();

  it("loads without any package beside it and registers every function", async () => {
    const { startFunctionsHost, realClock } = hostModule();
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
    }
  });

  it.each(["NotSimulated", "VirtualClock", "startFunctionsHost", "no such option"])(
    "holds nothing of the local program: %s",
    (marker) => {
      expect(readFileSync(main, "utf8")).not.toContain(marker);
      expect(readFileSync(path.join(ROOT, "dist/goldpatch.js"), "utf8")).toContain(marker);
    },
  );

  it("never loads SQLite, which is for one machine", () => {
    expect(readFileSync(main, "utf8")).not.toContain("node:sqlite");
  });
});
