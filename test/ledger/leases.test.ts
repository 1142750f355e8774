import { beforeEach, describe, expect, test } from "@jest/globals";
import { intentKey, type Intent } from "../../src/ledger/intent";
import { isHeldBy, type Lease } from "../../src/ledger/lease";
import { VmLedger } from "../../src/ledger/vms";
import { MemoryStore } from "../../src/store/memory";
import type { Store, StoredRow } from "../../src/store/store";

const VM = "/subscriptions/s/resourcegroups/rg/providers/microsoft.compute/virtualmachines/vm1";
const NOW = Date.parse("2026-11-23T10:00:00Z");

const intentOf = (changes: Partial<Intent> = {}): Intent => ({
  runId: "run-1",
  operation: "install",
  attempt: 1,
  sequence: 1,
  state: "open",
  epoch: 1,
  baseline: { azureTime: NOW },
  postNotAfter: NOW + 60_000,
  ...changes,
});

let store: Store;
let vm: VmLedger;
beforeEach(() => {
  store = new MemoryStore();
  vm = new VmLedger(store, VM);
});

async function leaseOf(ledger: VmLedger = vm): Promise<StoredRow<Lease>> {
  const lease = await ledger.lease();
  if (!lease) throw new Error("nobody ever took the lease");
  return lease;
}

describe("a VM's lease", () => {
  test("is nobody's at first", async () => {
    expect(await vm.lease()).toBeUndefined();
  });

  test("starts with epoch 1, which grows with every holder", async () => {
    expect(await vm.takeLease("run-1", undefined)).toBe(true);
    expect((await leaseOf()).value).toEqual({ runId: "run-1", epoch: 1, held: true, postNotAfter: 0 });
    await vm.releaseLease("run-1");
    expect(await vm.takeLease("run-2", await leaseOf())).toBe(true);
    expect((await leaseOf()).value).toEqual({ runId: "run-2", epoch: 2, held: true, postNotAfter: 0 });
    expect(await vm.takeLease("run-3", await leaseOf())).toBe(true);
    expect((await leaseOf()).value).toEqual({ runId: "run-3", epoch: 3, held: true, postNotAfter: 0 });
  });

  test("goes to one of two that take it first", async () => {
    const taken = await Promise.all([vm.takeLease("run-1", undefined), vm.takeLease("run-2", undefined)]);
    expect([...taken].sort()).toEqual([false, true]);
    expect((await leaseOf()).value.runId).toBe(taken[0] ? "run-1" : "run-2");
  });

  test("goes to one of two that take it over from the same holder", async () => {
    await vm.takeLease("run-1", undefined);
    const seen = await leaseOf();
    const taken = await Promise.all([vm.takeLease("run-2", seen), vm.takeLease("run-3", seen)]);
    expect([...taken].sort()).toEqual([false, true]);
    expect((await leaseOf()).value).toEqual({
      runId: taken[0] ? "run-2" : "run-3",
      epoch: 2,
      held: true,
      postNotAfter: 0,
    });
  });

  test("keeps its epoch when it is released, so that the next holder's is new", async () => {
    await vm.takeLease("run-1", undefined);
    await vm.releaseLease("run-1");
    expect((await leaseOf()).value).toEqual({ runId: "run-1", epoch: 1, held: false, postNotAfter: 0 });
  });

  test("is not released by who no longer holds it", async () => {
    await vm.takeLease("run-1", undefined);
    await vm.takeLease("run-2", await leaseOf());
    const before = await leaseOf();
    await vm.releaseLease("run-1");
    expect(await leaseOf()).toEqual(before);
  });

  test("is released once: a repetition writes nothing", async () => {
    await vm.releaseLease("run-1");
    expect(await vm.lease()).toBeUndefined();
    await vm.takeLease("run-1", undefined);
    await vm.releaseLease("run-1");
    const before = await leaseOf();
    await vm.releaseLease("run-1");
    expect(await leaseOf()).toEqual(before);
  });

  test("tells every later holder what was drawn from the VM's bucket of patch operations", async () => {
    await vm.takeLease("run-1", undefined);
    await vm.insertIntent(intentOf(), await leaseOf(), { fullAt: NOW + 30_000, closedUntil: 0 });
    await vm.correctOperations(({ fullAt, closedUntil }) => ({ fullAt: fullAt + 30_000, closedUntil }));
    await vm.releaseLease("run-1");
    await vm.takeLease("run-2", await leaseOf());
    expect((await leaseOf()).value.operations).toEqual({ fullAt: NOW + 60_000, closedUntil: 0 });
    const before = await leaseOf();
    await vm.correctOperations((known) => known);
    expect(await leaseOf()).toEqual(before);
  });

  test("is one for each VM", async () => {
    const other = new VmLedger(store, VM.replace("vm1", "vm2"));
    expect(await vm.takeLease("run-1", undefined)).toBe(true);
    expect(await other.takeLease("run-2", undefined)).toBe(true);
    expect((await leaseOf(other)).value.runId).toBe("run-2");
  });
});

