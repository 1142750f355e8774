import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(__dirname, "..");
const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-sbom-"));
afterAll(() => rmSync(folder, { recursive: true }));

const readJson = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));

interface Sbom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly { readonly name: string; readonly version: string; readonly purl: string }[];
}

describe("npm run sbom", () => {
  let sbom: Sbom;

  beforeAll(() => {
    const file = path.join(folder, "sbom.cdx.json");
    const { status, stderr } = spawnSync(process.execPath, ["build/sbom.mjs", "--out", file], {
      cwd: ROOT,
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/^wrote .+: \d+ packages\n$/) });
    sbom = JSON.parse(readFileSync(file, "utf8")) as Sbom;
  }, 300_000);

  it("names the project and its version", () => {
    const { name, version } = readJson("package.json") as { name: string; version: string };
    expect({ format: sbom.bomFormat, ...sbom.metadata.component }).toMatchObject({
      format: "CycloneDX",
      name,
      version,
    });
  });

  it("lists every package that is in the bundle", () => {
    const { sources } = readJson("dist/app.js.map") as { sources: string[] };
    const bundled = sources.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
    const listed = new Set(sbom.components.map(({ name }) => name));
    expect(new Set(bundled).size).toBeGreaterThan(20);
    expect([...new Set(bundled)].filter((name) => !listed.has(name))).toEqual([]);
  });

  it("lists none that is for development only, and each with its version", () => {
    const { packages } = readJson("package-lock.json") as {
      packages: Readonly<
        Record<string, { readonly version: string; readonly dev?: boolean; readonly devOptional?: boolean }>
      >;
    };
    const needed = Object.entries(packages)
      .filter(([at, { dev, devOptional }]) => at !== "" && !dev && !devOptional)
      .map(([at, { version }]) => `${at.split("node_modules/").at(-1) ?? at}@${version}`);
    const listed = sbom.components.map(({ name, version }) => `${name}@${version}`);
    expect([...new Set(listed)].toSorted()).toEqual([...new Set(needed)].toSorted());
  });
});
