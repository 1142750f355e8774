module.exports = async () => {
  (await import("./node-version.mjs")).requireNode();
  const { bundleApp, bundleCommand, bundleTestCrash, bundleTestFaults, bundleTestGolden, bundleTestWorld } =
    await import("./bundle.mjs");
  bundleApp();
  bundleCommand();
  bundleTestWorld();
  bundleTestFaults();
  bundleTestGolden();
  bundleTestCrash();
};
