import { describe, expect, test } from "@jest/globals";
import type { RunView } from "../../src/contracts/api/runs";
import { readFileSync } from "node:fs";
import { fleetOf } from "../support/fleet";
import { HookService, hookAt, hookSettings } from "../support/hooks";
import { startWorld, type World } from "../support/outside-jest";
import { patchPolicy, posted, startSweep, store, SUBSCRIPTION, sweptOut } from "../support/sweeps";
import type { WorldOptions } from "../support/world";

const MINUTE = 60_000;
const OTHER = "22222222-2222-4333-8444-555555555555";

/** A VM that is created five minutes after the start, and its event. */
const fresh = (more: object = {}) => ({ name: "new", image: "lin", createAfterSeconds: 300, ...more });

/** The new VM's run, with the policies stored before it was created. */
async function provisioned(
  policies: readonly string[],
  { vm = {}, fleet = {}, ...options }: { vm?: object; fleet?: object } & Partial<WorldOptions> = {},
): Promise<{ world: World; run: RunView; hashes: string[] }> {
  const world = await startWorld({ fleet: fleetOf([fresh(vm)], fleet), ...options });
  const hashes = [];
  for (const policy of policies) hashes.push((await store(world, policy)).hash);
  await world.passes(10 * MINUTE);
  const [run, ...others] = await world.settle();
  if (!run || others.length > 0) throw new Error(`the event started ${others.length + 1} runs`);
  return { world, run, hashes };
}

const named = (name: string, more: string): string => patchPolicy(more).replace("test-policy", name);
const says = (onProvision: string, more = ""): string => patchPolicy(`onProvision: ${onProvision}\n${more}`);
const ASSESS = { GOLDPATCH_PROVISION_MODE: "assess" };

describe("onProvision of a stored policy", () => {
  test.each([
    ["patch", "{ mode: patch }", ASSESS, "Patched"],
    ["assess", "{ mode: assess }", {}, "Supported"],
    ["ignore", "{ mode: ignore }", {}, "LeftByPolicy"],
    ["setting: assess", "{ mode: setting }", ASSESS, "Supported"],
    ["setting: patch", "{ mode: setting }", {}, "Patched"],
  ])("%s", async (_what, onProvision, settings, code) => {
    const { world, run } = await provisioned([says(onProvision)], { settings });
    expect(run).toMatchObject({ trigger: "event", code });
    expect(posted(world, "installPatches")).toEqual(code === "Patched" ? ["new"] : []);
    expect(posted(world, "assessPatches")).toEqual(code === "LeftByPolicy" ? [] : ["new"]);
  });

  test("the run keeps the policy's name and hash, and installs with its options", async () => {
    const { world, run, hashes } = await provisioned([
      says("{ mode: patch }").replace("PT1H", "PT3H").replace("IfRequired", "Never"),
    ]);
    expect(run).toMatchObject({ mode: "patch", policy: { name: "test-policy", policyHash: hashes[0] } });
    const [evidence] = run.steps.filter(({ name }) => name === "installPatches");
    expect(evidence).toBeDefined();
    expect(await world.store.scan("policy-versions", "")).toHaveLength(1);
    const rows = await world.store.scan<{ install?: object }>("runs", "");
    expect(rows[0]?.value.install).toMatchObject({ maximumDuration: "PT3H", rebootSetting: "Never" });
  });

  test("without a policy that selects it the settings hold", async () => {
    const { run } = await provisioned([
      says("{ mode: ignore }").replace("scope:", "scope:\n  tags: { include: { ring: [canary] } }"),
    ]);
    expect(run).toMatchObject({ code: "Patched" });
    expect(run.policy).toBeUndefined();
  });

  test("the first by name that selects the VM says what is done", async () => {
    const { run } = await provisioned([
      named("b-ignores", "onProvision: { mode: ignore }\n"),
      named("a-assesses", "onProvision: { mode: assess }\n"),
      named("a-a-elsewhere", "onProvision: { mode: ignore }\n").replace(
        "scope:",
        "scope:\n  operatingSystems: [Windows]",
      ),
    ]);
    expect(run).toMatchObject({ code: "Supported", policy: { name: "a-assesses" } });
  });

  test("one that is deleted or changed later changes nothing for the run", async () => {
    const world = await startWorld({ fleet: fleetOf([fresh()]) });
    const { hash } = await store(world, says("{ mode: assess }"));
    await world.passes(8 * MINUTE);
    await world.api("DELETE", "policies/test-policy");
    const [run] = await world.settle();
    expect(run).toMatchObject({ code: "Supported", policy: { policyHash: hash } });
  });
});

