import { afterEach, describe, expect, it } from "@jest/globals";
import { Goldpatch, goldpatch, ROOT, stopAll } from "./goldpatch";

const FLEET = `${ROOT}/src/local/demo/fleet.json`;
const VM =
  "/subscriptions/5b1d3a52-7c0e-4d8f-9a41-0c6e2f97b310/resourceGroups/rg-production/providers/Microsoft.Compute/virtualMachines/web-01";

afterEach(stopAll);

describe("simulate", () => {
  it("serves the fleet, begun just now, until it is stopped", async () => {
    const azure = new Goldpatch(["simulate", "--fleet", FLEET, "--port", "0"]);
    const url = await azure.says("stdout", /^GOLDPATCH_ARM_ENDPOINT=(http:.+)$/m);
    const answer = await fetch(`${url}${VM}?api-version=2024-11-01`, { headers: { authorization: "Bearer any" } });
    expect(answer.status).toBe(200);
    const { properties } = (await answer.json()) as { properties: { timeCreated: string } };
    // Two hours and fifty minutes before the fleet's start.
    const ageHours = (Date.now() - Date.parse(properties.timeCreated)) / 3_600_000;
    expect(ageHours).toBeGreaterThan(2.8);
    expect(ageHours).toBeLessThan(3);
    expect(azure.stderr).toMatch(/^Simulated Azure with 31 VMs and 3 Arc-enabled servers\. Serving/m);

    expect((await azure.stop()).code).toBe(0);
    expect(azure.leftSomethingBehind).toBe(false);
  });

  it("serves faster time with --speed", async () => {
    const azure = new Goldpatch(["simulate", "--port", "0", "--speed", "100000"]);
    const url = await azure.says("stdout", /^GOLDPATCH_ARM_ENDPOINT=(http:.+)$/m);
    const timeAt = async () => Date.parse((await fetch(url)).headers.get("date") ?? "");
    const before = await timeAt();
    while ((await timeAt()) - before < 60_000);
    expect(await timeAt()).toBeGreaterThan(before + 60_000);
  });

  it("takes exactly the port that it is given", async () => {
    const first = new Goldpatch(["simulate", "--port", "0"]);
    const url = await first.says("stdout", /^GOLDPATCH_ARM_ENDPOINT=(http:.+)$/m);
    const { port } = new URL(url);
    const second = await goldpatch(["simulate", "--port", port]);
    expect(second).toMatchObject({ code: 1, stdout: "" });
    expect(second.stderr).toMatch(new RegExp(`^goldpatch: port ${port} is taken: `, "m"));
  });
});
