import { afterEach, describe, expect, it } from "@jest/globals";
import { at, type Causes, cloud, closeClouds, WINDOWS_ALL } from "./cloud";

afterEach(closeClouds);

const patch = (name: string, kbId: string, classification: string, more: Causes = {}): Causes => ({
  name,
  kbId,
  classification,
  ...more,
});
const CU = patch("Cumulative Update", "5069841", "Security", { reboot: "always" });
const NET = patch(".NET Update", "5068904", "Critical");
const DEFENDER = patch("Defender Definition", "2267602", "Definition", { publishedDaysAgo: 1 });

const windows = (windowsParameters: Causes, more: Causes = {}): Causes => ({
  rebootSetting: "IfRequired",
  maximumDuration: "PT2H",
  windowsParameters,
  ...more,
});

/** Sends the body, waits for the end, and reads the result. */
async function install(body: Causes, vm: Causes = {}): Promise<Record<string, unknown>> {
  const made = cloud({
    pending: [CU, NET, DEFENDER],
    ...vm,
    install: { durationSeconds: 600, ...(vm["install"] as Causes) },
  });
  const { status, headers, body: text } = await made.install("vm1", body);
  if (status !== 202) throw new Error(text);
  await made.until(7200);
  return (await made.get(headers["location"] ?? "")).json;
}

const states = (result: Record<string, unknown>): string =>
  (result["patches"] as Causes[])
    .map((one) => `${String(one["name"]).split(" ")[0]}:${String(one["installationState"])}`)
    .join(" ");

describe("which patches an install takes", () => {
  it.each<[string, Causes, string]>([
    [
      "classifications",
      { classificationsToInclude: ["Security", "Critical"] },
      "Cumulative:Installed .NET:Installed Defender:NotSelected",
    ],
    [
      "classifications in any case [REC]",
      { classificationsToInclude: ["critical"] },
      ".NET:Installed Cumulative:NotSelected Defender:NotSelected",
    ],
    ["a KB", { kbNumbersToInclude: ["KB5068904"] }, ".NET:Installed Cumulative:NotSelected Defender:NotSelected"],
    [
      "a KB without prefix",
      { kbNumbersToInclude: ["5068904"] },
      ".NET:Installed Cumulative:NotSelected Defender:NotSelected",
    ],
    [
      "a KB besides a classification",
      { classificationsToInclude: ["Definition"], kbNumbersToInclude: ["5068904"] },
      ".NET:Installed Defender:Installed Cumulative:NotSelected",
    ],
    [
      "all but a KB",
      { classificationsToInclude: ["Security", "Critical"], kbNumbersToExclude: ["KB5069841"] },
      ".NET:Installed Cumulative:Excluded Defender:NotSelected",
    ],
    [
      "only what needs no reboot",
      { classificationsToInclude: ["Security", "Critical"], excludeKbsRequiringReboot: true },
      ".NET:Installed Cumulative:Excluded Defender:NotSelected",
    ],
    [
      "only what is old enough",
      { classificationsToInclude: ["Definition", "Critical"], maxPatchPublishDate: "2026-11-15T00:00:00.000Z" },
      ".NET:Installed Cumulative:NotSelected Defender:NotSelected",
    ],
    [
      "names by mask",
      { patchNameMasksToInclude: ["*update"], patchNameMasksToExclude: ["cumul*"] },
      ".NET:Installed Cumulative:Excluded Defender:NotSelected",
    ],
  ])("%s", async (_, parameters, expected) => {
    expect(states(await install(windows(parameters)))).toBe(expected);
  });

  it("Linux packages by mask of name and version", async () => {
    const result = await install(
      {
        rebootSetting: "Never",
        linuxParameters: { packageNameMasksToInclude: ["openssl_3.0*", "cur?"] },
        windowsParameters: {},
      },
      {
        image: "lin",
        pending: [
          { name: "openssl", version: "3.0.2", classification: "Security" },
          { name: "curl", version: "7", classification: "Other" },
          { name: "vim", version: "8", classification: "Other" },
        ],
      },
    );
    expect(states(result)).toBe("openssl:Installed curl:Installed vim:NotSelected");
    expect((result["patches"] as Causes[])[0]).toEqual({
      patchId: "openssl_3.0.2_Ubuntu_22.04",
      name: "openssl",
      version: "3.0.2",
      classifications: ["Security"],
      installationState: "Installed",
    });
  });
});

