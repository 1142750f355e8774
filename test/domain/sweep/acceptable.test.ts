import { expect, test } from "@jest/globals";
import { troubleWith } from "../../../src/domain/sweep/acceptable";
import { policyOf, policyText, SUBSCRIPTION } from "../../policy/policy-text";

const OTHER = "00000000-0000-4000-8000-000000000002";
const group = (name: string, subscriptionId = SUBSCRIPTION) => ({ subscriptionId, resourceGroup: name });
const trouble = (
  more: string,
  scope = [{ subscriptionId: SUBSCRIPTION }] as Parameters<typeof troubleWith>[1]["scope"],
) => troubleWith(policyOf(policyText(more)), { scope, hookKeys: ["hook"] });

test("a plain policy inside the scope is taken", () => expect(trouble("")).toEqual([]));

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
  const problems = troubleWith(policy, { scope: [group("web")], hookKeys: ["hook"] });
  expect(problems).toHaveLength(2);
  expect(problems[0]).toContain(`scope.resourceGroups: "/subscriptions/${SUBSCRIPTION}/resourcegroups/db": outside`);
  expect(problems[1]).toContain(`scope.resourceGroups: "/subscriptions/${OTHER}/resourcegroups/web": outside`);
});

test.each([
  ["onProvision", "onProvision: { mode: patch }"],
  ["onProvision", "onProvision: { inWindows: false }"],
  ["schedule", 'schedule: { every: day, at: "02:00" }'],
  ["assess", "assess: { attempts: 2 }"],
  ["groups", "groups: [{ tag: cluster }]"],
])("%s is refused by name, never ignored", (field, more) => {
  const problems = trouble(`${more}\n`);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^${field}: sweeps do not carry it out yet: \\w`));
});

test("management groups are refused by name", () => {
  const policy = policyOf(policyText().replace("scope:", "scope:\n  managementGroups: [platform]"));
  expect(troubleWith(policy, { scope: [{ subscriptionId: SUBSCRIPTION }], hookKeys: ["hook"] })).toEqual([
    "scope.managementGroups: sweeps do not carry it out yet: name subscriptions or resourceGroups",
  ]);
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
