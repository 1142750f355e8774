import { describe, expect, test } from "@jest/globals";
import { closedSweepGate, type SweepPost } from "../../../src/domain/sweep/post-gate";
import { noControl, plannedState } from "../../../src/domain/sweep/state";
import { installMs, releaseGateAt } from "../../../src/domain/sweep/times";
import { policyOf, policyText } from "../../policy/policy-text";

const at = (time: string) => Date.parse(`2026-12-01T${time}Z`);
const policy = policyOf(
  policyText(
    `mode: patch
install: { maximumDuration: PT1H }
failureBudget: 2
stages: [{ name: one, share: 4, failureBudget: 1 }, { name: two, failureBudget: 2 }]
windows: [{ from: "06:00", to: "09:00" }]
blackouts: [{ from: 2026-12-01T08:30, to: 2026-12-01T08:45 }]
`,
  ),
);
const post: SweepPost = {
  policy,
  control: noControl,
  state: plannedState([4, 10], 0),
  operation: "install",
  failed: [],
  now: at("06:00:00"),
};

const failedIn = (stages: readonly number[]) => stages.map((stage) => ({ stage, imageId: null }));

describe("the gate before a request of a sweep", () => {
  test.each([
    ["in the window", {}, undefined],
    ["with exactly as much left as it needs", { now: at("07:30:00") }, undefined],
    ["with a moment less", { now: at("07:30:01") }, "OutsideWindow"],
    ["an assessment has no length", { now: at("07:30:01"), operation: "assess" }, undefined],
    ["before the window", { now: at("05:59:59"), operation: "assess" }, "OutsideWindow"],
    ["in a blackout", { now: at("08:30:00"), operation: "assess" }, "OutsideWindow"],
    ["paused", { control: { ...noControl, paused: true } }, "SweepPaused"],
    ["cancelled", { control: { ...noControl, cancelled: true, paused: true } }, "SweepCancelled"],
    ["as many failures as allowed", { failed: failedIn([0, 1]) }, undefined],
    ["one more in a stage", { failed: failedIn([0, 0]) }, "SweepStopped"],
    ["one more overall", { failed: failedIn([0, 1, 1]) }, "SweepStopped"],
    ["stopped", { state: { ...post.state, stop: { reason: "approval", detail: "nobody", at: 0 } } }, "SweepStopped"],
  ] as const)("%s", (_what, change, code) => {
    expect(closedSweepGate({ ...post, ...change })?.code).toBe(code);
  });

  test("the detail names stage, budget and number", () => {
    const empty = { ...post.state, stages: [] };
    expect(closedSweepGate({ ...post, state: empty, failed: failedIn([0, 0]) })?.detail).toBe(
      "2 VMs of stage one failed, its failureBudget 1 allows 1",
    );
    expect(closedSweepGate({ ...post, failed: failedIn([0, 1, 1]) })?.detail).toBe(
      "3 VMs failed, failureBudget 2 allows 2",
    );
  });
});

describe("an image version with 100 VMs in the run's stage", () => {
  const [image, other] = ["/images/one", "/images/other"];
  const steps = policyOf(
    policyText(
      "mode: patch\nfailureBudget: 50%\nexposure: { cap: 100, ramp: [1, 10, rest] }\nstages: [{ name: all, failureBudget: 50% }]\n",
    ),
  );
  const proof = (verified: number, failed = 0) => ({
    ...plannedState([300], 0),
    proofs: { [image]: { verified, failed }, [other]: { verified: 200, failed: 90 } },
  });
  const vmsFailed = (count: number, imageId: string) => Array.from({ length: count }, () => ({ stage: 0, imageId }));
  const gate = (change: Partial<SweepPost>) =>
    closedSweepGate({ ...post, policy: steps, image: { id: image, vms: 100 }, ...change });

  test.each([
    ["nothing failed", { state: proof(2) }, undefined],
    ["a VM of another one failed", { state: proof(2), failed: vmsFailed(1, other) }, undefined],
    ["one failed since the last tick", { state: proof(2), failed: vmsFailed(1, image) }, "ImageHeldBack"],
    [
      "the first failed, nothing is known yet",
      { state: plannedState([300], 0), failed: vmsFailed(1, image) },
      "ImageHeldBack",
    ],
    ["the last tick counted one", { state: proof(2, 1) }, "ImageHeldBack"],
    [
      "beyond the ramp as many failed as the budget allows",
      { state: proof(10), failed: vmsFailed(50, image) },
      undefined,
    ],
    ["beyond the ramp one more", { state: proof(10), failed: vmsFailed(51, image) }, "ImageHeldBack"],
    ["paused as well", { state: proof(2, 1), control: { ...noControl, paused: true } }, "ImageHeldBack"],
    ["an assessing sweep hurts nobody", { policy: { ...steps, mode: "assess" }, state: proof(2, 1) }, undefined],
  ] as const)("%s", (_what, change: Partial<SweepPost>, code) => {
    expect(gate(change)?.code).toBe(code);
  });

  test("a run of no image version is none of its business", () => {
    expect(closedSweepGate({ ...post, policy: steps, state: proof(2, 1) })).toBeUndefined();
  });

  test("the detail says how many failed, and at which step", () => {
    expect(gate({ state: proof(2), failed: vmsFailed(1, image) })?.detail).toBe(
      "1 of its image version failed at the step of 10 VMs of exposure.ramp",
    );
  });
});

describe("when a VM is released", () => {
  const times = (more: string) => policyOf(policyText(`mode: patch\ninstall: { maximumDuration: PT1H }\n${more}`));

  test("room is kept for its assessment", () => {
    const wide = times('windows: [{ from: "06:00", to: "09:00" }]\n');
    expect(releaseGateAt(wide, at("07:30:00")).kind).toBe("open");
    expect(releaseGateAt(wide, at("07:30:01"))).toMatchObject({ kind: "closed", opensAt: at("06:00:00") + 86_400_000 });
  });

  test("unless no window has as much", () => {
    const narrow = times('windows: [{ from: "06:00", to: "07:10" }]\n');
    expect(releaseGateAt(narrow, at("06:10:00")).kind).toBe("open");
    expect(releaseGateAt(narrow, at("06:10:01")).kind).toBe("closed");
  });

  test("an assessing sweep needs an open window and no more", () => {
    const assess = { ...times('windows: [{ from: "06:00", to: "07:10" }]\n'), mode: "assess" as const };
    expect(releaseGateAt(assess, at("07:09:59")).kind).toBe("open");
  });

  test("a length that is none is none", () => {
    expect(installMs({ ...policy, install: { maximumDuration: "long" } })).toBe(0);
  });
});
