import { expect, it } from "@jest/globals";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readSettings, settingDocs } from "../../src/config";
import { triggerNames } from "../../src/contracts/names";
import { EVENT_GRID_PATH } from "../../src/local/functions-host/http/event-grid";
import { WEBHOOK_PATH } from "../../src/local/functions-host/http/management-links";
import { createLogs } from "../../src/logs";
import { LARGEST_BODY_BYTES } from "../../src/triggers/http/body";
import { bicep, describeWithBicep, HOME, OTHER, predicted, type Resource } from "./bicep";

const ROOT = path.resolve(__dirname, "../..");
const deployment = { environmentName: "test", location: "westeurope", patchScope: `/subscriptions/${OTHER}` };
const CLIENT = "33333333-2222-4333-8444-555555555555";
const plain = () => predicted("main.bicep", deployment);
/** Everything that is off by default. */
const full = () =>
  predicted("main.bicep", {
    ...deployment,
    alertEmail: "operators@example.com",
    durableBackend: "dts",
    privateNetworkPrefix: "10.60.0.0/26",
    authClientId: CLIENT,
    tags: { owner: "platform" },
  });

const ofType = (type: string, resources: readonly Resource[]) => resources.filter((resource) => resource.type === type);

/** Built-in roles that principals get, by their ids (Azure built-in roles). */
const BUILT_IN: Readonly<Record<string, string>> = {
  "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
  "974c5e8b-45b9-4653-ba55-5f855dd0fb88": "Storage Queue Data Contributor",
  "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": "Storage Table Data Contributor",
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
  "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
  "0ad04412-c4d5-4796-b79c-f76d14c8d402": "Durable Task Data Contributor",
};

/** `role on the last part of what it is assigned on`, without the custom role. */
const builtInRoles = (resources: readonly Resource[]): string[] =>
  ofType("Microsoft.Authorization/roleAssignments", resources)
    .map(({ id, properties }) => [id, String(properties?.["roleDefinitionId"]).split("/").at(-1) ?? ""] as const)
    .filter(([id]) => !id.startsWith("[subscriptionResourceId("))
    .map(([id, role]) => `${BUILT_IN[role] ?? role} on ${id.split("/providers/").at(-2)?.split("/")[1] ?? id}`)
    .toSorted();

