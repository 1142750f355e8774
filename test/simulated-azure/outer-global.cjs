/** Loaded outside jest's sandbox: its global object, where the Kusto language service puts itself. */
module.exports = globalThis;
