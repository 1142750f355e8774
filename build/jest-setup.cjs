module.exports = async () => {
  (await import("./node-version.mjs")).requireNode();
  const { bundleApp, bundleCommand, bundleTestWorld, bundleTestGolden } = await import("./bundle.mjs");
  bundleApp();
  bundleCommand();
  bundleTestWorld();
  bundleTestGolden();
};
