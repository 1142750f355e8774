import { buildSync } from "esbuild";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { root } from "./bundle.mjs";

const { outputFiles } = buildSync({
  absWorkingDir: root,
  entryPoints: ["src/domain/outcome/document.ts"],
  bundle: true,
  platform: "node",
  format: "cjs",
  logLevel: "error",
  write: false,
});
const bundled = { exports: {} };
new Function("module", "exports", "require", outputFiles[0].text)(
  bundled,
  bundled.exports,
  createRequire(import.meta.url),
);

const file = "docs/outcomes.md";
writeFileSync(path.join(root, file), bundled.exports.renderOutcomeDocument());
process.stderr.write(`wrote ${file}\n`);
