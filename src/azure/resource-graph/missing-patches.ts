import { z } from "zod";
import { readFailureOf, wordsOf, type ReadFailure } from "../answers";
import type { Arm } from "../arm";
import { quoted } from "./machine-rows";
import query from "./missing-patches.kql";
import { pagesOf, readPage } from "./pages";

const text = z.string().transform(wordsOf).nullish();

/** A row `softwarePatches/{update}` of `patchassessmentresources` (Update Manager: query logs). */
const row = z
  .looseObject({
    name: text,
    properties: z.looseObject({
      patchName: text,
      kbId: text,
      version: text,
      classifications: z.array(z.string().transform(wordsOf)).nullish(),
      rebootBehavior: text,
      publishedDateTime: text,
      lastModifiedDateTime: text,
    }),
  })
  .transform(({ name, properties }) => ({ name: properties.patchName ?? name ?? "", ...fieldsOf(properties) }));

interface Properties {
  readonly kbId?: string | null | undefined;
  readonly version?: string | null | undefined;
  readonly classifications?: readonly string[] | null | undefined;
  readonly rebootBehavior?: string | null | undefined;
  readonly publishedDateTime?: string | null | undefined;
  readonly lastModifiedDateTime?: string | null | undefined;
}

const fieldsOf = (properties: Properties) => ({
  kbId: properties.kbId ?? null,
  version: properties.version ?? null,
  classifications: properties.classifications ?? [],
  rebootBehavior: properties.rebootBehavior ?? null,
  publishedAt: properties.publishedDateTime ?? null,
  modifiedAt: properties.lastModifiedDateTime ?? null,
});

/** One patch that a machine lacks. Windows names a KB, Linux a version; null: Azure does not say. Instants are ISO 8601. */
export type MissingPatch = z.infer<typeof row>;

export type MissingPatches =
  | {
      readonly kind: "read";
      readonly patches: readonly MissingPatch[];
      /** Whether these are all that Azure lists. */
      readonly complete: boolean;
    }
  | ReadFailure;

/** A machine that lacks more patches than so many needs another remedy than a list (assumed). */
const MOST_PATCHES = 5000;

/** @param machineId the machine's ARM id in lower case */
export async function readMissingPatches(arm: Arm, machineId: string): Promise<MissingPatches> {
  const asked = {
    subscriptions: [machineId.split("/")[2] ?? ""],
    query: query.replace("{{machineIds}}", quoted(machineId)),
    row,
  };
  const patches: MissingPatch[] = [];
  let complete = false;
  try {
    for await (const page of pagesOf((skipToken) => readPage(arm, asked, skipToken))) {
      patches.push(...page.rows);
      complete = page.skipToken === undefined;
      if (patches.length >= MOST_PATCHES) break;
    }
    return { kind: "read", patches, complete };
  } catch (failure) {
    return readFailureOf(failure);
  }
}
