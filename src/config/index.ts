import { z } from "zod";
import { cloudNames, clouds } from "../domain/cloud/cloud";
import { parseScopeEntry, type ScopeEntry } from "../domain/machine/scope";
import { redacted } from "../domain/redact";
import { longestRunMs, type Deadlines } from "../domain/run/longest";
import type { SweepLimits } from "../domain/sweep/acceptable";
import { ConfigurationError } from "../errors";
import { loopbackUrl, tablesUrl } from "./addresses";
import { hookHosts, hookKeys } from "./hooks";
import { frequent, schedule } from "./schedules";
import { settingDocs } from "./setting-docs";

export { settingDocs, type SettingName } from "./setting-docs";

// Messages continue `NAME is "value": `, and end with what to set instead.
const mode = z.enum(["assess", "patch"], "set it to assess or patch");
const flag = z
  .string()
  .refine((text) => ["true", "false"].includes(text.toLowerCase()), "set it to true or false")
  .transform((text) => text.toLowerCase() === "true");
const whole = (least: number, most: number) =>
  z
    .string()
    .transform((text) => (/^\d+$/.test(text) ? Number(text) : Number.NaN))
    .refine((value) => value >= least && value <= most, `set it to a whole number from ${least} to ${most}`);

const SCOPE_FORMS = "/subscriptions/ID or /subscriptions/ID/resourceGroups/NAME, where ID is a GUID";

