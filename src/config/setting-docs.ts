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
  GOLDPATCH_CLOUD: {
    default: "AzureCloud",
    meaning:
      "Which Azure: AzureCloud, AzureUSGovernment or AzureChinaCloud. Resource Manager, sign-in, tokens and the storage account are that cloud's; nothing is sent to another.",
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
  GOLDPATCH_HOOK_KEYS: {
    default: "",
    meaning:
      "Keys that sign the hooks of policies, as NAME=KEY, separated by commas; a key has at least 32 characters (openssl rand -base64 32). On Azure write a Key Vault reference. Empty: policies with hooks are refused.",
  },
  GOLDPATCH_HOOK_HOSTS: {
    default: "",
    meaning:
      "Host names, separated by commas, that hooks and probes may call although they lie in a private network. All other calls go to public addresses only.",
  },
  GOLDPATCH_ACCESS: {
    default: "key",
    meaning:
      "key: whoever has a function key may call the API. entra: callers also sign in through App Service authentication, with the app role Goldpatch.Reader or Goldpatch.Operator.",
  },
  WEBSITE_AUTH_ENABLED: {
    default: "false",
    meaning: "Azure sets it to true when App Service authentication stands before the app. Not for you to set.",
  },
  AZURE_CLIENT_ID: { default: "", meaning: "Client id of the app's user-assigned identity on Azure." },
} as const satisfies Record<string, SettingDoc>;

export type SettingName = keyof typeof settingDocs;
