import { afterEach, describe, expect, it } from "@jest/globals";
import { API, cloud, closeClouds, type Cloud, fleetFile, vmIdOf } from "./cloud";

afterEach(closeClouds);

const ID = vmIdOf("vm1");

describe("the transcript", () => {
  it("tells each request in one line", async () => {
    const made = cloud();
    await made.send("GET", `https://management.azure.com${ID}?${API}`, undefined, {
      authorization: "Bearer secret",
      "x-ms-client-request-id": "ours",
    });
    expect(made.transcript).toEqual([
      {
        t: "2026-11-23T08:00:00.000Z",
        method: "GET",
        path: `${ID}?${API}`,
        status: 200,
        bucket: "Microsoft.Compute/LowCostGet",
        vmIds: [ID.toLowerCase()],
        operationId: null,
        clientRequestId: "ours",
      },
    ]);
  });

  it("tells the operation and hides what signs its address", async () => {
    const made = cloud();
    const { headers } = await made.assess();
    await made.get(headers["location"] ?? "");
    const [post, poll] = made.transcript;
    expect(post).toMatchObject({
      status: 202,
      bucket: "Microsoft.Compute/VMGuestPatchOperation",
      operationId: headers["x-ms-request-id"],
    });
    expect(poll).toMatchObject({
      status: 202,
      bucket: "Microsoft.Compute/GetOperation",
      operationId: headers["x-ms-request-id"],
      vmIds: [ID.toLowerCase()],
    });
    expect(poll?.path).toMatch(
      /operations\/[0-9a-f-]{36}\?p=\*&monitor=true&api-version=2026-04-01&t=\*&c=\*&s=\*&h=\*$/,
    );
  });

  it("names all VMs of a query", async () => {
    const made = cloud();
    const other = vmIdOf("vm2");
    await made.query(`resources | where id in~ ('${ID}/patchAssessmentResults/latest', '${other}') or id =~ '${ID}'`);
    expect(made.transcript[0]).toMatchObject({ bucket: "Microsoft.ResourceGraph/query", status: 200 });
    expect([...(made.transcript[0]?.vmIds ?? [])].sort()).toEqual([ID.toLowerCase(), other.toLowerCase()]);
  });

  it("has no bucket for a request that got no further than ARM", async () => {
    const made = cloud();
    await made.send("GET", ID, undefined, {});
    expect(made.transcript[0]).toMatchObject({ status: 401, bucket: null, vmIds: [] });
  });

  it("names the host of a request that went elsewhere", async () => {
    const made = cloud();
    await made.get("https://operations.example.net/x?sig=secret");
    expect(made.transcript[0]).toMatchObject({ path: "https://operations.example.net/x?sig=*", status: 404 });
  });
});

describe("seeds", () => {
  async function history(seed: number, other = false): Promise<unknown> {
    const vms = ["vm1", "vm2"].map((name) => ({ name, image: "win", pending: { Security: 2 } }));
    const made: Cloud = cloud({}, { ...fleetFile(), vms }, { seed });
    if (other) await made.assess("vm2");
    const { headers, ...accepted } = await made.assess("vm1");
    const seen: unknown[] = [];
    for (let seconds = 60; seconds < 1500; seconds += 60) {
      await made.until(seconds);
      const rows = await made.rows(`patchassessmentresources | where id startswith '${ID}'`);
      seen.push([await made.view("vm1").then(({ json }) => json), rows]);
    }
    return { accepted, location: headers["location"], seen };
  }

  it("the same seed gives the same answers", async () => {
    expect(await history(3)).toEqual(await history(3));
  });

  it("another seed gives others", async () => {
    expect(await history(3)).not.toEqual(await history(4));
  });

  it("requests for one machine do not change another's answers", async () => {
    expect(await history(3, true)).toEqual(await history(3));
  });
});
