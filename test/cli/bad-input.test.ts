import { afterAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { goldpatch } from "./goldpatch";

const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-input-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

const fleet = {
  start: "2026-11-23T08:00:00Z",
  subscriptionId: "00000000-0000-4000-8000-000000000001",
  resourceGroup: "rg",
  location: "westeurope",
  images: [{ name: "gold", kind: "galleryVersion", osType: "Linux" }],
  vms: [{ name: "one", image: "gold" }],
};
const fleetWith = (name: string, change: object): string => file(name, JSON.stringify({ ...fleet, ...change }));
const VM = `/subscriptions/${fleet.subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/one`;
const SCHEDULE = VM.replace(/Microsoft.+/, "Microsoft.Maintenance/maintenanceConfigurations/nightly");
const CREATE = [
  ...["schedule", "create", SCHEDULE, "--azure", "--yes", "--location", "westeurope"],
  ...["--recur", "Day", "--start", "2026-12-05 22:00", "--time-zone", "UTC", "--duration", "03:00"],
];
const SCOPE = { GOLDPATCH_SCOPE: "/subscriptions/00000000-0000-4000-8000-000000000001" };

const cases: [string, readonly string[], Readonly<Record<string, string>>, RegExp][] = [
  ["no command", [], {}, /no command; use one of demo, .*host, simulate/],
  ["an unknown command", ["mend"], {}, /"mend": no such command; use one of/],
  ["an unknown option", ["demo", "--fast"], {}, /--fast: no such option; goldpatch demo --help/],
  ["an argument too many", ["demo", "now"], {}, /"now": no such argument/],
  ["a command without what it is about", ["patch", "--azure"], {}, /VM_ID: missing; goldpatch patch --help/],
  [
    "what nobody can explain",
    ["explain", "Nonsense"],
    {},
    /CODE\|RUN_ID "Nonsense": is no outcome, no code and no run/,
  ],
  [
    "a run that was never kept",
    ["explain", `http-${"0".repeat(32)}`],
    {},
    /RUN_ID "http-0+": is no run of .+azure; name its folder with --data, or its host with --host/,
  ],
  ["two of what a command is about", ["doctor", "a", "b"], {}, /"b": no such argument; goldpatch doctor --help/],
  [
    "an Arc-enabled server for the doctor",
    [
      "doctor",
      `/subscriptions/${"1".repeat(8)}-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.HybridCompute/machines/store-01`,
      "--azure",
    ],
    {},
    /is an Arc-enabled server, and the doctor knows VMs; goldpatch support tells/,
  ],
  ["what is no VM id", ["assess", "web-01", "--azure"], {}, /VM_ID "web-01": is no VM id; write \/subscriptions/],
  [
    "the documents' spelling of a word",
    ["patch", "a", "--reboot", "NeverReboot"],
    {},
    /--reboot "NeverReboot": use "Never"$/m,
  ],
  ["a word that is none of those", ["patch", "a", "--reboot", "now"], {}, /--reboot "now": give it one of IfRequired/],
  [
    "a host that is not there",
    ["assess", VM, "--yes", "--host", "http://127.0.0.1:9", "--key", "k"],
    {},
    /--host "http:\/\/127\.0\.0\.1:9": nothing answers there \(.+\); start it with npm start/,
  ],
  [
    "a key that begins with a dash",
    ["assess", VM, "--yes", "--host", "http://127.0.0.1:9", "--key", "-k"],
    {},
    /^goldpatch: --host "http:\/\/127\.0\.0\.1:9": nothing answers there/m,
  ],
  ["an option without its value", ["demo", "--seed"], {}, /--seed has no value: write --seed N/],
  [
    "an option as a value",
    ["demo", "--seed", "--json"],
    {},
    /--seed has no value: write --seed N, or --seed=N if it begins with two dashes$/m,
  ],
  ["a value for a flag", ["demo", "--json=yes"], {}, /--json="yes": it takes no value/],
  ["an option given twice", ["demo", "--once", "--once"], {}, /--once: given twice/],
  ["a seed that is no number", ["demo", "--seed", "x"], {}, /--seed "x": give it a whole number/],
  ["a speed of nothing", ["demo", "--speed", "0"], {}, /--speed "0": give it a number from 0\.1/],
  ["a port beyond the last", ["host", "--port", "65536"], {}, /--port "65536": give it a whole number from 0 to 65535/],
  ["a fleet that is not there", ["demo", "--fleet", "/nowhere.json"], {}, /fleet \/nowhere\.json: ENOENT/],
  ["a fleet that is not JSON", ["simulate", "--fleet", file("text", "VMs: 3")], {}, /not JSON: .+; mend the file/],
  ["a fleet without a field", ["simulate", "--fleet", file("empty", "{}")], {}, /start: missing: add this string;/],
  [
    "a fleet with an unknown field",
    ["demo", "--fleet", fleetWith("a", { colour: "red" })],
    {},
    /colour: "red": no such field/,
  ],
  [
    "a fleet with a wrong value",
    ["demo", "--fleet", fleetWith("b", { images: [{ ...fleet.images[0], kind: "iso" }] })],
    {},
    /images\[0\]\.kind: "iso"/,
  ],
  [
    "a fleet with a VM of an unknown image",
    ["demo", "--fleet", fleetWith("c", { vms: [{ name: "one", image: "silver" }] })],
    {},
    /vms\[0\]\.image: "silver": name one of the images: gold/,
  ],
  ["a fleet without VMs", ["demo", "--fleet", fleetWith("d", { vms: [] })], {}, /vms: \[\]: name at least one VM/],
  [
    "a transcript that cannot be written",
    ["demo", "--transcript", "/nowhere/x"],
    {},
    /--transcript \/nowhere\/x: ENOENT/,
  ],
  ["a negative number", ["demo", "--port", "-1"], {}, /--port "-1": give it a whole number/],
  ["a file without a name", ["policy", "validate", ""], {}, /FILE "": is no file; name a policy file/],
  ["a subscription for support", ["support", "/subscriptions/ID"], {}, /is none of these; .+HybridCompute\/machines/],
  [
    "a stored policy that can have no such name",
    ["sweep", "start", "--policy", "A"],
    {},
    /--policy "A": is no policy's/,
  ],
  ["a stage without a name", ["sweep", "approve", "policy-a", ""], {}, /STAGE "": is no stage; goldpatch sweep show/],
  [
    "a sweep to watch on a host that is not there",
    ["sweep", "watch", "policy-a", "--host", "http://127.0.0.1:9", "--key", "k"],
    {},
    /--host "http:\/\/127\.0\.0\.1:9": nothing answers there/,
  ],
  [
    "no consent to a change that has no dry run",
    ["schedule", "delete", SCHEDULE, "--azure"],
    {},
    /--yes: missing, .+ or goldpatch schedule show to look$/m,
  ],
  [
    "no consent to periodic assessment",
    ["periodic-assessment", "on", VM, "--azure"],
    {},
    /--yes: missing, .+ or goldpatch periodic-assessment show to look$/m,
  ],
  [
    "an end that is no time",
    [...CREATE, "--expires", "never"],
    {},
    /--expires "never": write it as "2027-12-01 22:00"/,
  ],
  [
    "a schedule's classification that Azure has not",
    [...CREATE, "--windows-classifications", "Foo"],
    {},
    /--windows-classifications "Foo": .+ use one of Critical, Security/,
  ],
  [
    "a schedule's KB that is none",
    [...CREATE, "--include-kbs", "x"],
    {},
    /--include-kbs "x": a KB id has 6 or 7 digits/,
  ],
  [
    "a dynamic scope's subscription that is no id",
    ["schedule", "assign", SCHEDULE, "--scope-name", "all", "--subscription", "x"],
    {},
    /--subscription "x": give it a subscription's id \(az account show/,
  ],
  [
    "a dynamic scope's name that Azure refuses",
    ["schedule", "assign", SCHEDULE, "--scope-name", "a b"],
    {},
    /--scope-name "a b": write 1 to 128 letters/,
  ],
  [
    "a dynamic scope's filter for machines by name",
    ["schedule", "assign", SCHEDULE, "--vms", VM, "--tags", "a=b"],
    {},
    /--tags: is for a dynamic scope; leave it out/,
  ],
  ["an empty scope", ["host"], {}, /GOLDPATCH_SCOPE is empty: name what Goldpatch may touch/],
  [
    "a scope that is none",
    ["host"],
    { GOLDPATCH_SCOPE: "production" },
    /GOLDPATCH_SCOPE is "production": write "production" as \/subscriptions\/ID/,
  ],
  [
    "an endpoint outside loopback",
    ["host"],
    { ...SCOPE, GOLDPATCH_ARM_ENDPOINT: "http://example.com" },
    /GOLDPATCH_ARM_ENDPOINT is "http:\/\/example\.com": set it to an http address on loopback/,
  ],
];

describe("bad input", () => {
  it.each(cases)(
    "%s ends with 2 and one line that tells field, value and remedy",
    async (_, args, settings, message) => {
      const { code, stdout, stderr } = await goldpatch(args, settings);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^goldpatch: .+\n$/);
      expect(stderr).toMatch(message);
    },
  );
});

const commands = ["demo", "support", "assess", "patch", "explain", "host", "simulate"];

describe("help", () => {
  it.each([
    [["--help"]],
    [["policy", "--help"]],
    [["policy", "validate", "--help"]],
    [["policy", "explain", "--help"]],
    ...commands.map((name) => [[name, "--help"]]),
    [["--version"]],
  ])("%j is told on standard output and ends with 0", async (args) => {
    const { code, stdout, stderr } = await goldpatch(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toBe("");
  });
});
