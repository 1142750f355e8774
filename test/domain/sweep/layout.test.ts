import { describe, expect, test } from "@jest/globals";
import { onlyStage } from "../../../src/domain/policy/defaults";
import { expectedMs, layOut, longestFirst, type Unplaced } from "../../../src/domain/sweep/layout";

const vm = (vmId: string, more: Partial<Unplaced> = {}): Unplaced => ({
  vmId,
  imageId: "a",
  osType: "Linux",
  stages: [0],
  ...more,
});
const idsOf = (stages: ReturnType<typeof layOut>) =>
  stages.map((lanes) => lanes.map(({ vms }) => vms.map((each) => each.vmId)));

describe("the lanes of each stage", () => {
  test("hold the VMs of one image version and operating system, by their ids", () => {
    const found = [vm("/d"), vm("/c", { imageId: null }), vm("/b"), vm("/a", { osType: null })];
    const [lanes = []] = layOut([onlyStage], found);
    expect(lanes.map(({ imageId, osType, vms }) => [imageId, osType, vms.map(({ vmId }) => vmId)])).toEqual([
      ["a", null, ["/a"]],
      ["a", "Linux", ["/b", "/d"]],
      [null, "Linux", ["/c"]],
    ]);
  });

  test("are the same in whatever order, and however often, VMs were found", () => {
    const found = ["/a", "/B", "/c", "/d"].map((id, at) => vm(id, { imageId: at % 2 ? "a" : "b" }));
    const again = layOut([onlyStage], [...found, vm("/b", { imageId: "a" })].reverse());
    expect(idsOf(again)).toEqual([
      [
        ["/a", "/c"],
        ["/B", "/d"],
      ],
    ]);
    expect(idsOf(layOut([onlyStage], found))).toEqual(idsOf(again));
  });

  test("take VMs stage by stage, by their ids, before anything else orders them", () => {
    const canary = { ...onlyStage, name: "canary", share: 2 };
    const found = ["/d", "/a", "/c", "/b"].map((id) => vm(id, { stages: [0, 1] }));
    expect(idsOf(layOut([canary, onlyStage], found))).toEqual([[["/a", "/b"]], [["/c", "/d"]]]);
    expect(idsOf(layOut([canary], found))).toEqual([[["/a", "/b"]]]);
  });
});

describe("the order of lanes", () => {
  test("is the longest expected first, and as they stood where that is equal", () => {
    const lanes = [
      ["a", 1],
      ["b", 7],
      ["c", 7],
      ["d", 9],
    ].map(([name, ms]) => ({ name, expectedMs: Number(ms) }));
    expect(longestFirst(lanes).map(({ name }) => name)).toEqual(["d", "b", "c", "a"]);
  });

  test("goes by the median of what each operation took", () => {
    expect(expectedMs([[5, 1, 100], [20]])).toBe(25);
    expect(expectedMs([[], []])).toBe(0);
  });
});
