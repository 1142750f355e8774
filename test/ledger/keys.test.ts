import { describe, expect, test } from "@jest/globals";
import { canonicalVmId, parseVmId } from "../../src/domain/machine/vm-id";
import {
  eventRunId,
  httpRunId,
  imageKey,
  requestIdOf,
  runIdPrefixes,
  spreadOf,
  sweepRunId,
  vmPartition,
} from "../../src/ledger/keys";

const ID =
  "/subscriptions/11111111-AAAA-4111-8111-111111111111/resourceGroups/Prod-RG/providers/Microsoft.Compute/virtualMachines/Web01";
const spellings = [ID, ID.toUpperCase(), ID.toLowerCase(), `${ID}/`];
const canonical = (id: string): string => {
  const vmId = parseVmId(id);
  if (!vmId) throw new Error(`${id} is no VM id`);
  return canonicalVmId(vmId);
};
const CORRELATION = "CCCCCCCC-0000-4000-8000-000000000000";
const VM = canonical(ID);
const OTHER_VM = VM.replace("web01", "web02");

describe("run ids", () => {
  test("of an event do not depend on the case of VM id or correlation id", () => {
    const ids = spellings.flatMap((id) =>
      [CORRELATION, CORRELATION.toLowerCase()].map((correlationId) => eventRunId(canonical(id), correlationId)),
    );
    expect(new Set(ids).size).toBe(1);
  });

  test("each begin with one of the prefixes by which they are read in shares", () => {
    const ids = Array.from({ length: 50 }, (_, n) => [
      eventRunId(VM, `${n}`),
      sweepRunId(VM, `${n}`),
      httpRunId(VM, `${n}`),
    ]).flat();
    for (const id of ids) expect(runIdPrefixes.filter((prefix) => id.startsWith(prefix))).toHaveLength(1);
    expect(runIdPrefixes).toEqual(runIdPrefixes.toSorted());
  });

  test("of a sweep and of a request do not depend on the case of the VM id", () => {
    expect(new Set(spellings.map((id) => sweepRunId(canonical(id), "sweep-1"))).size).toBe(1);
    expect(new Set(spellings.map((id) => httpRunId(canonical(id), "request-1"))).size).toBe(1);
  });

  test.each([
    ["event", eventRunId],
    ["sweep", sweepRunId],
    ["http", httpRunId],
  ])("of %s runs name their trigger, differ by VM and by cause, and fit an instance id", (trigger, runId) => {
    const id = runId(VM, "cause-1");
    expect(id).toMatch(new RegExp(`^${trigger}-[0-9a-f]{32}$`));
    expect(runId(VM, "cause-1")).toBe(id);
    expect(new Set([id, runId(VM, "cause-2"), runId(OTHER_VM, "cause-1")]).size).toBe(3);
    expect(id.length).toBeLessThanOrEqual(100);
  });

  test("do not meet when a part of one text moves to the other", () => {
    expect(sweepRunId("ab", "c")).not.toBe(sweepRunId("a", "bc"));
  });
});

test("the rows of a VM share a partition with no other VM", () => {
  expect(vmPartition(VM)).toMatch(/^vm-[0-9a-f]{32}$/);
  expect(vmPartition(OTHER_VM)).not.toBe(vmPartition(VM));
});

test("the row of an image version is its own", () => {
  expect(imageKey("/images/1.2.3")).toMatch(/^image-[0-9a-f]{32}$/);
  expect(imageKey("/images/1.2.4")).not.toBe(imageKey("/images/1.2.3"));
});

test("a request id is a GUID that follows from the intent", () => {
  const id = requestIdOf("run-1", "install", "1");
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  expect(requestIdOf("run-1", "install", "1")).toBe(id);
  expect(requestIdOf("run-1", "install", "2")).not.toBe(id);
});

test("runs are spread evenly between 0 and 1", () => {
  const spreads = Array.from({ length: 1_000 }, (_, index) => spreadOf(`run-${index}`));
  expect(spreads.filter((spread) => spread < 0 || spread > 1)).toEqual([]);
  const tenths = Array.from({ length: 10 }, (_, tenth) =>
    spreads.filter((spread) => Math.floor(spread * 10) === tenth),
  );
  expect(tenths.filter(({ length }) => length < 60 || length > 140)).toEqual([]);
  expect(spreadOf("run-1")).toBe(spreadOf("run-1"));
});
