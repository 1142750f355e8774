import { expect, test } from "@jest/globals";
import { Switches } from "../../src/ledger/switches";
import { MemoryStore } from "../../src/store/memory";

const AT = "2026-11-23T10:00:00.000Z";
const LATER = "2026-11-23T11:00:00.000Z";

test("nothing is stopped or cancelled at first", async () => {
  const switches = new Switches(new MemoryStore());
  expect(await switches.isStopped()).toBe(false);
  expect(await switches.isCancelled("run-1")).toBe(false);
});

test("the stop is turned on, off and on again, for every process that shares the store", async () => {
  const store = new MemoryStore();
  const switches = new Switches(store);
  for (const on of [true, false, true]) {
    await switches.setStopped(on, AT);
    expect(await new Switches(store).isStopped()).toBe(on);
  }
});

test("a stop tells since when it holds; repeating it does not change that", async () => {
  const store = new MemoryStore();
  const switches = new Switches(store);
  await switches.setStopped(true, AT);
  await switches.setStopped(true, LATER);
  expect((await store.get("switches", "stop"))?.value).toEqual({ on: true, since: AT });
});

test("taking away a stop that never was writes nothing", async () => {
  const store = new MemoryStore();
  await new Switches(store).setStopped(false, AT);
  expect(await store.scan("switches", "")).toEqual([]);
});

test("a cancellation is one run's, and neither the stop's nor another's", async () => {
  const switches = new Switches(new MemoryStore());
  await switches.cancel("run-1", AT);
  expect(await switches.isCancelled("run-1")).toBe(true);
  expect(await switches.isCancelled("run-10")).toBe(false);
  expect(await switches.isStopped()).toBe(false);
});

test("two who turn the stop on at a time both succeed", async () => {
  const switches = new Switches(new MemoryStore());
  await Promise.all([switches.setStopped(true, AT), switches.setStopped(true, LATER)]);
  expect(await switches.isStopped()).toBe(true);
});

test("two who turn a known stop at a time both succeed", async () => {
  const switches = new Switches(new MemoryStore());
  await switches.setStopped(true, AT);
  await Promise.all([switches.setStopped(false, LATER), switches.setStopped(false, LATER)]);
  expect(await switches.isStopped()).toBe(false);
});

test("a cancellation is forgotten with its run, and no other", async () => {
  const store = new MemoryStore();
  const switches = new Switches(store);
  for (const runId of ["run-1", "run-10"]) await switches.cancel(runId, AT);
  await switches.setStopped(true, AT);
  await switches.forgetCancel("run-1");
  await switches.forgetCancel("run-2");
  expect((await store.scan("switches", "")).map(({ key }) => key)).toEqual(["cancel:run-10", "stop"]);
});
