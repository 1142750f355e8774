import { afterEach, describe, expect, it } from "@jest/globals";
import { API, closeClouds, cloud, vmIdOf, type Cloud } from "./cloud";

afterEach(closeClouds);

const OFF = { power: { state: "deallocated" } };
const ask = (made: Cloud, action: "start" | "deallocate", name = "vm1") =>
  made.send("POST", `${vmIdOf(name)}/${action}?${API}`);
const stateOf = async (made: Cloud): Promise<string | undefined> =>
  /"PowerState\/(\w+)"/.exec((await made.view()).body)?.[1];

describe("start and deallocate", () => {
  it("are accepted, and the power state tells how far they are", async () => {
    const made = cloud(OFF);
    const started = await ask(made, "start");
    expect([started.status, started.body]).toEqual([202, ""]);
    expect(await stateOf(made)).toBe("starting");
    await made.until(60);
    expect(await stateOf(made)).toBe("running");
    await made.until(300);
    expect((await made.view()).body).toContain("Ready");
    expect((await ask(made, "deallocate")).status).toBe(202);
    expect(await stateOf(made)).toBe("deallocating");
    await made.until(400);
    expect(await stateOf(made)).toBe("deallocated");
  });

  it("are followed at the address of their answer", async () => {
    const made = cloud(OFF);
    const address = (await ask(made, "start")).headers["azure-asyncoperation"] ?? "";
    expect((await made.get(address)).json).toMatchObject({ status: "InProgress" });
    await made.until(60);
    expect((await made.get(address)).json).toMatchObject({ status: "Succeeded" });
  });

  it("change nothing on a machine that is as they want it", async () => {
    const made = cloud();
    expect((await ask(made, "start")).status).toBe(202);
    expect(await stateOf(made)).toBe("running");
    const off = cloud(OFF);
    expect((await ask(off, "deallocate")).status).toBe(202);
    expect(await stateOf(off)).toBe("deallocated");
  });

  it("want their own permissions, and a machine that exists", async () => {
    const made = cloud({ denied: ["Microsoft.Compute/virtualMachines/deallocate/action"] });
    expect((await ask(made, "deallocate")).status).toBe(403);
    expect((await ask(made, "start", "nobody")).status).toBe(404);
  });

  it("have buckets of their own: twelve at once of one machine", async () => {
    const made = cloud();
    const statuses: number[] = [];
    for (let asked = 0; asked < 13; asked++) statuses.push((await ask(made, "start")).status);
    expect(statuses).toEqual([...Array.from({ length: 12 }, () => 202), 429]);
    expect((await ask(made, "deallocate")).status).toBe(202);
  });
});
