import { Cron } from "croner";
import { z } from "zod";
import { parseScopeEntry, type ScopeEntry } from "./domain/machine/scope";
import { longestRunMs } from "./domain/run/longest";
import { ConfigurationError } from "./errors";

interface SettingDoc {
  readonly default: string;
  readonly meaning: string;
}

/** Every setting, with its default and its reason; the README's table and local.settings.sample.json come from here. */
export const settingDocs = {
  GOLDPATCH_SCOPE: {
    default: "",
    meaning:
      "Required. Comma-separated subscriptions (/subscriptions/ID) and resource groups (/subscriptions/ID/resourceGroups/NAME) that may be touched. Empty: the app refuses to act.",
  },
  GOLDPATCH_PAUSED: {
    default: "false",
    meaning: "true: no operation is started; runs in flight are followed to their end.",
  },
  GOLDPATCH_PROVISION_MODE: {
    default: "patch",
    meaning: "What an event after VM provisioning starts: patch, or assess only.",
  },
  GOLDPATCH_NEW_VM_HOURS: {
    default: "24",
    meaning: "A write event for a VM older than this is skipped: VM writes also fire on tag edits of old machines.",
  },
  GOLDPATCH_SWEEP_SCHEDULE: { default: "0 0 2 * * *", meaning: "When the scope is swept: NCRONTAB, six fields, UTC." },
  GOLDPATCH_SWEEP_MODE: { default: "assess", meaning: "What a sweep starts: assess, or patch." },
  GOLDPATCH_MAX_ACTIVE_RUNS: {
    default: "50",
    meaning: "Runs that work at the same time; the others wait on durable timers before they claim their VM.",
  },
  GOLDPATCH_READY_DEADLINE_MINUTES: {
    default: "30",
    meaning: "How long a VM may take to be provisioned, running, with its agent ready.",
  },
  GOLDPATCH_SUPPORT_DEADLINE_MINUTES: {
    default: "20",
    meaning: "How long after an assessment its row may take to show in Resource Graph; Azure gives no bound.",
  },
  GOLDPATCH_MAX_ASSESSMENTS: { default: "3", meaning: "Assessments before an unclear support state ends the run." },
  GOLDPATCH_REASSESS_MINUTES: { default: "5", meaning: "Pause before an unclear support state is assessed again." },
  GOLDPATCH_SETTLE_SECONDS: {
    default: "90",
    meaning: "How long after its last moment a lost request may take to show in the instance view.",
  },
  GOLDPATCH_GRACE_MINUTES: {
    default: "15",
    meaning: "How long after an installation the VM may take to run with a ready agent.",
  },
  GOLDPATCH_BUSY_RETRY_MINUTES: {
    default: "30",
    meaning: "How long a run waits for an operation on its VM that is not ours.",
  },
  GOLDPATCH_WATCHDOG_SCHEDULE: {
    default: "0 */5 * * * *",
    meaning:
      "When runs that nobody follows any more are settled and old ones removed: NCRONTAB, at least every 15 minutes; a longer silence means that the app was off.",
  },
  GOLDPATCH_RUN_DEADLINE_HOURS: {
    default: "24",
    meaning:
      "A run that claimed its VM longer ago and has no outcome hangs. Never less than all deadlines above and the longest installation add up to: 21.75 hours by default.",
  },
  GOLDPATCH_RETENTION_DAYS: {
    default: "400",
    meaning:
      "How long a run is kept after its end: a year for the auditor and a month to ask. At least 31: a run also tells that its VM is not new any more.",
  },
  GOLDPATCH_HISTORY_DAYS: {
    default: "30",
    meaning:
      "How long the durable engine keeps orchestrations that are over, to look into failures; Durable Task Scheduler keeps them as long. Runs are kept longer.",
  },
  GOLDPATCH_ARM_ENDPOINT: {
    default: "",
    meaning: "Simulated Azure on loopback (http://127.0.0.1:PORT), with a fixed fake credential. Empty: real Azure.",
  },
  GOLDPATCH_TABLES_ENDPOINT: {
    default: "",
    meaning:
      "Table service of the storage account that remembers runs, such as https://ACCOUNT.table.core.windows.net, or Azurite on loopback (http://127.0.0.1:10002/devstoreaccount1). Empty: nothing that changes a VM is started, unless the embedded host lends a store.",
  },
  AZURE_CLIENT_ID: { default: "", meaning: "Client id of the app's user-assigned identity on Azure." },
} as const satisfies Record<string, SettingDoc>;

export type SettingName = keyof typeof settingDocs;

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

/** NCRONTAB: numbers, lists, ranges, steps and English names. croner reads more than that: L, W, # and ?. */
const NCRONTAB_PART = /^(?:\*|\d+|[a-z]{3})(?:-(?:\d+|[a-z]{3}))?(?:\/\d+)?$/i;

function comesTrue(expression: string): boolean {
  const fields = expression.split(/\s+/);
  if (!fields.every((field) => field.split(",").every((part) => NCRONTAB_PART.test(part)))) return false;
  try {
    const cron = new Cron(fields.join(" "), { mode: "6-part", timezone: "UTC", domAndDow: true, paused: true });
    return cron.nextRun() !== null;
  } catch {
    return false;
  }
}

