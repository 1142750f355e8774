import { describe, expect, it } from "@jest/globals";
import { amountOf, atLeastAmountOf, shareOf, type Amount } from "../../../src/domain/policy/amount";

describe("an amount of VMs", () => {
  it.each<[Amount, number, number, number]>([
    [0, 10, 0, 0],
    [5, 3, 5, 5],
    ["0%", 100, 0, 0],
    ["1%", 99, 0, 1],
    ["1%", 100, 1, 1],
    ["5%", 10, 0, 1],
    ["7%", 100, 7, 7],
    ["12.5%", 8, 1, 1],
    ["33.33%", 3, 0, 1],
    ["29%", 100, 29, 29],
    ["0.07%", 10_000, 7, 7],
    ["100%", 12_345, 12_345, 12_345],
    ["10%", 0, 0, 0],
    ["1e5%", 100, 0, 0],
  ])("%j of %d VMs is %d, or at least %d", (amount, vms, most, least) => {
    expect([amountOf(amount, vms), atLeastAmountOf(amount, vms)]).toEqual([most, least]);
  });

  it("is exact for every whole share", () => {
    for (let vms = 0; vms <= 1000; vms += 7) {
      for (let percent = 0; percent <= 100; percent += 1) {
        const hundredths = BigInt(vms) * BigInt(percent);
        expect(amountOf(`${percent}%`, vms)).toBe(Number(hundredths / 100n));
        expect(atLeastAmountOf(`${percent}%`, vms)).toBe(Number((hundredths + 99n) / 100n));
      }
    }
  });

  it.each(["", "5", "%", "-1%", "1.234%", "1000%x", "1e5%", "5 %", ".5%"])("%j is no share", (text) => {
    expect(shareOf(text)).toBeUndefined();
  });
});
