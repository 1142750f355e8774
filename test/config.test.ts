import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { readSettings, runDeadlineMs, settingDocs, type SettingName, type Settings } from "../src/config";
import { ConfigurationError } from "../src/errors";

const A = "aaaaaaaa-1111-4111-8111-111111111111";
const B = "bbbbbbbb-1111-4111-8111-111111111111";
const least = { GOLDPATCH_SCOPE: `/subscriptions/${A}` };
const KEY = "0123456789abcdef0123456789abcdef";
const SCOPE_FORMS = "/subscriptions/ID or /subscriptions/ID/resourceGroups/NAME, where ID is a GUID";

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readSettings(environment);
  } catch (failure) {
    if (failure instanceof ConfigurationError) return failure.problems;
    throw failure;
  }
  return [];
}

describe("settings", () => {
  const defaults: Settings = {
    GOLDPATCH_SCOPE: [{ subscriptionId: A }],
    GOLDPATCH_PAUSED: false,
    GOLDPATCH_PROVISION_MODE: "patch",
    GOLDPATCH_NEW_VM_HOURS: 24,
    GOLDPATCH_SWEEP_SCHEDULE: "0 0 2 * * *",
    GOLDPATCH_SWEEP_MODE: "assess",
    GOLDPATCH_MAX_ACTIVE_RUNS: 50,
    GOLDPATCH_READY_DEADLINE_MINUTES: 30,
    GOLDPATCH_SUPPORT_DEADLINE_MINUTES: 20,
    GOLDPATCH_MAX_ASSESSMENTS: 3,
    GOLDPATCH_REASSESS_MINUTES: 5,
    GOLDPATCH_SETTLE_SECONDS: 90,
    GOLDPATCH_GRACE_MINUTES: 15,
    GOLDPATCH_BUSY_RETRY_MINUTES: 30,
    GOLDPATCH_WATCHDOG_SCHEDULE: "0 */5 * * * *",
    GOLDPATCH_RUN_DEADLINE_HOURS: 24,
    GOLDPATCH_RETENTION_DAYS: 400,
    GOLDPATCH_HISTORY_DAYS: 30,
    GOLDPATCH_HOOK_KEYS: new Map(),
    GOLDPATCH_HOOK_HOSTS: [],
    GOLDPATCH_CLOUD: "AzureCloud",
    GOLDPATCH_ACCESS: "key",
    WEBSITE_AUTH_ENABLED: false,
  };

  test("have a default each, but for the scope", () => {
    expect(readSettings(least)).toEqual(defaults);
  });

  test("that are empty or blank count as not given", () => {
    const blank = Object.fromEntries(Object.keys(settingDocs).map((name, index) => [name, index % 2 ? "" : "  "]));
    expect(readSettings({ ...blank, ...least })).toEqual(defaults);
  });

  test("of other programs are not looked at", () => {
    expect(
      readSettings({ ...least, PATH: "/bin", goldpatch_paused: "true", FUNCTIONS_WORKER_RUNTIME: "node" }),
    ).toEqual(defaults);
  });

  test.each<[SettingName, string, unknown]>([
    [
      "GOLDPATCH_SCOPE",
      `/subscriptions/${A}, /SUBSCRIPTIONS/${B}/resourceGroups/Prod`,
      [{ subscriptionId: A }, { subscriptionId: B, resourceGroup: "prod" }],
    ],
    ["GOLDPATCH_PAUSED", "TRUE", true],
    ["GOLDPATCH_PAUSED", "False", false],
    ["GOLDPATCH_PROVISION_MODE", "assess", "assess"],
    ["GOLDPATCH_NEW_VM_HOURS", "720", 720],
    ["GOLDPATCH_SWEEP_SCHEDULE", "0 30 1-5/2 * JAN,JUN MON-FRI", "0 30 1-5/2 * JAN,JUN MON-FRI"],
    ["GOLDPATCH_SWEEP_SCHEDULE", "  0 */15 * * * *  ", "0 */15 * * * *"],
    ["GOLDPATCH_SWEEP_SCHEDULE", "0 0 0 29 2 *", "0 0 0 29 2 *"],
    ["GOLDPATCH_SWEEP_MODE", "patch", "patch"],
    ["GOLDPATCH_MAX_ACTIVE_RUNS", " 20000 ", 20_000],
    ["GOLDPATCH_READY_DEADLINE_MINUTES", "1440", 1440],
    ["GOLDPATCH_SUPPORT_DEADLINE_MINUTES", "1440", 1440],
    ["GOLDPATCH_MAX_ASSESSMENTS", "10", 10],
    ["GOLDPATCH_REASSESS_MINUTES", "1", 1],
    ["GOLDPATCH_SETTLE_SECONDS", "10", 10],
    ["GOLDPATCH_SETTLE_SECONDS", "3600", 3600],
    ["GOLDPATCH_GRACE_MINUTES", "1440", 1440],
    ["GOLDPATCH_BUSY_RETRY_MINUTES", "1", 1],
    ["GOLDPATCH_WATCHDOG_SCHEDULE", "0 */15 * * * *", "0 */15 * * * *"],
    ["GOLDPATCH_WATCHDOG_SCHEDULE", "*/10 * * * * *", "*/10 * * * * *"],
    ["GOLDPATCH_WATCHDOG_SCHEDULE", "30 3,18,33,48 * * * *", "30 3,18,33,48 * * * *"],
    ["GOLDPATCH_WATCHDOG_SCHEDULE", "0 15-59/10,0-5 * * * *", "0 15-59/10,0-5 * * * *"],
    ["GOLDPATCH_RUN_DEADLINE_HOURS", "720", 720],
    ["GOLDPATCH_RETENTION_DAYS", "31", 31],
    ["GOLDPATCH_HISTORY_DAYS", "1", 1],
    ["GOLDPATCH_CLOUD", "AzureUSGovernment", "AzureUSGovernment"],
    ["GOLDPATCH_CLOUD", "AzureChinaCloud", "AzureChinaCloud"],
    ["GOLDPATCH_ARM_ENDPOINT", "http://127.0.0.1:8484", "http://127.0.0.1:8484"],
    ["GOLDPATCH_ARM_ENDPOINT", "http://localhost", "http://localhost"],
    ["GOLDPATCH_ARM_ENDPOINT", "http://[::1]:8484", "http://[::1]:8484"],
    ...[
      "https://goldpatch01.table.core.windows.net",
      "https://abc.table.core.windows.net/",
      "http://127.0.0.1:10002/devstoreaccount1",
      "http://localhost:10002/devstoreaccount1/",
      "http://[::1]:10002/devstoreaccount1",
    ].map((text): [SettingName, string, unknown] => ["GOLDPATCH_TABLES_ENDPOINT", text, text]),
    [
      "GOLDPATCH_HOOK_KEYS",
      `hook=${KEY}, other=${KEY}=`,
      new Map([
        ["hook", KEY],
        ["other", `${KEY}=`],
      ]),
    ],
    ["GOLDPATCH_HOOK_HOSTS", "localhost, Hooks.Internal.Example.com", ["localhost", "hooks.internal.example.com"]],
    ["AZURE_CLIENT_ID", A, A],
  ])("%s may be %j", (name, text, setting) => {
    expect(readSettings({ ...least, [name]: text })[name]).toEqual(setting);
  });
});

