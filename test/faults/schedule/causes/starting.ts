import type { Json } from "../merge";
import { cause, eitherOperation, type VmCause } from "./cause";

const BUSY = "Operation is not allowed on VM 'x' since another operation is in progress.";

/** How Azure takes up an operation, or does not. */
export const starting: readonly [VmCause, ...VmCause[]] = [
  cause("operation answered with a refusal", (draw) => ({
    [eitherOperation(draw)]: {
      answers: [
        {
          ...draw.pick<{ status: number; code: string; message: string; retryAfterSeconds?: number }>(
            [
              { status: 408, code: "RequestTimeout", message: "timed out" },
              { status: 409, code: "OperationNotAllowed", message: BUSY },
              { status: 409, code: "Conflict", message: "in conflict" },
              { status: 429, code: "OperationNotAllowed", message: "too many requests", retryAfterSeconds: 150 },
              { status: 429, code: "OperationNotAllowed", message: "too many requests" },
              { status: 500, code: "InternalServerError", message: "oops" },
              { status: 502, code: "BadGateway", message: "oops" },
              { status: 503, code: "ServiceUnavailable", message: "later", retryAfterSeconds: 90 },
              { status: 503, code: "ServiceUnavailable", message: "oops" },
              { status: 504, code: "GatewayTimeout", message: "oops" },
            ],
            "answer",
          ),
          times: draw.between(1, 3, "times"),
        },
      ],
    },
  })),
  cause("operation cut before the effect", (draw) => ({
    [eitherOperation(draw)]: { cut: { when: "beforeEffect", times: draw.between(1, 2, "times") } },
  })),
  cause("operation cut after the effect", (draw) => ({
    [eitherOperation(draw)]: { cut: { when: "afterEffect", times: draw.between(1, 2, "times") } },
  })),
  cause("answer late", (draw) => ({
    [eitherOperation(draw)]: {
      late: {
        answerAfterSeconds: draw.between(20, 240, "late"),
        effect: draw.pick(["atOnce", "whenAnswered"], "effect"),
        times: 1,
      },
    },
  })),
  cause("headers of the 202", (draw) => ({
    [eitherOperation(draw)]: { headers: draw.pick(["asyncOnly", "locationOnly", "none"], "headers") },
  })),
  cause("an operator's own operation", (draw) => ({
    otherOperations: [
      {
        kind: draw.pick(["install", "install", "assess"], "kind"),
        startedBy: draw.pick(["User", "Platform"], "by"),
        lastsSeconds: draw.pick([60, 300, 1200, 2700, 9000], "lasts"),
        ...draw.pick<Json>(
          [
            { alreadyRunningForSeconds: draw.between(10, 600, "running") },
            { startsAfterSeconds: draw.between(0, 3000, "starts") },
            { startsAfterAssessmentSeconds: draw.between(0, 300, "after") },
          ],
          "when",
        ),
      },
    ],
    busyCode: draw.pick(["OperationNotAllowed", "Conflict"], "busyCode"),
  })),
];
