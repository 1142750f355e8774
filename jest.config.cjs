/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/build/jest-environment.cjs",
  roots: ["<rootDir>/src", "<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: { "\\.(ts|kql)$": "<rootDir>/build/jest-transform.cjs" },
  moduleFileExtensions: ["ts", "js", "cjs", "mjs", "json", "node"],
  globalSetup: "<rootDir>/build/jest-setup.cjs",
  injectGlobals: false,
  // On two cores jest would otherwise use one.
  maxWorkers: "100%",
  // Against hanging only: machines are slow and busy, and no test is about wall time.
  testTimeout: 240_000,
  // view.ts holds types only, so nothing of it ever runs.
  collectCoverageFrom: ["src/domain/**/*.ts", "!src/domain/machine/view.ts"],
  coverageThreshold: { "./src/domain/": { branches: 100, functions: 100, lines: 100, statements: 100 } },
  coverageReporters: ["text-summary"],
};
