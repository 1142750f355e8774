import { describe, expect, it } from "@jest/globals";
import { LARGEST_BYTES } from "../../src/policy-file/yaml-tree";
import { policyText, problemsOf, SUBSCRIPTION } from "./policy-text";

/** Line and column are of a text whose first four lines are those of `policyText`. */
const cases: [string, string, string[]][] = [
  [
    "an unknown field",
    policyText("colour: red\n"),
    ['5:1: colour: "red": no such field: remove it, or write one of version, name'],
  ],
  ["a field misspelt", policyText("scedule: {}\n"), ["5:1: scedule: {}: no such field: did you mean schedule?"]],
  [
    "a field misspelt further down",
    policyText("hooks:\n  befoerVm:\n    url: https://a.example\n"),
    ['6:3: hooks.befoerVm: {"url":"https://a.example"}: no such field: did you mean beforeVm?'],
  ],
  [
    "a field of another schedule",
    policyText('schedule: { every: week, on: [Monday], dya: 3, at: "22:00" }\n'),
    ["5:40: schedule.dya: 3: no such field: did you mean day?"],
  ],
  [
    "a field that is there twice",
    policyText("mode: patch\nmode: assess\n"),
    ["6:1: mode: remove it: the field is there twice"],
  ],
  [
    "names that mean something to JavaScript",
    policyText("__proto__: { mode: patch }\nconstructor: 3\ntoString: 4\n"),
    [
      "5:1: __proto__: remove it: it is no name that a policy may have",
      "6:1: constructor: 3: no such field",
      "7:1: toString: 4: no such field",
    ],
  ],
  [
    "such a name among tags",
    policyText("stages:\n  - name: a\n    tags:\n      __proto__: [x]\n  - name: b\n"),
    ["8:7: stages[0].tags.__proto__: remove it: it is no name that a policy may have"],
  ],
  [
    "fields that are missing",
    "version: 1\n",
    ["1:1: name: missing: add it: a text", "1:1: scope: missing: add it: fields"],
  ],
  [
    "a field that is missing further down, where its parent stands",
    policyText("groups:\n  - concurrency: 2\n"),
    ["6:5: groups[0].tag: missing: add it: a text"],
  ],
  [
    "a field without a value",
    policyText("schedule:\n"),
    ["5:10: schedule: null: write fields of its own, indented below it, or leave the field out"],
  ],
  [
    "a text that should be a number",
    policyText('concurrency: "5"\n'),
    ['5:14: concurrency: "5": write a whole number from 1 to 20000'],
  ],
  [
    "a number that should be a text",
    policyText("").replace("linux-weekly", "2026"),
    ["2:7: name: 2026: put it in quotes: it is a text"],
  ],
  [
    "a version that YAML reads as a number",
    policyText("stages: 3\n").replace("]\n", "]\n  images: { versions: [2026.10] }\n"),
    ["5:24: scope.images.versions[0]: 2026.1: put it in quotes: it is a text", "6:9: stages: 3: write a list"],
  ],
  [
    "a word that should be a list",
    policyText("").replace("[", "").replace("]", ""),
    [`4:18: scope.subscriptions: "${SUBSCRIPTION}": write a list`],
  ],
  [
    "yes for true",
    policyText("onProvision: { inWindows: yes }\n"),
    ['5:27: onProvision.inWindows: "yes": write true or false'],
  ],
  [
    "a word that is nearly one",
    policyText("power: startAndstopp\n"),
    ['5:8: power: "startAndstopp": write one of skip, startAndStop; did you mean startAndStop?'],
  ],
  [
    "no place",
    "version: 1\nname: x\nscope: {}\n",
    ["3:8: scope: {}: name where to look: subscriptions, managementGroups or resourceGroups"],
  ],
  [
    "a subscription's name",
    policyText("").replace(SUBSCRIPTION, "prod"),
    ['4:19: scope.subscriptions[0]: "prod": write a subscription\'s id, which is a GUID'],
  ],
  [
    "another version of the format",
    policyText("").replace("1", "2"),
    ["1:10: version: 2: write 1: it is the only version of policy files"],
  ],

  // Numbers
  [
    "a number beyond all",
    policyText("concurrency: 1e400\n"),
    ['5:14: concurrency: "1e400": write a smaller number: this one cannot be kept exactly'],
  ],
  [
    "a number with too many digits",
    policyText("concurrency: 12345678901234567890\n"),
    ['5:14: concurrency: "12345678901234567890": write a smaller number'],
  ],
  ["no number", policyText("concurrency: .nan\n"), ['5:14: concurrency: ".nan": write a smaller number']],
  [
    "a million millions",
    policyText("concurrency: 1000000000000\n"),
    ["5:14: concurrency: 1000000000000: write a whole number from 1 to 20000"],
  ],
  [
    "a million millions of VMs",
    policyText("failureBudget: 1000000000000\n"),
    ["5:16: failureBudget: 1000000000000: write a number of VMs from 0 to 1000000, or a share"],
  ],
  ["a fraction of a VM", policyText("failureBudget: 0.5\n"), ["5:16: failureBudget: 0.5: write a number of VMs"]],
  ["fewer than none", policyText("failureBudget: -1\n"), ["5:16: failureBudget: -1: write a number of VMs"]],
  [
    "a share of more than all",
    policyText("failureBudget: 101%\n"),
    ['5:16: failureBudget: "101%": write a number of VMs from 0 to 1000000, or a share up to "100%"'],
  ],
  [
    "a share of nothing",
    policyText("exposure: { cap: 0% }\n"),
    [
      '5:18: exposure.cap: "0%": write a number of VMs from 1 to 1000000, or a share up to "100%" with at most two decimals, and not 0%',
    ],
  ],
  [
    "a share with an exponent",
    policyText("failureBudget: 1e1%\n"),
    ['5:16: failureBudget: "1e1%": write a number of VMs'],
  ],
  ["a share that is a word", policyText("failureBudget: few\n"), ['5:16: failureBudget: "few": write a number of VMs']],
  [
    "a duration of years",
    policyText("stages: [{ name: a, wait: P999D }]\n"),
    ['5:27: stages[0].wait: "P999D": write an ISO 8601 duration from PT0M to P31D'],
  ],
  [
    "a duration that is none",
    policyText("stages: [{ name: a, wait: 1h }]\n"),
    ['5:27: stages[0].wait: "1h": write an ISO 8601 duration'],
  ],

  // Times
  [
    "a time zone misspelt",
    policyText("timeZone: Europe/Londn\n"),
    [
      '5:11: timeZone: "Europe/Londn": write a zone of the IANA database such as Europe/London or America/New_York, or UTC; did you mean Europe/London?',
    ],
  ],
  ["an abbreviation", policyText("timeZone: EST\n"), ['5:11: timeZone: "EST": write a zone']],
  [
    "a Windows name",
    policyText("timeZone: W. Europe Standard Time\n"),
    ['5:11: timeZone: "W. Europe Standard Time": write a zone'],
  ],
  [
    "a schedule of no kind",
    policyText('schedule: { every: fortnight, at: "22:00" }\n'),
    ['5:20: schedule.every: "fortnight": write one of day, week, month'],
  ],
  [
    "a time with one digit",
    policyText('schedule: { every: day, at: "2:00" }\n'),
    ['5:29: schedule.at: "2:00": write a time from "00:00" to "23:59"'],
  ],
  [
    "a month's schedule with half of what it needs",
    policyText('schedule: { every: month, on: Tuesday, at: "22:00" }\n'),
    ['5:11: schedule: {"every":"month","on":"Tuesday","at":"22:00"}: give either day, or week and on'],
  ],
  [
    "a month's schedule with too much",
    policyText('schedule: { every: month, day: 3, plusDays: 2, at: "22:00" }\n'),
    ['5:11: schedule: {"every":"month","day":3,"plusDays":2,"at":"22:00"}: give either day'],
  ],
  [
    "the 31st",
    policyText('schedule: { every: month, day: 31, at: "22:00" }\n'),
    ["5:32: schedule.day: 31: write a whole number from 1 to 28"],
  ],
  [
    "a window of no length",
    policyText('windows: [{ from: "22:00", to: "22:00" }]\n'),
    ['5:32: windows[0].to: "22:00": write another time than from; a whole day is from: "00:00", to: "24:00"'],
  ],
  [
    "a window that opens at 24:00",
    policyText('windows: [{ from: "24:00", to: "03:00" }]\n'),
    ['5:19: windows[0].from: "24:00": write a time'],
  ],
  [
    "a window that no installation fits into, by default",
    policyText('mode: patch\nwindows:\n  - { from: "22:00", to: "01:00" }\n'),
    [
      '7:5: windows[0]: {"from":"22:00","to":"01:00"}: make it longer: it is open for 180 minutes, and install.maximumDuration PT3H55M needs 235',
    ],
  ],
  [
    "a window that the policy's installation does not fit into",
    policyText(
      'onProvision: { mode: patch }\ninstall: { maximumDuration: PT2H }\nwindows: [{ from: "22:00", to: "03:00" }, { from: "04:00", to: "05:59" }]\n',
    ),
    [
      '7:43: windows[1]: {"from":"04:00","to":"05:59"}: make it longer: it is open for 119 minutes, and install.maximumDuration PT2H needs 120',
    ],
  ],
  [
    "a day that no calendar has",
    policyText("blackouts: [{ from: 2026-02-28, to: 2026-02-29 }]\n"),
    ['5:37: blackouts[0].to: "2026-02-29": write a day that the calendar has'],
  ],
  [
    "a blackout that ends before it begins",
    policyText("blackouts: [{ from: 2026-12-18, to: 2026-12-17 }]\n"),
    ['5:37: blackouts[0].to: "2026-12-17": let it end after from'],
  ],
  [
    "blackouts that overlap",
    policyText(
      "blackouts:\n  - { from: 2026-12-18, to: 2027-01-03 }\n  - { from: 2027-02-01, to: 2027-02-02 }\n  - { from: 2027-01-03T12:00, to: 2027-01-10 }\n",
    ),
    ['8:13: blackouts[2].from: "2027-01-03T12:00": lies in blackouts[0]: make one of the two, or mend the date'],
  ],
  [
    "blackouts of which the later begins first",
    policyText("blackouts:\n  - { from: 2027-01-03, to: 2027-01-10 }\n  - { from: 2026-12-18, to: 2027-01-05 }\n"),
    ['6:13: blackouts[0].from: "2027-01-03": lies in blackouts[1]'],
  ],
  [
    "a blackout twice",
    policyText("blackouts:\n  - { from: 2027-01-03, to: 2027-01-10 }\n  - { from: 2027-01-03, to: 2027-01-05 }\n"),
    ['7:13: blackouts[1].from: "2027-01-03": lies in blackouts[0]'],
  ],

  // Installations
  [
    "an installation too short for Windows",
    policyText("install: { maximumDuration: PT22M }\n"),
    [
      '5:29: install.maximumDuration: "PT22M": write another: it is too short for Windows, which starts nothing below 25 minutes',
    ],
  ],
  [
    "an installation too long",
    policyText("install: { maximumDuration: PT5H }\n"),
    ['5:29: install.maximumDuration: "PT5H": write another: it is longer than PT4H'],
  ],
  [
    "an installation of no duration",
    policyText("install: { maximumDuration: 3h }\n"),
    ['5:29: install.maximumDuration: "3h": write another: it is no duration such as PT2H30M'],
  ],
  [
    "another spelling of the Compute API's words",
    policyText("install: { rebootSetting: NeverReboot }\n"),
    ['5:27: install.rebootSetting: "NeverReboot": "NeverReboot" is not a value of the Compute API: use "Never"'],
  ],

  // Stages
  [
    "stages of more than all",
    policyText("stages:\n  - { name: a, share: 60% }\n  - { name: b, share: 40.01% }\n  - { name: c }\n"),
    [
      '6:3: stages: [{"name":"a","share":"60%"},{"name":"b","share":"40.01%"},{"name":"c"}]: let the shares add up to at most 100%, not 100.01%',
    ],
  ],
  [
    "a stage that leaves none to the next",
    policyText("stages: [{ name: a }, { name: b }]\n"),
    ['5:10: stages[0]: {"name":"a"}: give it a share or tags: it takes all VMs'],
  ],
  [
    "a last stage that leaves some",
    policyText("stages: [{ name: a, share: 10% }, { name: b, tags: { c: [d] } }]\n"),
    ['5:35: stages[1]: {"name":"b","tags":{"c":["d"]}}: remove share and tags, or add a stage after it'],
  ],
  [
    "two stages of one name",
    policyText("stages: [{ name: a, share: 1 }, { name: a }]\n"),
    ['5:41: stages[1].name: "a": write another: stages[0] has it too'],
  ],
  [
    "two groups of one tag",
    policyText("groups: [{ tag: cluster }, { tag: Cluster }]\n"),
    ['5:35: groups[1].tag: "Cluster": write another: groups[0] has it too'],
  ],
  [
    "a ramp that does not end with the rest",
    policyText("exposure: { ramp: [1, rest, 10%] }\n"),
    ['5:19: exposure.ramp: [1,"rest","10%"]: let it end with rest, and nowhere else'],
  ],

  // Addresses
  [
    "a hook without TLS",
    policyText("hooks: { beforeVm: { url: 'http://a.example', key: k } }\n"),
    ['5:27: hooks.beforeVm.url: "http://a.example": write an https address'],
  ],
  [
    "an address that may carry a secret",
    policyText("hooks: { beforeVm: { url: 'https://a.example/x?sig=s', key: k } }\n"),
    [
      '5:27: hooks.beforeVm.url: "https://a.example/x?sig=s": write an address without a query: a policy holds no secrets',
    ],
  ],
  [
    "a tag without a name",
    policyText("stages: [{ name: a, tags: { '': [x] } }, { name: b }]\n"),
    ['5:29: stages[0].tags."": ["x"]: name a tag'],
  ],
  [
    "a tag without values",
    policyText("stages: [{ name: a, tags: { x: [] } }, { name: b }]\n"),
    ["5:32: stages[0].tags.x: []: leave it out or list at least one"],
  ],
  [
    "a ramp of a thousand steps",
    policyText(`exposure: { ramp: [${"1, ".repeat(999)}rest] }\n`),
    ["5:19: exposure.ramp: [1,1,"],
  ],
  [
    "a login in an address",
    policyText("hooks: { beforeVm: { url: 'https://u:p@a.example', key: k } }\n"),
    ['5:27: hooks.beforeVm.url: "https://u:p@a.example": write an https address'],
  ],
  [
    "a probe on a host of the VM's choice",
    policyText("verify: { probe: { url: 'https://{vmName}.example/' } }\n"),
    ['5:25: verify.probe.url: "https://{vmName}.example/": write an https address with a host name'],
  ],
  [
    "a probe with an unknown place",
    policyText("verify: { probe: { url: 'https://a.example/{name}' } }\n"),
    [
      '5:25: verify.probe.url: "https://a.example/{name}": write only the places {subscriptionId}, {resourceGroup}, {vmName}',
    ],
  ],

  // Texts that are no policy
  ["nothing", "", ['1:1: write the fields of a policy, beginning with "version: 1"']],
  ["a comment", "# policy\n", ["1:1: write the fields"]],
  ["a list", "- version: 1\n", ["1:1: write the fields"]],
  ["a tab before a field", policyText("\tmode: patch\n"), ["5:1: mend the YAML: Tabs are not allowed as indentation"]],
  ["a quote that is not closed", policyText("mode: 'patch\n"), ["6:1: mend the YAML: Missing closing 'quote"]],
  ["two documents", policyText("---\nversion: 1\n"), ["5:1: write one document"]],
  ["an unknown tag", policyText("mode: !!js/function patch\n"), ["5:7: mend the YAML: Unresolved tag"]],
  ["a list for a name", policyText("? [a]\n: 1\n"), ["5:3: write a plain name before the colon"]],
  [
    "YAML of JSON's kind that is cut",
    '{"version": 1, "name": "x"',
    ["1:27: mend the YAML: Flow map must end with a }"],
  ],
];

