import { beforeAll, describe, expect, test } from "@jest/globals";
import type { ArmAnswer } from "../../src/embedding";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, type World } from "../support/outside-jest";

/** What must not show anywhere, gathered from the traffic itself. */
const secrets = new Set<string>();
const places = new Map<string, string>();

describe("nothing secret leaves the app but to Azure", () => {
  beforeAll(async () => {
    const world: World = await startLastingWorld({
      fleet: fleetOf(
        [
          { name: "fine", image: "win", events: [] },
          { name: "gone", image: "win", events: [], install: { gonePolls: 1 } },
          { name: "foreign", image: "lin", events: [], install: { foreignHost: true } },
          {
            name: "broken",
            image: "lin",
            events: [],
            install: { breaks: { error: { code: "Broken", message: "broken" } } },
          },
          {
            name: "throttled",
            image: "win",
            events: [],
            assess: { answers: [{ status: 429, code: "T", message: "t" }] },
          },
          { name: "down", image: "win", events: [] },
        ],
        {
          faults: [
            { on: "operation", vms: ["down"], probability: 0.5, answer: { status: 500, code: "I", message: "m" } },
          ],
        },
      ),
      intercept: async (request, azure) => {
        secrets.add(request.headers["authorization"] ?? "");
        const answer = await azure(request);
        for (const part of signedPartsOf(answer)) secrets.add(part);
        return answer;
      },
    });
    secrets.add(world.host.systemKey);
    secrets.add(world.host.functionKey);
    const asked = await world.run("patch", ["fine", "gone", "foreign", "broken", "throttled", "down"]);
    await world.passes(5 * 60_000);
    const answers = [await world.api("GET", "runs")];
    await world.settle();
    for (const path of ["runs", "images", "health", ...asked.map((runId) => `runs/${runId}`)]) {
      answers.push(await world.api("GET", path));
    }
    answers.push(await world.api("POST", "runs", { mode: "patch", vmIds: [world.vmId("fine")], dryRun: true }));

    places.set("API answers", answers.map(({ body, headers }) => body + JSON.stringify(headers)).join("\n"));
    places.set("logs of app and host", world.logs.join("\n"));
    places.set(
      "inputs, outputs, custom status and history of orchestrations",
      JSON.stringify(world.host.instances().map(({ instanceId }) => world.host.status(instanceId))),
    );
    places.set("transcript", JSON.stringify(world.transcript));
    places.set("run rows", JSON.stringify((await world.store.scan("runs", "")).map(({ value }) => value)));
    await world.close();
  });

  test("the canaries are real: tokens, keys and the signed parts of operation addresses", () => {
    secrets.delete("");
    expect([...secrets].filter((secret) => secret.startsWith("Bearer "))).toHaveLength(1);
    expect([...secrets].filter((secret) => secret.length > 300).length).toBeGreaterThan(6);
  });

  test.each([
    "API answers",
    "logs of app and host",
    "inputs, outputs, custom status and history of orchestrations",
    "transcript",
    "run rows",
  ])("%s", (place) => {
    const text = places.get(place) ?? "";
    expect(text.length).toBeGreaterThan(1000);
    expect([...secrets].filter((secret) => text.includes(secret)).map((secret) => secret.slice(0, 20))).toEqual([]);
    expect(text).not.toContain("/runtime/webhooks");
  });
});

/** The certificate, signature and hash in an operation's address. */
function signedPartsOf({ headers }: ArmAnswer): string[] {
  return ["azure-asyncoperation", "location"].flatMap((name) => {
    const address = headers[name];
    if (address === undefined || !URL.canParse(address)) return [];
    const { searchParams } = new URL(address);
    return ["c", "s", "h"].flatMap((part) => searchParams.get(part) ?? []);
  });
}
