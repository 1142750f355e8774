import { describe, expect, it } from "@jest/globals";
import { onlyStage } from "../../../src/domain/policy/defaults";
import { failureBudgetsOf } from "../../../src/domain/policy/failure-budget";
import type { PolicyStage } from "../../../src/domain/policy/policy";
import { stagesFor, stageTaker } from "../../../src/domain/policy/stages";

const stage = (name: string, what: Partial<PolicyStage> = {}): PolicyStage => ({ ...onlyStage, name, ...what });
const fleet = (count: number, tagsOf: (index: number) => Record<string, string> = () => ({})) =>
  Array.from({ length: count }, (_, index) => ({ name: `vm-${index}`, tags: tagsOf(index) }));
interface Vm {
  readonly name: string;
  readonly tags: Record<string, string>;
}
function vmsOfStages(stages: readonly PolicyStage[], vms: readonly Vm[]): Vm[][] {
  const take = stageTaker(stages, vms.length);
  const taken = vms.map((vm) => ({ vm, stage: take(stagesFor(stages, vm.tags)) }));
  return stages.map((_, index) => taken.filter(({ stage }) => stage === index).map(({ vm }) => vm));
}
const namesOf = (stages: { name: string }[][]): string[][] => stages.map((vms) => vms.map(({ name }) => name));

describe("the VMs of stages", () => {
  it("without stages of one's own are all in one", () => {
    expect(namesOf(vmsOfStages([onlyStage], fleet(2)))).toEqual([["vm-0", "vm-1"]]);
  });

  it("are taken in their order, by numbers and by shares of all", () => {
    const stages = [stage("one", { share: 1 }), stage("half", { share: "50%" }), stage("rest")];
    expect(vmsOfStages(stages, fleet(10)).map((vms) => vms.length)).toEqual([1, 5, 4]);
    expect(namesOf(vmsOfStages(stages, fleet(3)))).toEqual([["vm-0"], ["vm-1", "vm-2"], []]);
  });

  it("are taken by tags first come, first served", () => {
    const stages = [
      stage("canary", { tags: { Ring: ["canary", "early"] } }),
      stage("two of prod", { tags: { ring: ["*"], env: ["prod"] }, share: 2 }),
      stage("rest"),
    ];
    const vms = fleet(6, (index) =>
      index === 2 ? { ring: "Canary" } : index < 5 ? { ring: `r${index}`, env: "prod" } : { env: "prod" },
    );
    expect(namesOf(vmsOfStages(stages, vms))).toEqual([["vm-2"], ["vm-0", "vm-1"], ["vm-3", "vm-4", "vm-5"]]);
  });

  it("are in none when all that take them are full, or there is no such stage", () => {
    const take = stageTaker([stage("one", { share: 1 })], 3);
    expect([take([7]), take([0]), take([0]), take([])]).toEqual([undefined, 0, undefined, undefined]);
  });

  it("are each in exactly one, whatever the shares", () => {
    for (const share of ["0.01%", "1%", "33.33%", "99%", "100%"] as const) {
      for (let count = 0; count < 40; count += 1) {
        const stages = [stage("a", { share }), stage("b", { share: 3, tags: { even: ["yes"] } }), stage("rest")];
        const vms = fleet(count, (index) => ({ even: index % 2 === 0 ? "yes" : "no" }));
        const names = namesOf(vmsOfStages(stages, vms)).flat();
        expect(names.toSorted()).toEqual(vms.map(({ name }) => name).toSorted());
      }
    }
  });
});

describe("failure budgets", () => {
  it("are numbers, or shares of the sweep and of each stage, rounded down", () => {
    const stages = [
      stage("a", { failureBudget: 0 }),
      stage("b", { failureBudget: "10%" }),
      stage("c", { failureBudget: "50%" }),
    ];
    expect(failureBudgetsOf({ failureBudget: "5%", stages }, [5, 19, 76])).toEqual({ overall: 5, stages: [0, 1, 38] });
    expect(failureBudgetsOf({ failureBudget: 3, stages }, [5, 9])).toEqual({ overall: 3, stages: [0, 0, 0] });
  });
});
