import { describe, expect, it } from "@jest/globals";
import { codesNamed, codesText } from "../../src/cli/code-text";
import { azureRequests, ticketText } from "../../src/cli/support-ticket";
import type { RunView } from "../../src/contracts/api/runs";
import { outcomeTable } from "../../src/domain/outcome/table";

describe("a code in words", () => {
  it.each(Object.entries(outcomeTable))("%s", (code, { meaning, nextStep, outcome }) => {
    const words = codesText(codesNamed(code.toLowerCase()));
    for (const part of [code, meaning, nextStep, `${outcome}: `]) expect(words).toContain(part);
  });

  it("of an outcome, all its codes", () => {
    expect(codesText(codesNamed("PatchedWithWarnings"))).toMatch(
      /^patchedWithWarnings: .+\n {2}SomePatchesFailed: .+(\n {2}\w+: .+){8}$/,
    );
  });

  it("of a word that is neither, none", () => {
    expect(codesNamed("Nonsense")).toEqual([]);
  });
});

describe("for a support request", () => {
  const step = (name: string, evidence: object, attempt = 1) => ({
    ...{ name, attempt, evidence, startedAt: "2026-11-23T08:00:00Z", endedAt: null },
  });
  const run = (...steps: RunView["steps"]) => ({ steps }) as RunView;

  it("each request is told with the names that Azure knows it by", () => {
    const asked = run(
      step("claimRun", { epoch: 1 }),
      step(
        "assessPatches",
        { activityId: "act", requestId: "req", correlationRequestId: "cor", clientRequestId: "cli" },
        2,
      ),
    );
    expect(azureRequests(asked)).toEqual([
      {
        ...{ step: "assessPatches (2)", at: "2026-11-23T08:00:00Z", activityId: "act", requestId: "req" },
        ...{ correlationRequestId: "cor", clientRequestId: "cli" },
      },
    ]);
    expect(ticketText(asked).split("\n")).toEqual([
      "For a support request to Azure:",
      "  assessPatches (2), begun 2026-11-23T08:00:00Z",
      "    activity id                  act",
      "    x-ms-request-id              req",
      "    x-ms-correlation-request-id  cor",
      "    x-ms-client-request-id       cli",
    ]);
  });

  it("it is said when Azure has nothing of it", () => {
    expect(ticketText(run(step("claimRun", { epoch: 1 })))).toMatch(/no operation of this run reached Azure/);
  });
});
