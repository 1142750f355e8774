import { z } from "zod";
import { outcomeNames } from "../domain/outcome/table";
import { installOptions, runMode } from "./run";

/** A VM's support state is asked for by the thousand at most. */
const MOST_VMS = 1000;

/** Body of POST /api/runs. */
export const createRunsBody = z.strictObject({
  vmIds: z.array(z.string()).min(1, "name at least one VM id").max(MOST_VMS, `name at most ${MOST_VMS} VM ids`),
  mode: runMode,
  install: installOptions.exactOptional(),
  dryRun: z.boolean().exactOptional(),
});

/** Runs of a page. */
export const MOST_RUNS = 1000;
const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, "write a whole number")
  .transform(Number);

/**
 * Query of GET /api/runs; ids in any case. With `limit` or `after` a page by run id, else every run, the newest first.
 */
export const listRunsQuery = z.strictObject({
  limit: wholeNumber.pipe(z.number().min(1, "at least 1").max(MOST_RUNS, `at most ${MOST_RUNS}`)).exactOptional(),
  /** The run id that the last page ended with. */
  after: z.string().exactOptional(),
  vmId: z.string().exactOptional(),
  imageId: z.string().exactOptional(),
  outcome: z.enum(outcomeNames).exactOptional(),
});
export type ListRunsQuery = z.infer<typeof listRunsQuery>;

/** One run as the API answers it. Instants are ISO 8601; null means not yet, or that Azure did not say. */
export interface RunView {
  readonly runId: string;
  readonly trigger: "event" | "sweep" | "http";
  readonly mode: "assess" | "patch";
  readonly vmId: string;
  readonly imageId: string | null;
  readonly imageKind?: string;
  readonly osType: string | null;
  readonly supportState: string | null;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly detail?: string;
  readonly nextStep: string | null;
  readonly installedPatchCount: number;
  readonly failedPatchCount: number;
  readonly installPosts: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly warnings: readonly string[];
  readonly cancelRequested?: boolean;
  /** The policy sweep that released it. */
  readonly sweep?: { readonly sweepId: string; readonly policyHash: string; readonly stage: number };
  /** The stored policy whose onProvision holds for the new VM. */
  readonly policy?: { readonly name: string; readonly policyHash: string };
  readonly steps: readonly {
    readonly name: string;
    readonly attempt: number;
    readonly startedAt: string;
    readonly endedAt: string | null;
    readonly evidence: object;
  }[];
}

/** A policy's text: far more than any policy has, far less than a row of the store takes. */
const LONGEST_POLICY = 100_000;

const policyText = z
  .string()
  .min(1, "write a policy")
  .max(LONGEST_POLICY, `write at most ${LONGEST_POLICY} characters`);

/** Body of POST /api/sweeps: a policy's text, or the name of a stored one. A dry run starts nothing. */
export const createSweepBody = z
  .strictObject({
    policy: policyText.exactOptional(),
    policyName: z.string().exactOptional(),
    dryRun: z.boolean().exactOptional(),
  })
  .refine(({ policy, policyName }) => (policy === undefined) !== (policyName === undefined), {
    path: ["policy"],
    message: "give a policy's text, or the name of a stored one in policyName, and not both",
  });

export type CreateSweepBody = z.infer<typeof createSweepBody>;

/** Body of PUT /api/policies/{name}: the policy itself, YAML or JSON. */
export const policyBody = policyText;

/** One stored policy as GET /api/policies lists it. Instants are ISO 8601. */
export interface PolicyView {
  readonly name: string;
  readonly description?: string;
  readonly hash: string;
  readonly mode: "assess" | "patch";
  readonly changedAt: string;
  /** Null without schedule. */
  readonly schedule: {
    readonly next: string;
    /** What became of its last occurrence; null while it has had none, or nobody has looked yet. */
    readonly last: PolicyStartView | null;
  } | null;
  readonly onProvision: { readonly mode: string; readonly inWindows: boolean };
}

export interface PolicyStartView {
  readonly at: string;
  /** `due`: nobody has looked at it yet, or it waits because the app is paused or stopped. */
  readonly state: "due" | "started" | "stillRunning" | "refused" | "missed";
  /** The sweep that was started, or that still ran. */
  readonly sweepId?: string;
  readonly detail?: string;
}

