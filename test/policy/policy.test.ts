import { describe, expect, it } from "@jest/globals";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { policyFieldRows, policySchemaDocument } from "../../src/contracts/policy/document";
import { policyHash } from "../../src/policy-file/policy-hash";
import { readPolicy } from "../../src/policy-file/read-policy";
import { policyOf, policyText, problemsOf, SUBSCRIPTION } from "./policy-text";

const example = readFileSync("docs/policy.example.yaml", "utf8");
const hashOf = (text: string): string => policyHash(policyOf(text));

describe("a policy file", () => {
  it("that holds the least is a policy with all defaults", () => {
    expect(policyOf(policyText())).toEqual({
      version: 1,
      name: "linux-weekly",
      mode: "assess",
      timeZone: "UTC",
      scope: {
        subscriptions: [SUBSCRIPTION],
        managementGroups: [],
        resourceGroups: [],
        tags: { include: {}, exclude: {} },
        images: { kinds: [], ids: [], versions: [] },
        operatingSystems: ["Windows", "Linux"],
      },
      onProvision: { mode: "setting", inWindows: true },
      windows: [],
      blackouts: [],
      assess: {},
      install: { maximumDuration: "PT3H55M" },
      concurrency: 50,
      failureBudget: "5%",
      stages: [{ name: "all", failureBudget: "5%", wait: "PT0M" }],
      groups: [],
      exposure: { cap: "10%", ramp: [1, "1%", "10%", "rest"] },
      verify: { within: "PT15M" },
      verdict: { tries: 3, deadline: "PT2H", agreeing: 2, expiresAfterDays: 30 },
      power: "skip",
      hooks: {},
    });
  });

  it("has defaults within what is given in part", () => {
    const policy = policyOf(
      policyText(
        "stages:\n  - { name: a, share: 1, gate: {} }\n  - { name: b }\nhooks: { afterVm: { url: https://a.example/x, key: k } }\nverify: { probe: { url: 'https://a.example/{vmName}' } }\n",
      ),
    );
    expect(policy.stages[0]).toEqual({
      ...{ name: "a", share: 1, failureBudget: "5%", wait: "PT0M", gate: { timeout: "PT24H", onTimeout: "stop" } },
    });
    expect(policy.hooks).toEqual({ afterVm: { url: "https://a.example/x", key: "k", deadline: "PT5M" } });
    expect(policy.verify.probe).toEqual({ url: "https://a.example/{vmName}", timeout: "PT30S" });
  });

  it.each([
    ["a whole day", 'mode: patch\nwindows: [{ from: "00:00", to: "24:00" }]'],
    [
      "windows that touch, neither long enough by itself",
      'mode: patch\nwindows: [{ days: [Monday], from: "22:00", to: "24:00" }, { days: [Tuesday], from: "00:00", to: "02:00" }]\ninstall: { maximumDuration: PT4H }',
    ],
    [
      "a short window, where nothing is installed",
      'onProvision: { mode: ignore }\nwindows: [{ from: "22:00", to: "22:30" }]',
    ],
    ["blackouts that touch", "blackouts: [{ from: 2026-12-18, to: 2026-12-19 }, { from: 2026-12-20, to: 2026-12-21 }]"],
    ["a blackout within a day", 'blackouts: [{ from: 2026-12-18T10:00, to: 2026-12-18T10:01, reason: "x" }]'],
    ["shares that add up to all", "stages: [{ name: a, share: 50% }, { name: b, share: 50% }, { name: c }]"],
    ["a short installation for Linux alone", "install: { maximumDuration: PT20M }"],
    ["a month's last day", 'schedule: { every: month, day: last, at: "00:00" }'],
    [
      "tags with names that look like numbers",
      "stages: [{ name: a, tags: { 2026: ['1'], true: ['*'] } }, { name: b }]",
    ],
    ["anchors that nothing refers to", "mode: &mode patch"],
    ["a comment, a byte order mark and CRLF", "# comment\r\npower: skip\r\n"],
  ])("may have %s", (_, more) => {
    const text = policyText(`${more}\n`).replace("]", more.includes("PT20M") ? "]\n  operatingSystems: [Linux]" : "]");
    expect(problemsOf(text)).toEqual([]);
    expect(problemsOf(`\ufeff${text}`)).toEqual([]);
  });

  it("may be JSON", () => {
    const json = JSON.stringify({ version: 1, name: "linux-weekly", scope: { subscriptions: [SUBSCRIPTION] } });
    expect(policyOf(json)).toEqual(policyOf(policyText()));
  });

  it("is read alike with ids in any case, and with the Compute API's words in any case", () => {
    const upper = policyText("install: { rebootSetting: ifrequired }\n").replace(
      SUBSCRIPTION,
      "AAAAAAAA-0000-4000-8000-000000000001",
    );
    const policy = policyOf(upper);
    expect(policy.scope.subscriptions).toEqual(["aaaaaaaa-0000-4000-8000-000000000001"]);
    expect(policy.install.rebootSetting).toBe("IfRequired");
  });
});

