import { afterEach, describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { type Answer, at, cloud, closeClouds, GROUP, type Cloud } from "./cloud";

afterEach(closeClouds);

const MINUTES = 60;
const officialKeys = (file: string): string[] => {
  const json: unknown = JSON.parse(readFileSync(`test/examples/compute/${file}`, "utf8"));
  return Object.keys(at(json, "responses.200.body") as object).sort();
};
const operationUrl = ({ headers }: Answer): string => headers["azure-asyncoperation"] ?? "";
const poll = (made: Cloud, accepted: Answer): Promise<Answer> => made.get(operationUrl(accepted));

describe("the 202 of assess and install", () => {
  it("carries both addresses, long and signed, and no Retry-After [REC]", async () => {
    const { status, headers, body } = await cloud().assess();
    expect([status, body, headers["content-length"]]).toEqual([202, "", "0"]);
    const asynchronous = headers["azure-asyncoperation"] ?? "";
    expect(asynchronous).toMatch(
      /^https:\/\/management\.azure\.com\/subscriptions\/[^/]+\/providers\/Microsoft\.Compute\/locations\/westeurope\/operations\/[0-9a-f-]{36}\?p=[0-9a-f-]{36}&api-version=2026-04-01&t=\d{18}&c=[\w-]{2615}&s=[\w-]{342}&h=[\w-]{43}$/,
    );
    expect(headers["location"]).toBe(asynchronous.replace("&api-version", "&monitor=true&api-version"));
    expect(headers["retry-after"]).toBeUndefined();
    expect(asynchronous).toContain(headers["x-ms-request-id"]);
  });

  it.each([
    ["both", [true, true]],
    ["asyncOnly", [true, false]],
    ["locationOnly", [false, true]],
    ["none", [false, false]],
  ])("carries the addresses of mode %s", async (mode, expected) => {
    const { headers } = await cloud({ install: { headers: mode } }).install();
    expect([headers["azure-asyncoperation"] !== undefined, headers["location"] !== undefined]).toEqual(expected);
  });

  it("points to a foreign host, and carries Retry-After, when told", async () => {
    const made = cloud({ assess: { foreignHost: true, retryAfterSeconds: 25 } });
    const accepted = await made.assess();
    expect(new URL(operationUrl(accepted)).host).toBe("operations.example.net");
    expect(accepted.headers["retry-after"]).toBe("25");
    expect((await poll(made, accepted)).status).toBe(404);
  });
});

describe("following an operation", () => {
  const findings = {
    pending: { Security: 1, Definition: 1 },
    assess: { durationSeconds: 300 },
    install: { durationSeconds: 600 },
  };

  it("says InProgress, then how it ended, with the result in properties.output [REC]", async () => {
    const made = cloud(findings);
    const accepted = await made.assess();
    const id = accepted.headers["x-ms-request-id"];
    await made.until(299);
    expect((await poll(made, accepted)).json).toEqual({
      startTime: "2026-11-23T08:00:00.0000000+00:00",
      status: "InProgress",
      name: id,
    });
    await made.until(300);
    const { json } = await poll(made, accepted);
    expect(Object.keys(json)).toEqual(["startTime", "endTime", "status", "properties", "name"]);
    expect(json["status"]).toBe("Succeeded");
    expect(at(json, "properties.output.assessmentActivityId")).toBe(id);
  });

  it("answers 202 at Location while it runs, then exactly the output [REC]", async () => {
    const made = cloud(findings);
    const accepted = await made.install();
    const location = accepted.headers["location"] ?? "";
    const running = await made.get(location);
    expect([running.status, running.headers["location"], running.body]).toEqual([202, location, ""]);
    await made.until(600);
    const output = at((await poll(made, accepted)).json, "properties.output");
    expect((await made.get(location)).json).toEqual(output);
  });

  it.each([
    ["assess", "VirtualMachine_AssessPatches.2024-11-01.json"],
    ["install", "VirtualMachine_InstallPatches.2024-07-01.json"],
  ] as const)("the result of %s has the fields of the official example", async (kind, file) => {
    const made = cloud(findings);
    const accepted = await made[kind]();
    await made.until(600);
    const output = at((await poll(made, accepted)).json, "properties.output");
    expect(Object.keys(output as object).sort()).toEqual(officialKeys(file));
  });

  it.each([
    ["win", { code: "Success", message: "0 error/s reported", details: [] }],
    ["lin", { code: "0", message: "0 error/s reported.", details: [] }],
  ])("an error is present on success, on %s too [REC]", async (image, error) => {
    const made = cloud({ image, assess: { durationSeconds: 60 } });
    const accepted = await made.assess();
    await made.until(60);
    expect(at((await poll(made, accepted)).json, "properties.output.error")).toEqual(error);
  });

  it.each([
    ["outputAndLocation", true, 200],
    ["outputOnly", true, 204],
    ["locationOnly", false, 200],
    ["nowhere", false, 204],
  ])("tells the result at %s", async (resultIn, inOutput, locationStatus) => {
    const made = cloud({ install: { durationSeconds: 60, resultIn } });
    const accepted = await made.install();
    await made.until(60);
    expect(at((await poll(made, accepted)).json, "properties.output") !== undefined).toBe(inOutput);
    expect((await made.get(accepted.headers["location"] ?? "")).status).toBe(locationStatus);
  });

  it("lets Location answer 404 when the result is only in the output, when told", async () => {
    const made = cloud({ assess: { durationSeconds: 60, resultIn: "outputOnly", emptyLocationStatus: 404 } });
    const accepted = await made.assess();
    await made.until(60);
    expect((await made.get(accepted.headers["location"] ?? "")).status).toBe(404);
  });

  it("ends broken with an error and without result", async () => {
    const error = {
      code: "VMGuestPatchInternalError",
      message: "An internal execution error occurred. Please retry later.",
    };
    const made = cloud({ assess: { durationSeconds: 60, breaks: { error, times: 1 } } });
    const first = await made.assess();
    await made.until(60);
    const { json } = await poll(made, first);
    expect(json).toMatchObject({ status: "Failed", error });
    expect(json["properties"]).toBeUndefined();
    const location = await made.get(first.headers["location"] ?? "");
    expect([location.status, at(location.json, "error.code")]).toEqual([409, error.code]);
    const second = await made.assess();
    await made.until(120);
    expect((await poll(made, second)).json["status"]).toBe("Succeeded");
  });

  it("the SDK reads a broken operation as one", async () => {
    const made = cloud({
      assess: { durationSeconds: 1, breaks: { status: "Canceled", error: { code: "X", message: "y" } } },
    });
    const poller = made.compute.virtualMachines.assessPatches(GROUP, "vm1", { updateIntervalInMs: 1 });
    await poller.submitted();
    await made.until(1);
    await expect(poller.pollUntilDone()).rejects.toThrow();
    expect(poller.operationState?.status).toBe("canceled");
  });

  it("answers 404 once the address is gone", async () => {
    const made = cloud({ assess: { gonePolls: 2 } });
    const accepted = await made.assess();
    const answers = [await poll(made, accepted), await poll(made, accepted), await poll(made, accepted)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
  });

  it("answers 404 when a signed address was changed", async () => {
    const made = cloud();
    const accepted = await made.assess();
    expect((await made.get(operationUrl(accepted).replace("&s=", "&s=x"))).status).toBe(404);
  });

  it("says InProgress for ever when stuck, though the machine finished", async () => {
    const made = cloud({ assess: { durationSeconds: 60, stuck: true } });
    const accepted = await made.assess();
    await made.until(90_000);
    expect((await poll(made, accepted)).json["status"]).toBe("InProgress");
    expect(at((await made.view()).json, "patchStatus.availablePatchSummary.status")).toBe("Succeeded");
  });

  it("takes usual times when none are given", async () => {
    const made = cloud({ pending: { Security: 1 } });
    const assessing = await made.assess();
    await made.until(4 * MINUTES - 1);
    expect((await poll(made, assessing)).json["status"]).toBe("InProgress");
    await made.until(11 * MINUTES);
    expect((await poll(made, assessing)).json["status"]).toBe("Succeeded");
    const installing = await made.install();
    await made.until(19 * MINUTES - 1);
    expect((await poll(made, installing)).json["status"]).toBe("InProgress");
    await made.until(36 * MINUTES);
    expect((await poll(made, installing)).json["status"]).toBe("Succeeded");
  });
});

describe("a machine that cannot work", () => {
  it.each([
    ["a silent agent", { agent: { state: "silent" } }],
    ["no agent", { agent: { state: "absent" } }],
    ["a stale agent", { agent: { state: "stale" } }],
  ])("with %s lets the operation wait long and break", async (_, vm) => {
    const made = cloud(vm);
    const accepted = await made.assess();
    await made.until(24 * MINUTES);
    expect((await poll(made, accepted)).json["status"]).toBe("InProgress");
    await made.until(45 * MINUTES);
    expect(at((await poll(made, accepted)).json, "error.code")).toBe("VMAgentStatusCommunicationError");
    expect((await made.view()).json["patchStatus"]).toBeUndefined();
  });

  it("whose agent comes soon takes the work up then", async () => {
    const made = cloud({
      agent: { state: "silent", readyAfterSeconds: 120 },
      power: { runningAfterSeconds: 0 },
      assess: { durationSeconds: 60 },
    });
    await made.until(1);
    const accepted = await made.assess();
    await made.until(179);
    expect((await poll(made, accepted)).json["status"]).toBe("InProgress");
    await made.until(181);
    expect((await poll(made, accepted)).json["status"]).toBe("Succeeded");
  });

  it.each([
    ["switched off", { power: { changes: [{ afterSeconds: 200, state: "deallocating" }] } }],
    ["deleted", { deletedAfterSeconds: 200 }],
  ])("that is %s meanwhile breaks the operation, and nothing is installed", async (_, vm) => {
    const made = cloud({ ...vm, pending: { Security: 1 }, install: { durationSeconds: 600 } });
    const accepted = await made.install();
    await made.until(200);
    expect((await poll(made, accepted)).json).toMatchObject({
      status: "Failed",
      error: { code: "OperationPreempted" },
    });
  });

  const bad = { name: "CU", classification: "Security", reboot: "always", afterReboot: "agentLost" };

  it("that does not come back from a reboot breaks its installation long after, and stays away", async () => {
    const made = cloud({ pending: [bad], install: { durationSeconds: 1000 } });
    const accepted = await made.install();
    await made.until(799);
    expect(made.azure.truth.map(({ well }) => well)).toEqual([true]);
    await made.until(800 + 24 * MINUTES);
    expect((await poll(made, accepted)).json["status"]).toBe("InProgress");
    expect(made.azure.truth.map(({ well }) => well)).toEqual([false]);
    await made.until(800 + 45 * MINUTES);
    expect(at((await poll(made, accepted)).json, "error.code")).toBe("VMAgentStatusCommunicationError");
    await made.until(1000 * MINUTES);
    expect(made.azure.truth.map(({ well }) => well)).toEqual([false]);
  });

  it.each([
    ["it does not reboot", { pending: [{ ...bad, reboot: "never" }] }],
    ["the patch does not install", { pending: [{ ...bad, whenInstalled: "fails" }] }],
    ["it has another patch", { pending: [{ ...bad, afterReboot: "comesBack" }] }],
  ])("comes to no harm when %s", async (_, causes) => {
    const made = cloud({ ...causes, install: { durationSeconds: 1000 } });
    const accepted = await made.install();
    await made.until(1000);
    expect((await poll(made, accepted)).json["status"]).toBe("Succeeded");
    expect(made.azure.truth.map(({ well }) => well)).toEqual([true]);
  });

  it("whose image is unsupported does not install", async () => {
    const made = cloud({ graph: { readiness: ["Unsupported"] }, install: { durationSeconds: 60 } });
    const accepted = await made.install();
    await made.until(60);
    expect((await poll(made, accepted)).json).toMatchObject({
      status: "Failed",
      error: { code: "VMGuestPatchInternalError" },
    });
  });
});