describe("an intent", () => {
  test("is inserted with the lease's last moment in one transaction", async () => {
    await vm.takeLease("run-1", undefined);
    const intent = intentOf();
    expect(await vm.insertIntent(intent, await leaseOf())).toBe(true);
    expect(await vm.intent(intentKey(intent))).toEqual(intent);
    expect((await leaseOf()).value).toEqual({ runId: "run-1", epoch: 1, held: true, postNotAfter: NOW + 60_000 });
  });

  test("never makes the lease's last moment earlier", async () => {
    await vm.takeLease("run-1", undefined);
    await vm.insertIntent(intentOf({ postNotAfter: NOW + 90_000 }), await leaseOf());
    await vm.insertIntent(intentOf({ sequence: 2, postNotAfter: NOW + 60_000 }), await leaseOf());
    expect((await leaseOf()).value.postNotAfter).toBe(NOW + 90_000);
  });

  test("is refused under a lease that was taken over in between, and leaves no trace", async () => {
    await vm.takeLease("run-1", undefined);
    const seen = await leaseOf();
    await vm.takeLease("run-2", seen);
    const taken = await leaseOf();
    expect(await vm.insertIntent(intentOf(), seen)).toBe(false);
    expect(await vm.intentsOfRun("run-1")).toEqual([]);
    expect(await leaseOf()).toEqual(taken);
  });

  test("is inserted once: the second try leaves intent and lease alone", async () => {
    await vm.takeLease("run-1", undefined);
    await vm.insertIntent(intentOf(), await leaseOf());
    const before = await leaseOf();
    expect(await vm.insertIntent(intentOf({ postNotAfter: NOW + 120_000 }), before)).toBe(false);
    expect(await vm.intent(intentKey(intentOf()))).toEqual(intentOf());
    expect(await leaseOf()).toEqual(before);
  });

  test("has one inserter among fifty at a time: only one may send", async () => {
    await vm.takeLease("run-1", undefined);
    const lease = await leaseOf();
    const tries = await Promise.all(Array.from({ length: 50 }, () => vm.insertIntent(intentOf(), lease)));
    expect(tries.filter(Boolean)).toHaveLength(1);
  });

  test("wins against a takeover, or loses to it, but never both", async () => {
    await vm.takeLease("run-1", undefined);
    const seen = await leaseOf();
    const [inserted, taken] = await Promise.all([vm.insertIntent(intentOf(), seen), vm.takeLease("run-2", seen)]);
    expect([inserted, taken].sort()).toEqual([false, true]);
    expect(await vm.intentsOfRun("run-1")).toHaveLength(inserted ? 1 : 0);
  });

  test("is found by run, operation and attempt, first to last", async () => {
    const wanted = [1, 2, 10].map((sequence) => intentOf({ operation: "assess", attempt: 1, sequence }));
    const others = [
      intentOf({ operation: "assess", attempt: 10 }),
      intentOf({ operation: "install" }),
      intentOf({ operation: "assess", runId: "run-10" }),
    ];
    await vm.takeLease("run-1", undefined);
    for (const intent of [...wanted, ...others].reverse()) await vm.insertIntent(intent, await leaseOf());
    expect(await vm.intentsOf("run-1", "assess", 1)).toEqual(wanted);
    expect(await vm.intentsOf("run-1", "assess", 2)).toEqual([]);
    expect(await vm.intentsOfRun("run-1")).toHaveLength(5);
    expect(await vm.intentsOfRun("run-10")).toEqual([intentOf({ operation: "assess", runId: "run-10" })]);
  });

  test("is changed by who sent it, and left alone when there is nothing to change", async () => {
    await vm.takeLease("run-1", undefined);
    await vm.insertIntent(intentOf(), await leaseOf());
    const key = intentKey(intentOf());
    const refused = intentOf({ state: "refused" });
    expect(await vm.updateIntent(key, (intent) => ({ ...intent, state: "refused" }))).toEqual(refused);
    expect(await vm.updateIntent(key, () => undefined)).toEqual(refused);
    expect(await vm.intent(key)).toEqual(refused);
    expect(await vm.updateIntent("intent:none", (intent) => intent)).toBeUndefined();
    expect(await vm.intent("intent:none")).toBeUndefined();
  });
});

