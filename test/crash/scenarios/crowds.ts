import type { Scenario } from "../scenario";
import { hookAt, hookSettings } from "../../support/hooks";
import { patchPolicy } from "../../support/sweeps";
import { oneVm, someVms } from "./machines";

const created = { createAfterSeconds: 0, power: { state: "running" }, agent: { readyAfterSeconds: 0 } };

const STAGES = "stages:\n  - { name: canary, share: 1 }\n  - { name: rest }\n";
const six = ["a", "b", "c", "d", "e", "f"];
const twenty = Array.from({ length: 20 }, (_, index) => `vm-${String(index).padStart(2, "0")}`);

/** Events that come twice, runs that wait for each other, sweeps. */
export const crowds: readonly Scenario[] = [
  {
    name: "one event in both schemas, twice",
    fleet: oneVm({
      ...created,
      events: [
        { kind: "create", afterSeconds: 10, copies: 2 },
        { kind: "create", afterSeconds: 10, delaySeconds: 60, schema: "CloudEventSchemaV1_0", idCase: "lower" },
        { kind: "create", afterSeconds: 10, delaySeconds: 400 },
      ],
    }),
    deeds: [],
    ends: { vm: [["Patched"]] },
  },
  {
    name: "events of two deployments",
    fleet: oneVm({
      ...created,
      events: [
        { kind: "create", afterSeconds: 10 },
        { kind: "write", afterSeconds: 40 },
        { kind: "write", afterSeconds: 900, tags: { edited: "yes" } },
      ],
    }),
    deeds: [],
    // After ten minutes of downtime the third event may meet the run still at work.
    ends: { vm: [["Patched"], ["HeldByRun", "AlreadyHandled"], ["AlreadyHandled", "HeldByRun"]] },
  },
  {
    name: "tag edit of an old machine",
    fleet: oneVm({ createdAt: "2026-11-01T00:00:00Z", events: [{ kind: "write", afterSeconds: 10 }] }),
    deeds: [],
    ends: { vm: [["NotNew"]] },
  },
  {
    name: "second run of a held machine",
    fleet: oneVm(),
    deeds: [
      { when: 0, what: "run", mode: "patch", vms: ["vm"] },
      { when: 70, what: "run", mode: "patch", vms: ["vm"] },
    ],
    ends: { vm: [["Patched"], ["HeldByRun"]] },
    from: "deed 0",
  },
  {
    name: "one slot for two runs",
    fleet: someVms(["a", "b"]),
    settings: { GOLDPATCH_MAX_ACTIVE_RUNS: "1" },
    deeds: [{ when: 0, what: "run", mode: "assess", vms: ["a", "b"] }],
    ends: { a: [["Supported"]], b: [["Supported"]] },
  },
  {
    name: "sweep",
    fleet: someVms(["a", "b", "c"]),
    settings: { GOLDPATCH_SWEEP_SCHEDULE: "0 1 6 * * *" },
    deeds: [{ when: 90, what: "look" }],
    ends: { a: [["Supported"]], b: [["Supported"]], c: [["Supported"]] },
  },
  {
    name: "sweep by a policy in two stages",
    fleet: someVms(six),
    deeds: [{ when: 0, what: "sweep", policy: patchPolicy(`exposure: { cap: 6, ramp: [rest] }\n${STAGES}`) }],
    // An installation that was lost before it left cannot be told from one that was not: it uses up the failure budget.
    ends: Object.fromEntries(six.map((vm) => [vm, [["Patched", "SweepStopped"]]])),
  },
  {
    name: "sweep of twenty in two stages",
    fleet: someVms(twenty),
    deeds: [
      {
        when: 0,
        what: "sweep",
        policy: patchPolicy(
          "exposure: { cap: 20, ramp: [1, 5, rest] }\nstages:\n  - { name: canary, share: 10% }\n  - { name: rest }\n",
        ),
      },
    ],
    ends: Object.fromEntries(twenty.map((vm) => [vm, [["Patched", "SweepStopped"]]])),
    isLong: true,
  },
  {
    name: "sweep with hooks that starts its machine",
    fleet: oneVm({ power: { state: "deallocated" } }),
    settings: hookSettings,
    deeds: [
      {
        when: 0,
        what: "sweep",
        policy: patchPolicy(
          `power: startAndStop\nverify: { probe: { url: "https://health.example.com/{vmName}" } }\nhooks:\n${["beforeVm", "afterVm", "beforeStage", "afterStage"].map((moment) => hookAt(moment)).join("")}`,
        ),
      },
    ],
    ends: { vm: [["Patched"]] },
    power: { vm: "deallocated" },
  },
];
