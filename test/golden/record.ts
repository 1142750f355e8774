import type { Execution } from "../../src/local/functions-host";
import { fleetOf } from "../support/fleet";
import { World } from "../support/world";
import { tell, type Story } from "./stories";

/** Every poll is five events: most stories do without many. */
const QUICK = { assess: { durationSeconds: 20 }, graph: { lagSeconds: 5 }, install: { durationSeconds: 60 } };

/** Tells a story in a world of its own and gives back every execution in it, in the order in which they began. */
export async function record(story: Story): Promise<Execution[]> {
  const executions: Execution[] = [];
  const { fates } = story;
  let delivered = 0;
  const world = await World.start({
    fleet: fleetOf([
      { name: "vm", image: "win", events: [], ...QUICK, ...story.vm },
      { name: "other", image: "lin", events: [], ...QUICK },
    ]),
    seed: 1,
    onExecution: (execution) => executions.push(execution),
    ...(story.intercept && { intercept: story.intercept }),
    ...(story.outside && { outside: story.outside }),
    ...(story.settings && { settings: story.settings }),
    ...(fates && { chaos: ({ name }) => (name === fates.activity ? (fates.each[delivered++] ?? "once") : "once") }),
  });
  try {
    await tell(world, story);
    await world.settle();
  } finally {
    await world.close();
  }
  return shortened(executions).sort((left, right) => (beginning(left) < beginning(right) ? -1 : 1));
}

const beginning = ({ history, instance }: Execution): string => `${history[0]?.Timestamp ?? ""} ${instance.instanceId}`;

/** Chapters of one child that go on as new are alike: the first is kept, and the one that ends. */
const shortened = (executions: readonly Execution[]): Execution[] =>
  executions.filter(
    ({ instance, ending }, index) =>
      ending.kind !== "continueAsNew" ||
      executions.findIndex((other) => other.instance.instanceId === instance.instanceId) === index,
  );
