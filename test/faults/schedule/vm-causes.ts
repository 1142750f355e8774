import type { Draw } from "./draw";
import type { Json } from "./merge";

/** What may be the matter with a VM: its name, and the fields of a fleet file that say so. */
export interface VmCause {
  readonly name: string;
  readonly of: (draw: Draw) => Json;
}

const cause = (name: string, of: (draw: Draw) => Json): VmCause => ({ name, of });
const eitherOperation = (draw: Draw): "assess" | "install" => draw.pick(["assess", "install", "install"], "operation");
const BUSY = "Operation is not allowed on VM 'x' since another operation is in progress.";

const machine: readonly VmCause[] = [
  cause("stopped by its owner", (draw) => ({
    power: {
      changes: [{ afterSeconds: draw.between(0, 3000, "at"), state: draw.pick(["stopped", "deallocated"], "state") }],
    },
  })),
  cause("stopped and started again", (draw) => {
    const afterSeconds = draw.between(60, 1800, "at");
    const again = afterSeconds + draw.between(30, 900, "off");
    return {
      power: {
        changes: [
          { afterSeconds, state: draw.pick(["stopped", "deallocated"], "state") },
          { afterSeconds: again, state: "running" },
        ],
      },
    };
  }),
  cause("power state missing for a while", (draw) => {
    const afterSeconds = draw.between(0, 1500, "at");
    return {
      power: {
        changes: [
          { afterSeconds, state: "missing" },
          { afterSeconds: afterSeconds + draw.between(20, 600, "for"), state: "running" },
        ],
      },
    };
  }),
  cause("deleted", (draw) => ({ deletedAfterSeconds: draw.between(0, 3600, "at") })),
  cause("recreated under the same name", (draw) => ({ recreatedAfterSeconds: draw.between(60, 2400, "at") })),
  cause("being created", (draw) => ({ createAfterSeconds: draw.between(0, 600, "at") })),
  cause("provisioning late", (draw) => ({
    provisioning: {
      state: draw.pick(["Creating", "Updating"], "state"),
      succeedsAfterSeconds: draw.between(30, 2400, "for"),
    },
  })),
  cause("agent late", (draw) => ({ agent: { readyAfterSeconds: draw.between(60, 2400, "for") } })),
  cause("agent silent for ever", () => ({ agent: { state: "silent" } })),
  cause("another image", (draw) => ({
    image: draw.pick(["managed", "shared", "community", "attached", "unknown", "market"], "image"),
  })),
  cause("nothing pending", () => ({ pending: {} })),
  cause("extensions off", () => ({ allowExtensionOperations: false })),
  cause("extension failed", () => ({ failedExtension: "CustomScript" })),
  cause("tagged off", () => ({ tags: { GoldPatch: "OFF" } })),
  cause("action denied", (draw) => ({
    denied: [
      draw.pick(
        [
          "Microsoft.Compute/virtualMachines/assessPatches/action",
          "Microsoft.Compute/virtualMachines/installPatches/action",
          "Microsoft.Compute/locations/operations/read",
          "Microsoft.Compute/virtualMachines/patchAssessmentResults/read",
        ],
        "action",
      ),
    ],
  })),
];

