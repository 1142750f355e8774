import { traceOf } from "./trace";
import { verdictOnSeed } from "./verdict";

export { judges } from "./judges";
export { play } from "./play";
export { scheduleOf } from "./schedule/schedule";
export { traceOf, verdictOnSeed };

/** A worker of test/faults/run.mjs: plays the seeds that it is sent, one after another, and answers each verdict. */
// Tests load this file too, in processes that have a parent to send to as well.
if (process.argv[2] === "worker") {
  process.on("disconnect", () => process.exit());
  process.on("message", (seed: number) => {
    void verdictOnSeed(seed).then((verdict) => process.send?.(verdict));
  });
}
