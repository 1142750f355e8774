import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Execution } from "../../src/local/functions-host";
import { MemoryStore } from "../../src/store/memory";
import type { Store } from "../../src/store/store";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, type World } from "../support/outside-jest";
import { countsOf } from "./counts";

const VMS = 40;
describe("x", () => {
  let world: World;
  const executions: Execution[] = [];
  let storeCalls = 0;
  const byName: Record<string, number> = {};
  const store = new Proxy(new MemoryStore(), {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => {
        storeCalls += 1;
        byName[String(name)] = (byName[String(name)] ?? 0) + 1;
        return Reflect.apply(member, target, args);
      };
    },
  }) as Store;
  beforeAll(async () => {
    const names = Array.from({ length: VMS }, (_, index) => `vm-${String(index).padStart(2, "0")}`);
    world = await startLastingWorld({
      fleet: fleetOf(names.map((name, index) => ({ name, image: index % 2 ? "lin" : "win", events: [] }))),
      store,
      onExecution: (execution) => executions.push(execution),
    });
    await world.run("patch", names, { install: { rebootSetting: "IfRequired" } });
    const runs = await world.settle();
    expect(runs.map((r) => r.outcome)).toEqual(names.map(() => "patched"));
    console.log(runs.slice(0, 6).map((r) => r.steps.map((s) => `${s.name} ${s.startedAt}-${s.endedAt}`)));
  }, 240_000);
  afterAll(() => world.close());
  it("y", () => {
    console.log(countsOf(executions), storeCalls, byName, world.transcript.length, world.logs.length, world.logs.join("\n").length,
      Object.fromEntries([...Map.groupBy(world.transcript, (l) => l.method + (l.bucket ?? ""))].map(([k, v]) => [k, v.length])),
      Object.fromEntries([...Map.groupBy(executions, (l) => l.instance.name)].map(([k, v]) => [k, v.length])),
      world.logs.slice(0,5));
  });
});
