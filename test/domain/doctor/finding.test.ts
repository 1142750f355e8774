import { describe, expect, test } from "@jest/globals";
import { finding, runFinding } from "../../../src/domain/doctor/finding";
import { outcomeTable } from "../../../src/domain/outcome/table";

describe("a finding", () => {
  test("of a run's code has the remedy of the table of outcomes", () => {
    expect(runFinding("VmStopped")).toEqual({
      code: "VmStopped",
      weight: "blocks",
      saw: outcomeTable.VmStopped.meaning,
      remedy: outcomeTable.VmStopped.nextStep,
    });
  });

  test("may have a remedy that knows more than its kind's", () => {
    const known = finding("ImageGone", "It is gone.");
    expect(known.remedy).toMatch(/^Patch the VM as it is/);
    expect(finding("ImageGone", "It is gone.", "Build it again.")).toEqual({ ...known, remedy: "Build it again." });
  });
});
