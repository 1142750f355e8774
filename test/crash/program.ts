import { explore } from "./explore";
import { scenarios } from "./scenarios";
import { deliveries, type Delivery } from "./scenario";

export { explore, replay } from "./explore";
export { judged } from "./judges";
export { deliveries, scenarios };

/** A worker of test/crash/run.mjs: explores the scenarios that it is sent, one after another. */
if (process.send) {
  process.on("message", ({ name, delivery }: { name: string; delivery: Delivery }) => {
    const scenario = scenarios.find((each) => each.name === name);
    if (!scenario) throw new RangeError(`there is no scenario "${name}"`);
    void explore(scenario, delivery).then((exploration) => process.send?.(exploration));
  });
}
