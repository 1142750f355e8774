import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "./bundle.mjs";
import { requireNode } from "./node-version.mjs";

const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), "utf8"));

/** The manifest and the lock file as they would be without anything for development. */
function forProduction() {
  const { devDependencies: _dev, allowScripts: _scripts, ...manifest } = readJson("package.json");
  const lock = readJson("package-lock.json");
  const packages = Object.entries(lock.packages).filter(([, { dev, devOptional }]) => !dev && !devOptional);
  const { "": self, ...rest } = Object.fromEntries(packages);
  const { devDependencies: _selfDev, ...own } = self;
  return { manifest, lock: { ...lock, packages: { "": own, ...rest } } };
}

/**
 * What npm lists for them, in CycloneDX. `npm sbom --omit dev` in the project itself would leave out every package
 * that a tool for development needs too (npm 11.19.1), most of the Azure SDK among them.
 */
function sbomOf({ manifest, lock }) {
  const parent = mkdtempSync(path.join(tmpdir(), "goldpatch-sbom-"));
  // npm names what it lists after its folder.
  const folder = path.join(parent, manifest.name);
  try {
    mkdirSync(folder);
    writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
    writeFileSync(path.join(folder, "package-lock.json"), JSON.stringify(lock));
    const args = [
      "sbom",
      "--sbom-format",
      "cyclonedx",
      "--sbom-type",
      "application",
      "--package-lock-only",
      "--offline",
    ];
    const npm = spawnSync("npm", args, {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 64 * 2 ** 20,
      shell: process.platform === "win32",
    });
    if (npm.status !== 0) throw new Error(npm.error?.message ?? npm.stderr.trim());
    return npm.stdout;
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** `npm run sbom` writes dist/sbom.cdx.json; `-- --out` names another file. */
function main() {
  const { values } = parseArgs({ options: { out: { type: "string" } } });
  const file = path.resolve(root, values.out ?? "dist/sbom.cdx.json");
  const text = sbomOf(forProduction());
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stderr.write(`wrote ${file}: ${JSON.parse(text).components.length} packages\n`);
}

requireNode();
try {
  main();
} catch (failure) {
  process.stderr.write(`${failure.message}\n`);
  process.exitCode = 1;
}