describe("a policy file is refused with line, column, field, value and remedy for", () => {
  it.each(cases)("%s", (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(expected.length);
    problems.forEach((problem, index) => expect(problem.slice(0, expected[index]?.length)).toBe(expected[index]));
  });

  it("everything at once, in the order of the text", () => {
    const text = policyText("mode: now\nconcurrency: 0\nstages: [{ name: A }, { name: b }]\npower: on\nfoo: 1\n");
    expect(problemsOf(text).map((problem) => problem.split(" ").slice(0, 2).join(" "))).toEqual([
      "5:7: mode:",
      "6:14: concurrency:",
      "7:18: stages[0].name:",
      "8:8: power:",
      "9:1: foo:",
    ]);
  });

  it("what comes from several fields, although others are wrong", () => {
    const text = policyText('mode: patch\nwindows: [{ from: "01:00", to: "02:00" }]\nconcurrency: 0\n');
    expect(problemsOf(text).map((problem) => problem.split(" ")[1])).toEqual(["windows[0]:", "concurrency:"]);
  });

  it("names and values that would write to the terminal, as they are", () => {
    const text = policyText('"a\\nb\\e[2J": "\\e[31m"\ninstall: { rebootSetting: "\\e[31m" }\n');
    const told = problemsOf(text);
    expect(told[0]).toMatch(/^5:1: "a\\nb\\u001b\[2J": "\\u001b\[31m": no such field/);
    expect(told[1]).toMatch(/^6:27: install\.rebootSetting: /);
    expect(told.every((line) => Array.from(line).every((character) => character >= " "))).toBe(true);
  });
});

