import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { appForPackage, root } from "./bundle.mjs";
import { requireNode } from "./node-version.mjs";
import { zip } from "./zip.mjs";

/** Azure Functions unpacks a package at each cold start; this one has no reason to be larger. */
const LARGEST_BYTES = 15 * 1024 * 1024;

/** `extensions.durableTask.storageProvider` of host.json; host.json as it is means the storage account. */
const STORAGE_PROVIDERS = {
  storage: {},
  dts: {
    storageProvider: {
      type: "azureManaged",
      connectionStringName: "DURABLE_TASK_SCHEDULER_CONNECTION_STRING",
    },
  },
};

/** What runs on Azure, and nothing else: the bundle needs no packages beside it. */
function packageFiles(backend) {
  const { name, version, license } = readJson("package.json");
  const host = readJson("host.json");
  Object.assign(host.extensions.durableTask, STORAGE_PROVIDERS[backend]);
  return new Map([
    ["app.js", appForPackage()],
    ["host.json", json(host)],
    ["package.json", json({ name, version, license, private: true, main: "app.js" })],
  ]);
}

const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), "utf8"));
const json = (value) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

/**
 * `npm run package` makes dist/goldpatch.zip, and the same files in dist/package for azd.
 * DURABLE_BACKEND, or `-- --durable-backend`, says where orchestrations are kept: storage or dts. `-- --out` names another
 * folder than dist.
 */
function main() {
  const { values } = parseArgs({ options: { "durable-backend": { type: "string" }, out: { type: "string" } } });
  const backend = values["durable-backend"] ?? (process.env.DURABLE_BACKEND || "storage");
  if (!Object.hasOwn(STORAGE_PROVIDERS, backend)) {
    throw new Error(`DURABLE_BACKEND is "${backend}": set it to storage or dts`);
  }
  const files = packageFiles(backend);
  const archive = zip(files);
  if (archive.length > LARGEST_BYTES) {
    throw new Error(`the package has ${archive.length} bytes of ${LARGEST_BYTES}: find what came into the bundle`);
  }
  const out = path.resolve(root, values.out ?? "dist");
  const folder = path.join(out, "package");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) writeFileSync(path.join(folder, name), content);
  const archiveFile = path.join(out, "goldpatch.zip");
  writeFileSync(archiveFile, archive);
  const megabytes = (archive.length / 1024 / 1024).toFixed(2);
  process.stderr.write(`packed ${archiveFile}: ${megabytes} MB, durable backend ${backend}\n`);
}

requireNode();
try {
  main();
} catch (failure) {
  process.stderr.write(`${failure.message}\n`);
  process.exitCode = 1;
}
