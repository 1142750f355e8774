import { afterAll, describe, expect, it } from "@jest/globals";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expectWholeApp } from "../support/deployed-app";
import { ROOT } from "./goldpatch";

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

describe("what is deployed", () => {
  const main = deploy();

  it("loads without any package beside it and registers every function", async () => {
    await expectWholeApp(main);
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
