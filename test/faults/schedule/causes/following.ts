import type { Json } from "../merge";
import { cause, eitherOperation, type VmCause } from "./cause";

/** How an operation goes on and ends. */
export const following: readonly [VmCause, ...VmCause[]] = [
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
