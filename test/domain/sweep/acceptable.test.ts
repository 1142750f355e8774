import { expect, test } from "@jest/globals";
import { troubleWith } from "../../../src/domain/sweep/acceptable";
import { policyOf, policyText, SUBSCRIPTION } from "../../policy/policy-text";

const OTHER = "00000000-0000-4000-8000-000000000002";
const group = (name: string, subscriptionId = SUBSCRIPTION) => ({ subscriptionId, resourceGroup: name });
const limits = {
  hookKeys: ["hook"],
  deadlines: {
    readyMinutes: 30,
    supportMinutes: 20,
    assessments: 3,
    reassessMinutes: 5,
    settleSeconds: 90,
    graceMinutes: 15,
    busyMinutes: 30,
  },
  runDeadlineMs: 24 * 3_600_000,
};
const trouble = (
  more: string,
  scope = [{ subscriptionId: SUBSCRIPTION }] as Parameters<typeof troubleWith>[1]["scope"],
) => troubleWith(policyOf(policyText(more)), { ...limits, scope });

test.each([
  "",
  'schedule: { every: day, at: "02:00" }\n',
  "onProvision: { mode: patch }\n",
  "assess: { attempts: 2 }\n",
  "groups: [{ tag: cluster }]\n",
  'onProvision: { mode: patch }\nhooks: { beforeVm: { url: "https://hooks.example.com", key: hook } }\n',
])("a policy inside the scope is taken: %s", (more) => expect(trouble(more)).toEqual([]));

test("places outside GOLDPATCH_SCOPE are named", () => {
  expect(trouble("", [group("web")])).toEqual([
    `scope.subscriptions: "${SUBSCRIPTION}": outside GOLDPATCH_SCOPE, which holds /subscriptions/${SUBSCRIPTION}/resourceGroups/web`,
  ]);
  const groups = (names: readonly string[]) =>
    policyOf(
      policyText().replace(
        `  subscriptions: [${SUBSCRIPTION}]`,
        `  resourceGroups: [${names.map((name) => `/subscriptions/${name}`).join(", ")}]`,
      ),
    );
  const policy = groups([
    `${SUBSCRIPTION}/resourceGroups/web`,
    `${SUBSCRIPTION}/resourceGroups/db`,
    `${OTHER}/resourceGroups/web`,
  ]);
  const problems = troubleWith(policy, { ...limits, scope: [group("web")] });
  expect(problems).toHaveLength(2);
  expect(problems[0]).toContain(`scope.resourceGroups: "/subscriptions/${SUBSCRIPTION}/resourcegroups/db": outside`);
  expect(problems[1]).toContain(`scope.resourceGroups: "/subscriptions/${OTHER}/resourcegroups/web": outside`);
});

test("management groups may be named: their VMs outside GOLDPATCH_SCOPE are left out later", () => {
  const policy = policyOf(policyText().replace("scope:", "scope:\n  managementGroups: [platform]"));
  expect(troubleWith(policy, { ...limits, scope: [{ subscriptionId: SUBSCRIPTION }] })).toEqual([]);
});

test("assessments that take longer than a run may are refused", () => {
  expect(trouble("assess: { attempts: 4 }\n")).toEqual([
    "assess: a run could take 26.0 hours with it, and GOLDPATCH_RUN_DEADLINE_HOURS allows 24.0: ask for less, or raise the setting",
  ]);
  expect(trouble("assess: { attempts: 1, pause: PT1H, deadline: PT3H }\n")).toEqual([]);
});

test("what a policy does around a VM and a stage is taken, with keys that the app has", () => {
  const around = `verify: { within: PT20M, probe: { url: "https://health.example.com" } }
power: startAndStop
hooks:
  beforeVm: { url: "https://hooks.example.com", key: hook }
  afterStage: { url: "https://hooks.example.com", key: KEY }
`;
  expect(trouble(around.replace("KEY", "hook"))).toEqual([]);
  expect(trouble(around.replace("KEY", "other"))).toEqual([
    'hooks.afterStage.key: "other": no such key: add it to GOLDPATCH_HOOK_KEYS as other=KEY',
  ]);
});
