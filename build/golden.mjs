import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { bundleApp, bundleProgram, root } from "./bundle.mjs";
import { requireNode } from "./node-version.mjs";

requireNode();
bundleApp();
const { historyText, record, stories } = createRequire(import.meta.url)(bundleProgram("test/golden/outside.ts"));

const hostSettings = JSON.parse(readFileSync(path.join(root, "host.json"), "utf8"));
const folder = path.join(root, "test/golden", hostSettings.extensions.durableTask.defaultVersion);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [story, told] of Object.entries(stories)) {
  writeFileSync(path.join(folder, `${story}.json`), historyText({ story, executions: await record(told) }));
}
process.stderr.write(`wrote ${Object.keys(stories).length} histories to ${path.relative(root, folder)}\n`);
// Connections that the Azure SDK keeps open would hold the process.
process.exit(0);
