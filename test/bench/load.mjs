import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { appForPackage, bundleTestApp, root } from "../../build/bundle.mjs";
import { requireNode } from "../../build/node-version.mjs";

/** Loads the file it is given in a process of its own, and says how long that took and of how many files. */
const LOADER = `
const started = process.hrtime.bigint();
require(process.argv[1]);
const ms = Number(process.hrtime.bigint() - started) / 1e6;
process.stdout.write(JSON.stringify({ ms, files: Object.keys(require.cache).length }));
process.exit(0);
`;

const env = { ...process.env, GOLDPATCH_SCOPE: "/subscriptions/00000000-0000-0000-0000-000000000000" };

function load(main) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", LOADER, main], { encoding: "utf8", env });
  if (status !== 0) throw new Error(`${main} did not load: ${stderr}`);
  return JSON.parse(stdout);
}

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const told = (loads) => ({ ms: Math.round(middle(loads.map(({ ms }) => ms))), files: loads[0].files });

/**
 * `npm run bench:load` compares the packaged app with the same app whose libraries lie in node_modules: the median of many
 * fresh processes, in turns. The files are in the system's cache for both, so a disk that is cold only adds to the gap.
 */
function main() {
  const { values } = parseArgs({ options: { json: { type: "boolean" }, times: { type: "string", default: "15" } } });
  const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-load-"));
  mkdirSync(path.join(folder, "package"));
  const packaged = path.join(folder, "package/app.js");
  writeFileSync(packaged, appForPackage());
  bundleTestApp();
  const unbundled = path.join(root, "dist/test-app.js");
  const loads = { packaged: [], unbundled: [] };
  for (let time = 0; time < Number(values.times); time += 1) {
    loads.packaged.push(load(packaged));
    loads.unbundled.push(load(unbundled));
  }
  rmSync(folder, { recursive: true });
  const result = { packaged: told(loads.packaged), unbundled: told(loads.unbundled) };
  const ratio = Number((result.packaged.ms / result.unbundled.ms).toFixed(2));
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...result, ratio })}\n`
      : `packaged   ${result.packaged.ms} ms, ${result.packaged.files} file\nunbundled  ${result.unbundled.ms} ms, ${result.unbundled.files} files\nratio      ${ratio}\n`,
  );
}

requireNode();
main();
