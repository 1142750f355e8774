import { cause, type VmCause } from "./cause";

/** What Event Grid delivers. */
export const events: readonly [VmCause, ...VmCause[]] = [
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
