import { afterAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { explain, explanationText } from "../../src/cli/policy/explanation";
import { policyOf, policyText } from "../policy/policy-text";
import { goldpatch } from "./goldpatch";

const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-policy-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

const good = file("good.yaml", policyText());
const bad = file("bad.yaml", policyText("mode: now\npower: on\n"));
const HASH = /[0-9a-f]{64}/;

describe("goldpatch policy validate", () => {
  it("ends with 0 when all files are valid, and tells name and hash", async () => {
    const ended = await goldpatch(["policy", "validate", good, "docs/policy.example.yaml"]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toMatch(/^\S+good\.yaml: valid: linux-weekly, hash [0-9a-f]{64}\n/);
    expect(ended.stdout).toMatch(/\ndocs\/policy\.example\.yaml: valid: linux-golden-monthly, hash [0-9a-f]{64}\n$/);
  });

  it("ends with 2 when one is not, and tells of each file all that is wrong", async () => {
    expect(await goldpatch(["policy", "validate", bad, good])).toMatchObject({
      code: 2,
      stderr: "",
      stdout: expect.stringMatching(
        new RegExp(
          `^${bad}:5:7: mode: "now": write one of assess, patch\n${bad}:6:8: power: "on": write one of skip, startAndStop\n${good}: valid: `,
        ),
      ),
    });
  });

  it("prints one JSON document", async () => {
    const ended = await goldpatch(["policy", "validate", bad, good, "--json"]);
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toEqual({
      schemaVersion: 1,
      files: [
        {
          file: bad,
          valid: false,
          problems: [
            { line: 5, column: 7, field: "mode", value: '"now"', remedy: "write one of assess, patch" },
            { line: 6, column: 8, field: "power", value: '"on"', remedy: "write one of skip, startAndStop" },
          ],
        },
        { file: good, valid: true, name: "linux-weekly", hash: expect.stringMatching(HASH), problems: [] },
      ],
    });
  });

  it("tells a hundred problems, and how many more there are", async () => {
    const many = file("many.yaml", policyText(Array.from({ length: 150 }, (_, index) => `f${index}: 1\n`).join("")));
    const { stdout } = await goldpatch(["policy", "validate", many]);
    expect(stdout.split("\n")).toHaveLength(102);
    expect(stdout).toMatch(/many\.yaml: and 50 more problems\n$/);
  });

  it.each<[string, string[], RegExp]>([
    ["no file", [], /^goldpatch: FILE: missing; goldpatch policy validate --help/],
    ["a file that is not there", ["/nowhere.yaml"], /^goldpatch: policy \/nowhere\.yaml: ENOENT.*; name a UTF-8 file/],
    ["a folder", [folder], /^goldpatch: policy \S+: EISDIR/],
    [
      "bytes that are no text",
      [file("bytes", Uint8Array.of(0x6e, 0xff, 0xfe))],
      /^goldpatch: policy \S+: .*encoded data/,
    ],
    ["an unknown option", [good, "--strict"], /^goldpatch: --strict: no such option; goldpatch policy validate --help/],
  ])("ends with 2 and one line for %s", async (_, args, line) => {
    const ended = await goldpatch(["policy", "validate", ...args]);
    expect(ended).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(line) });
    expect(ended.stderr.trim()).not.toContain("\n");
  });

  it("reads no more of a huge file than it must", async () => {
    const huge = file("huge.yaml", policyText(`# ${"x".repeat(300_000)}\n`));
    expect((await goldpatch(["policy", "validate", huge])).stdout).toBe(
      `${huge}:1:1: make it smaller: a policy file has at most 256 KiB\n`,
    );
  });
});

