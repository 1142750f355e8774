module.exports = async () => {
  (await import("./node-version.mjs")).requireNode();
  (await import("./bundle.mjs")).bundleApp();
  (await import("./bundle.mjs")).bundleCommand();
};
