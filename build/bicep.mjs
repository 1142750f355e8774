import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./bundle.mjs";

/** Microsoft publishes the compiler as one NuGet package a platform, all under one version. */
const VERSION = "0.49.2";
const PACKAGES = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "darwin-x64": "osx-x64",
  "darwin-arm64": "osx-arm64",
  "win32-x64": "win-x64",
  "win32-arm64": "win-arm64",
};

/** This machine cannot have the compiler: a reason, with its remedy. */
export class NoBicep extends Error {
  name = "NoBicep";
}

/** The exit code for it: a test outside CI may do without. */
const NO_BICEP = 3;

/**
 * The Bicep compiler, restored by the .NET SDK's own client on first use.
 * @returns {string} absolute path of the executable
 * @throws NoBicep without the .NET SDK, a package for this platform, or the package feed
 */
export function bicepCompiler() {
  const platform = PACKAGES[`${process.platform}-${process.arch}`];
  if (platform === undefined) {
    throw new NoBicep(`no Bicep package for ${process.platform}-${process.arch}: check infra/ on x64 or arm64`);
  }
  const folder = path.join(root, "dist/bicep", VERSION);
  const tools = path.join(folder, `azure.bicep.commandline.${platform}`, VERSION, "tools");
  if (!existsSync(tools)) restore(`Azure.Bicep.CommandLine.${platform}`, folder);
  return path.join(tools, process.platform === "win32" ? "bicep.exe" : "bicep");
}

/** Whole or not at all: another test may do the same at this moment. */
function restore(name, folder) {
  mkdirSync(path.dirname(folder), { recursive: true });
  const unfinished = mkdtempSync(`${folder}.`);
  try {
    // For the SDK's own framework: another one's reference package would be downloaded too.
    const project = `<Project Sdk="Microsoft.NET.Sdk">
      <PropertyGroup>
        <TargetFramework>net$(BundledNETCoreAppTargetFrameworkVersion)</TargetFramework>
        <RestorePackagesPath>packages</RestorePackagesPath>
      </PropertyGroup>
      <ItemGroup><PackageDownload Include="${name}" Version="[${VERSION}]" /></ItemGroup>
    </Project>`;
    writeFileSync(path.join(unfinished, "bicep.csproj"), project);
    const { error, status, stdout } = run("dotnet", ["restore", "bicep.csproj", "--nologo"], unfinished);
    if (error) throw new NoBicep("dotnet cannot be run: install the .NET SDK, which restores the Bicep compiler");
    if (status !== 0) throw new NoBicep(`dotnet restore of ${name} ${VERSION} failed, try again: ${stdout.trim()}`);
    const packages = path.join(unfinished, "packages");
    // The archive is as large again as what was in it.
    for (const file of globSync("*/*/*.nupkg", { cwd: packages })) rmSync(path.join(packages, file));
    try {
      renameSync(packages, folder);
    } catch (failure) {
      if (!existsSync(folder)) throw failure;
    }
  } finally {
    rmSync(unfinished, { recursive: true });
  }
}

/**
 * Compiles every file of infra/ and lints it on the way; parts as themselves too, for a whole shows only what it uses.
 * @param {string} folder where the templates go
 * @throws an error with all that was found, warnings too
 */
export function buildInfra(folder) {
  const args = ["build", "--no-restore", "--pattern", "infra/**/*.bicep", "--outdir", path.resolve(root, folder)];
  check(run(bicepCompiler(), args));
}

/**
 * What a deployment would make, worked out on this machine.
 * @param {string} parameters a .bicepparam file
 * @param {string[]} context where it would be deployed: options of `bicep snapshot`
 */
export function snapshot(parameters, context) {
  check(run(bicepCompiler(), ["snapshot", parameters, "--mode", "overwrite", ...context]));
}

/** Rules of the linter are errors by bicepconfig.json; what the compiler itself finds may be a warning. */
function check({ error, status, stdout, stderr }) {
  if (error) throw error;
  if (status !== 0 || stderr.trim() !== "") throw new Error(stderr.trim() || stdout.trim() || `bicep ended: ${status}`);
}

const run = (file, args, cwd = root) => spawnSync(file, args, { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });

/**
 * `node build/bicep.mjs [DIR]` checks all of infra/ and writes its templates: into dist/infra, or DIR.
 * `node build/bicep.mjs --snapshot FILE.bicepparam [OPTION…]` writes FILE.snapshot.json.
 * `node build/bicep.mjs --restore` only gets the compiler.
 */
if (import.meta.filename === process.argv[1]) {
  const [first = "dist/infra", file, ...context] = process.argv.slice(2);
  try {
    if (first === "--restore") bicepCompiler();
    else if (first === "--snapshot") snapshot(file, context);
    else buildInfra(first);
  } catch (failure) {
    process.stderr.write(`${failure.message}\n`);
    process.exitCode = failure instanceof NoBicep ? NO_BICEP : 1;
  }
}
