const { TestEnvironment } = require("jest-environment-node");

/**
 * Gives tests `requireOutsideJest`: modules loaded with it live outside jest's sandbox, as they do in production.
 * In the sandbox `@azure/functions` believes that it is under test and registers nothing.
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.requireOutsideJest = (file) => require(file);
  }
};