describe("its windows and blackouts", () => {
  const LATER = 'windows: [{ from: "20:00", to: "23:00" }]\n';

  test("outside a window nothing is sent", async () => {
    const { world, run } = await provisioned([says("{ mode: patch }", LATER)]);
    expect(run).toMatchObject({ code: "OutsideWindow", detail: "policy test-policy: no window is open" });
    expect(posted(world, "assessPatches")).toEqual([]);
  });

  test("inWindows: false asks for none", async () => {
    expect((await provisioned([says("{ mode: patch, inWindows: false }", LATER)])).run.code).toBe("Patched");
  });

  test("an installation that does not fit is not started", async () => {
    const { world, run } = await provisioned([says("{ mode: patch }", 'windows: [{ from: "06:00", to: "07:05" }]\n')]);
    expect(run).toMatchObject({ code: "OutsideWindow", detail: expect.stringContaining("does not fit") });
    expect([posted(world, "assessPatches"), posted(world, "installPatches")]).toEqual([["new"], []]);
  });

  test("a blackout holds all the same", async () => {
    const { run } = await provisioned([
      says("{ mode: patch, inWindows: false }", "blackouts: [{ from: 2026-12-01, to: 2026-12-02 }]\n"),
    ]);
    expect(run).toMatchObject({ code: "OutsideWindow", detail: "policy test-policy: a blackout is in force" });
  });
});

describe("what it wants around a VM", () => {
  const BOTH = `hooks:\n${hookAt("beforeVm")}${hookAt("afterVm")}`;
  const provisionedBy = (service: HookService, more: string, others: Partial<WorldOptions> & { vm?: object } = {}) =>
    provisioned([says("{ mode: patch }", more)], { settings: hookSettings, outside: service.outside, ...others });

  test("its hooks are told of a new VM once it is ready, and a yes changes nothing", async () => {
    const service = new HookService();
    const { run, hashes } = await provisionedBy(service, BOTH, { vm: { agent: { readyAfterSeconds: 600 } } });
    expect(run.code).toBe("Patched");
    expect(service.moments).toEqual(["beforeVm new", "afterVm new"]);
    const [before, after] = service.asked.map(({ body }) => body);
    expect(before).toEqual({
      id: before?.id,
      moment: "beforeVm",
      policy: "test-policy",
      policyHash: hashes[0],
      mode: "patch",
      runId: run.runId,
      vm: { id: run.vmId, subscriptionId: SUBSCRIPTION, resourceGroup: "rg-test", name: "new" },
    });
    expect(after).toMatchObject({ moment: "afterVm", outcome: "patched", code: "Patched", runId: run.runId });
    const step = (name: string) => run.steps.find((each) => each.name === name);
    const [checked, asked, assessed] = [
      step("checkProvisioning")?.endedAt,
      step("beforeVm")?.startedAt,
      step("assessPatches")?.startedAt,
    ].map((at) => Date.parse(at ?? ""));
    expect(asked).toBeGreaterThanOrEqual(checked ?? Number.NaN);
    expect(assessed).toBeGreaterThanOrEqual(asked ?? Number.NaN);
  });

  test("a hook that wants time gets it, and the run goes on", async () => {
    const service = new HookService((_body, _url, times) => (times < 10 ? { status: 202, retryAfter: "300" } : {}));
    const { run } = await provisionedBy(service, `hooks:\n${hookAt("beforeVm", ", deadline: PT1H")}`);
    expect(run.code).toBe("Patched");
    expect(service.moments).toHaveLength(10);
  });

  test("no before it: nothing is sent, and nobody is asked afterwards", async () => {
    const service = new HookService((body) => (body?.moment === "beforeVm" ? { status: 409 } : {}));
    const { world, run } = await provisionedBy(service, BOTH);
    expect(run).toMatchObject({ code: "BeforeVmRefused", detail: "hook beforeVm: it answered 409" });
    expect(posted(world, "assessPatches")).toEqual([]);
    expect(service.moments).toEqual(["beforeVm new"]);
  });

  test("no after it: it failed, and says how it would have ended", async () => {
    const service = new HookService((body) => (body?.moment === "afterVm" ? { status: 400 } : {}));
    const { run } = await provisionedBy(service, `hooks:\n${hookAt("afterVm")}`);
    expect(run).toMatchObject({
      code: "AfterVmRefused",
      detail: "hook afterVm: it answered 400; the run itself: Patched",
    });
  });

  test.each([
    ["assesses", "{ mode: assess }", {}, "Supported", ["beforeVm new", "afterVm new"]],
    ["ignores it", "{ mode: ignore }", {}, "LeftByPolicy", []],
    ["waits for it in vain", "{ mode: patch }", { agent: { state: "absent" } }, "AgentMissing", []],
  ] as const)("a run that %s", async (_what, onProvision, vm, code, moments) => {
    const service = new HookService();
    const options = { vm, settings: hookSettings, outside: service.outside };
    expect((await provisioned([says(onProvision, BOTH)], options)).run.code).toBe(code);
    expect(service.moments).toEqual(moments);
    if (code !== "AgentMissing") return;
    expect((await provisioned([says(onProvision, `hooks:\n${hookAt("afterVm")}`)], options)).run.code).toBe(code);
    expect(service.moments).toEqual([]);
  });

  test("its probe and its patience after the installation", async () => {
    const probe = 'verify: { within: PT4M, probe: { url: "https://health.example.com/{vmName}" } }\n';
    const service = new HookService(() => ({ status: 500 }));
    const { run } = await provisionedBy(service, probe);
    expect(run).toMatchObject({ code: "ProbeFailed", detail: "probe: it answered 500" });
    expect(service.asked[0]?.url).toBe("https://health.example.com/new");
    const step = run.steps.find(({ name }) => name === "confirmInstall");
    const took = Date.parse(step?.endedAt ?? "") - Date.parse(step?.startedAt ?? "");
    expect(took).toBeGreaterThan(3 * MINUTE);
    expect(took).toBeLessThan(6 * MINUTE);
  });

  test("power: startAndStop starts no VM that is off", async () => {
    const { world, run } = await provisioned([says("{ mode: patch }", "power: startAndStop\n")], {
      vm: { power: { state: "deallocated" } },
    });
    expect(run.code).toBe("VmDeallocated");
    expect(world.transcript.filter(({ path }) => /\/(?:start|deallocate)\?/.test(path))).toEqual([]);
  });

  test.each(["repeated", "doubled", "killedAfter"] as const)(
    "an activity that checks or asks and is %s: each hook under one id, and the run ends as if nothing had happened",
    async (fate) => {
      const service = new HookService();
      let kills = 0;
      const { run } = await provisionedBy(service, BOTH, {
        chaos: ({ name }) =>
          ["askHook", "checkProvisioning"].includes(name) && (fate !== "killedAfter" || kills++ < 3) ? fate : "once",
      });
      expect(run.code).toBe("Patched");
      expect(new Set(service.asked.map(({ headers }) => headers["idempotency-key"])).size).toBe(2);
    },
  );

  test("a run whose orchestration was ended is settled by the watchdog: its hook after the VM is asked all the same", async () => {
    const service = new HookService();
    const world = await startWorld({
      fleet: fleetOf([fresh({ install: { durationSeconds: 600 } })]),
      settings: hookSettings,
      outside: service.outside,
    });
    await store(world, says("{ mode: patch }", BOTH));
    while (posted(world, "installPatches").length === 0) await world.passes(MINUTE);
    const [running] = await world.runs();
    await world.terminate(running?.runId ?? "");
    await world.settle();
    for (let rounds = 0; rounds < 12 && (await world.runs())[0]?.outcome === null; rounds++)
      await world.passes(5 * MINUTE);
    const [run] = await world.runs();
    expect(run).toMatchObject({ code: "Patched" });
    expect(service.moments).toEqual(["beforeVm new", "afterVm new"]);
  });
});

