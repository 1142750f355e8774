import { describe, expect, test } from "@jest/globals";
import type { ArmAnswer, ArmExchange } from "../../src/embedding";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

/** Runs one VM and keeps what was said at each POST of an operation. */
async function posted(vm: object) {
  const posts: { request: ArmExchange; answer: ArmAnswer }[] = [];
  const world = await startWorld({
    fleet: fleetOf([{ name: "vm", image: "lin", events: [], ...vm }]),
    intercept: async (request, azure) => {
      const answer = await azure(request);
      if (request.url.includes("Patches?")) posts.push({ request, answer });
      return answer;
    },
  });
  const [runId] = await world.run("patch", ["vm"]);
  const run = (await world.settle()).find((candidate) => candidate.runId === runId);
  const evidenceOf = (name: string) => run?.steps.find((step) => step.name === name)?.evidence;
  return { run, posts, evidenceOf };
}

describe("what Azure's support asks for is kept", () => {
  test("of an accepted operation in its step: Azure's names, and ours", async () => {
    const { posts, evidenceOf } = await posted({});
    const [assess, install] = posts;
    expect(posts).toHaveLength(2);
    for (const [post, step] of [
      [assess, "assessPatches"],
      [install, "installPatches"],
    ] as const) {
      expect(evidenceOf(step)).toMatchObject({
        requestId: post?.answer.headers["x-ms-request-id"],
        correlationRequestId: post?.answer.headers["x-ms-correlation-request-id"],
        clientRequestId: post?.request.headers["x-ms-client-request-id"],
        activityId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    }
  });

  test("of a refused one beside the outcome", async () => {
    const denied = ["Microsoft.Compute/virtualMachines/installPatches/action"];
    const { run, posts, evidenceOf } = await posted({ denied });
    expect(run?.code).toBe("PermissionMissing");
    const { answer, request } = posts.at(-1) ?? {};
    expect(answer?.status).toBe(403);
    expect(evidenceOf("recordOutcome")).toMatchObject({
      requestId: answer?.headers["x-ms-request-id"],
      clientRequestId: request?.headers["x-ms-client-request-id"],
    });
  });

  test("of one whose answer was lost and that left no trace: what was sent with it", async () => {
    const { run, evidenceOf } = await posted({ install: { cut: { when: "beforeEffect" } } });
    expect(run?.code).toBe("IntentUnresolved");
    expect(evidenceOf("recordOutcome")).toMatchObject({
      clientRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      correlationRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test("of a run whose every operation was accepted, nothing beside the outcome", async () => {
    const { evidenceOf } = await posted({});
    expect(evidenceOf("recordOutcome")).toEqual({ code: "RebootPending" });
  });
});