/** What GET /api/policies/{name} answers. */
export interface PolicyDocument extends PolicyView {
  /** As it was sent. */
  readonly text: string;
  /** With all defaults. */
  readonly policy: object;
}

/** Body of POST /api/sweeps/{id}/approve: the stage that may begin; the one that waits if absent. */
export const approveBody = z.strictObject({ stage: z.string().exactOptional() });

/** When something is expected, ISO 8601: as likely earlier as later; in half of all plays, and in nine of ten, between two. */
export interface ExpectedView {
  readonly at: string;
  readonly within50: readonly [string, string];
  readonly within90: readonly [string, string];
}

interface BoundsView {
  readonly least: number;
  readonly most: number;
}

/** What a sweep would do: the answer to a dry run. Null: nobody knows, or not within 400 days. */
export interface SweepPlan {
  readonly dryRun: true;
  readonly policy: string;
  readonly policyHash: string;
  readonly mode: "assess" | "patch";
  readonly madeAt: string;
  readonly counts: {
    readonly found: number;
    /** VMs from customized images that are none of the sweep's, by reason. */
    readonly leftOut: Readonly<Record<string, number>>;
  };
  readonly stages: readonly {
    readonly name: string;
    readonly vms: number;
    /** Of them: expected to be held back with their image version. */
    readonly heldBack: number;
    /** Which VMs go first, as far as one waits for another. */
    readonly order: readonly {
      readonly imageId: string | null;
      readonly osType: string | null;
      readonly vms: number;
      readonly expectedMinutes: number | null;
    }[];
    /** In their order, the first 100. */
    readonly vmIds: readonly string[];
    readonly begins: ExpectedView | null;
    readonly ends: ExpectedView | null;
  }[];
  readonly ends: ExpectedView | null;
  readonly calls: {
    readonly armReads: BoundsView;
    readonly armWrites: BoundsView;
    readonly graphQueries: BoundsView;
  };
  /** `rebootSetting` null: by each VM's age. */
  readonly reboots: BoundsView & { readonly rebootSetting: string | null };
  readonly plays: number;
  readonly assumptions: readonly string[];
}

/** One policy sweep as the API answers it. Instants are ISO 8601; null means not yet. */
export interface SweepView {
  readonly sweepId: string;
  readonly policy: string;
  readonly policyHash: string;
  readonly mode: "assess" | "patch";
  readonly requestedAt: string;
  /** The occurrence of its stored policy's schedule that started it. */
  readonly occurrence?: string;
  /** `stopping`: it starts nothing more, and what is in flight is followed to its end. */
  readonly state: "planning" | "working" | "waiting" | "stopping" | "completed" | "stopped" | "cancelled";
  /** The stage that is begun, or next. */
  readonly stage: string | null;
  readonly waitsFor?: {
    readonly what: "approval" | "hook" | "pause" | "stop" | "wait" | "window";
    readonly until: string | null;
  };
  readonly stop?: { readonly reason: string; readonly detail: string; readonly at: string };
  readonly paused: boolean;
  readonly counts: {
    readonly vms: number;
    readonly ended: number;
    readonly failed: number;
    /** Known to be well with the policy's patches: only these let the ramp of exposure climb. */
    readonly verified: number;
  };
  readonly stages: readonly {
    readonly name: string;
    readonly vms: number;
    readonly ended: number;
    readonly failed: number;
    readonly verified: number;
    readonly outcomes: Readonly<Record<string, number>>;
    readonly approved: boolean;
    /** As its ticks saw it. */
    readonly beganAt: string | null;
    readonly endedAt: string | null;
    /** As it was expected when the sweep was planned; lists leave it out. */
    readonly forecast?: { readonly begins: ExpectedView | null; readonly ends: ExpectedView | null };
  }[];
  /** Of the sweep's end, as it was expected when it was planned; lists leave it out. */
  readonly forecast?: { readonly madeAt: string; readonly ends: ExpectedView | null };
  readonly tick: number;
  readonly nextLookAt: string | null;
  readonly endedAt: string | null;
}

/** What GET /api/health tells. */
export interface HealthView {
  readonly status: "ready" | "readOnly";
  readonly reason?: string;
  readonly stopped: boolean;
  /** Where Azure is: ARM's address, or that of a simulated one. */
  readonly azure: string;
  readonly scope: readonly string[];
  readonly time: string;
}