describe("goldpatch policy explain", () => {
  it("tells in words what would happen, and when", async () => {
    const ended = await goldpatch(["policy", "explain", "docs/policy.example.yaml", "--at", "2026-11-26T12:00:00Z"]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toMatch(
      /^Policy: +linux-golden-monthly\nHash: +[0-9a-f]{64}\nSeen from: +2026-11-26T12:00:00Z\n/,
    );
    expect(ended.stdout).toContain("next Friday 2026-12-11 22:00 (2026-12-11T22:00:00Z)");
  });

  it("prints one JSON document with the policy and its defaults", async () => {
    const ended = await goldpatch(["policy", "explain", good, "--json", "--at=2026-11-26T12:00:00+01:00"]);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      schemaVersion: 1,
      hash: expect.stringMatching(HASH),
      at: "2026-11-26T11:00:00Z",
      nextStarts: [],
      nextWindows: [],
      words: expect.arrayContaining([{ topic: "Starts", text: "on request only" }]),
      policy: policyOf(policyText()),
    });
  });

  it("of a file that is wrong tells that, on standard error, and ends with 2", async () => {
    expect(await goldpatch(["policy", "explain", bad])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/bad\.yaml:5:7: mode: "now": .+\n.+bad\.yaml:6:8: power: /),
    });
  });

  it.each(["tomorrow", "2026-11-26", "2026-11-26T12:00:00", "1999-12-31T23:59:59Z", "2200-01-01T00:00:00Z"])(
    "refuses --at %s",
    async (at) => {
      expect(await goldpatch(["policy", "explain", good, "--at", at])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`--at "${at}": give it an instant with its zone`),
      });
    },
  );
});

describe("goldpatch policy", () => {
  it.each([
    ["policy", "--help"],
    ["policy", "validate", "--help"],
    ["policy", "explain", "-h"],
  ])("%s %s is told", async (...args) => {
    const ended = await goldpatch(args);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toContain("policy");
  });

  it("tells how files are given", async () => {
    expect((await goldpatch(["policy", "validate", "--help"])).stdout).toContain(
      "goldpatch policy validate FILE... [options]",
    );
    expect((await goldpatch(["policy", "explain", "--help"])).stdout).toContain(
      "goldpatch policy explain FILE [options]",
    );
  });

  it.each([
    [
      ["policy"],
      /^goldpatch: "policy": no such command; use one of policy validate, policy explain, policy push, .*, or goldpatch --help\n$/,
    ],
    [["policy", "apply"], /^goldpatch: "policy apply": no such command; use one of policy validate, policy explain, /],
  ])("%j is no command", async (args, line) => {
    expect(await goldpatch(args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(line) });
  });
});