const scope = z.string().transform((text, context): ScopeEntry[] => {
  if (text === "") {
    const message = `name what Goldpatch may touch, separated by commas: ${SCOPE_FORMS}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  }
  return text.split(",").flatMap((entry) => {
    const parsed = parseScopeEntry(entry.trim());
    if (parsed) return parsed;
    context.addIssue({ code: "custom", message: `write "${entry.trim()}" as ${SCOPE_FORMS}` });
    return [];
  });
});

const clientId = z.guid("set it to the identity's client id, which is a GUID, or leave it empty");

const settingsSchema = z.object({
  GOLDPATCH_SCOPE: scope,
  GOLDPATCH_PAUSED: flag,
  GOLDPATCH_PROVISION_MODE: mode,
  GOLDPATCH_NEW_VM_HOURS: whole(1, 24 * 30),
  GOLDPATCH_SWEEP_SCHEDULE: schedule,
  GOLDPATCH_SWEEP_MODE: mode,
  GOLDPATCH_MAX_ACTIVE_RUNS: whole(1, 20_000),
  GOLDPATCH_READY_DEADLINE_MINUTES: whole(1, 24 * 60),
  GOLDPATCH_SUPPORT_DEADLINE_MINUTES: whole(1, 24 * 60),
  GOLDPATCH_MAX_ASSESSMENTS: whole(1, 10),
  GOLDPATCH_REASSESS_MINUTES: whole(1, 24 * 60),
  GOLDPATCH_SETTLE_SECONDS: whole(10, 3600),
  GOLDPATCH_GRACE_MINUTES: whole(1, 24 * 60),
  GOLDPATCH_BUSY_RETRY_MINUTES: whole(1, 24 * 60),
  GOLDPATCH_WATCHDOG_SCHEDULE: frequent,
  GOLDPATCH_RUN_DEADLINE_HOURS: whole(1, 24 * 30),
  GOLDPATCH_RETENTION_DAYS: whole(31, 3650),
  GOLDPATCH_HISTORY_DAYS: whole(1, 3650),
  GOLDPATCH_CLOUD: z.enum(cloudNames, `set it to ${cloudNames.join(", ")}`),
  GOLDPATCH_ARM_ENDPOINT: loopbackUrl.optional(),
  GOLDPATCH_TABLES_ENDPOINT: tablesUrl.optional(),
  GOLDPATCH_HOOK_KEYS: hookKeys,
  GOLDPATCH_HOOK_HOSTS: hookHosts,
  GOLDPATCH_ACCESS: z.enum(["key", "entra"], "set it to key or entra"),
  WEBSITE_AUTH_ENABLED: flag,
  AZURE_CLIENT_ID: clientId.optional(),
});

/** No real credential is made beside simulated Azure, so that nothing simulated is ever written down as real. */
function refuseMixture(settings: z.infer<typeof settingsSchema>, context: z.RefinementCtx): void {
  const { GOLDPATCH_ARM_ENDPOINT: arm, GOLDPATCH_TABLES_ENDPOINT: tables } = settings;
  if (arm === undefined || !tables?.startsWith("https:")) return;
  const message =
    "with GOLDPATCH_ARM_ENDPOINT set to simulated Azure, set it to Azurite on loopback, or leave it empty";
  context.addIssue({ code: "custom", path: ["GOLDPATCH_TABLES_ENDPOINT"], message });
}

/** A token for a storage account comes from its own cloud's sign-in; of another cloud nobody would take it. */
function refuseOtherCloud(settings: z.infer<typeof settingsSchema>, context: z.RefinementCtx): void {
  const { GOLDPATCH_CLOUD: cloud, GOLDPATCH_TABLES_ENDPOINT: tables } = settings;
  const { tablesSuffix } = clouds[cloud];
  const isElsewhere = Object.entries(clouds).some(
    ([name, other]) => name !== cloud && tables?.replace(/\/$/, "").endsWith(other.tablesSuffix),
  );
  if (!isElsewhere) return;
  const message = `with GOLDPATCH_CLOUD set to ${cloud}, set it to https://ACCOUNT${tablesSuffix}`;
  context.addIssue({ code: "custom", path: ["GOLDPATCH_TABLES_ENDPOINT"], message });
}

export type Settings = z.infer<typeof settingsSchema>;

const deadlinesOf = (settings: Settings): Deadlines => ({
  readyMinutes: settings.GOLDPATCH_READY_DEADLINE_MINUTES,
  supportMinutes: settings.GOLDPATCH_SUPPORT_DEADLINE_MINUTES,
  assessments: settings.GOLDPATCH_MAX_ASSESSMENTS,
  reassessMinutes: settings.GOLDPATCH_REASSESS_MINUTES,
  settleSeconds: settings.GOLDPATCH_SETTLE_SECONDS,
  graceMinutes: settings.GOLDPATCH_GRACE_MINUTES,
  busyMinutes: settings.GOLDPATCH_BUSY_RETRY_MINUTES,
});

/** How long after its claim a run may take, in milliseconds: as configured, and never less than it legally may. */
export const runDeadlineMs = (settings: Settings): number =>
  Math.max(longestRunMs(deadlinesOf(settings)), settings.GOLDPATCH_RUN_DEADLINE_HOURS * 3_600_000);

/** What the settings let a policy ask for. */
export const sweepLimits = (settings: Settings): SweepLimits => ({
  scope: settings.GOLDPATCH_SCOPE,
  hookKeys: [...settings.GOLDPATCH_HOOK_KEYS.keys()],
  deadlines: deadlinesOf(settings),
  runDeadlineMs: runDeadlineMs(settings),
});

/** Their own readers say what an empty text means. */
const MAY_BE_EMPTY: readonly string[] = ["GOLDPATCH_SCOPE", "GOLDPATCH_HOOK_KEYS", "GOLDPATCH_HOOK_HOSTS"];
/** Whose values are told to nobody. */
const SECRET: readonly string[] = ["GOLDPATCH_HOOK_KEYS"];

/**
 * Reads every setting once. A misspelt name is an error too: nobody should believe that GOLDPATCH_PAUSE pauses.
 * @throws ConfigurationError with all problems at once
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = new Map<string, string>();
  for (const [name, doc] of Object.entries(settingDocs)) {
    const text = environment[name]?.trim() || doc.default;
    if (text !== "" || MAY_BE_EMPTY.includes(name)) given.set(name, text);
  }
  const unknown = Object.keys(environment)
    .filter((name) => name.startsWith("GOLDPATCH_") && !Object.hasOwn(settingDocs, name))
    .map((name) => `${name} is no setting: remove it, or write one of ${Object.keys(settingDocs).join(", ")}`);
  const parsed = settingsSchema
    .superRefine(refuseMixture)
    .superRefine(refuseOtherCloud)
    .safeParse(Object.fromEntries(given));
  if (parsed.success && unknown.length === 0) return parsed.data;
  const wrong = (parsed.error?.issues ?? []).map(({ path, message }) => {
    const name = path.join(".");
    const text = given.get(name);
    if (SECRET.includes(name)) return `${name} cannot be used: ${message}`;
    return `${name} is ${text ? `"${text}"` : "empty"}: ${message}`;
  });
  // A connection string in an address's place is told without its key.
  throw new ConfigurationError([...wrong, ...unknown].map(redacted));
}
