import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { ArmExchange } from "../../src/embedding";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

const WINDOWS = {
  rebootSetting: "Never",
  maximumDuration: "PT2H",
  windows: { classificationsToInclude: ["Critical", "Security"], kbNumbersToExclude: ["5034441"] },
};

/** One whole run of one VM, every request as it leaves the SDK's pipeline. */
async function recorded(image: "win" | "lin", headers: string, install: object): Promise<ArmExchange[]> {
  const requests: ArmExchange[] = [];
  const operation = { headers, durationSeconds: 60 };
  const world = await startWorld({
    fleet: fleetOf([
      { name: "vm", image, events: [], assess: operation, install: operation, graph: { lagSeconds: 30 } },
    ]),
    intercept: (request, azure) => {
      requests.push(request);
      return azure(request);
    },
  });
  await world.run("patch", ["vm"], { install });
  const [run] = await world.settle();
  expect(run?.outcome).toMatch(/^patched/);
  return requests;
}

describe("the requests of a whole run, to the letter,", () => {
  it.each([
    ["both addresses, Windows", "win", "both", WINDOWS],
    ["both addresses, Linux, nothing asked for", "lin", "both", {}],
    ["Azure-AsyncOperation only", "win", "asyncOnly", WINDOWS],
    ["Location only", "win", "locationOnly", WINDOWS],
  ] as const)("%s", async (_, image, headers, install) => {
    const requests = await recorded(image, headers, install);

    expect(requests.map(({ headers: sent }) => sent["authorization"])).toEqual(requests.map(() => "Bearer simulated"));
    expect(`\n${shown(requests)}\n`).toMatchSnapshot();
  });

  it("keeps a signed address byte for byte", async () => {
    const requests: ArmExchange[] = [];
    const given: string[] = [];
    const world = await startWorld({
      fleet: fleetOf([{ name: "vm", image: "lin", events: [] }]),
      intercept: async (request, azure) => {
        requests.push(request);
        const answer = await azure(request);
        given.push(...["azure-asyncoperation", "location"].flatMap((name) => answer.headers[name] ?? []));
        return answer;
      },
    });
    await world.run("assess", ["vm"]);
    await world.settle();
    const polls = requests.map(({ url }) => url).filter((url) => url.includes("/operations/"));
    expect(polls.length).toBeGreaterThan(0);
    expect(polls.filter((url) => !given.includes(url))).toEqual([]);
  });
});

interface Example {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly responses: Readonly<Record<string, { readonly headers?: Readonly<Record<string, string>> }>>;
}

const example = (file: string): Example =>
  JSON.parse(readFileSync(path.join("test/examples", file), "utf8")) as Example;

/** Every key with the kind of its value, at any depth: `windowsParameters.maxPatchPublishDate:string`. */
function shape(value: unknown, at = ""): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => shape(item, `${at}[]`)))];
  if (typeof value !== "object" || value === null) return [`${at}:${typeof value}`];
  return Object.entries(value).flatMap(([key, item]) => shape(item, at === "" ? key : `${at}.${key}`));
}

describe("against the official examples", () => {
  const post = (requests: readonly ArmExchange[], name: string) =>
    requests.find(({ method, url }) => method === "POST" && url.includes(name));

  it("an install's body has the example's keys", async () => {
    const { installPatchesInput } = example("compute/VirtualMachine_InstallPatches.2024-07-01.json").parameters;
    const { classificationsToInclude } = WINDOWS.windows;
    const windows = { classificationsToInclude, maxPatchPublishDate: "2026-11-24T02:36:43+02:00" };
    const sent = post(await recorded("win", "both", { ...WINDOWS, windows }), "/installPatches?");
    const body: unknown = JSON.parse(sent?.body ?? "");
    expect(shape(body)).toEqual(shape(installPatchesInput));
    expect(body).toMatchObject({ windowsParameters: { maxPatchPublishDate: "2026-11-24T00:36:43.000Z" } });
  });

  it("an assessment has no body", async () => {
    const { parameters } = example("compute/VirtualMachine_AssessPatches.2024-11-01.json");
    const named = ["subscriptionId", "resourceGroupName", "vmName", "api-version"];
    expect(Object.keys(parameters)).toEqual(named);
    expect(post(await recorded("lin", "both", {}), "/assessPatches?")?.body).toBeUndefined();
  });

  it("a query has the example's keys", async () => {
    const { query } = example("resourcegraph/ResourcesFirstPageQuery.2024-04-01.json").parameters;
    const sent = post(await recorded("lin", "both", {}), "Microsoft.ResourceGraph/");
    const keys = shape(JSON.parse(sent?.body ?? ""));
    expect(keys).toEqual(expect.arrayContaining(["subscriptions[]:string", "query:string"]));
    expect(shape(query)).toEqual(expect.arrayContaining(["subscriptions[]:string", "query:string"]));
    expect(new URL(sent?.url ?? "").searchParams.get("api-version")).toBe("2024-04-01");
  });

  it("the followed address is where the example's Location points", async () => {
    const { responses } = example("compute/VirtualMachine_InstallPatches.2024-07-01.json");
    const location = responses["202"]?.headers?.["Location"] ?? "";
    const form = new URL(location.replace("&", "?").replaceAll(/[{}]/g, "")).pathname.replace("westus", "westeurope");
    const poll = (await recorded("lin", "locationOnly", {})).find(({ url }) => url.includes("/operations/"));
    const { pathname, searchParams } = new URL(poll?.url ?? "");
    expect(pathname.split("/").map((part, index) => (index % 2 === 0 && part !== "westeurope" ? "…" : part))).toEqual(
      form.split("/").map((part, index) => (index % 2 === 0 && part !== "westeurope" ? "…" : part)),
    );
    expect(searchParams.get("monitor")).toBe("true");
  });
});

/** Requests as text: what differs from run to run is named, polls that say the same are counted. */
function shown(requests: readonly ArmExchange[]): string {
  const texts = requests.map((request) => oneShown(request));
  return texts
    .flatMap((text, index) => {
      if (text === texts[index - 1]) return [];
      const next = texts.findIndex((other, later) => later > index && other !== text);
      const times = (next < 0 ? texts.length : next) - index;
      return [times > 1 ? `${text}\n# sent ${times} times` : text];
    })
    .join("\n\n");
}

function oneShown({ method, url, headers, body }: ArmExchange): string {
  const address = url
    .replace(/([?&][tcsh]=)[^&]+/g, "$1{signed}")
    .replace(/(operations\/|[?&]p=)[0-9a-f-]{36}/g, "$1{activityId}");
  const lines = Object.entries(headers)
    .filter(([name]) => name !== "authorization")
    .map(([name, value]) => `${name}: ${headerShown(name, value)}`)
    .toSorted();
  const json =
    body === undefined ? [] : ["", JSON.stringify(JSON.parse(body), null, 2).replaceAll(String.raw`\n`, "\n")];
  return [`${method} ${address}`, ...lines, ...json].join("\n");
}

function headerShown(name: string, value: string): string {
  if (name === "user-agent") return value.replace(/(^| )([\w./-]+?)\/[\d.]+.*/, "$1$2/{versions}");
  return value.replace(/^[0-9a-f]{8}-[0-9a-f-]{27}$/, "{uuid}");
}