describe("an explanation", () => {
  const wordsOf = (more: string, at = "2026-11-26T12:00:00Z") => {
    const { words } = explain(policyOf(policyText(more)), Date.parse(at));
    return (topic: string) => words.filter((word) => word.topic === topic).map(({ text }) => text);
  };

  it("of the least policy", () => {
    expect(explanationText("linux-weekly", "0", explain(policyOf(policyText()), 0)))
      .toBe(`Policy:           linux-weekly
Hash:             0
Seen from:        1970-01-01T00:00:00Z
What:             assesses only; installs nothing; 50 VMs at the same time at most
Which VMs:        Windows and Linux in subscription 00000000-0000-4000-8000-000000000001, where GOLDPATCH_SCOPE holds them too
                  from any customized image
                  without the tags goldpatch off
New VMs:          are treated as GOLDPATCH_PROVISION_MODE says, within windows and outside blackouts
Starts:           on request only
May run:          at any time outside blackouts
Never:            no blackouts
Assesses:         as the settings say
Installs:         on Windows Critical and Security; on Linux Critical and Security; 3 hours 55 minutes at most; reboots VMs younger than a day if required, others never
Stages:           1. all: all VMs that are left; stops when more than 5%, rounded down, of its VMs failed
Exposure:         at most 10% of the VMs in flight and not yet verified (at least one)
                  begins with 1, then 1%, then 10%, then the rest; each step when all VMs before are settled
Failures:         the sweep stops when more than 5%, rounded down, of its VMs failed
Well means:       running, agent ready and boot time as expected, at most 15 minutes after the installation
Unknown image:    one VM goes first, up to 3 in 3 hours; 2 Unsupported VMs hold back the rest; a verdict holds 30 days
VMs that are off: are skipped
Hooks:            none
`);
  });

  it("tells a start that comes in no window, and one in a blackout", () => {
    const words = wordsOf(
      'mode: patch\ntimeZone: Europe/London\nschedule: { every: week, on: [Saturday], at: "20:00" }\nwindows: [{ days: [Saturday], from: "22:00", to: "04:00" }]\nblackouts: [{ from: 2026-12-05, to: 2026-12-06, reason: freeze }]\n',
    );
    expect(words("Starts")).toEqual([
      "every Saturday at 20:00 Europe/London",
      "next Saturday 2026-11-28 20:00 (2026-11-28T20:00:00Z); installs nothing until Saturday 2026-11-28 22:00: no window is open",
      "then Saturday 2026-12-05 20:00 (2026-12-05T20:00:00Z); installs nothing until Saturday 2026-12-12 22:00: a blackout holds",
      "then Saturday 2026-12-12 20:00 (2026-12-12T20:00:00Z); installs nothing until Saturday 2026-12-12 22:00: no window is open",
    ]);
    expect(words("Never")).toEqual(["from 2026-12-05 to 2026-12-06 Europe/London (freeze)"]);
  });

  it("tells until when an assessment waits, which has no length", () => {
    const words = wordsOf(
      'schedule: { every: day, at: "01:59" }\nonProvision: { mode: assess }\nwindows: [{ days: [Friday], from: "01:00", to: "02:00" }]\n',
    );
    expect(words("Starts").slice(1, 3)).toEqual([
      "next Friday 2026-11-27 01:59 (2026-11-27T01:59:00Z)",
      "then Saturday 2026-11-28 01:59 (2026-11-28T01:59:00Z); does nothing until Friday 2026-12-04 01:00: no window is open",
    ]);
  });

  it("tells a start whose time does not come, and hours that clocks change", () => {
    const words = wordsOf('timeZone: Europe/London\nschedule: { every: day, at: "01:30" }\n', "2026-03-28T12:00:00Z");
    expect(words("Starts")).toEqual([
      "every day at 01:30 Europe/London",
      "next Sunday 2026-03-29 02:00 (2026-03-29T01:00:00Z); 01:30 does not come on this day",
      "then Monday 2026-03-30 01:30 (2026-03-30T00:30:00Z)",
      "then Tuesday 2026-03-31 01:30 (2026-03-31T00:30:00Z)",
    ]);
  });

  it("tells whether windows are open and blackouts hold now", () => {
    const more =
      'windows: [{ from: "10:00", to: "15:00" }]\nblackouts: [{ from: 2026-11-20, to: 2026-11-21 }, { from: 2026-11-26T13:00, to: 2026-11-26T13:30 }]\n';
    expect(wordsOf(more)("May run")).toEqual([
      "every day from 10:00 to 15:00 UTC",
      "now open",
      "Thursday 2026-11-26 10:00 (2026-11-26T10:00:00Z) to Thursday 2026-11-26 13:00 (2026-11-26T13:00:00Z)",
      "Thursday 2026-11-26 13:30 (2026-11-26T13:30:00Z) to Thursday 2026-11-26 15:00 (2026-11-26T15:00:00Z)",
      "Friday 2026-11-27 10:00 (2026-11-27T10:00:00Z) to Friday 2026-11-27 15:00 (2026-11-27T15:00:00Z)",
    ]);
    expect(wordsOf(more)("Never")[0]).toMatch(/; over$/);
    expect(wordsOf(more, "2026-11-26T13:10:00Z")("Never")[1]).toMatch(/; now$/);
    expect(wordsOf(more, "2026-11-26T13:10:00Z")("May run")[1]).toBe("now closed");
  });

  it.each<[string, string, string, string]>([
    [
      "schedules by day of the month",
      'schedule: { every: month, day: 3, at: "22:00" }',
      "Starts",
      "on day 3 of each month at 22:00 UTC",
    ],
    [
      "schedules on the last day",
      'schedule: { every: month, day: last, at: "22:00" }',
      "Starts",
      "on the last day of each month at 22:00 UTC",
    ],
    [
      "schedules by weekday of the month",
      'schedule: { every: month, week: last, on: Sunday, at: "22:00" }',
      "Starts",
      "on the last Sunday of each month at 22:00 UTC",
    ],
    [
      "schedules days later",
      'schedule: { every: month, week: second, on: Tuesday, plusDays: 1, at: "22:00" }',
      "Starts",
      "1 day after the second Tuesday of each month at 22:00 UTC",
    ],
    ["new VMs", "onProvision: { mode: ignore }", "New VMs", "are left alone"],
    [
      "new VMs at any time",
      "onProvision: { mode: assess, inWindows: false }",
      "New VMs",
      "are assessed, at any time outside blackouts",
    ],
    ["policies that install nothing", "onProvision: { mode: ignore }", "Installs", "nothing"],
    [
      "assessments",
      "assess: { attempts: 2, pause: PT10M, deadline: PT30M }",
      "Assesses",
      "at most 2 times, 10 minutes apart and waits 30 minutes for the support state; the rest as the settings say",
    ],
    [
      "installations",
      "install: { maximumDuration: PT2H, rebootSetting: Always, windows: { kbNumbersToInclude: [KB1234567], excludeKbsRequiringReboot: true }, linux: { classificationsToInclude: [Other], packageNameMasksToExclude: [kernel*] } }",
      "Installs",
      "on Windows the KBs KB1234567; on Linux Other, without the packages kernel*; no KB that needs a reboot; 2 hours at most; always reboots",
    ],
    ["groups", "groups: [{ tag: cluster }]", "Stages", "of VMs with the same tag cluster, 1 at the same time at most"],
    [
      "probes",
      "verify: { probe: { url: 'https://a.example/{vmName}' } }",
      "Well means",
      "running, agent ready and boot time as expected, and https://a.example/{vmName} answers with 2xx within 30 seconds, at most 15 minutes after the installation",
    ],
    ["VMs that are off", "power: startAndStop", "VMs that are off", "are started, and stopped again afterwards"],
    [
      "hooks",
      "hooks: { afterStage: { url: https://a.example, key: k, deadline: PT1M } }",
      "Hooks",
      "after each stage https://a.example, signed with k; no 2xx within 1 minute means no",
    ],
    ["budgets of nothing", "failureBudget: 0", "Failures", "the sweep stops at the first VM that fails"],
    ["budgets in VMs", "failureBudget: 3", "Failures", "the sweep stops when more than 3 of its VMs failed"],
    ["a description, on one line", 'description: "a\\nb\\e[31m"', "What", "a\nb\u001b[31m"],
  ])("tells %s", (_, more, topic, text) => {
    expect(wordsOf(`${more}\n`)(topic)).toContain(text);
  });

  it("tells stages", () => {
    const words = wordsOf(
      "stages:\n  - { name: a, tags: { ring: [one, two], env: ['*'] }, concurrency: 1, failureBudget: 2, wait: P1D }\n  - { name: b, share: 10%, gate: { onTimeout: go } }\n  - { name: c }\n",
    );
    expect(words("Stages")).toEqual([
      "1. a: all VMs with the tags ring one or two and env of any value; 1 VM at the same time; stops when more than 2 of its VMs failed; then waits 1 day",
      "2. b: at most 10% of the VMs; needs an approval within 1 day, and without one begins all the same; stops when more than 5%, rounded down, of its VMs failed",
      "3. c: all VMs that are left; stops when more than 5%, rounded down, of its VMs failed",
    ]);
  });

  it("tells which VMs", () => {
    const scope = `version: 1\nname: x\nscope:\n  managementGroups: [a, b]\n  subscriptions: [${Array.from({ length: 6 }, (_, index) => `00000000-0000-4000-8000-00000000000${index}`).join(", ")}]\n  tags: { include: { env: [prod] }, exclude: { Owner: [x, y] } }\n  images: { kinds: [managedImage, attachedDisk], versions: ["1.*"] }\n`;
    const { words } = explain(policyOf(scope), 0);
    expect(words.filter(({ topic }) => topic === "Which VMs").map(({ text }) => text)).toEqual([
      "Windows and Linux in 6 subscriptions and management groups a and b, where GOLDPATCH_SCOPE holds them too",
      "from customized images of kind managedImage or attachedDisk and in version 1.*",
      "with the tags env prod",
      "without the tags Owner x or y or goldpatch off",
    ]);
  });

  it("is one line a fact, whatever a description holds", () => {
    const policy = policyOf(policyText('description: "a\\nb\\e[31m"\n'));
    expect(explanationText("x", "0", explain(policy, 0))).toContain("a\\u000ab\\u001b[31m\n");
  });
});
