import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decideTick } from "../../../src/domain/sweep/decide-tick";
import { GroupRoom, groupsOf } from "../../../src/domain/sweep/groups";
import { reachOf } from "../../../src/domain/sweep/lanes";
import { laneName, layOut } from "../../../src/domain/sweep/layout";
import { noControl, plannedState } from "../../../src/domain/sweep/state";
import type { SweepSight, SweepVm } from "../../../src/domain/sweep/tick";
import { policyOf, policyText } from "../../policy/policy-text";

const NOW = Date.parse("2026-12-01T06:00:00Z");
const policy = policyOf(
  policyText(
    `mode: patch
install: { maximumDuration: PT1H }
concurrency: 5
exposure: { cap: 10000, ramp: [rest] }
groups:
  - tag: cluster
  - { tag: zone, concurrency: 2 }
`,
  ),
);

describe("the groups of a VM", () => {
  test.each([
    [{}, []],
    [{ owner: "x" }, []],
    [{ cluster: "SQL" }, ["0:sql"]],
    [{ Zone: "1", CLUSTER: "sql" }, ["0:sql", "1:1"]],
  ])("%j", (tags, groups) => expect(groupsOf(policy.groups, tags)).toEqual(groups));
});

test("VMs of different groups are in different lanes, those without in one", () => {
  const vm = (vmId: string, groups?: readonly string[]) => ({
    vmId,
    imageId: "a",
    osType: "Linux",
    stages: [0],
    ...(groups && { groups }),
  });
  const [lanes = []] = layOut(policy.stages, [vm("1", ["0:x"]), vm("2"), vm("3", ["0:x"]), vm("4", ["0:y"]), vm("5")]);
  expect(lanes.map(({ groups, vms }) => [groups, vms.map(({ vmId }) => vmId)])).toEqual([
    [["0:x"], ["1", "3"]],
    [undefined, ["2", "5"]],
    [["0:y"], ["4"]],
  ]);
  expect(laneName({ imageId: "a", osType: null })).toBe('["a",null]');
});

const LANES = [[], ["0:a"], ["0:a", "1:x"], ["0:b", "1:x"], ["1:x"], ["1:y"]].map((groups) => ({
  imageId: null,
  vms: 1,
  ...(groups.length > 0 && { groups }),
}));
const vmIn = (lane: number, index = 0): SweepVm => ({
  key: `${lane}:${index}`,
  vmId: `vm-${lane}-${index}`,
  stage: 0,
  lane,
  imageId: null,
});

describe("room by groups", () => {
  const roomBeside = (...active: SweepVm[]) =>
    new GroupRoom(
      { policy, lanes: LANES, active },
      { ...plannedState([9], NOW), queue: { stage: 0, lanes: LANES.map(() => ({ left: 1, from: 0 })) } },
    );
  const rooms = (room: GroupRoom) => LANES.map((_, lane) => room.of(lane));

  test("without VMs in flight", () => {
    expect(rooms(roomBeside())).toEqual([Number.POSITIVE_INFINITY, 1, 1, 1, 2, 2]);
  });

  test("a VM in flight counts in each of its groups", () => {
    expect(rooms(roomBeside(vmIn(2)))).toEqual([Number.POSITIVE_INFINITY, 0, 0, 1, 1, 2]);
  });

  test("what is taken is taken; more in flight than there may be is no room", () => {
    const room = roomBeside(vmIn(4), vmIn(4, 1), vmIn(4, 2));
    room.take(5, 2);
    expect(rooms(room)).toEqual([Number.POSITIVE_INFINITY, 1, 0, 0, 0, 0]);
  });

  test("VMs in flight of another stage, a lane that is none, and a group that the policy has not", () => {
    expect(roomBeside({ ...vmIn(1), stage: 1 }).of(1)).toBe(1);
    expect(roomBeside().of(99)).toBe(Number.POSITIVE_INFINITY);
    expect(new GroupRoom({ policy, lanes: LANES, active: [vmIn(1)] }, plannedState([1], NOW)).of(1)).toBe(1);
    const lanes = [{ imageId: null, vms: 1, groups: ["7:x"] }];
    expect(new GroupRoom({ policy, lanes, active: [] }, plannedState([1], NOW)).of(0)).toBe(0);
  });
});

