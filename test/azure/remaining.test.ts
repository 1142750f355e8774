import { describe, expect, test } from "@jest/globals";
import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import { Arm } from "../../src/azure/arm";
import { ARM_ORIGIN, simulatedCredential } from "../../src/azure/arm-transport";
import { remainingOf } from "../../src/azure/answers";
import { postOperation } from "../../src/azure/compute/operation-starter";
import { vmId } from "./adapter-calls";

const OPERATION = `${ARM_ORIGIN}/subscriptions/${vmId.subscriptionId}/providers/Microsoft.Compute/locations/x/operations/1`;
const HEADER = "x-ms-ratelimit-remaining-resource";
/** As an installation was answered in 2024 (azure-addenda A8). */
const RECORDED =
  "Microsoft.Compute/VMGuestPatchOperationSubscriptionMaximum;599,Microsoft.Compute/VMGuestPatchOperationResource;5";

describe("the tokens that Azure tells are left", () => {
  test.each([
    ["both policies", RECORDED, { ofRegion: 599, ofVm: 5 }],
    ["one that is used up", "Microsoft.Compute/VMGuestPatchOperationResource;0", { ofVm: 0 }],
    ["with spaces", RECORDED.replace(",", ", "), { ofRegion: 599, ofVm: 5 }],
    ["of policies that are not ours", "Microsoft.Compute/UpdateVM3Min;239,Microsoft.Compute/UpdateVM30Min;1199", {}],
    ["in words that nobody knows", "plenty", {}],
    ["not at all", undefined, {}],
  ])("%s", async (_, header, remaining) => {
    for (const status of [202, 429]) {
      const transport: HttpClient = {
        sendRequest: (request) =>
          Promise.resolve({
            request,
            status,
            headers: createHttpHeaders({
              "azure-asyncoperation": OPERATION,
              ...(header !== undefined && { [HEADER]: header }),
            }),
            bodyAsText: "",
          }),
      };
      const arm = new Arm(simulatedCredential, transport);
      const ids = { clientRequestId: "", correlationRequestId: "" };
      const answer = await postOperation(arm, vmId, { kind: "assess" }, ids, new AbortController().signal);
      expect(answer).toMatchObject({ kind: status === 202 ? "accepted" : "refused" });
      expect("remaining" in answer && answer.remaining).toEqual(remaining);
    }
  });

  test("a list of one policy or more", () => {
    expect([...remainingOf(createHttpHeaders({ [HEADER]: "A;1,B;20" }))]).toEqual([
      ["A", 1],
      ["B", 20],
    ]);
  });
});
