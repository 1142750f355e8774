import fc from "fast-check";
import type { Policy } from "../../../src/domain/policy/policy";
import { policyOf, policyText } from "../../policy/policy-text";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const START = Date.parse("2026-12-01T06:00:00Z");

type Code = "Patched" | "NothingPending" | "NotWellAfterInstall" | "UnsupportedImage" | "VmStopped" | "OutsideWindow";

/** A VM and what becomes of it once it is released. */
export interface Fate {
  readonly imageId: string | null;
  readonly takesMs: number;
  readonly code: Code;
}

/** What happens around one tick. */
export interface Noise {
  readonly paused: boolean;
  readonly held: boolean;
  /** An earlier run's verdict on image c is known. */
  readonly knowsC: boolean;
  /** How late the tick comes, in seconds; a second early is -1. */
  readonly late: number;
  /** Somebody nudges: the tick comes after so many seconds instead. */
  readonly nudgedAfter: number | undefined;
}

/** A sweep and all that will happen to it. */
export interface SweepCase {
  readonly policy: Policy;
  /** VMs by stage. */
  readonly stages: readonly (readonly Fate[])[];
  readonly cancelAfter: number | undefined;
  readonly approveAfter: number | undefined;
  /** Tick after tick, over and over. */
  readonly noise: readonly Noise[];
}

const rarely = fc.integer({ min: 0, max: 19 }).map((value) => value === 7);
const amount = fc.constantFrom("0", "1", "2", "10%", "50%", "100");

const stage = (name: string, share: string): fc.Arbitrary<string> =>
  fc
    .record({
      budget: amount,
      wait: fc.constantFrom("PT0M", "PT45M"),
      gate: fc.constantFrom("", "", ", gate: { timeout: PT2H, onTimeout: go }", ", gate: { timeout: PT3H }"),
      concurrency: fc.constantFrom("", "", ", concurrency: 2"),
    })
    .map(
      (of) =>
        `  - { name: ${name}${share}, failureBudget: ${of.budget}, wait: ${of.wait}${of.gate}${of.concurrency} }\n`,
    );

const policy: fc.Arbitrary<Policy> = fc
  .record({
    mode: fc.constantFrom("patch", "patch", "patch", "assess"),
    concurrency: fc.integer({ min: 1, max: 6 }),
    budget: amount,
    exposure: fc.constantFrom(
      "{ cap: 100%, ramp: [rest] }",
      "{}",
      "{ cap: 3, ramp: [1, 2, rest] }",
      "{ cap: 50%, ramp: [10%, rest] }",
    ),
    tries: fc.integer({ min: 1, max: 3 }),
    windows: fc.constantFrom(
      "",
      "",
      'windows: [{ from: "07:00", to: "09:00" }]\n',
      'windows: [{ from: "22:00", to: "02:00" }]\nblackouts: [{ from: 2026-12-02, to: 2026-12-03 }]\n',
    ),
    stages: fc.tuple(
      fc.option(stage("one", ", share: 2"), { nil: "" }),
      fc.option(stage("two", ", share: 30%"), { nil: "" }),
      stage("rest", ""),
    ),
  })
  .map((of) =>
    policyOf(
      policyText(
        `mode: ${of.mode}\ninstall: { maximumDuration: PT1H }\nconcurrency: ${of.concurrency}\n` +
          `failureBudget: ${of.budget}\nexposure: ${of.exposure}\nverdict: { tries: ${of.tries}, deadline: PT1H }\n` +
          `${of.windows}stages:\n${of.stages.join("")}`,
      ),
    ),
  );

const fateOf = (weights: readonly Code[]): fc.Arbitrary<Fate> =>
  fc.record({
    imageId: fc.constantFrom("a", "a", "b", "c", null),
    takesMs: fc.integer({ min: 3, max: 40 }).map((minutes) => minutes * MINUTE),
    code: fc.constantFrom(...weights),
  });

/** Fleets on which nearly everything goes well, nothing does, or most VMs are left as they were. */
const fate = fc.constantFrom(
  fateOf(["Patched", "Patched", "Patched", "Patched", "VmStopped", "OutsideWindow"]),
  fateOf(["Patched", "Patched", "NothingPending", "NotWellAfterInstall", "UnsupportedImage"]),
  fateOf(["NothingPending"]),
  fateOf(["VmStopped", "UnsupportedImage", "OutsideWindow", "Patched"]),
  fateOf(["NotWellAfterInstall"]),
);

const noise: fc.Arbitrary<Noise> = fc.record({
  paused: rarely,
  held: rarely,
  knowsC: fc.boolean(),
  late: fc.integer({ min: -1, max: 40 }),
  nudgedAfter: fc.option(fc.integer({ min: 1, max: 50 }), { freq: 9, nil: undefined }),
});

export const sweepCase: fc.Arbitrary<SweepCase> = fc.tuple(policy, fate).chain(([known, one]) =>
  fc.record({
    policy: fc.constant(known),
    stages: fc.tuple(...known.stages.map(() => fc.array(one, { maxLength: 6 }))),
    cancelAfter: fc.option(
      fc.integer({ min: 0, max: 300 }).map((minutes) => minutes * MINUTE),
      { freq: 9, nil: undefined },
    ),
    approveAfter: fc.option(
      fc.integer({ min: 10, max: 170 }).map((minutes) => minutes * MINUTE),
      { freq: 3, nil: undefined },
    ),
    noise: fc.array(noise, { minLength: 1, maxLength: 30 }),
  }),
);
