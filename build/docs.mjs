import { buildSync } from "esbuild";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./bundle.mjs";

const FILE = "docs/outcomes.md";

const { outputFiles } = buildSync({
  absWorkingDir: root,
  entryPoints: ["src/domain/outcome/document.ts"],
  bundle: true,
  format: "esm",
  logLevel: "error",
  write: false,
});
const { renderOutcomeDocument } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

writeFileSync(path.join(root, FILE), renderOutcomeDocument());
process.stderr.write(`wrote ${FILE}\n`);
