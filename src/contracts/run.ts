import { z } from "zod";
import { linuxClassifications, rebootSettings, windowsClassifications } from "../domain/install/options";
import { parseVmId } from "../domain/machine/vm-id";
import { outcomeCodes } from "../domain/outcome/table";
import { aroundSteps } from "../domain/sweep/around";

export const instant = z.iso.datetime();

/**
 * A word of the Compute API in any case; the documents' other spellings get an error that names the right one.
 * (Update Manager's how-to pages write NeverReboot, AlwaysReboot, UpdateRollup and Others.)
 */
const misspellings: Readonly<Record<string, string>> = {
  neverreboot: "Never",
  alwaysreboot: "Always",
  rebootifrequired: "IfRequired",
  others: "Other",
};
/** The API's word for one that documents spell otherwise. */
export const meantBy = (text: string): string | undefined => misspellings[text.toLowerCase()];

const apiWord = <const T extends readonly string[]>(words: T) =>
  // For editors: they offer the right spellings.
  z
    .string()
    .meta({ enum: words })
    .transform((text, context): T[number] => {
      const word = words.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
      if (word !== undefined) return word;
      const meant = meantBy(text);
      const remedy = meant !== undefined && words.includes(meant) ? `use "${meant}"` : `use one of ${words.join(", ")}`;
      context.addIssue({ code: "custom", message: `"${text}" is not a value of the Compute API: ${remedy}` });
      return z.NEVER;
    });

/** Of one list. Compute names no limit (assumed): far more than a person lists, far less than would burden each of 1000 runs. */
const MOST_ENTRIES = 500;
/** Package names of distributions stay below this (assumed). */
const LONGEST_MASK = 200;

const kbNumber = z.string().regex(/^(KB)?\d{6,7}$/i, "a KB id has 6 or 7 digits, with or without KB before them");
const mask = z
  .string()
  .regex(/^[A-Za-z0-9*?_.+:~-]+$/, "a mask is a name of letters, digits and the wildcards * and ?, and not empty")
  .max(LONGEST_MASK, `a mask has at most ${LONGEST_MASK} characters`);
const nonEmpty = <T extends z.ZodType>(item: T) =>
  z.array(item).min(1, "leave it out or name at least one").max(MOST_ENTRIES, `name at most ${MOST_ENTRIES}`);

export const installOptions = z.strictObject({
  rebootSetting: apiWord(rebootSettings).exactOptional(),
  maximumDuration: z.string().exactOptional(),
  windows: z
    .strictObject({
      classificationsToInclude: nonEmpty(apiWord(windowsClassifications)).exactOptional(),
      kbNumbersToInclude: nonEmpty(kbNumber).exactOptional(),
      kbNumbersToExclude: nonEmpty(kbNumber).exactOptional(),
      excludeKbsRequiringReboot: z.boolean().exactOptional(),
      maxPatchPublishDate: z.iso
        .datetime({ offset: true, error: "is no instant such as 2026-11-01T07:00:00Z" })
        .exactOptional(),
    })
    .exactOptional(),
  linux: z
    .strictObject({
      classificationsToInclude: nonEmpty(apiWord(linuxClassifications)).exactOptional(),
      packageNameMasksToInclude: nonEmpty(mask).exactOptional(),
      packageNameMasksToExclude: nonEmpty(mask).exactOptional(),
    })
    .exactOptional(),
});

export const runMode = z.enum(["assess", "patch"]);
export type RunMode = z.infer<typeof runMode>;

/** What a trigger asks for. The run's id is the orchestration's instance id. */
export const runRequest = z.object({
  runId: z.string(),
  /** The VM's ARM id, as given. */
  vmId: z.string().refine((text) => parseVmId(text) !== undefined, "is no VM id"),
  mode: runMode,
  trigger: z.enum(["event", "sweep", "http"]),
  requestedAt: instant,
  install: installOptions.exactOptional(),
  /** The policy sweep that released it, whose gates hold for it. */
  sweep: z
    .object({
      sweepId: z.string(),
      policyHash: z.string(),
      /** Index of its stage. */
      stage: z.int(),
      /** What its policy wants around the run; absent: nothing. */
      around: z.array(z.enum(aroundSteps)).exactOptional(),
      /** How much longer its run may take for that, in milliseconds, before it counts as hung. */
      extraMs: z.int().exactOptional(),
    })
    .exactOptional(),
});
export type RunRequest = z.infer<typeof runRequest>;

/** A run that was asked for and may have no outcome yet. */
export const openRun = z.object({
  request: runRequest,
  /** Our clock when it was asked for, milliseconds since the epoch. */
  since: z.number(),
});
export type OpenRun = z.infer<typeof openRun>;

export const outcomeCode = z.enum(outcomeCodes);

/** How a run ends: the code decides outcome and next step (domain/outcome), the detail tells this case. */
export const ending = z.object({ code: outcomeCode, detail: z.string().exactOptional() });
export type Ending = z.infer<typeof ending>;