describe("how an install ends", () => {
  const all = windows({ classificationsToInclude: ["Security", "Critical", "Definition"] });

  it.each<[string, Causes, Causes, Causes]>([
    [
      "everything installed and rebooted",
      all,
      {},
      { status: "Succeeded", installedPatchCount: 3, rebootStatus: "Completed" },
    ],
    [
      "a reboot due but not allowed",
      { ...all, rebootSetting: "Never" },
      {},
      { status: "Succeeded", rebootStatus: "Required" },
    ],
    [
      "a reboot asked for",
      windows({ classificationsToInclude: ["Critical"] }, { rebootSetting: "Always" }),
      {},
      { rebootStatus: "Completed" },
    ],
    ["no reboot needed", windows({ classificationsToInclude: ["Critical"] }), {}, { rebootStatus: "NotNeeded" }],
    [
      "a reboot that went wrong",
      all,
      { install: { rebootStatus: "Failed" } },
      { status: "Succeeded", rebootStatus: "Failed" },
    ],
    [
      "a patch that does not install",
      all,
      { pending: [{ ...CU, whenInstalled: "fails" }, NET] },
      { status: "Failed", installedPatchCount: 1, failedPatchCount: 1 },
    ],
    [
      "a patch that stays pending",
      all,
      { pending: [{ ...CU, whenInstalled: "staysPending" }, NET] },
      { status: "CompletedWithWarnings", installedPatchCount: 1, pendingPatchCount: 1 },
    ],
    [
      "numbers of such patches",
      all,
      { install: { failing: 1, stayingPending: 1 } },
      { installedPatchCount: 1, failedPatchCount: 1, pendingPatchCount: 1 },
    ],
    [
      "an exceeded window",
      all,
      { install: { windowExceeded: true } },
      {
        status: "CompletedWithWarnings",
        maintenanceWindowExceeded: true,
        installedPatchCount: 1,
        pendingPatchCount: 2,
      },
    ],
    [
      "a window that is too short",
      { ...all, maximumDuration: "PT30M" },
      { install: { durationSeconds: 3600 } },
      { maintenanceWindowExceeded: true },
    ],
    [
      "a status that the causes give",
      all,
      { install: { resultStatus: "CompletedWithWarnings" } },
      { status: "CompletedWithWarnings", installedPatchCount: 3 },
    ],
    [
      "nothing to install",
      all,
      { pending: [] },
      { status: "Succeeded", installedPatchCount: 0, pendingPatchCount: 0, failedPatchCount: 0 },
    ],
  ])("%s", async (_, body, vm, expected) => {
    expect(await install(body, vm)).toMatchObject(expected);
  });

  it.each([
    ["win", "Failed", null],
    ["lin", "Failed", { code: "1", message: "0 error/s reported.", details: [] }],
    ["lin", "CompletedWithWarnings", { code: "2", message: "0 error/s reported.", details: [] }],
  ])("on %s a result %s carries its error", async (image, resultStatus, error) => {
    const body = {
      rebootSetting: "Never",
      [image === "win" ? "windowsParameters" : "linuxParameters"]: { classificationsToInclude: ["Security"] },
    };
    expect((await install(body, { image, pending: [], install: { resultStatus } }))["error"]).toEqual(error);
  });

  it("a result carries the error that the causes give", async () => {
    const resultError = { code: "WU_E_NO_CONNECTION", message: "0x8024402C" };
    expect((await install(all, { install: { resultError } }))["error"]).toEqual({ ...resultError, details: [] });
  });

  it("what is installed is no longer pending, and a due reboot is", async () => {
    const made = cloud({ pending: [CU, NET], assess: { durationSeconds: 60 }, install: { durationSeconds: 60 } });
    await made.install("vm1", windows({ classificationsToInclude: ["Security"] }, { rebootSetting: "Never" }));
    await made.until(60);
    expect(at((await made.view()).json, "patchStatus.availablePatchSummary")).toMatchObject({
      criticalAndSecurityPatchCount: 1,
      rebootPending: true,
    });
    const { headers } = await made.assess();
    await made.until(120);
    const { json } = await made.get(headers["location"] ?? "");
    expect(json).toMatchObject({
      rebootPending: true,
      availablePatches: [{ kbId: "5068904", rebootBehavior: "NeverReboots" }],
    });
  });

  it("finds later what appears later", async () => {
    const made = cloud({ pending: [NET, { ...CU, appearsAfterSeconds: 500 }], assess: { durationSeconds: 60 } });
    const counts: unknown[] = [];
    for (const begin of [0, 500]) {
      await made.until(begin);
      await made.assess();
      await made.until(begin + 60);
      counts.push(at((await made.view()).json, "patchStatus.availablePatchSummary.criticalAndSecurityPatchCount"));
    }
    expect(counts).toEqual([1, 2]);
  });
});

