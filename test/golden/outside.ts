/** Lives outside jest's sandbox, where `@azure/functions` registers as it does in production. */
export { historyFromText, historyText } from "./history-file";
export { record } from "./record";
export { replay } from "./replay";
export { stories } from "./stories";
