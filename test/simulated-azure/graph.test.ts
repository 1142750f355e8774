import { afterEach, describe, expect, it } from "@jest/globals";
import { at, type Causes, cloud, closeClouds, type Cloud, SUBSCRIPTION, vmIdOf } from "./cloud";

afterEach(closeClouds);

const DAY = 24 * 3600;
const LATEST = "patchassessmentresources | where type =~ 'microsoft.compute/virtualmachines/patchassessmentresults'";
const readiness = (row: unknown): unknown =>
  at(row, "properties.configurationStatus.vmGuestPatchReadiness.detectedVMGuestPatchSupportState");

/** One VM whose assessment lasts 100 s and shows 30 s later. */
const assessable = (graph: Causes = {}, vm: Causes = {}): Cloud =>
  cloud({ ...vm, assess: { durationSeconds: 100, ...(vm["assess"] as Causes) }, graph: { lagSeconds: 30, ...graph } });

async function rowAt(made: Cloud, seconds: number): Promise<Record<string, unknown> | undefined> {
  await made.until(seconds);
  return (await made.rows(LATEST))[0];
}

describe("the assessment row", () => {
  it("has the form that the documents describe", async () => {
    const made = assessable({}, { pending: { Security: 2, UpdateRollUp: 1 } });
    const { headers } = await made.assess();
    expect(await rowAt(made, 130)).toEqual({
      id: `${vmIdOf("vm1")}/patchAssessmentResults/latest`,
      name: headers["x-ms-request-id"],
      type: "microsoft.compute/virtualmachines/patchassessmentresults",
      tenantId: expect.any(String),
      kind: "",
      location: "westeurope",
      resourceGroup: "rg-gold",
      subscriptionId: SUBSCRIPTION,
      managedBy: "",
      sku: null,
      plan: null,
      properties: {
        status: "Succeeded",
        assessmentActivityId: headers["x-ms-request-id"],
        osType: "Windows",
        patchServiceUsed: "WU-WSUS",
        startDateTime: "2026-11-23T08:00:00.0000000Z",
        lastModifiedDateTime: "2026-11-23T08:01:40.0000000Z",
        startedBy: "User",
        rebootPending: false,
        availablePatchCountByClassification: {
          critical: 0,
          security: 2,
          updateRollup: 1,
          featurePack: 0,
          servicePack: 0,
          definition: 0,
          tools: 0,
          updates: 0,
          other: 0,
        },
        configurationStatus: {
          vmGuestPatchReadiness: { detectedVMGuestPatchSupportState: "Supported" },
          assessmentModeConfiguration: { status: "Ready" },
          patchModeConfiguration: { status: "Ready" },
        },
      },
      tags: null,
      identity: null,
      zones: null,
      extendedLocation: null,
    });
  });

  it("comes with a row for each missing patch, which stay until the next assessment is over", async () => {
    const made = assessable({}, { pending: { Security: 1 }, image: "lin" });
    const patches = async () => made.rows(LATEST.replace("results'", "results/softwarepatches'"));
    await made.assess();
    await made.until(129);
    expect(await patches()).toEqual([]);
    await made.until(130);
    expect(await patches()).toMatchObject([
      {
        id: `${vmIdOf("vm1")}/patchAssessmentResults/latest/softwarePatches/openssl_2.0-0ubuntu1_Ubuntu_22.04`,
        properties: {
          ...{ patchName: "openssl", version: "2.0-0ubuntu1", classifications: ["Security"] },
          ...{ rebootBehavior: "NeverReboots", publishedDateTime: null },
          lastModifiedDateTime: "2026-11-23T08:01:40.0000000Z",
        },
      },
    ]);
    await made.assess();
    await made.until(200);
    expect(at(await rowAt(made, 200), "properties.status")).toBe("InProgress");
    expect(await patches()).toHaveLength(1);
    await made.until(7 * DAY + 300);
    expect(await patches()).toEqual([]);
  });

  it("lags: nothing, then in progress, then the result", async () => {
    const made = assessable();
    await made.assess();
    expect(await rowAt(made, 29)).toBeUndefined();
    expect(at(await rowAt(made, 30), "properties.status")).toBe("InProgress");
    expect(at(await rowAt(made, 129), "properties.status")).toBe("InProgress");
    expect(readiness(await rowAt(made, 129))).toBeUndefined();
    expect(at(await rowAt(made, 130), "properties.status")).toBe("Succeeded");
  });

  it("lags by 20 to 90 seconds when not told", async () => {
    const made = cloud({ assess: { durationSeconds: 100 }, graph: { showsInProgress: false } });
    await made.assess();
    expect(await rowAt(made, 119)).toBeUndefined();
    expect(await rowAt(made, 190)).toBeDefined();
  });

  it("can go on saying InProgress", async () => {
    const made = assessable({ inProgressSeconds: 200 });
    await made.assess();
    expect(at(await rowAt(made, 329), "properties.status")).toBe("InProgress");
    expect(at(await rowAt(made, 330), "properties.status")).toBe("Succeeded");
  });

  it("can be there before, from an assessment long ago, and is overwritten", async () => {
    const made = assessable({ stalePrevious: { ageHours: 50, readiness: "Unsupported" }, showsInProgress: false });
    const before = await rowAt(made, 0);
    expect([readiness(before), at(before, "properties.startedBy")]).toEqual(["Unsupported", "Platform"]);
    expect(at(before, "properties.lastModifiedDateTime")).toBe("2026-11-21T06:00:00.0000000Z");
    await made.assess();
    expect(readiness(await rowAt(made, 129))).toBe("Unsupported");
    expect(readiness(await rowAt(made, 130))).toBe("Supported");
  });

  it("is kept for seven days", async () => {
    const made = assessable();
    await made.assess();
    expect(await rowAt(made, 7 * DAY + 100)).toBeDefined();
    expect(await rowAt(made, 7 * DAY + 101)).toBeUndefined();
  });

  it.each<[string, Causes, number]>([
    ["missing", { row: "missing" }, 0],
    ["there twice", { row: "duplicated" }, 2],
  ])("can be %s", async (_, graph, count) => {
    const made = assessable(graph);
    await made.assess();
    await made.until(1000);
    expect(await made.rows(LATEST)).toHaveLength(count);
  });

  it("tells one state after another, in the spelling of the causes; null leaves it out", async () => {
    const made = assessable({ readiness: ["UnableToDetermine", null, "SUPPORTED"] });
    const states: unknown[] = [];
    for (const begin of [0, 200, 400, 600]) {
      await made.until(begin);
      await made.assess();
      states.push(readiness(await rowAt(made, begin + 130)));
    }
    expect(states).toEqual(["UnableToDetermine", undefined, "SUPPORTED", "SUPPORTED"]);
  });

  it.each([
    ["win", "Supported"],
    ["pir", undefined],
  ])("of an image %s without causes tells %s", async (image, state) => {
    const made = assessable({}, { image });
    await made.assess();
    expect(readiness(await rowAt(made, 130))).toBe(state);
  });

  it("of a broken assessment says so, with its error and what was detected", async () => {
    const error = { code: "VMGuestPatchInternalError", message: "An internal execution error occurred." };
    const made = assessable({ readiness: ["Unsupported"] }, { assess: { breaks: { error } } });
    await made.assess();
    const row = await rowAt(made, 130);
    expect(row?.["properties"]).toMatchObject({ status: "Failed", errorDetails: error });
    expect(readiness(row)).toBe("Unsupported");
  });

  it("can differ from the operation in status, error, name and activity id", async () => {
    const errorDetails = { code: "E", message: "m" };
    const made = assessable({ status: "Failed", errorDetails, rowName: "latest", activityId: false });
    await made.assess();
    const row = await rowAt(made, 130);
    expect(row).toMatchObject({ name: "latest", properties: { status: "Failed", errorDetails } });
    expect(at(row, "properties.assessmentActivityId")).toBeUndefined();
  });

  it("is overwritten by an assessment that the platform starts", async () => {
    const other = { kind: "assess", startsAfterAssessmentSeconds: 50, lastsSeconds: 60, startedBy: "Platform" };
    const made = assessable({ readiness: ["Supported", "Unsupported"] }, { otherOperations: [other] });
    const { headers } = await made.assess();
    expect(at(await rowAt(made, 130), "properties.startedBy")).toBe("User");
    const later = await rowAt(made, 240);
    expect([at(later, "properties.startedBy"), readiness(later)]).toEqual(["Platform", "Unsupported"]);
    expect(later?.["name"]).not.toBe(headers["x-ms-request-id"]);
  });

  it("is written by an installation too, whose pending counts it tells", async () => {
    const made = assessable({}, { pending: { Security: 1, Updates: 1 }, install: { durationSeconds: 100 } });
    await made.install("vm1", {
      rebootSetting: "Never",
      windowsParameters: { classificationsToInclude: ["Security"] },
    });
    expect(at(await rowAt(made, 130), "properties.availablePatchCountByClassification")).toMatchObject({
      security: 0,
      updates: 1,
    });
  });
});

