const ts = require("typescript");

const compilerOptions = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2023,
  esModuleInterop: true,
  isolatedModules: true,
  sourceMap: true,
};

/**
 * TypeScript to CommonJS. The compiler adds no branches of its own to a module, so that coverage counts ours only;
 * esbuild's CommonJS output carries helpers with branches. `.kql` files become their text.
 */
module.exports = {
  process(source, fileName) {
    if (fileName.endsWith(".kql")) {
      return { code: `module.exports = { __esModule: true, default: ${JSON.stringify(source)} };` };
    }
    const { outputText, sourceMapText } = ts.transpileModule(source, { fileName, compilerOptions });
    return { code: outputText, map: sourceMapText };
  },
};
