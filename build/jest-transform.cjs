const { transformSync } = require("esbuild");

/** TypeScript to CommonJS with esbuild, the same tool that makes the bundles; `.kql` files become their text. */
module.exports = {
  process(source, filename) {
    if (filename.endsWith(".kql"))
      return { code: `module.exports = { __esModule: true, default: ${JSON.stringify(source)} };` };
    const { code, map } = transformSync(source, {
      loader: "ts",
      format: "cjs",
      target: "node22",
      sourcefile: filename,
      sourcemap: "external",
      keepNames: false,
    });
    return { code, map };
  },
};