describe("the body of installPatches", () => {
  const refused = async (body: unknown, image = "win") => {
    const { status, json } = await cloud({ image }).install("vm1", body);
    return `${status} ${String(at(json, "error.code"))} ${String(at(json, "error.target"))}`;
  };
  const some = { classificationsToInclude: ["Security"] };

  it.each<[string, unknown, string]>([
    ["without reboot setting", { windowsParameters: some }, "400 InvalidParameter rebootSetting"],
    [
      "with an unknown reboot setting",
      { rebootSetting: "NeverReboot", windowsParameters: some },
      "400 InvalidParameter rebootSetting",
    ],
    [
      "with nothing to include",
      { rebootSetting: "Never", windowsParameters: {} },
      "400 InvalidParameter windowsParameters",
    ],
    [
      "with the other system's block only",
      { rebootSetting: "Never", linuxParameters: some },
      "400 InvalidParameter windowsParameters",
    ],
    [
      "with an unknown classification",
      windows({ classificationsToInclude: ["Updaterollups"] }),
      "400 InvalidParameter windowsParameters.classificationsToInclude",
    ],
    [
      "with a Linux classification",
      windows({ classificationsToInclude: ["Other"] }),
      "400 InvalidParameter windowsParameters.classificationsToInclude",
    ],
    [
      "with a blank entry",
      windows({ classificationsToInclude: [""] }),
      "400 InvalidParameter windowsParameters.classificationsToInclude",
    ],
    [
      "with a mask that is none",
      windows({ patchNameMasksToInclude: ["a|b"] }),
      "400 InvalidParameter windowsParameters.patchNameMasksToInclude",
    ],
    [
      "with a duration that is none",
      windows(some, { maximumDuration: "2 hours" }),
      "400 InvalidParameter maximumDuration",
    ],
    [
      "with a duration of more than four hours",
      windows(some, { maximumDuration: "PT4H1M" }),
      "400 InvalidParameter maximumDuration",
    ],
    [
      "with a date that is none",
      windows({ ...some, maxPatchPublishDate: "soon" }),
      "400 InvalidParameter windowsParameters.maxPatchPublishDate",
    ],
    ["that is no object", [], "400 InvalidParameter the request body"],
  ])("%s is refused", async (_, body, expected) => {
    expect(await refused(body)).toBe(expected);
  });

  it("with a KB number that is none is refused in these words [REC]", async () => {
    const { status, json } = await cloud().install("vm1", windows({ kbNumbersToInclude: ["1111"] }));
    expect(status).toBe(400);
    expect(json).toEqual({
      error: {
        code: "InvalidParameter",
        message:
          "The entry in 'kbNumbersToInclude' with value '1111' is not valid. It must be a KBID such as KB4512508.",
        target: "windowsParameters.kbNumbersToInclude",
      },
    });
  });

  it.each<[string, unknown, string]>([
    ["the empty block of the other system [REC]", { ...WINDOWS_ALL, linuxParameters: {} }, "win"],
    ["PT4H [REC]", windows(some, { maximumDuration: "PT4H" }), "win"],
    ["no duration", { rebootSetting: "never", windowsParameters: some }, "win"],
    ["a date [REC]", windows({ ...some, maxPatchPublishDate: "2024-11-01T07:36:43.000Z" }), "win"],
    [
      "Linux classifications",
      { rebootSetting: "Always", linuxParameters: { classificationsToInclude: ["Other"] } },
      "lin",
    ],
  ])("%s is accepted", async (_, body, image) => {
    expect((await cloud({ image }).install("vm1", body)).status).toBe(202);
  });
});