describe("the machine behind a name", () => {
  const GUID = "AAAAAAAA-0000-4000-8000-000000000000";

  test("was handled by the first run that says so, whatever the case of its id", async () => {
    expect(await vm.handledBy(GUID)).toBeUndefined();
    await vm.markHandled(GUID, "run-1");
    await vm.markHandled(GUID.toLowerCase(), "run-2");
    expect(await vm.handledBy(GUID)).toBe("run-1");
    expect(await vm.handledBy(GUID.toLowerCase())).toBe("run-1");
  });

  test("is another one when the VM was created anew under the same name", async () => {
    await vm.markHandled(GUID, "run-1");
    expect(await vm.handledBy(GUID.replace("A", "B"))).toBeUndefined();
  });
});

describe("a fence", () => {
  const why = { code: "OrchestrationEnded", detail: "its orchestration is Terminated" } as const;

  test("takes the right to send from the holder, and leaves it the VM", async () => {
    await vm.takeLease("run-1", undefined);
    await vm.insertIntent(intentOf(), await leaseOf());
    expect(isHeldBy((await leaseOf()).value, "run-1")).toBe(true);
    expect(await vm.fence(await leaseOf(), why)).toBe(true);
    const { value } = await leaseOf();
    expect(value).toEqual({ runId: "run-1", epoch: 2, held: true, postNotAfter: NOW + 60_000, fenced: why });
    expect(isHeldBy(value, "run-1")).toBe(false);
    expect(isHeldBy(value, "run-2")).toBe(false);
  });

  test("wins against an intent, or comes after it, but never both at once", async () => {
    await vm.takeLease("run-1", undefined);
    const seen = await leaseOf();
    const [inserted, fenced] = await Promise.all([vm.insertIntent(intentOf(), seen), vm.fence(seen, why)]);
    expect([inserted, fenced].sort()).toEqual([false, true]);
    expect(await vm.intentsOfRun("run-1")).toHaveLength(inserted ? 1 : 0);
  });

  test("comes down with the lease that is given back or taken over", async () => {
    await vm.takeLease("run-1", undefined);
    await vm.fence(await leaseOf(), why);
    await vm.releaseLease("run-1");
    expect((await leaseOf()).value).toEqual({ runId: "run-1", epoch: 2, held: false, postNotAfter: 0 });
    await vm.takeLease("run-2", await leaseOf());
    await vm.fence(await leaseOf(), why);
    await vm.takeLease("run-3", await leaseOf());
    expect((await leaseOf()).value).toEqual({ runId: "run-3", epoch: 5, held: true, postNotAfter: 0 });
  });
});

describe("a run that is forgotten", () => {
  test("leaves nothing but the lease; other runs' rows stay", async () => {
    await vm.takeLease("run-1", undefined);
    for (const sequence of [1, 2]) await vm.insertIntent(intentOf({ sequence }), await leaseOf());
    await vm.insertIntent(intentOf({ runId: "run-10" }), await leaseOf());
    await vm.markHandled("GUID-1", "run-1");
    await vm.markHandled("GUID-2", "run-10");
    await vm.forgetRun("run-1", "GUID-1");
    await vm.forgetRun("run-1", "GUID-2");
    await vm.forgetRun("run-1", undefined);
    expect(await vm.intentsOfRun("run-1")).toEqual([]);
    expect(await vm.intentsOfRun("run-10")).toHaveLength(1);
    expect(await vm.handledBy("GUID-1")).toBeUndefined();
    expect(await vm.handledBy("GUID-2")).toBe("run-10");
    expect((await leaseOf()).value).toMatchObject({ runId: "run-1", epoch: 1 });
  });
});
