module.exports = async () => {
  (await import("./node-version.mjs")).requireNode();
  const { bundleApp, bundleCommand, bundleProgram, bundleTestApp } = await import("./bundle.mjs");
  bundleApp();
  bundleCommand();
  bundleTestApp();
  for (const loaded of ["support/world", "faults/program", "golden/outside", "crash/program"]) {
    bundleProgram(`test/${loaded}.ts`);
  }
};
