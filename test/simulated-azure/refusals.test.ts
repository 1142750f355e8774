import { afterEach, describe, expect, it } from "@jest/globals";
import { at, type Causes, cloud, closeClouds } from "./cloud";

afterEach(closeClouds);

const BUSY = "since another operation is in progress.";

describe("assess and install are refused with 409 while", () => {
  it.each<[string, Causes, string, string]>([
    [
      "the machine is deallocated",
      { power: { state: "deallocated" } },
      "OperationNotAllowed",
      "since the VM is either deallocated or marked to be deallocated.",
    ],
    [
      "the machine is stopped",
      { power: { state: "stopped" } },
      "OperationNotAllowed",
      "The operation requires the VM to be running (or set to run).",
    ],
    [
      "the machine is starting",
      { power: { state: "starting" } },
      "OperationNotAllowed",
      "An ongoing operation is changing power state of Virtual Machine vm1 to starting.",
    ],
    [
      "it is being deleted",
      { provisioning: { state: "Deleting" } },
      "OperationNotAllowed",
      "since the VM is marked for deletion.",
    ],
    ["it is being created", { provisioning: { state: "Creating" } }, "OperationNotAllowed", BUSY],
    ["it is being updated", { provisioning: { state: "Updating" } }, "OperationNotAllowed", BUSY],
    [
      "an extension is in failed state",
      { failedExtension: "setup" },
      "OperationNotAllowed",
      "since VM has extension 'setup' in failed state.",
    ],
    [
      "extensions are not allowed",
      { allowExtensionOperations: false },
      "OperationNotAllowed",
      "osProfile.allowExtensionOperations property is true.",
    ],
    [
      "somebody else installs",
      { otherOperations: [{ kind: "install", alreadyRunningForSeconds: 60, lastsSeconds: 7200 }] },
      "OperationNotAllowed",
      BUSY,
    ],
    [
      "somebody else assesses, in Azure's other words",
      { busyCode: "Conflict", otherOperations: [{ kind: "assess", startsAfterSeconds: 0, lastsSeconds: 60 }] },
      "Conflict",
      "conflict with a concurrent request",
    ],
  ])("%s", async (_, vm, code, message) => {
    const made = cloud(vm);
    for (const answer of [await made.assess(), await made.install()]) {
      expect([answer.status, at(answer.json, "error.code")]).toEqual([409, code]);
      expect(at(answer.json, "error.message")).toContain(message);
    }
  });

  it.each(["assess", "install"] as const)("our own %s runs", async (kind) => {
    const made = cloud({ [kind]: { durationSeconds: 100 } });
    expect((await made[kind]()).status).toBe(202);
    await made.until(99);
    expect([(await made.assess()).status, (await made.install()).status]).toEqual([409, 409]);
    await made.until(100);
    expect((await made.assess()).status).toBe(202);
  });
});

describe("operations of others", () => {
  it("show in the instance view with an activity id that is not ours", async () => {
    const made = cloud({
      otherOperations: [{ kind: "install", startsAfterSeconds: 30, lastsSeconds: 60 }],
      pending: { Security: 2 },
    });
    await made.until(29);
    expect((await made.view()).json["patchStatus"]).toBeUndefined();
    await made.until(30);
    expect(at((await made.view()).json, "patchStatus.lastPatchInstallationSummary.status")).toBe("InProgress");
    await made.until(90);
    const summary = at((await made.view()).json, "patchStatus.lastPatchInstallationSummary");
    expect(summary).toMatchObject({ status: "Succeeded", installedPatchCount: 2 });
  });

  it("wait until ours has ended: never two at once", async () => {
    const made = cloud({
      assess: { durationSeconds: 100 },
      otherOperations: [{ kind: "install", startsAfterSeconds: 50, lastsSeconds: 60 }],
    });
    await made.assess();
    await made.until(99);
    expect(at((await made.view()).json, "patchStatus.lastPatchInstallationSummary")).toBeUndefined();
    await made.until(101);
    expect(at((await made.view()).json, "patchStatus.lastPatchInstallationSummary.startTime")).toBe(
      "2026-11-23T08:01:40+00:00",
    );
  });
});