describeWithBicep("infra", () => {
  it("compiles without an error or a warning, every file of it", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-infra-"));
    try {
      bicep(folder);
      const compiled = globSync("**/*.json", { cwd: folder }).map((file) => file.replace(/json$/, "bicep"));
      expect(compiled.toSorted()).toEqual(globSync("**/*.bicep", { cwd: path.join(ROOT, "infra") }).toSorted());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("takes modules from its own folder only", () => {
    for (const file of globSync("infra/**/*.bicep", { cwd: ROOT })) {
      const modules = [...readFileSync(path.join(ROOT, file), "utf8").matchAll(/^module \w+ '([^']+)'/gm)];
      expect(modules.filter(([, from = ""]) => !from.endsWith(".bicep") || from.includes(":"))).toEqual([]);
    }
  });

  it("makes a storage account without keys, and nothing public in it", () => {
    const [account, ...more] = ofType("Microsoft.Storage/storageAccounts", plain());

    expect(more).toEqual([]);
    expect(account?.properties).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      minimumTlsVersion: "TLS1_2",
      supportsHttpsTrafficOnly: true,
    });
  });

  it("gives the app the storage services that it uses, telemetry, and no more", () => {
    expect(builtInRoles(plain())).toEqual([
      "Monitoring Metrics Publisher on components",
      "Storage Blob Data Contributor on storageAccounts",
      "Storage Blob Data Owner on storageAccounts",
      "Storage Queue Data Contributor on storageAccounts",
      "Storage Table Data Contributor on storageAccounts",
    ]);
  });

  it("keeps orchestrations in a Durable Task Scheduler when asked to, and needs no queues then", () => {
    expect(builtInRoles(full())).toEqual([
      "Durable Task Data Contributor on schedulers",
      "Monitoring Metrics Publisher on components",
      "Storage Blob Data Contributor on storageAccounts",
      "Storage Blob Data Owner on storageAccounts",
      "Storage Table Data Contributor on storageAccounts",
    ]);
    expect(ofType("Microsoft.DurableTask/schedulers", plain())).toEqual([]);
    const [hub] = ofType("Microsoft.DurableTask/schedulers/taskHubs", full());
    expect(hub?.id.split("/").at(-1)).toBe(hostSettings().extensions.durableTask.hubName);
  });

  it("takes telemetry with Entra sign-in only", () => {
    const [insights] = ofType("Microsoft.Insights/components", plain());

    expect(insights?.properties).toMatchObject({ DisableLocalAuth: true });
  });

  it("runs the app on Flex Consumption as its own identity, over TLS, without passwords for deployment", () => {
    const resources = predicted("main.bicep", { ...deployment, nodeVersion: "24" });
    const [app] = ofType("Microsoft.Web/sites", resources);

    expect(ofType("Microsoft.Web/serverfarms", resources)).toMatchObject([{ sku: { name: "FC1" } }]);
    expect(app).toMatchObject({
      identity: { type: "UserAssigned" },
      properties: {
        httpsOnly: true,
        functionAppConfig: {
          deployment: { storage: { authentication: { type: "UserAssignedIdentity" } } },
          runtime: { name: "node", version: "24" },
        },
      },
    });
    const passwords = ofType("Microsoft.Web/sites/basicPublishingCredentialsPolicies", resources);
    expect(passwords.map(({ properties }) => properties)).toEqual([{ allow: false }, { allow: false }]);
  });

  it("sets settings that the app accepts, and no key", () => {
    const resources = predicted("app/function-app.bicep", functionApp);
    const [config] = ofType("Microsoft.Web/sites/config", resources);
    const environment = config?.properties as Readonly<Record<string, string>>;

    expect(readSettings(environment)).toMatchObject({
      GOLDPATCH_SCOPE: [{ subscriptionId: OTHER }],
      GOLDPATCH_TABLES_ENDPOINT: functionApp.tablesEndpoint,
      GOLDPATCH_SWEEP_MODE: "patch",
      AZURE_CLIENT_ID: HOME,
      GOLDPATCH_ACCESS: "key",
    });
    expect(Object.keys(environment).filter((name) => !Object.hasOwn(settingDocs, name))).toEqual([
      "AzureWebJobsStorage__accountName",
      "AzureWebJobsStorage__clientId",
      "AzureWebJobsStorage__credential",
      "DURABLE_TASK_SCHEDULER_CONNECTION_STRING",
      "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
      "APPLICATIONINSIGHTS_CONNECTION_STRING",
      "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT",
    ]);
    expect(Number(environment["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"])).toBeGreaterThan(LARGEST_BODY_BYTES);
  });

  it("lets nobody in without Entra sign-in when asked to, but the webhooks, which have keys of their own", () => {
    const resources = predicted("app/function-app.bicep", {
      ...functionApp,
      authClientId: CLIENT,
      settings: { GOLDPATCH_ACCESS: "key" },
    });
    const [environment, signIn, ...more] = ofType("Microsoft.Web/sites/config", resources);

    expect(more).toEqual([]);
    expect(environment?.properties).toMatchObject({ GOLDPATCH_ACCESS: "entra" });
    expect(signIn?.name).toMatch(/authsettingsV2$/);
    expect(signIn?.properties).toMatchObject({
      platform: { enabled: true },
      globalValidation: {
        requireAuthentication: true,
        unauthenticatedClientAction: "Return401",
        excludedPaths: ["/runtime/webhooks/*"],
      },
      httpSettings: { requireHttps: true },
      identityProviders: {
        azureActiveDirectory: {
          registration: { clientId: CLIENT },
          validation: { allowedAudiences: [CLIENT, `api://${CLIENT}`] },
        },
      },
      login: { tokenStore: { enabled: false } },
    });
    for (const path of [EVENT_GRID_PATH, WEBHOOK_PATH]) expect(path).toMatch(/^\/runtime\/webhooks\//);
  });

  it("leaves sign-in alone when it is not asked for", () => {
    const configs = ofType("Microsoft.Web/sites/config", predicted("app/function-app.bicep", functionApp));

    expect(configs.map(({ name }) => name.split("/").at(-1))).toEqual(["appsettings"]);
  });

  it("offers every setting of the app that a deployment may choose", () => {
    const text = readFileSync(path.join(ROOT, "infra/app/settings.bicep"), "utf8");
    const offered = [...text.matchAll(/^ {2}(\w+): string\?$/gm)].map(([, name]) => name);
    const given = [
      "GOLDPATCH_SCOPE",
      "GOLDPATCH_TABLES_ENDPOINT",
      "AZURE_CLIENT_ID",
      "GOLDPATCH_ARM_ENDPOINT",
      "WEBSITE_AUTH_ENABLED",
    ];

    expect(offered.toSorted()).toEqual(
      Object.keys(settingDocs)
        .filter((name) => !given.includes(name))
        .toSorted(),
    );
  });

  it("alerts on what the app logs, and tells whom it is told to", () => {
    const logged = Object.keys(createLogs(() => undefined));
    const rules = ofType("Microsoft.Insights/scheduledQueryRules", full());

    for (const { properties } of rules) {
      const events = [...JSON.stringify(properties).matchAll(/'([a-z]+[A-Z]\w+)'/g)].map(([, event]) => event);
      expect(events.length).toBeGreaterThan(0);
      expect(logged).toEqual(expect.arrayContaining(events));
      expect(properties?.["actions"]).toEqual({
        actionGroups: [expect.stringContaining("/actionGroups/ag-goldpatch-")],
      });
    }
    expect(rules.map(({ name }) => name.split("-").slice(3).join("-"))).toEqual([
      "stuck-runs",
      "throttled",
      "not-started",
      "watchdog-silent",
      "budget-exhausted",
      "trust",
    ]);
  });

  it("alerts on silence where silence is what is wrong, and on speech elsewhere", () => {
    const criteria = ofType("Microsoft.Insights/scheduledQueryRules", full()).map(({ name, properties }) => {
      const { criteria, windowSize } = properties as {
        readonly windowSize: string;
        readonly criteria: { readonly allOf: readonly { readonly operator: string; readonly threshold: number }[] };
      };
      return [
        name.split("-").slice(3).join("-"),
        windowSize,
        criteria.allOf[0]?.operator,
        criteria.allOf[0]?.threshold,
      ];
    });

    expect(criteria).toContainEqual(["watchdog-silent", "PT45M", "LessThan", 1]);
    expect(criteria.filter(([name]) => name !== "watchdog-silent").map(([, , ...rest]) => rest)).toEqual(
      Array.from({ length: 5 }, () => ["GreaterThan", 0]),
    );
  });

  it("listens to every subscription of the scope, and alerts on events that were never delivered", () => {
    const patchScope = `/subscriptions/${HOME}/resourceGroups/a,/subscriptions/${OTHER}`;
    const resources = predicted("main.bicep", { ...deployment, patchScope });
    const topics = ofType("Microsoft.EventGrid/systemTopics", resources);

    expect(topics.map(({ properties }) => properties)).toEqual(
      [HOME, OTHER].map((id) => ({ source: `/subscriptions/${id}`, topicType: "Microsoft.Resources.Subscriptions" })),
    );
    expect(topics.map(({ id }) => id.split("/")[2])).toEqual([HOME, OTHER]);
    const alerts = ofType("Microsoft.Insights/metricAlerts", resources);
    expect(alerts.map(({ properties }) => properties?.["scopes"])).toEqual(topics.map(({ id }) => [id]));
  });

  it("subscribes the function to writes of VMs, apart from the app that must be there first", () => {
    expect(ofType("Microsoft.EventGrid/systemTopics/eventSubscriptions", plain())).toEqual([]);
    const site = `/subscriptions/${HOME}/resourceGroups/rg/providers/Microsoft.Web/sites/func`;
    const account = `/subscriptions/${HOME}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st`;
    const { environmentName, patchScope } = deployment;

    const events = { environmentName, patchScope, functionAppId: site, storageAccountId: account };
    const [subscription, ...more] = predicted("events.bicep", events);

    expect(more).toEqual([]);
    const [topic] = ofType("Microsoft.EventGrid/systemTopics", plain());
    expect(subscription?.id).toBe(`${topic?.id ?? ""}/eventSubscriptions/goldpatch-test`);
    expect(subscription?.properties).toMatchObject({
      destination: { properties: { resourceId: `${site}/functions/${triggerNames.vmProvisioned}` } },
      filter: {
        includedEventTypes: ["Microsoft.Resources.ResourceWriteSuccess"],
        advancedFilters: [
          { operatorType: "StringIn", key: "data.operationName", values: ["Microsoft.Compute/virtualMachines/write"] },
        ],
      },
      deadLetterWithResourceIdentity: {
        deadLetterDestination: { properties: { resourceId: account, blobContainerName: "dead-letters" } },
      },
    });
  });

  it("subscribes a function to the events of one schedule, before and after its runs", () => {
    const functionId = `/subscriptions/${HOME}/resourceGroups/rg/providers/Microsoft.Web/sites/func/functions/${triggerNames.maintenanceEvent}`;

    const [subscription, ...more] = predicted("maintenance-events.bicep", { scheduleName: "nightly", functionId });

    expect(more).toEqual([]);
    expect(subscription?.id).toContain("/maintenanceConfigurations/nightly");
    expect(subscription?.properties).toMatchObject({
      destination: { properties: { resourceId: functionId } },
      filter: {
        includedEventTypes: ["Microsoft.Maintenance.PreMaintenanceEvent", "Microsoft.Maintenance.PostMaintenanceEvent"],
      },
    });
  });

  it("uses a topic that exists, changes nothing of it, and makes one where there is none", () => {
    const existing = `/subscriptions/${OTHER}/resourceGroups/rg-shared/providers/Microsoft.EventGrid/systemTopics/evgt-shared`;
    const both = {
      environmentName: "test",
      patchScope: `/subscriptions/${HOME}/resourceGroups/a,/subscriptions/${OTHER}`,
      existingTopics: ` ${existing.replace(OTHER, OTHER.toUpperCase())}`,
    };
    const resources = predicted("main.bicep", { ...both, location: "westeurope" });
    const topics = ofType("Microsoft.EventGrid/systemTopics", resources);
    const alerts = ofType("Microsoft.Insights/metricAlerts", resources);
    const subscriptions = predicted("events.bicep", { ...both, functionAppId: "/f", storageAccountId: "/s" });

    expect(topics.map(({ id }) => id.split("/")[2])).toEqual([HOME]);
    expect(
      ofType("Microsoft.Resources/resourceGroups", resources).filter(({ id }) => id.split("/")[2] === OTHER),
    ).toEqual([]);
    expect(alerts.map(({ properties }) => properties?.["scopes"])).toEqual([[topics[0]?.id], [existing]]);
    expect(subscriptions.map(({ id }) => id)).toEqual(
      [topics[0]?.id, existing].map((topic) => `${topic}/eventSubscriptions/goldpatch-test`),
    );
    expect(JSON.stringify(alerts[1]?.properties)).toContain('"values":["goldpatch-test"]');
  });

  it("closes storage to all but private endpoints and Event Grid when asked to", () => {
    const [open] = ofType("Microsoft.Storage/storageAccounts", plain());
    const [closed] = ofType("Microsoft.Storage/storageAccounts", full());

    expect(open?.properties).toMatchObject({ networkAcls: { defaultAction: "Allow" } });
    expect(closed?.properties).toMatchObject({ networkAcls: { defaultAction: "Deny", bypass: "AzureServices" } });
    const endpoints = ofType("Microsoft.Network/privateEndpoints", full());
    expect(endpoints.map(({ id }) => id.split("-").at(-1))).toEqual(["blob", "queue", "table"]);
    expect(ofType("Microsoft.Network/virtualNetworks", plain())).toEqual([]);
  });

  it("tags everything that can have tags", () => {
    const untagged = /config|Policies|blobServices|containers|taskHubs|ZoneGroups|role(?:Assignments|Definitions)$/i;
    const tagged = full().filter(({ type }) => !untagged.test(type));

    expect(tagged.length).toBeGreaterThan(15);
    for (const resource of tagged) {
      expect(resource).toMatchObject({ tags: { owner: "platform", "azd-env-name": "test" } });
    }
  });
});

const functionApp = {
  name: "goldpatch-1",
  location: "westeurope",
  tags: {},
  nodeVersion: "22",
  identityId: `/subscriptions/${HOME}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`,
  identityClientId: HOME,
  storageAccountName: "goldpatch1",
  tablesEndpoint: "https://goldpatch1.table.core.windows.net/",
  packageContainer: "https://goldpatch1.blob.core.windows.net/app-package",
  insightsConnectionString: "InstrumentationKey=none",
  schedulerEndpoint: "https://scheduler.westeurope.durabletask.io",
  taskHub: "goldpatch",
  patchScope: `/subscriptions/${OTHER}`,
  settings: { GOLDPATCH_SWEEP_MODE: "patch" },
  authClientId: "",
  subnetId: "",
  maximumInstances: 40,
  alwaysReadyInstances: 0,
};

function hostSettings(): { readonly extensions: { readonly durableTask: { readonly hubName: string } } } {
  return JSON.parse(readFileSync(path.join(ROOT, "host.json"), "utf8")) as ReturnType<typeof hostSettings>;
}