const schedule = z
  .string()
  .refine(comesTrue, "set it to an NCRONTAB expression of six fields that comes true some day, such as 0 0 2 * * *");

const LONGEST_WATCHDOG_PAUSE_MINUTES = 15;

/** Whether a schedule that comes true comes day and night, and no two of its minutes lie further apart. */
function comesOften(expression: string): boolean {
  const [, minutes = "", ...others] = expression.split(/\s+/);
  if (others.some((field) => field !== "*")) return false;
  const chosen = minutes
    .split(",")
    .flatMap(minutesOf)
    .sort((a, b) => a - b);
  return chosen.every((minute, index) => {
    const next = chosen[index + 1] ?? (chosen[0] ?? 0) + 60;
    return next - minute <= LONGEST_WATCHDOG_PAUSE_MINUTES;
  });
}

/** The minutes that one part of the field names: 5, 5-10 or all of them; a range may have a step. */
function minutesOf(part: string): number[] {
  const [range = "", step] = part.split("/");
  const [from = "", to = from] = range === "*" ? ["0", "59"] : range.split("-");
  const chosen = [];
  for (let minute = Number(from); minute <= Number(to); minute += Number(step ?? 1)) chosen.push(minute);
  return chosen;
}

const frequent = schedule.refine(
  (text) => !comesTrue(text) || comesOften(text),
  "let it come at least every 15 minutes, day and night, such as 0 */5 * * * *, with * in the last four fields",
);

const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
const afterHost = ({ pathname, search, hash }: URL): string => pathname + search + hash;

const loopbackUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return isLoopback(url) && afterHost(url) === "/";
}, "set it to an http address on loopback without a path, such as http://127.0.0.1:8484, or leave it empty for real Azure");

/** Public cloud, US government, China. */
const TABLE_HOST = /^[a-z0-9]{3,24}\.table\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)$/;

/** A storage account's own address, or Azurite's, whose only account by default is devstoreaccount1. */
const tablesUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username + url.password !== "") return false;
  return isLoopback(url)
    ? afterHost(url).replace(/\/$/, "") === "/devstoreaccount1"
    : url.protocol === "https:" && url.port === "" && TABLE_HOST.test(url.hostname) && afterHost(url) === "/";
}, "set it to https://ACCOUNT.table.core.windows.net, or to Azurite on loopback such as http://127.0.0.1:10002/devstoreaccount1, or leave it empty");

const clientId = z.guid("set it to the identity's client id, which is a GUID, or leave it empty");

const settingsSchema = z.object({
  GOLDPATCH_SCOPE: scope,
  GOLDPATCH_PAUSED: flag,
  GOLDPATCH_PROVISION_MODE: mode,
  GOLDPATCH_NEW_VM_HOURS: whole(1, 24 * 30),
  GOLDPATCH_SWEEP_SCHEDULE: schedule,
  GOLDPATCH_SWEEP_MODE: mode,
  GOLDPATCH_MAX_ACTIVE_RUNS: whole(1, 1000),
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
  GOLDPATCH_ARM_ENDPOINT: loopbackUrl.optional(),
  GOLDPATCH_TABLES_ENDPOINT: tablesUrl.optional(),
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

export type Settings = z.infer<typeof settingsSchema>;

/** How long after its claim a run may take, in milliseconds: as configured, and never less than it legally may. */
export function runDeadlineMs(settings: Settings): number {
  const longest = longestRunMs({
    readyMinutes: settings.GOLDPATCH_READY_DEADLINE_MINUTES,
    supportMinutes: settings.GOLDPATCH_SUPPORT_DEADLINE_MINUTES,
    assessments: settings.GOLDPATCH_MAX_ASSESSMENTS,
    reassessMinutes: settings.GOLDPATCH_REASSESS_MINUTES,
    settleSeconds: settings.GOLDPATCH_SETTLE_SECONDS,
    graceMinutes: settings.GOLDPATCH_GRACE_MINUTES,
    busyMinutes: settings.GOLDPATCH_BUSY_RETRY_MINUTES,
  });
  return Math.max(longest, settings.GOLDPATCH_RUN_DEADLINE_HOURS * 3_600_000);
}

/**
 * Reads every setting once. A misspelt name is an error too: nobody should believe that GOLDPATCH_PAUSE pauses.
 * @throws ConfigurationError with all problems at once
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = new Map<string, string>();
  for (const [name, doc] of Object.entries(settingDocs)) {
    const text = environment[name]?.trim() || doc.default;
    if (text !== "" || name === "GOLDPATCH_SCOPE") given.set(name, text);
  }
  const unknown = Object.keys(environment)
    .filter((name) => name.startsWith("GOLDPATCH_") && !Object.hasOwn(settingDocs, name))
    .map((name) => `${name} is no setting: remove it, or write one of ${Object.keys(settingDocs).join(", ")}`);
  const parsed = settingsSchema.superRefine(refuseMixture).safeParse(Object.fromEntries(given));
  if (parsed.success && unknown.length === 0) return parsed.data;
  const wrong = (parsed.error?.issues ?? []).map(({ path, message }) => {
    const name = path.join(".");
    const text = given.get(name);
    return `${name} is ${text ? `"${text}"` : "empty"}: ${message}`;
  });
  throw new ConfigurationError([...wrong, ...unknown]);
}