describe("missing permissions", () => {
  it.each([
    ["Microsoft.Compute/virtualMachines/read", "vm"],
    ["Microsoft.Compute/virtualMachines/instanceView/read", "view"],
    ["Microsoft.Compute/virtualMachines/assessPatches/action", "assess"],
    ["Microsoft.Compute/virtualMachines/installPatches/action", "install"],
  ] as const)("%s is named in a 403", async (action, request) => {
    const { status, json } = await cloud({ denied: [action] })[request]();
    expect([status, at(json, "error.code")]).toEqual([403, "AuthorizationFailed"]);
    expect(at(json, "error.message")).toContain(`to perform action '${action}' over scope '`);
  });

  it("without leave to read operations, only the polls are refused", async () => {
    const made = cloud({}, { denied: ["Microsoft.Compute/locations/operations/read"] });
    const accepted = await made.assess();
    expect(accepted.status).toBe(202);
    expect((await made.get(accepted.headers["azure-asyncoperation"] ?? "")).status).toBe(403);
  });

  it("without leave to read assessments, Resource Graph shows the VM and no assessment", async () => {
    const made = cloud(
      { assess: { durationSeconds: 10 } },
      { denied: ["Microsoft.Compute/virtualMachines/patchAssessmentResults/read"] },
    );
    await made.assess();
    await made.until(1000);
    expect(await made.rows("patchassessmentresources")).toEqual([]);
    expect(await made.rows("resources")).toHaveLength(1);
  });
});

describe("scripted answers, cuts and delays", () => {
  it("come in their order before a request is accepted", async () => {
    const made = cloud({
      assess: {
        answers: [
          { times: 2, status: 503, code: "ServiceUnavailable", message: "later", retryAfterSeconds: 7 },
          { status: 409, code: "ResourceUpdateBlockedOnPlatformUpdate", message: "blocked" },
        ],
      },
    });
    const answers = [await made.assess(), await made.assess(), await made.assess(), await made.assess()];
    expect(answers.map(({ status, headers }) => [status, headers["retry-after"]])).toEqual([
      [503, "7"],
      [503, "7"],
      [409, undefined],
      [202, undefined],
    ]);
  });

  it.each([
    ["beforeEffect", undefined],
    ["afterEffect", "InProgress"],
  ])("a connection cut %s", async (when, status) => {
    const made = cloud({ install: { cut: { when } } });
    await expect(made.install()).rejects.toMatchObject({ code: "ECONNRESET" });
    await made.until(1);
    expect(at((await made.view()).json, "patchStatus.lastPatchInstallationSummary.status")).toBe(status);
    expect(made.transcript[0]?.status).toBeNull();
    expect(made.transcript[0]?.operationId !== null).toBe(when === "afterEffect");
  });

  it.each([
    ["atOnce", "2026-11-23T08:00:00+00:00"],
    ["whenAnswered", "2026-11-23T08:01:30+00:00"],
  ])("a late answer whose effect comes %s", async (effect, startTime) => {
    const made = cloud({ install: { late: { answerAfterSeconds: 90, effect } } });
    const { status, headers } = await made.install();
    expect([status, made.seconds, headers["date"]]).toEqual([202, 90, "Mon, 23 Nov 2026 08:01:30 GMT"]);
    await made.until(91);
    expect(at((await made.view()).json, "patchStatus.lastPatchInstallationSummary.startTime")).toBe(startTime);
  });

  it("an aborted request takes effect all the same", async () => {
    const made = cloud({ install: { late: { answerAfterSeconds: 90, effect: "whenAnswered" } } });
    const controller = new AbortController();
    const poller = made.compute.virtualMachines.installPatches(
      "rg-gold",
      "vm1",
      { rebootSetting: "Never", windowsParameters: { classificationsToInclude: ["Security"] } },
      { abortSignal: controller.signal },
    );
    await made.until(60);
    controller.abort();
    await expect(poller.submitted()).rejects.toThrow();
    await made.until(91);
    expect(at((await made.view()).json, "patchStatus.lastPatchInstallationSummary.status")).toBe("InProgress");
  });
});

