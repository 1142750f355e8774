import { explore, type Share } from "./explore";
import { deliveries, type Delivery } from "./scenario";
import { scenarioNamed, scenarios } from "./scenarios";
import { traceOf } from "./trace";

export { deliveries, explore, scenarios, traceOf };

/** A worker of test/crash/run.mjs: explores the scenarios that it is sent, one after another. */
// Tests load this file too, in processes that have a parent to send to as well.
if (process.argv[2] === "worker") {
  process.on("message", ({ scenario, delivery, ...share }: Share & { scenario: string; delivery: Delivery }) => {
    void explore(scenarioNamed(scenario), delivery, share).then((exploration) => process.send?.(exploration));
  });
}
