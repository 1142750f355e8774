import { cause, type VmCause } from "./cause";

/** What Resource Graph shows. */
export const graph: readonly [VmCause, ...VmCause[]] = [
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