describe("faults of the fleet", () => {
  it("come for their time, machine and number", async () => {
    const answer = { status: 500, code: "InternalServerError", message: "oops" };
    const made = cloud(
      {},
      { faults: [{ on: "vm", vms: ["vm1"], times: 2, fromSeconds: 10, untilSeconds: 60, answer }] },
    );
    const statuses: number[] = [];
    for (const seconds of [0, 10, 11, 12]) {
      await made.until(seconds);
      statuses.push((await made.vm()).status);
    }
    expect(statuses).toEqual([200, 500, 500, 200]);
    expect((await made.view()).status).toBe(200);
  });

  it.each(["vm", "instanceView", "operation", "resourceGraph", "assessPatches", "installPatches"])(
    "can cut %s",
    async (on) => {
      const made = cloud({}, { faults: [{ on, cut: "afterEffect" }] });
      const requests = {
        vm: () => made.vm(),
        instanceView: () => made.view(),
        resourceGraph: () => made.query("resources"),
        assessPatches: () => made.assess(),
        installPatches: () => made.install(),
        operation: async () => made.get((await made.assess()).headers["location"] ?? ""),
      };
      await expect(requests[on as keyof typeof requests]()).rejects.toMatchObject({ code: "ECONNRESET" });
    },
  );

  it("come by seed with their probability", async () => {
    const faults = [{ on: "instanceView", probability: 0.5, cut: "beforeEffect" }];
    const drawn = async (seed: number) => {
      const made = cloud({}, { faults }, { seed });
      const cuts: boolean[] = [];
      for (let index = 0; index < 20; index++)
        cuts.push(
          await made.view().then(
            () => false,
            () => true,
          ),
        );
      return cuts;
    };
    const first = await drawn(7);
    expect(new Set(first).size).toBe(2);
    expect(await drawn(7)).toEqual(first);
    expect(await drawn(8)).not.toEqual(first);
  });
});

describe("ARM itself", () => {
  it("refuses a request without a bearer token", async () => {
    const made = cloud();
    const { status, json } = await made.send("GET", `/subscriptions/x?api-version=1`, undefined, {});
    expect([status, at(json, "error.code")]).toEqual([401, "AuthenticationFailed"]);
  });

  it("refuses a request without api-version", async () => {
    const { status, json } = await cloud().get("/subscriptions/x");
    expect([status, at(json, "error.code")]).toEqual([400, "MissingApiVersionParameter"]);
  });

  it("says which request it does not simulate", async () => {
    const { status, json } = await cloud().send("DELETE", "/subscriptions/x?api-version=1");
    expect([status, at(json, "error.message")]).toEqual([
      404,
      "Simulated Azure does not answer DELETE /subscriptions/x.",
    ]);
  });

  it("stamps every answer with its own clock, which may be off", async () => {
    const made = cloud({ assess: { durationSeconds: 60 } }, { clockSkewSeconds: -5 });
    const { headers } = await made.assess();
    expect(headers["date"]).toBe("Mon, 23 Nov 2026 07:59:55 GMT");
    expect(at((await made.view()).json, "patchStatus.availablePatchSummary.startTime")).toBe(
      "2026-11-23T07:59:55+00:00",
    );
  });

  it("keeps the caller's correlation id", async () => {
    const given = { authorization: "Bearer token", "x-ms-correlation-request-id": "mine" };
    const { headers } = await cloud().send("GET", "/x?api-version=1", undefined, given);
    expect(headers).toMatchObject({ "x-ms-correlation-request-id": "mine", "x-ms-request-id": expect.any(String) });
  });
});
