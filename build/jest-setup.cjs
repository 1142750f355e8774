module.exports = async () => {
  (await import("./node-version.mjs")).requireNode();
  const { bundleApp, bundleCommand, bundleTestCrash, bundleTestWorld } = await import("./bundle.mjs");
  bundleApp();
  bundleCommand();
  bundleTestWorld();
  bundleTestCrash();
};