describe("the installation row", () => {
  it("shows the run, late", async () => {
    const made = cloud({
      pending: { Security: 3 },
      install: { durationSeconds: 100, failing: 1 },
      graph: { lagSeconds: 30 },
    });
    const { headers } = await made.install();
    const row = async (seconds: number) => {
      await made.until(seconds);
      return (await made.rows("patchinstallationresources"))[0];
    };
    expect(await row(29)).toBeUndefined();
    expect(at(await row(30), "properties.status")).toBe("InProgress");
    expect(await row(130)).toMatchObject({
      id: `${vmIdOf("vm1")}/patchInstallationResults/${headers["x-ms-request-id"]}`,
      name: headers["x-ms-request-id"],
      type: "microsoft.compute/virtualmachines/patchinstallationresults",
      properties: { status: "Failed", installedPatchCount: 2, failedPatchCount: 1, startedBy: "User" },
    });
  });
});

describe("the VM's row in resources", () => {
  it("lags behind a creation and a power change", async () => {
    const made = cloud({
      createAfterSeconds: 100,
      power: { runningAfterSeconds: 50 },
      graph: { lagSeconds: 30 },
      tags: { role: "web" },
    });
    const row = async (seconds: number) => {
      await made.until(seconds);
      return (await made.rows("Resources | where type == 'microsoft.compute/virtualmachines'"))[0];
    };
    expect(await row(129)).toBeUndefined();
    expect(at(await row(130), "properties.extended.instanceView.powerState.code")).toBe("PowerState/starting");
    expect(at(await row(180), "properties.extended.instanceView.powerState.code")).toBe("PowerState/running");
    expect(await row(180)).toMatchObject({ id: vmIdOf("vm1"), name: "vm1", tags: { role: "web" } });
  });

  it("goes when the VM is deleted", async () => {
    const made = cloud({ deletedAfterSeconds: 100 });
    expect(await made.rows("resources")).toHaveLength(1);
    await made.until(100);
    expect(await made.rows("resources")).toHaveLength(0);
  });
});