describe("a policy's hash", () => {
  it("is the SHA-256 of its JSON, sorted, with defaults", () => {
    const json =
      '{"assess":{},"blackouts":[],"concurrency":50,"exposure":{"cap":"10%","ramp":[1,"1%","10%","rest"]},"failureBudget":"5%","groups":[],"hooks":{},' +
      '"install":{"maximumDuration":"PT3H55M"},"mode":"assess","name":"linux-weekly","onProvision":{"inWindows":true,"mode":"setting"},"power":"skip",' +
      `"scope":{"images":{"ids":[],"kinds":[],"versions":[]},"managementGroups":[],"operatingSystems":["Windows","Linux"],"resourceGroups":[],"subscriptions":["${SUBSCRIPTION}"],` +
      '"tags":{"exclude":{},"include":{}}},"stages":[{"failureBudget":"5%","name":"all","wait":"PT0M"}],"timeZone":"UTC",' +
      '"verdict":{"agreeing":2,"deadline":"PT2H","expiresAfterDays":30,"tries":3},"verify":{"within":"PT15M"},"version":1,"windows":[]}';
    expect(hashOf(policyText())).toBe(createHash("sha256").update(json).digest("hex"));
  });

  it("is that of the policy when it is read again from what was read", () => {
    const json = JSON.stringify(policyOf(example));
    expect(policyOf(json)).toEqual(policyOf(example));
    expect(hashOf(json)).toBe(hashOf(example));
  });

  it.each([
    ["comments and empty lines", `# a comment\n\n${policyText()}# another\n`],
    ["the order of fields", policyText().split("\n").slice(2).concat("name: linux-weekly", "version: 1").join("\n")],
    [
      "defaults that are written out",
      policyText("mode: assess\nexposure: { ramp: [1, 1%, 10%, rest], cap: 10% }\nhooks: {}\n"),
    ],
    ["another way to write YAML", JSON.stringify(policyOf(policyText()))],
  ])("is not changed by %s", (_, text) => {
    expect(hashOf(text)).toBe(hashOf(policyText()));
  });

  it.each([
    ["another value", policyText("power: startAndStop\n")],
    ["another name", policyText().replace("weekly", "monthly")],
    ["one more item", policyText("groups: [{ tag: a }]\n")],
  ])("is changed by %s", (_, text) => {
    expect(hashOf(text)).not.toBe(hashOf(policyText()));
  });

  it("knows the order of lists, and tells texts from numbers", () => {
    const budget = (amount: string) => hashOf(policyText(`failureBudget: ${amount}\n`));
    expect(new Set([budget("1"), budget("1%"), budget("0")]).size).toBe(3);
    const groups = (tags: string) => hashOf(policyText(`groups: [${tags}]\n`));
    expect(groups("{ tag: a }, { tag: b }")).not.toBe(groups("{ tag: b }, { tag: a }"));
  });

  it("orders names by code units, those that look like numbers too", () => {
    const tags = (text: string) => hashOf(policyText(`stages: [{ name: a, tags: { ${text} } }, { name: b }]\n`));
    expect(tags("b: [x], 10: [x], 9: [x], A: [x]")).toBe(tags("9: [x], A: [x], b: [x], 10: [x]"));
  });
});

describe("what is published", () => {
  it("docs/policy.schema.json is the schema (node build/docs.mjs writes it)", () => {
    expect(JSON.parse(readFileSync("docs/policy.schema.json", "utf8"))).toEqual(policySchemaDocument());
  });

  it("docs/policy.md lists each field with its value, default and meaning (node build/docs.mjs writes them)", () => {
    const [section = ""] =
      /(?<=<!-- fields -->\n)[^]*(?=<!-- \/fields -->)/.exec(readFileSync("docs/policy.md", "utf8")) ?? [];
    const cells = section
      .trim()
      .split("\n")
      .slice(2)
      .map((line) =>
        line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    expect(cells).toEqual(policyFieldRows());
    expect(cells.length).toBeGreaterThan(60);
    expect(cells.filter(([, , , meaning = ""]) => !/^.{7,}\.$/.test(meaning))).toEqual([]);
  });

  it("docs/policy.example.yaml is a policy, and uses every field of the first level", () => {
    const reading = readPolicy(example);
    expect(reading.kind).toBe("policy");
    const named = example.match(/^\w+(?=:)/gm);
    const fields = Object.keys((policySchemaDocument() as { properties: object }).properties);
    expect(fields.filter((field) => !named?.includes(field))).toEqual(["assess", "verdict"]);
  });

  it("the policy in docs/policy.md is one", () => {
    const blocks = [...readFileSync("docs/policy.md", "utf8").matchAll(/```yaml\n([^]*?)```/g)].map(
      ([, block = ""]) => block,
    );
    expect(blocks.map(problemsOf)).toEqual([[]]);
  });
});