const starting: readonly VmCause[] = [
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

const following: readonly VmCause[] = [
  cause("operation address lost", (draw) => ({ [eitherOperation(draw)]: { gonePolls: draw.between(0, 4, "polls") } })),
  cause("operation address foreign", (draw) => ({ [eitherOperation(draw)]: { foreignHost: true } })),
  cause("operation stuck InProgress", (draw) => ({ [eitherOperation(draw)]: { stuck: true } })),
  cause("instance view stuck InProgress", (draw) => ({
    instanceViewStuckInProgress: draw.pick(["assess", "install"], "kind"),
  })),
  cause("result elsewhere", (draw) => ({
    [eitherOperation(draw)]: {
      resultIn: draw.pick(["outputOnly", "locationOnly", "nowhere"], "where"),
      emptyLocationStatus: draw.pick([204, 404], "status"),
    },
  })),
  cause("Retry-After on polls", (draw) => ({
    [eitherOperation(draw)]: { retryAfterSeconds: draw.pick([5, 45, 300], "seconds") },
  })),
  cause("agent lost in mid-operation", (draw) => ({
    [eitherOperation(draw)]: {
      agentLost: {
        afterSeconds: draw.between(10, 600, "after"),
        ...(draw.happens(0.4, "comes back") && { forSeconds: draw.between(60, 5400, "for") }),
      },
    },
  })),
  cause("operation breaks", (draw) => ({
    [eitherOperation(draw)]: {
      breaks: {
        status: draw.pick(["Failed", "Canceled"], "status"),
        error: {
          code: draw.pick(
            ["VMGuestPatchInternalError", "VMExtensionProvisioningError", "VMAgentStatusCommunicationError"],
            "code",
          ),
          message: "broken",
        },
        ...(draw.happens(0.5, "once") && { times: 1 }),
      },
    },
  })),
  cause("operation long", (draw) => ({
    [eitherOperation(draw)]: { durationSeconds: draw.pick([20, 90, 4000, 9000, 17_000], "seconds") },
  })),
  cause("patches that do not install", (draw) => ({
    install: { failing: draw.between(0, 3, "failing"), stayingPending: draw.between(0, 2, "pending") },
  })),
  cause("window exceeded", () => ({ install: { windowExceeded: true } })),
  cause("reboot status", (draw) => ({
    install: { rebootStatus: draw.pick(["Required", "Started", "Failed", "Unknown", "Completed"], "reboot") },
  })),
  cause("unwell after the install", (draw) => ({
    install: {
      afterwards: draw.pick<Json>(
        [
          { agentSilentSeconds: draw.between(60, 2400, "silent") },
          { powerState: "stopped" },
          { powerState: "unknown" },
        ],
        "how",
      ),
    },
  })),
];

const graph: readonly VmCause[] = [
  cause("row late", (draw) => ({ graph: { lagSeconds: draw.between(0, 1800, "lag") } })),
  cause("row missing", () => ({ graph: { row: "missing" } })),
  cause("row duplicated", (draw) => ({ graph: { row: draw.pick(["duplicated", "besideOlder"], "row") } })),
  cause("row stale", (draw) => ({
    graph: {
      stalePrevious: {
        ageHours: draw.pick([0.01, 0.2, 5, 100], "age"),
        readiness: draw.pick(["Supported", "Unsupported", null], "readiness"),
      },
    },
  })),
  cause("row in progress for long", (draw) => ({ graph: { inProgressSeconds: draw.between(30, 1500, "for") } })),
  cause("row without ids", () => ({ graph: { rowName: "latest", activityId: false } })),
  cause("support state", (draw) => ({
    graph: {
      readiness: draw.pick<readonly (string | null)[]>(
        [
          ["Unsupported"],
          ["unsupported", "Supported"],
          ["UnableToDetermine"],
          ["UnableToDetermine", "Supported"],
          ["Unknown", "Supported"],
          ["Supported", "Unsupported"],
          [null],
          [null, "Supported"],
          ["Perhaps"],
        ],
        "states",
      ),
    },
  })),
  cause("row says Failed", () => ({ graph: { status: "Failed", errorDetails: { code: "E", message: "m" } } })),
];

const events: readonly VmCause[] = [
  cause("events duplicated", (draw) => ({
    events: [
      {
        kind: "create",
        afterSeconds: draw.between(60, 400, "at"),
        copies: draw.between(2, 4, "copies"),
        copyEverySeconds: draw.pick([0, 5, 300, 4000], "every"),
        schema: draw.pick(["EventGridSchema", "CloudEventSchemaV1_0"], "schema"),
      },
    ],
  })),
  cause("events out of order", (draw) => ({
    events: [
      { kind: "create", afterSeconds: 100, delaySeconds: draw.between(300, 7200, "delay"), idCase: "upper" },
      {
        kind: "write",
        afterSeconds: draw.between(110, 600, "edit"),
        delaySeconds: 2,
        evidence: "array",
        tags: draw.pick<Record<string, string>>([{ team: "a" }, { goldpatch: "off" }], "tags"),
      },
    ],
  })),
];

/** The whole list. Each is as likely as any other, so that rare ones meet. */
export const vmCauses: readonly [VmCause, ...VmCause[]] = [
  cause("fresh", () => ({ createAfterSeconds: 0 })),
  cause("outside the scope", () => ({ createAfterSeconds: 0, resourceGroup: "rg-other" })),
  ...machine,
  ...starting,
  ...following,
  ...graph,
  ...events,
];
