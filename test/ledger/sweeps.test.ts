import { expect, test } from "@jest/globals";
import { SweepLedger } from "../../src/ledger/sweeps";
import { MemoryStore } from "../../src/store/memory";

test("a sweep begins once, and once it is over it stays over", async () => {
  const sweeps = new SweepLedger(new MemoryStore());
  expect(await sweeps.begin("sweep-1", 1000)).toEqual({ beganAt: 1000, over: false });
  expect(await sweeps.begin("sweep-1", 2000)).toEqual({ beganAt: 1000, over: false });
  await sweeps.end("sweep-1");
  await sweeps.end("sweep-1");
  expect(await sweeps.begin("sweep-1", 3000)).toEqual({ beganAt: 1000, over: true });
  expect(await sweeps.begin("sweep-10", 4000)).toEqual({ beganAt: 4000, over: false });
});

test("the sweeps of an hour are forgotten together, and no others", async () => {
  const store = new MemoryStore();
  const sweeps = new SweepLedger(store);
  for (const time of ["20261124T050000000Z", "20261124T053000000Z", "20261124T060000000Z", "20261125T050000000Z"]) {
    await sweeps.begin(`sweep-${time}`, 1000);
  }
  await sweeps.forgetHour("2026-11-24T05");
  const left = (await store.scan("sweeps", "")).map(({ key }) => key);
  expect(left).toEqual(["sweep-20261124T060000000Z", "sweep-20261125T050000000Z"]);
});