/** Ticks until a sweep of so many VMs in each lane is over; answers what was in flight after each. */
function play(vmsOfLanes: readonly number[], takesTicks: (vm: SweepVm) => number): SweepVm[][] {
  const vms = vmsOfLanes.flatMap((count, lane) => Array.from({ length: count }, (_, index) => vmIn(lane, index)));
  let state: SweepSight["state"] = {
    ...plannedState([vms.length], NOW),
    queue: { stage: 0, lanes: vmsOfLanes.map((left) => ({ left, from: 0 })) },
  };
  let waiting = vms;
  let flying: { readonly vm: SweepVm; readonly until: number }[] = [];
  const seen: SweepVm[][] = [];
  for (let tick = 0; tick < 500; tick++) {
    const over = flying.filter(({ until }) => until <= tick).map(({ vm }) => vm);
    flying = flying.filter(({ until }) => until > tick);
    const sight: SweepSight = {
      now: NOW + tick * 60_000,
      policy,
      control: noControl,
      appHeld: false,
      state,
      lanes: LANES,
      active: flying.map(({ vm }) => vm),
      ended: over.map((vm) => ({ ...vm, code: "Patched", failed: false, verified: true })),
      known: new Map(),
    };
    const queued = reachOf(sight).flatMap(({ lane, most }) => waiting.filter((vm) => vm.lane === lane).slice(0, most));
    const decision = decideTick({ ...sight, queued });
    if (decision.status.kind === "over") return seen;
    const released = waiting.filter(({ key }) => decision.release.includes(key));
    waiting = waiting.filter(({ key }) => !decision.release.includes(key));
    state = decision.state;
    flying = [...flying, ...released.map((vm) => ({ vm, until: tick + takesTicks(vm) }))];
    seen.push(flying.map(({ vm }) => vm));
  }
  throw new Error(`${waiting.length} VMs wait for ever`);
}

test("whatever the fleet, no group has more in flight than it may, and every VM has its turn", () => {
  const fleet = fc.tuple(...LANES.map(() => fc.integer({ min: 0, max: 5 })));
  const durations = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(fleet, durations, (vms, takes) => {
      const seen = play(vms, ({ lane, key }) => takes[(lane + key.length) % takes.length] ?? 1);
      for (const flying of seen) {
        const groups = flying.flatMap(({ lane }) => LANES[lane]?.groups ?? []);
        for (const group of new Set(groups)) {
          const most = group.startsWith("0:") ? 1 : 2;
          if (groups.filter((one) => one === group).length > most) throw new Error(`too many of ${group}`);
        }
        if (flying.length > 5) throw new Error("too many");
      }
      const total = vms.reduce((sum, count) => sum + count, 0);
      return new Set(seen.flat().map(({ key }) => key)).size === total;
    }),
    { seed: 20_261_126, numRuns: 200 },
  );
});

test("a group that is full keeps nobody else from going", () => {
  const [first = []] = play([2, 4, 0, 0, 0, 2], () => 3);
  expect(first.map(({ lane }) => lane).toSorted()).toEqual([0, 0, 1, 5, 5]);
});

test("full groups beyond those that a tick can look at hide nobody either", () => {
  const lanes = [
    ...Array.from({ length: 100 }, () => ({ imageId: null, vms: 1, groups: ["0:a"] })),
    { imageId: null, vms: 1 },
  ];
  const sight: SweepSight = {
    now: NOW,
    policy,
    control: noControl,
    appHeld: false,
    state: { ...plannedState([102], NOW), queue: { stage: 0, lanes: lanes.map(() => ({ left: 1, from: 0 })) } },
    lanes,
    active: [{ ...vmIn(0, 7), lane: 0 }],
    ended: [],
    known: new Map(),
  };
  expect(reachOf(sight)).toEqual([{ lane: 100, most: 4 }]);
});
