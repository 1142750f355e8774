import { buildSync } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import prettier from "prettier";
import { root } from "./bundle.mjs";

/** What a module of src exports. */
async function load(entry) {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    external: ["node:*"],
    format: "esm",
    logLevel: "error",
    write: false,
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

function write(file, text) {
  writeFileSync(path.join(root, file), text);
  process.stderr.write(`wrote ${file}\n`);
}

async function formatted(file, text) {
  const options = await prettier.resolveConfig(path.join(root, file));
  return prettier.format(text, { ...options, filepath: file });
}

const FIELDS = /(?<=<!-- fields -->\n)[^]*(?=<!-- \/fields -->)/;

const { renderOutcomeDocument } = await load("src/domain/outcome/document.ts");
const { policyFieldRows, policySchemaDocument } = await load("src/contracts/policy/document.ts");

const { describeRoutes } = await load("src/functions/routes.ts");

write("docs/outcomes.md", renderOutcomeDocument());
write(
  "docs/policy.schema.json",
  await formatted("docs/policy.schema.json", JSON.stringify(policySchemaDocument(), null, 2)),
);
write("docs/openapi.json", await formatted("docs/openapi.json", JSON.stringify(describeRoutes(), null, 2)));
const head = [
  ["Field", "Value", "Default", "Meaning"],
  ["---", "---", "---", "---"],
];
const table = [...head, ...policyFieldRows()].map((row) => `| ${row.join(" | ")} |`).join("\n");
const page = readFileSync(path.join(root, "docs/policy.md"), "utf8").replace(FIELDS, () => `\n${table}\n\n`);
write("docs/policy.md", await formatted("docs/policy.md", page));