describe("docs/policy.example.yaml", () => {
  const text = readFileSync("docs/policy.example.yaml", "utf8");
  const settings = {
    GOLDPATCH_SCOPE: "/subscriptions/00000000-0000-4000-8000-000000000001",
    GOLDPATCH_HOOK_KEYS: `drain-hook=${"0123456789abcdef".repeat(2)}`,
  };

  test("is stored, and swept by", async () => {
    const world = await startWorld({ fleet: fleetOf([]), settings });
    expect(await store(world, text)).toMatchObject({ name: "linux-golden-monthly" });
    expect((await world.api("POST", "sweeps", { policy: text })).status).toBe(202);
    expect((await world.api("POST", "sweeps", { policyName: "linux-golden-monthly" })).status).toBe(202);
  });

  test("is refused without its key, or outside GOLDPATCH_SCOPE", async () => {
    const world = await startWorld({ fleet: fleetOf([]) });
    const refused = await world.api("PUT", "policies/linux-golden-monthly", text);
    expect(refused.status).toBe(400);
    expect(refused.body).toContain("scope.subscriptions");
    expect(refused.body).toContain("hooks.beforeVm.key");
  });
});

describe("runs that no event started", () => {
  test("are none of its business", async () => {
    const world = await startWorld({ fleet: fleetOf([{ name: "old", image: "lin", events: [] }]) });
    await store(world, says("{ mode: ignore }"));
    await world.run("assess", ["old"]);
    expect((await world.settle())[0]).toMatchObject({ code: "Supported" });
  });
});