/** What one VM's run would do: the answer to a dry run. */
export interface DryRunPlan {
  readonly vmId: string;
  readonly calls: readonly { readonly method: string; readonly url: string; readonly body: unknown }[];
  /** The code with which the run would end before its next call, by what Azure says now. */
  readonly endsWith?: string;
}

/** The patches that a VM lacks, by name. */
export interface MissingPatchList {
  /** When Azure last wrote it; null when it does not say. */
  readonly seenAt: string | null;
  /** Whether these are all that Azure lists. */
  readonly complete: boolean;
  readonly patches: readonly {
    readonly name: string;
    /** Windows, digits only. */
    readonly kbId: string | null;
    /** Linux. */
    readonly version: string | null;
    readonly classifications: readonly string[];
    /** NeverReboots, AlwaysRequiresReboot or CanRequestReboot. */
    readonly rebootBehavior: string | null;
    readonly publishedAt: string | null;
  }[];
}

/** What GET /api/vms/{*vmId} tells. Null: Azure does not say. */
export interface VmView {
  readonly vmId: string;
  readonly imageId: string | null;
  readonly imageKind: string;
  readonly osType: string | null;
  readonly supportState: string | null;
  /** For an Arc-enabled server: Azure tells no support state, and an assessment that succeeded is the proof. */
  readonly evidence?: "assessmentSucceeded";
  /** Where support state, assessment and pending patches are from; the instance view never tells the support state. */
  readonly source: "resourceGraph" | "instanceView" | "none";
  readonly assessmentStatus: string | null;
  /** When Azure last wrote it, and how long that is ago by Azure's clock. */
  readonly seenAt: string | null;
  readonly ageSeconds: number | null;
  /** Missing patches, by classification or by the instance view's counts. */
  readonly pending: Readonly<Record<string, number>> | null;
  /** Each missing patch, as Resource Graph lists them; null when it lists none, or could not be read. */
  readonly missing: MissingPatchList | null;
  /** Why Resource Graph could not be read. */
  readonly resourceGraphTrouble?: string;
  /** Of an Azure Arc-enabled server; instants are ISO 8601. */
  readonly connection?: {
    readonly status: string | null;
    readonly agentVersion: string | null;
    readonly since: string | null;
  };
  /** Whether an operation could start now. */
  readonly ready: boolean;
  /** The code that a run would end with, at once or if the state does not pass. */
  readonly notReady?: string;
  readonly warnings: readonly string[];
}

/** One look at a VM. */
export type VmLook =
  | { readonly kind: "found"; readonly view: VmView }
  | { readonly kind: "notFound" }
  | { readonly kind: "forbidden"; readonly message: string }
  | { readonly kind: "unavailable"; readonly message: string; readonly retryAfterMs?: number };

export interface ImageVerdictView {
  readonly imageId: string;
  readonly supportState: string;
  readonly runId: string;
  readonly vmId: string;
  readonly seenAt: string;
  readonly lastOutcome: string;
}

/** One VM of an image version, by its row in Resource Graph. Null: Azure has none, or it does not say. */
export interface ImageVmView {
  readonly vmId: string;
  readonly supportState: string | null;
  readonly assessmentStatus: string | null;
  readonly seenAt: string | null;
}

/** One image version with all its VMs in scope. */
export interface ImageVersionView {
  readonly imageId: string;
  /** What runs of its VMs have found; null without any. */
  readonly verdict: ImageVerdictView | null;
  /** How many VMs Azure has which state for; "none" where it has none. */
  readonly states: Readonly<Record<string, number>>;
  /** Whether Azure calls one VM Supported and another Unsupported. */
  readonly disagree: boolean;
  readonly vms: readonly ImageVmView[];
  /** Why rows of Resource Graph could not be read. */
  readonly resourceGraphTrouble?: string;
}

/** What GET /api/images/{*imageId} tells: the version that was named, or all of a definition. */
export interface ImageView {
  readonly imageId: string;
  /** Whether these are all VMs that Azure lists. */
  readonly complete: boolean;
  readonly versions: readonly ImageVersionView[];
}

/** One look at an image. */
export type ImageLook =
  | { readonly kind: "found"; readonly view: ImageView }
  | { readonly kind: "forbidden"; readonly message: string }
  | { readonly kind: "unavailable"; readonly message: string; readonly retryAfterMs?: number };