describe("a setting that cannot be used", () => {
  const wholeNumbers = [
    ["GOLDPATCH_NEW_VM_HOURS", 1, 720],
    ["GOLDPATCH_MAX_ACTIVE_RUNS", 1, 20_000],
    ["GOLDPATCH_READY_DEADLINE_MINUTES", 1, 1440],
    ["GOLDPATCH_SUPPORT_DEADLINE_MINUTES", 1, 1440],
    ["GOLDPATCH_MAX_ASSESSMENTS", 1, 10],
    ["GOLDPATCH_REASSESS_MINUTES", 1, 1440],
    ["GOLDPATCH_SETTLE_SECONDS", 10, 3600],
    ["GOLDPATCH_GRACE_MINUTES", 1, 1440],
    ["GOLDPATCH_BUSY_RETRY_MINUTES", 1, 1440],
    ["GOLDPATCH_RUN_DEADLINE_HOURS", 1, 720],
    ["GOLDPATCH_RETENTION_DAYS", 31, 3650],
    ["GOLDPATCH_HISTORY_DAYS", 1, 3650],
  ] as const;
  const badNumbers = wholeNumbers.flatMap(([name, from, to]) =>
    [String(from - 1), String(to + 1), "-5", "1.5", "1e1", "0x10", "ten", "Infinity"].map(
      (text): [SettingName, string, string] => [name, text, `set it to a whole number from ${from} to ${to}`],
    ),
  );
  const scheduleRemedy = "set it to an NCRONTAB expression of six fields that comes true some day, such as 0 0 2 * * *";
  const badSchedules = [
    "0 2 * * *",
    "0 0 2 * * * *",
    "daily",
    "0 0 25 * * *",
    "0 0 0 L * *",
    "0 0 0 ? * *",
    "0 0 0 30 2 *",
    "0 0 0 30 2 MON",
    "0 0 0 1,L * *",
    "0 0 0 * XYZ *",
  ];
  const endpointRemedy =
    "set it to an http address on loopback without a path, such as http://127.0.0.1:8484, or leave it empty for real Azure";
  const badEndpoints = [
    "https://127.0.0.1:8484",
    "http://management.azure.com",
    "http://127.0.0.1.example.com",
    "http://127.0.0.1:8484/azure",
    "http://0.0.0.0:80",
    "8484",
  ];
  const tablesRemedy =
    "set it to https://ACCOUNT.table.core.windows.net, or to Azurite on loopback such as http://127.0.0.1:10002/devstoreaccount1, or leave it empty";
  const badTables = [
    "http://goldpatch.table.core.windows.net",
    "https://goldpatch.table.core.windows.net:8443",
    "https://goldpatch.table.core.windows.net/goldpatch",
    "https://goldpatch.table.core.windows.net/?sv=2024-11-04&sig=abc",
    "https://user:secret@goldpatch.table.core.windows.net",
    "https://table.core.windows.net",
    "https://a.b.table.core.windows.net",
    "https://goldpatch.table.core.windows.net.example.com",
    "https://goldpatch.table.cosmos.azure.com",
    "https://goldpatch.blob.core.windows.net",
    "https://127.0.0.1:10002/devstoreaccount1",
    "http://127.0.0.1:10002",
    "http://127.0.0.1:10002/other",
    "http://10.0.0.4:10002/devstoreaccount1",
    "UseDevelopmentStorage=true",
  ];

  test.each<[SettingName, string, string]>([
    ["GOLDPATCH_PAUSED", "yes", "set it to true or false"],
    ["GOLDPATCH_PAUSED", "1", "set it to true or false"],
    ["GOLDPATCH_PROVISION_MODE", "install", "set it to assess or patch"],
    ["GOLDPATCH_SWEEP_MODE", "Patch everything", "set it to assess or patch"],
    ...badNumbers,
    ...badSchedules.map((text): [SettingName, string, string] => ["GOLDPATCH_SWEEP_SCHEDULE", text, scheduleRemedy]),
    ...badSchedules.map((text): [SettingName, string, string] => ["GOLDPATCH_WATCHDOG_SCHEDULE", text, scheduleRemedy]),
    ...[
      "0 0 * * * *",
      "0 */20 * * * *",
      "0 10-59 * 1 * *",
      "0 0-44/5 * * * *",
      "0 0-43 * * * *",
      "0 */5 8-18 * * *",
      "0 */5 * * * MON-FRI",
    ].map((text): [SettingName, string, string] => [
      "GOLDPATCH_WATCHDOG_SCHEDULE",
      text,
      "let it come at least every 15 minutes, day and night, such as 0 */5 * * * *, with * in the last four fields",
    ]),
    ...badEndpoints.map((text): [SettingName, string, string] => ["GOLDPATCH_ARM_ENDPOINT", text, endpointRemedy]),
    ...badTables.map((text): [SettingName, string, string] => ["GOLDPATCH_TABLES_ENDPOINT", text, tablesRemedy]),
    ["AZURE_CLIENT_ID", "my-identity", "set it to the identity's client id, which is a GUID, or leave it empty"],
    ["GOLDPATCH_SCOPE", "*", `write "*" as ${SCOPE_FORMS}`],
    ["GOLDPATCH_SCOPE", `/subscriptions/${A},`, `write "" as ${SCOPE_FORMS}`],
    ["GOLDPATCH_SCOPE", `/subscriptions/${A}, prod`, `write "prod" as ${SCOPE_FORMS}`],
  ])("%s is %j: the error names it, and what to set instead", (name, text, remedy) => {
    const shown = text.replace("user:secret@", "[redacted]@");
    expect(problemsOf({ ...least, [name]: text })).toEqual([`${name} is "${shown}": ${remedy}`]);
  });

  test("a connection string in an address's place is told without its key", () => {
    const [told] = problemsOf({ ...least, GOLDPATCH_TABLES_ENDPOINT: "AccountName=a;AccountKey=c2VjcmV0LWtleQ==" });
    expect(told).toContain('is "AccountName=a;AccountKey=[redacted]": set it to https://ACCOUNT');
  });

  test.each([
    ["not given", {}],
    ["empty", { GOLDPATCH_SCOPE: "" }],
    ["blank", { GOLDPATCH_SCOPE: "   " }],
  ])("the scope is %s: the app does not start", (_, environment) => {
    const problem = `GOLDPATCH_SCOPE is empty: name what Goldpatch may touch, separated by commas: ${SCOPE_FORMS}`;
    expect(problemsOf(environment)).toEqual([problem]);
  });

  test("every entry of the scope that is wrong is named", () => {
    expect(problemsOf({ GOLDPATCH_SCOPE: `prod,/subscriptions/${A},test` })).toEqual([
      `GOLDPATCH_SCOPE is "prod,/subscriptions/${A},test": write "prod" as ${SCOPE_FORMS}`,
      `GOLDPATCH_SCOPE is "prod,/subscriptions/${A},test": write "test" as ${SCOPE_FORMS}`,
    ]);
  });

  test("beside simulated Azure a storage account is refused, and Azurite is not", () => {
    const simulated = { ...least, GOLDPATCH_ARM_ENDPOINT: "http://127.0.0.1:8484" };
    const account = "https://goldpatch.table.core.windows.net";
    expect(problemsOf({ ...simulated, GOLDPATCH_TABLES_ENDPOINT: account })).toEqual([
      `GOLDPATCH_TABLES_ENDPOINT is "${account}": with GOLDPATCH_ARM_ENDPOINT set to simulated Azure, set it to Azurite on loopback, or leave it empty`,
    ]);
    const azurite = "http://127.0.0.1:10002/devstoreaccount1";
    expect(readSettings({ ...simulated, GOLDPATCH_TABLES_ENDPOINT: azurite }).GOLDPATCH_TABLES_ENDPOINT).toBe(azurite);
  });

  test("a key of hooks is told to nobody", () => {
    const remedy =
      "as NAME=KEY: a name of its own of lower-case letters, digits and hyphens, and a key of 32 to 512 letters, digits and + / = - _";
    const keysWith = (text: string) => problemsOf({ ...least, GOLDPATCH_HOOK_KEYS: text });
    expect(keysWith(`hook=${KEY},hook=${KEY}`)).toEqual([
      `GOLDPATCH_HOOK_KEYS cannot be used: write entry 2 ${remedy}`,
    ]);
    for (const wrong of ["short=tooshort", KEY, `Hook=${KEY}`, `=${KEY}`, `hook=${KEY} ${KEY}`]) {
      expect(keysWith(wrong)).toEqual([`GOLDPATCH_HOOK_KEYS cannot be used: write entry 1 ${remedy}`]);
    }
    expect(keysWith("@Microsoft.KeyVault(SecretUri=https://vault.example.com/secrets/hooks)")).toEqual([
      "GOLDPATCH_HOOK_KEYS cannot be used: let the app's identity read the secret of its Key Vault reference",
    ]);
  });

  test("a host of hooks is a name", () => {
    expect(problemsOf({ ...least, GOLDPATCH_HOOK_HOSTS: "hooks.example.com,https://hooks.example.com" })).toEqual([
      'GOLDPATCH_HOOK_HOSTS is "hooks.example.com,https://hooks.example.com": write "https://hooks.example.com" as a host name with its domain, such as hooks.internal.example.com',
    ]);
  });

  test("a storage account of another cloud is refused, and one of its own is not", () => {
    const accounts = {
      AzureCloud: "https://goldpatch.table.core.windows.net",
      AzureUSGovernment: "https://goldpatch.table.core.usgovcloudapi.net",
      AzureChinaCloud: "https://goldpatch.table.core.chinacloudapi.cn/",
    };
    for (const cloud of Object.keys(accounts)) {
      for (const [home, account] of Object.entries(accounts)) {
        const problems = problemsOf({ ...least, GOLDPATCH_CLOUD: cloud, GOLDPATCH_TABLES_ENDPOINT: account });
        expect(problems).toHaveLength(home === cloud ? 0 : 1);
      }
    }
    const { AzureChinaCloud: account } = accounts;
    expect(problemsOf({ ...least, GOLDPATCH_TABLES_ENDPOINT: account })).toEqual([
      `GOLDPATCH_TABLES_ENDPOINT is "${account}": with GOLDPATCH_CLOUD set to AzureCloud, set it to https://ACCOUNT.table.core.windows.net`,
    ]);
  });

  test("all wrong settings are told at once, in one message", () => {
    const wrong = Object.fromEntries(Object.keys(settingDocs).map((name) => [name, "wrong"]));
    const problems = problemsOf(wrong);
    expect(problems.map((problem) => problem.slice(0, problem.indexOf(" ")))).toEqual(Object.keys(settingDocs));
    expect(new ConfigurationError(problems).message).toBe(
      `Goldpatch cannot start:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
  });
});

describe("the documents of settings", () => {
  test("tell what each is for, in a sentence", () => {
    const unclear = Object.entries(settingDocs).filter(([, { meaning }]) => !/^.{20,}\.$/.test(meaning));
    expect(unclear).toEqual([]);
  });

  test("local.settings.sample.json lists every setting with its default, and an example of a scope", () => {
    const sample: unknown = JSON.parse(readFileSync("local.settings.sample.json", "utf8"));
    const scope = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/my-resource-group";
    expect(sample).toEqual({
      IsEncrypted: false,
      Values: {
        FUNCTIONS_WORKER_RUNTIME: "node",
        AzureWebJobsStorage: "UseDevelopmentStorage=true",
        ...Object.fromEntries(Object.entries(settingDocs).map(([name, doc]) => [name, doc.default])),
        GOLDPATCH_SCOPE: scope,
      },
    });
    expect(problemsOf({ GOLDPATCH_SCOPE: scope })).toEqual([]);
  });
});

describe("the time a run may take", () => {
  const hours = (settings: Readonly<Record<string, string>>) =>
    runDeadlineMs(readSettings({ ...least, ...settings })) / 3_600_000;

  test("is as configured", () => {
    expect(hours({})).toBe(24);
    expect(hours({ GOLDPATCH_RUN_DEADLINE_HOURS: "48" })).toBe(48);
  });

  test("is never less than what its deadlines add up to, as the setting's description says", () => {
    expect(hours({ GOLDPATCH_RUN_DEADLINE_HOURS: "1" })).toBe(21.75);
    expect(settingDocs.GOLDPATCH_RUN_DEADLINE_HOURS.meaning).toContain("21.75 hours by default");
    expect(hours({ GOLDPATCH_READY_DEADLINE_MINUTES: "1440" })).toBeGreaterThan(48);
  });
});

test("a misspelt setting is refused, not ignored", () => {
  const environment = {
    GOLDPATCH_SCOPE: "/subscriptions/11111111-2222-4333-8444-555555555555",
    GOLDPATCH_PAUSE: "true",
  };
  expect(() => readSettings(environment)).toThrow(
    "GOLDPATCH_PAUSE is no setting: remove it, or write one of GOLDPATCH_SCOPE,",
  );
});
