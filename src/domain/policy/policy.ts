import type { InstallOptions } from "../install/options";
import type { ImageKind } from "../machine/image";
import type { OsType } from "../machine/readiness";
import type { Schedule } from "../window/schedule";
import type { OpenTimes } from "../window/gate";
import type { Amount } from "./amount";

/** Tag names, in any case, each with the values that count, in any case too; `*` is any value. */
export type TagValues = Readonly<Record<string, readonly string[]>>;

/** Kinds of image that a VM can be patched from: a marketplace image is Azure's business. */
export const policyImageKinds = [
  "galleryVersion",
  "galleryDefinition",
  "managedImage",
  "sharedGallery",
  "communityGallery",
  "attachedDisk",
  "unknown",
] as const satisfies readonly ImageKind[];

export interface PolicyScope {
  readonly subscriptions: readonly string[];
  readonly managementGroups: readonly string[];
  /** `/subscriptions/ID/resourceGroups/NAME`. */
  readonly resourceGroups: readonly string[];
  /** A VM needs every name of `include`, and is kept out by one of `exclude`. */
  readonly tags: { readonly include: TagValues; readonly exclude: TagValues };
  /** Empty lists: any. */
  readonly images: {
    readonly kinds: readonly (typeof policyImageKinds)[number][];
    /** ARM ids of images, definitions or versions. */
    readonly ids: readonly string[];
    /** Version numbers, with the wildcard `*`. */
    readonly versions: readonly string[];
  };
  readonly operatingSystems: readonly OsType[];
}

/** `setting`: what GOLDPATCH_PROVISION_MODE says. */
export const provisionModes = ["setting", "patch", "assess", "ignore"] as const;
export const powerModes = ["skip", "startAndStop"] as const;
export const timeoutActions = ["stop", "go"] as const;

/** Who must agree, and how long is waited for it. */
export interface PolicyGate {
  readonly timeout: string;
  readonly onTimeout: (typeof timeoutActions)[number];
}

export interface PolicyStage {
  readonly name: string;
  /** Of all the sweep's VMs. Neither `share` nor `tags`: all that no earlier stage took. */
  readonly share?: Amount;
  readonly tags?: TagValues;
  readonly concurrency?: number;
  readonly failureBudget: Amount;
  /** Before the stage. */
  readonly gate?: PolicyGate;
  /** After the stage, before the next. */
  readonly wait: string;
}

/** VMs with the same value of a tag; those without the tag are in no group. */
export interface PolicyGroup {
  readonly tag: string;
  /** How many of a group are in flight at the same time. */
  readonly concurrency: number;
}

export interface PolicyProbe {
  readonly url: string;
  readonly timeout: string;
}

export interface PolicyHook {
  readonly url: string;
  /** Name of the key that signs the call; the key itself is never in a policy. */
  readonly key: string;
  readonly deadline: string;
}

export const hookMoments = ["beforeVm", "afterVm", "beforeStage", "afterStage"] as const;
export type HookMoment = (typeof hookMoments)[number];

/** A policy as its file says it, with all defaults. Durations are ISO 8601. */
export interface Policy extends OpenTimes {
  readonly version: 1;
  readonly name: string;
  readonly description?: string;
  readonly mode: "assess" | "patch";
  readonly scope: PolicyScope;
  readonly onProvision: { readonly mode: (typeof provisionModes)[number]; readonly inWindows: boolean };
  readonly schedule?: Schedule;
  readonly assess: { readonly attempts?: number; readonly pause?: string; readonly deadline?: string };
  readonly install: InstallOptions & { readonly maximumDuration: string };
  readonly concurrency: number;
  readonly failureBudget: Amount;
  readonly stages: readonly PolicyStage[];
  readonly groups: readonly PolicyGroup[];
  readonly exposure: { readonly cap: Amount; readonly ramp: readonly (Amount | "rest")[] };
  readonly verify: { readonly within: string; readonly probe?: PolicyProbe };
  readonly verdict: {
    readonly tries: number;
    readonly deadline: string;
    readonly agreeing: number;
    readonly expiresAfterDays: number;
  };
  readonly power: (typeof powerModes)[number];
  readonly hooks: Readonly<Partial<Record<HookMoment, PolicyHook>>>;
}
