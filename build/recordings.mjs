import { buildSync } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { format } from "prettier";
import { root } from "./bundle.mjs";

/** Copies recordings of the real Functions host, shortened: `node build/recordings.mjs FROM TO [NAME…]`. */
const [from, to, ...names] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  process.stderr.write("usage: node build/recordings.mjs FROM TO [NAME…]\n");
  process.exit(2);
}
const outfile = path.join(root, "dist/recordings.cjs");
buildSync({
  absWorkingDir: root,
  entryPoints: ["test/functions-host/support/shorten.ts"],
  outfile,
  bundle: true,
  platform: "node",
  format: "cjs",
  logLevel: "error",
});
const { shortened } = createRequire(import.meta.url)(outfile);
for (const file of readdirSync(from)) {
  const name = path.basename(file, ".json");
  if (names.length > 0 && !names.includes(name)) continue;
  const recorded = JSON.parse(readFileSync(path.join(from, file), "utf8"));
  const text = JSON.stringify(shortened(name, recorded), null, 1);
  writeFileSync(path.join(to, file), await format(text, { parser: "json", printWidth: 120 }));
}
