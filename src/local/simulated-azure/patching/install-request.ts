import { ArmError } from "../arm-message";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../timestamps";
import { CLASSIFICATIONS } from "../fleet/patch-schema";
import type { Patch } from "./patch";

export type RebootSetting = "IfRequired" | "Never" | "Always";

/** What an accepted installPatches body asks for. */
export interface InstallRequest {
  readonly rebootSetting: RebootSetting;
  readonly maximumDurationMs: number;
  wants(patch: Patch): boolean;
  excludes(patch: Patch): boolean;
}

const REBOOT_SETTINGS: readonly RebootSetting[] = ["IfRequired", "Never", "Always"];
/** The longest duration known to be accepted: [REC] R1. Beyond it nothing is known; refused here (assumption). */
const LONGEST_MS = 4 * HOUR_MS;
const DURATION = /^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/;
const KB_ID = /^(?:KB)?(\d{6,7})$/i;
const LINUX_CLASSIFICATIONS = ["Critical", "Security", "Other"];

/** Validates the body as azure-addenda A3 records it. @throws ArmError 400 InvalidParameter */
export function parseInstallRequest(
  body: string | undefined,
  osType: "Windows" | "Linux",
  fleetStart: number,
): InstallRequest {
  const input = objectOf(parseJson(body), "the request body");
  const prefix = osType === "Windows" ? "windowsParameters" : "linuxParameters";
  const parameters = input[prefix] === undefined ? {} : objectOf(input[prefix], prefix);
  const list = (name: string) => textList(parameters[name], `${prefix}.${name}`);
  const known = osType === "Windows" ? CLASSIFICATIONS.filter((word) => word !== "Other") : LINUX_CLASSIFICATIONS;
  const classifications = list("classificationsToInclude").map((word) =>
    oneOf(word, known, `${prefix}.classificationsToInclude`),
  );
  const kbs = (name: string) => (osType === "Windows" ? list(name).map((kb) => kbId(kb, `${prefix}.${name}`)) : []);
  const masks = osType === "Windows" ? "patchNameMasks" : "packageNameMasks";
  const includedKbs = kbs("kbNumbersToInclude");
  const excludedKbs = kbs("kbNumbersToExclude");
  const included = list(`${masks}ToInclude`).map((mask) => maskOf(mask, `${prefix}.${masks}ToInclude`));
  const excluded = list(`${masks}ToExclude`).map((mask) => maskOf(mask, `${prefix}.${masks}ToExclude`));
  if (classifications.length + includedKbs.length + included.length === 0) {
    throw invalid(prefix, "At least one patch classification or one patch to include must be specified.");
  }
  const latest = publishLimit(parameters["maxPatchPublishDate"], `${prefix}.maxPatchPublishDate`);
  const onlyWithoutReboot = osType === "Windows" && parameters["excludeKbsRequiringReboot"] === true;
  const published = (patch: Patch) => fleetStart - patch.publishedDaysAgo * 24 * HOUR_MS;
  return {
    rebootSetting: oneOf(input["rebootSetting"], REBOOT_SETTINGS, "rebootSetting"),
    maximumDurationMs: durationOf(input["maximumDuration"]),
    wants: (patch) =>
      (classifications.includes(patch.classification) && published(patch) <= latest) ||
      includedKbs.includes(patch.kbId ?? "") ||
      included.some((mask) => mask(patch)),
    excludes: (patch) =>
      excludedKbs.includes(patch.kbId ?? "") ||
      excluded.some((mask) => mask(patch)) ||
      (onlyWithoutReboot && patch.reboot !== "never"),
  };
}

const invalid = (target: string, message: string): ArmError =>
  new ArmError(400, "InvalidParameter", message, { target });

function parseJson(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? "");
  } catch {
    throw new ArmError(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized.");
  }
}

function objectOf(value: unknown, target: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(target, `${target} must be an object.`);
  return value as Record<string, unknown>;
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string" && item.trim() !== "");

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? null));

function textList(value: unknown, target: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (isTextList(value)) return value;
  throw invalid(target, `The value of parameter ${target} is invalid: null, empty or blank entries are not allowed.`);
}

/** Enum values are case-insensitive: [REC] R2. */
function oneOf<Word extends string>(value: unknown, known: readonly Word[], target: string): Word {
  const word = known.find((candidate) => candidate.toLowerCase() === shown(value).toLowerCase());
  if (word !== undefined) return word;
  const problem =
    value === undefined
      ? `Required parameter '${target}' is missing (null).`
      : `The value '${shown(value)}' of parameter '${target}' is invalid.`;
  throw invalid(target, `${problem} Allowed values are: ${known.join(", ")}.`);
}

/** Text of the refusal: [REC] R1. */
function kbId(value: string, target: string): string {
  const digits = KB_ID.exec(value)?.[1];
  if (digits !== undefined) return digits;
  const name = target.split(".").at(-1) ?? target;
  throw invalid(
    target,
    `The entry in '${name}' with value '${value}' is not valid. It must be a KBID such as KB4512508.`,
  );
}

function maskOf(mask: string, target: string): (patch: Patch) => boolean {
  if (!/^[\w.*?:+~ -]+$/.test(mask)) throw invalid(target, `The entry '${mask}' in '${target}' is not valid.`);
  const escaped = mask.replace(/[.+]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  const pattern = new RegExp(`^${escaped}$`, "i");
  return (patch) => pattern.test(patch.name) || pattern.test(`${patch.name}_${patch.version ?? ""}`);
}

function durationOf(value: unknown): number {
  if (value === undefined) return LONGEST_MS;
  const parts = typeof value === "string" ? DURATION.exec(value) : null;
  if (!parts) throw invalid("maximumDuration", `The value '${shown(value)}' is not an ISO 8601 duration such as PT2H.`);
  const [hours, minutes, seconds] = [parts[1], parts[2], parts[3]].map((part) => Number(part ?? 0));
  const duration = (hours ?? 0) * HOUR_MS + (minutes ?? 0) * MINUTE_MS + (seconds ?? 0) * SECOND_MS;
  if (duration > 0 && duration <= LONGEST_MS) return duration;
  throw invalid("maximumDuration", `The value '${shown(value)}' of parameter 'maximumDuration' is out of range.`);
}

function publishLimit(value: unknown, target: string): number {
  if (value === undefined || value === null) return Number.POSITIVE_INFINITY;
  const instant = typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(instant))
    throw invalid(target, `The value '${shown(value)}' of parameter '${target}' is not a date.`);
  return instant;
}