describe("a file that is meant to harm is refused soon", () => {
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join("\n");
  const bombs: [string, string, RegExp][] = [
    [
      "an alias bomb",
      `a: &a [x, x, x, x, x, x, x, x, x]\n${lines(9, (index) => {
        const [name, of] = ["bcdefghij"[index] ?? "", "abcdefghi"[index] ?? ""];
        return `${name}: &${name} [${Array(9).fill(`*${of}`).join(", ")}]`;
      })}\n`,
      /^2:8: b\[0\]: "\*a": write the value out: aliases are not read$/,
    ],
    ["an alias of itself", "version: &v [*v]\n", /^1:14: version\[0\]: "\*v": write the value out/],
    ["merge keys", policyText("base: &b {}\nhooks: { <<: *b }\n"), /aliases are not read/],
    [
      "ten thousand brackets",
      `version: ${"[".repeat(10_000)}${"]".repeat(10_000)}`,
      /^1:\d+: nest it less: a policy has at most 16 levels$/,
    ],
    ["brackets that never close", "[".repeat(LARGEST_BYTES), /^1:\d+: nest it less/],
    ["a hundred thousand hyphens", "- ".repeat(100_000), /^1:\d+: nest it less/],
    ["names of names", "? ".repeat(100_000), /^1:\d+: nest it less/],
    ["a staircase", lines(600, (index) => `${" ".repeat(index)}a:`), /^\d+:\d+: nest it less/],
    [
      "a huge file",
      `${policyText()}#${" ".repeat(LARGEST_BYTES)}`,
      /^1:1: make it smaller: a policy file has at most 256 KiB$/,
    ],
    ["a file that is huge in bytes alone", `${policyText()}#${"é".repeat(LARGEST_BYTES / 2)}`, /^1:1: make it smaller/],
    [
      "twenty thousand fields",
      lines(20_000, (index) => `f${index}: 1`),
      /^1:1: write fewer: 20000 stand here, at most 1000 may$/,
    ],
    [
      "ten thousand subscriptions",
      policyText(lines(1, () => "")).replace(/\[.*\]/, `[${Array(10_000).fill("a").join()}]`),
      /^4:18: scope\.subscriptions: write fewer: 10000 stand here/,
    ],
    [
      "a mask of wildcards",
      policyText(`install: { linux: { packageNameMasksToInclude: ["${"*".repeat(50_000)}!"] } }`),
      /a mask is a name of letters/,
    ],
  ];
  it.each(bombs)("%s", (_, text, expected) => {
    const began = performance.now();
    const problems = problemsOf(text);
    expect(problems.some((problem) => expected.test(problem))).toBe(true);
    // Against what grows without bound; machines are slow and busy.
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it("nothing of it reaches the prototype of objects", () => {
    problemsOf(policyText("__proto__: { polluted: yes }\nscope:\n  constructor: { prototype: { polluted: yes } }\n"));
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});