describe("management groups", () => {
  const corp = { managementGroups: [{ name: "corp", subscriptions: [OTHER] }] };
  const inCorp = (more = ""): string =>
    patchPolicy(more).replace(`subscriptions: [${SUBSCRIPTION}]`, "managementGroups: [Corp]");

  test.each([
    ["below it", { subscriptionId: OTHER }, "Supported"],
    ["elsewhere", {}, "Patched"],
  ])("a new VM %s", async (_where, vm, code) => {
    const { run } = await provisioned([inCorp("onProvision: { mode: assess }\n")], { vm, fleet: corp });
    expect(run.code).toBe(code);
  });

  test("a new VM whose place Azure does not tell is not guessed about", async () => {
    const { run } = await provisioned([inCorp("onProvision: { mode: assess }\n")], { fleet: { managementGroups: [] } });
    expect(run).toMatchObject({
      code: "AzureUnavailable",
      detail: expect.stringMatching(/^management group Corp: 400/),
    });
  });

  test("a sweep takes the VMs below it that GOLDPATCH_SCOPE holds, each once", async () => {
    const THIRD = "33333333-2222-4333-8444-555555555555";
    const vm = (name: string, subscriptionId: string) => ({ name, image: "lin", subscriptionId, events: [] });
    const world = await startWorld({
      fleet: fleetOf([vm("one", OTHER), vm("two", OTHER), vm("three", THIRD), vm("four", SUBSCRIPTION)], {
        managementGroups: [
          { name: "corp", subscriptions: [OTHER, THIRD] },
          { name: "lab", subscriptions: [OTHER] },
          { name: "empty", subscriptions: ["44444444-2222-4333-8444-555555555555"] },
        ],
      }),
      settings: { GOLDPATCH_SCOPE: `/subscriptions/${OTHER},/subscriptions/${SUBSCRIPTION}` },
    });
    const both = `subscriptions: [${OTHER}]\n  managementGroups: [empty, corp, lab]`;
    const policy = patchPolicy().replace("mode: patch", "mode: assess");
    const sweepId = await startSweep(world, policy.replace(`subscriptions: [${SUBSCRIPTION}]`, both));
    const { sweep } = await sweptOut(world, sweepId);
    expect(sweep.counts).toMatchObject({ vms: 2, ended: 2 });
    expect(posted(world, "assessPatches").toSorted()).toEqual(["one", "two"]);

    const only = await startSweep(world, policy.replace(`subscriptions: [${SUBSCRIPTION}]`, "managementGroups: [lab]"));
    expect((await sweptOut(world, only)).sweep.counts).toMatchObject({ vms: 2, ended: 2 });
  });
});

describe("assess", () => {
  const slow = { graph: { readiness: ["UnableToDetermine"] } };
  const assessing = (more: string): string => patchPolicy(more).replace("mode: patch", "mode: assess");
  const starts = (world: World) =>
    world.transcript.filter(({ path }) => path.includes("/assessPatches?")).map(({ t }) => Date.parse(t));

  test.each([
    ["the settings", "", 3, 5],
    ["the policy", "assess: { attempts: 2, pause: PT40M }\n", 2, 40],
  ])("of a sweep: %s", async (_whose, more, attempts, minutes) => {
    const world = await startWorld({ fleet: fleetOf([{ name: "vm", image: "lin", events: [], ...slow }]) });
    const { runs } = await sweptOut(world, await startSweep(world, assessing(more)));
    expect(runs[0]?.code).toBe("SupportUnableToDetermine");
    const [first = 0, second = 0, ...others] = starts(world);
    expect(others.length + 2).toBe(attempts);
    expect((second - first) / MINUTE).toBeGreaterThan(minutes);
    expect((second - first) / MINUTE).toBeLessThan(minutes + 15);
  });

  test("of a new VM's policy", async () => {
    const { world } = await provisioned([says("{ mode: assess }", "assess: { attempts: 1 }\n")], { vm: slow });
    expect(starts(world)).toHaveLength(1);
  });

  test.each([
    ["the settings", "", 20],
    ["the policy", "assess: { deadline: PT1H }\n", 60],
  ])("how long a row is waited for: %s", async (_whose, more, minutes) => {
    const world = await startWorld({
      fleet: fleetOf([{ name: "vm", image: "lin", events: [], graph: { row: "missing" } }]),
    });
    const { runs } = await sweptOut(world, await startSweep(world, assessing(more)));
    expect(runs[0]?.code).toBe("SupportStateLate");
    const [assessed, read] = ["assessPatches", "readSupportState"].map((name) =>
      runs[0]?.steps.find((step) => step.name === name),
    );
    const waited = (Date.parse(read?.endedAt ?? "") - Date.parse(assessed?.endedAt ?? "")) / MINUTE;
    expect(waited).toBeGreaterThanOrEqual(minutes - 1);
    expect(waited).toBeLessThan(minutes + 5);
  });
});
