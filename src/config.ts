import { Cron } from "croner";
import { z } from "zod";
import { parseScopeEntry, type ScopeEntry } from "./domain/machine/scope";
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
  GOLDPATCH_ARM_ENDPOINT: {
    default: "",
    meaning: "Simulated Azure on loopback (http://127.0.0.1:PORT), with a fixed fake credential. Empty: real Azure.",
  },
  AZURE_CLIENT_ID: { default: "", meaning: "Client id of the app's user-assigned identity on Azure." },
} as const satisfies Record<string, SettingDoc>;

export type SettingName = keyof typeof settingDocs;

const mode = z.enum(["assess", "patch"], "must be assess or patch");
const flag = z
  .string()
  .refine((text) => ["true", "false"].includes(text.toLowerCase()), "must be true or false")
  .transform((text) => text.toLowerCase() === "true");
const whole = (least: number, most: number) =>
  z.coerce
    .number(`must be a whole number from ${least} to ${most}`)
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);

const scope = z.string().transform((text, context): ScopeEntry[] => {
  const entries = text.split(",").map((entry) => entry.trim());
  if (text.trim() === "") {
    context.addIssue({
      code: "custom",
      message: "must name at least one subscription or resource group, such as /subscriptions/ID/resourceGroups/NAME",
    });
    return z.NEVER;
  }
  return entries.flatMap((entry) => {
    const parsed = parseScopeEntry(entry);
    if (parsed) return parsed;
    context.addIssue({
      code: "custom",
      message: `"${entry}" is neither /subscriptions/ID nor /subscriptions/ID/resourceGroups/NAME`,
    });
    return [];
  });
});

const schedule = z.string().refine((text) => {
  if (text.trim().split(/\s+/).length !== 6) return false;
  try {
    return new Cron(text, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}, "must be an NCRONTAB expression of six fields that comes true some day, such as 0 0 2 * * *");

const loopbackUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}, "must be an http address on loopback, such as http://127.0.0.1:8484: nothing else may stand in for Azure");

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
  GOLDPATCH_ARM_ENDPOINT: loopbackUrl.optional(),
  AZURE_CLIENT_ID: z.string().optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** Reads every setting once. @throws ConfigurationError with all problems at once. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.entries(settingDocs).map(([name, doc]) => {
      const text = environment[name]?.trim() || doc.default;
      return [name, name === "GOLDPATCH_SCOPE" ? text : text || undefined];
    }),
  );
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return `${name}: "${String(given[name] ?? "")}" ${message.startsWith('"') ? `: ${message}` : message}`;
    }),
  );
}
