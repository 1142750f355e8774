import { describe, expect, test } from "@jest/globals";
import { noControl, plannedState } from "../../src/domain/sweep/state";
import { policySweepId } from "../../src/ledger/keys";
import { noDecision, PolicySweepLedger, type SweepHead } from "../../src/ledger/policy-sweeps";
import { MemoryStore } from "../../src/store/memory";
import { policyOf, policyText } from "../policy/policy-text";

const AT = "2026-12-01T06:30:00.000Z";
const policy = policyOf(policyText());

const headOf = (sweepId: string): SweepHead => ({
  sweepId,
  policy: policy.name,
  policyHash: "hash",
  mode: "assess",
  requestedAt: AT,
  tick: 0,
  decision: noDecision(AT),
  status: { kind: "working" },
  nextLookAt: AT,
  endedAt: null,
});
const keysOf = (rows: readonly { key: string }[]) => rows.map(({ key }) => key);

async function created() {
  const store = new MemoryStore();
  const ledger = new PolicySweepLedger(store);
  const sweepId = policySweepId(AT, "request");
  await ledger.create(headOf(sweepId), policy);
  return { store, ledger, sweepId };
}

describe("the rows of a policy sweep", () => {
  test("ids begin with the time at which it was asked for", () => {
    expect(policySweepId(AT, "request")).toMatch(/^policy-20261201T063000000Z-[0-9a-f]{8}$/);
  });

  test("a sweep that is created again stays as it is", async () => {
    const { ledger, sweepId } = await created();
    await ledger.changeControl(sweepId, (control) => ({ ...control, paused: true }));
    await ledger.create({ ...headOf(sweepId), tick: 9 }, policy);
    expect(await ledger.heads()).toEqual([headOf(sweepId)]);
    expect(await ledger.control(sweepId)).toEqual({ ...noControl, paused: true });
    expect(await ledger.policy(sweepId)).toEqual(policy);
  });

  test("a stage's hook counts from when it was first asked, and its first answer stands", async () => {
    const { store, ledger, sweepId } = await created();
    const hook = { moment: "beforeStage", stage: 0 } as const;
    expect(await ledger.askedHook(sweepId, hook, 1000)).toEqual({ since: 1000 });
    expect(await ledger.askedHook(sweepId, hook, 2000)).toEqual({ since: 1000 });
    expect(await ledger.stageAnswers(sweepId)).toEqual(new Map());
    await ledger.keepAnswer(sweepId, hook, "agreed");
    await ledger.keepAnswer(sweepId, hook, "it answered 409");
    expect(await ledger.stageAnswers(sweepId)).toEqual(new Map([["beforeStage:0", "agreed"]]));
    await ledger.forgetHour("2026-12-01T06");
    expect(await store.scan(`policy-sweep-hooks:${sweepId}`, "")).toEqual([]);
  });

  test("of two writers of the head one is refused", async () => {
    const { ledger, sweepId } = await created();
    const [one, other] = [await ledger.head(sweepId), await ledger.head(sweepId)];
    if (!one || !other) throw new Error("no head");
    const state = plannedState([1, 2], 0);
    expect(await ledger.replaceHead(one, { ...one.value, state, tick: 1 })).toBe(true);
    expect(await ledger.replaceHead(other, { ...other.value, state, tick: 1 })).toBe(false);
  });

  test("a VM that failed is counted once", async () => {
    const { ledger, sweepId } = await created();
    for (const [run, stage] of [
      ["a", 0],
      ["b", 1],
      ["a", 0],
    ] as const)
      await ledger.noteFailed(sweepId, run, { stage, imageId: null });
    expect(await ledger.failed(sweepId)).toEqual([
      { stage: 0, imageId: null },
      { stage: 1, imageId: null },
    ]);
  });

  test("a sweep is forgotten with its hour, whole, and no other", async () => {
    const { store, ledger, sweepId } = await created();
    const vm = { vmId: "/vm", imageId: null, osType: null, stages: [0] };
    await ledger.discovery(sweepId).keep(0, [vm], undefined);
    const queue = ledger.queue(sweepId);
    await queue.layOut(0, [{ imageId: null, osType: null, vms: 1, expectedMs: 0 }]);
    await queue.fill({ stage: 0, lane: 0 }, 0, [{ vmId: "/vm", imageId: null, stage: 0, lane: 0 }]);
    await ledger.noteFailed(sweepId, "run", { stage: 0, imageId: null });
    const later = policySweepId("2026-12-01T07:00:00.000Z", "later");
    await ledger.create(headOf(later), policy);
    await ledger.forgetHour("2026-12-01T05");
    expect(await ledger.heads()).toHaveLength(2);
    await ledger.forgetHour("2026-12-01T06");
    expect((await ledger.heads()).map((each) => each.sweepId)).toEqual([later]);
    expect(await store.scan(`policy-sweep:${sweepId}`, "")).toEqual([]);
    expect(await store.scan(`policy-sweep-found:${sweepId}`, "")).toEqual([]);
    expect(await ledger.failed(sweepId)).toEqual([]);
    expect(await ledger.policy(sweepId)).toBeUndefined();
    expect(await ledger.control(sweepId)).toEqual(noControl);
    expect(keysOf(await store.scan("policy-sweeps", ""))).toEqual([
      `control:${later}`,
      `head:${later}`,
      `policy:${later}`,
    ]);
  });
});