describe("the query endpoint", () => {
  const OTHER = "99999999-2222-4333-8444-555555555555";
  const many = (count: number, more: readonly Causes[] = []): Cloud =>
    cloud(
      {},
      {
        vms: [
          ...Array.from({ length: count }, (_, index) => ({
            name: `vm${String(index).padStart(4, "0")}`,
            image: "win",
          })),
          ...more,
        ],
      },
    );

  it("pages through the SDK with a skip token when id is projected", async () => {
    const made = many(25);
    const names: string[] = [];
    let skipToken: string | undefined;
    do {
      const page = await made.graph.resources({
        query: "resources | project id, name | order by id asc",
        options: { top: 10, ...(skipToken === undefined ? {} : { skipToken }) },
      });
      expect([page.totalRecords, page.resultTruncated]).toEqual([25, "false"]);
      names.push(...(page.data as { name: string }[]).map(({ name }) => name));
      skipToken = page.skipToken;
    } while (skipToken !== undefined);
    expect(new Set(names).size).toBe(25);
  });

  it("goes on with the next page after another query, and shows at a later instant what is there then", async () => {
    const made: Cloud = many(24, [{ name: "vm0024", image: "win", deletedAfterSeconds: 60 }]);
    const query = "resources | project id, name | order by id asc";
    const pageAfter = async (skipToken?: string) => {
      const options = { $top: 20, ...(skipToken !== undefined && { $skipToken: skipToken }) };
      const { json } = await made.query(query, { options });
      return json as { totalRecords: number; data: { name: string }[]; $skipToken?: string };
    };
    const first = await pageAfter();
    const next = await pageAfter(first.$skipToken);
    await made.query("resources | project name");
    expect(await pageAfter(first.$skipToken)).toEqual(next);
    expect(next.data).toHaveLength(5);

    const again = await pageAfter();
    await made.until(120);
    expect([again.totalRecords, (await pageAfter(again.$skipToken)).totalRecords]).toEqual([25, 24]);
  });

  it.each<[string, string, Causes, Causes]>([
    [
      "gives 1000 rows at most",
      "resources | project id",
      {},
      { count: 1000, totalRecords: 1003, resultTruncated: "false", $skipToken: expect.any(String) },
    ],
    [
      "truncates without token when id is not projected",
      "resources | project name",
      {},
      { count: 1000, resultTruncated: "true" },
    ],
    [
      "does not page what take limits",
      "resources | take 5 | project id",
      { $top: 3 },
      { count: 3, totalRecords: 5, resultTruncated: "true" },
    ],
    ["skips rows", "resources | project id", { $skip: 1001 }, { count: 2, resultTruncated: "false" }],
  ])("%s", async (_, query, options, expected) => {
    const { json } = await many(1003).query(query, { options });
    expect(json).toMatchObject(expected);
    if (expected["resultTruncated"] === "true") expect(json["$skipToken"]).toBeUndefined();
  });

  it("answers with the fields of the official example", async () => {
    const { json } = await many(1).query("resources | project id | limit 3");
    expect(Object.keys(json).sort()).toEqual(["count", "data", "facets", "resultTruncated", "totalRecords"]);
  });

  it("answers as a table when asked", async () => {
    const { json } = await cloud().query("resources | project name", { options: { resultFormat: "table" } });
    expect(json["data"]).toEqual({ columns: [{ name: "name", type: "object" }], rows: [["vm1"]] });
  });

  it("keeps to the subscriptions and management groups asked for", async () => {
    const made = cloud(
      {},
      {
        managementGroups: [{ name: "corp", subscriptions: [OTHER] }],
        vms: [
          { name: "here", image: "win" },
          { name: "there", image: "win", subscriptionId: OTHER },
        ],
      },
    );
    const names = async (scope: Causes) => {
      const { json } = await made.query("resources | project name | order by name asc", scope);
      return (json["data"] as Causes[]).map(({ name }) => name);
    };
    expect(await names({})).toEqual(["here", "there"]);
    expect(await names({ subscriptions: [SUBSCRIPTION] })).toEqual(["here"]);
    expect(await names({ managementGroups: ["Corp"] })).toEqual(["there"]);
    expect((await made.query("resources", { subscriptions: [OTHER.replace("9", "8")] })).status).toBe(400);
    expect((await made.query("resources", { managementGroups: ["nobody"] })).status).toBe(400);
  });

  it.each<[string, Causes, string]>([
    [
      "an operator it cannot evaluate",
      { query: "resources | summarize count()" },
      "Query is invalid: the operator 'summarize' is not simulated.",
    ],
    ["no query", { query: "" }, "query"],
    ["a page of more than 1000 rows", { query: "resources", options: { $top: 1001 } }, "options.$top"],
    [
      "a foreign skip token",
      { query: "resources | project id", options: { $skipToken: "e30=" } },
      "The skip token does not belong",
    ],
    [
      "a token that is none",
      { query: "resources | project id", options: { $skipToken: "!" } },
      "The skip token does not belong",
    ],
  ])("refuses %s and names it", async (_, body, message) => {
    const { status, json } = await cloud().query("", body);
    expect([status, at(json, "error.code")]).toEqual([400, "BadRequest"]);
    expect(at(json, "error.details.0.message")).toContain(message);
  });

  it("answers 15 queries in five seconds and tells how many are left", async () => {
    const made = cloud();
    const first = await made.query("resources");
    expect(first.headers).toMatchObject({
      "x-ms-user-quota-remaining": "14",
      "x-ms-user-quota-resets-after": "00:00:05",
    });
    for (let index = 0; index < 14; index++) await made.query("resources");
    const refused = await made.query("resources");
    expect([refused.status, refused.headers["x-ms-user-quota-remaining"], refused.headers["retry-after"]]).toEqual([
      429,
      "0",
      "5",
    ]);
    await made.until(5);
    expect((await made.query("resources")).status).toBe(200);
  });
});

describe("a query that names VMs", () => {
  const three = () =>
    cloud({}, { vms: ["vm1", "vm2", "vm3"].map((name) => ({ name, image: "win", graph: { lagSeconds: 0 } })) });
  const list = (...names: string[]) => names.map((name) => `'${vmIdOf(name)}'`).join(", ");

  it.each([
    ["in", list("vm3", "vm1", "vm9"), ["vm1", "vm3"]],
    ["in", list("VM1"), []],
    ["in~", list("VM1"), ["vm1"]],
    ["!in", list("vm1"), ["vm2", "vm3"]],
  ])("%s (%s) finds the rows that it would find among all, in their order", async (word, ids, names) => {
    const made = three();
    const filtered = await made.rows(`resources | where id ${word} (${ids}) | project name`);
    // With an alternative that no row meets, nothing can be left out before.
    const all = await made.rows(`resources | where id ${word} (${ids}) or name == 'none' | project name`);
    expect(filtered).toEqual(all);
    expect(filtered.map(({ name }) => name)).toEqual(names);
  });
});
