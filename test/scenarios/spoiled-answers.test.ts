import { describe, expect, test } from "@jest/globals";
import { vmPartition } from "../../src/ledger/keys";
import type { Lease } from "../../src/ledger/lease";
import { fleetOf } from "../support/fleet";
import { startWorld } from "../support/outside-jest";

const PATCH = { install: { rebootSetting: "IfRequired" } };
const VM = { name: "vm", image: "win", events: [] };

async function patched(faults: readonly object[], vm: object = {}) {
  const world = await startWorld({ fleet: fleetOf([{ ...VM, ...vm }], { faults }) });
  await world.run("patch", ["vm"], PATCH);
  const [run] = await world.settle();
  const posts = (action: string) => world.transcript.filter(({ path }) => path.includes(`/${action}?`)).length;
  return { world, run, posts };
}

describe("a body that nobody can read", () => {
  test.each(["malformed", "page", "empty", "truncated"])(
    "%s under the 202 of an install refuses nothing: the install is followed to its end",
    async (body) => {
      const { run, posts } = await patched([{ on: "installPatches", times: 1, body }]);
      expect(run).toMatchObject({ code: "Patched", installedPatchCount: 3, installPosts: 1 });
      expect(posts("installPatches")).toBe(1);
    },
  );
});

describe("an answer to a look at the VM that nobody can read", () => {
  test.each(["malformed", "page", "empty", "truncated"])(
    "%s says nothing about the VM: it is looked at again",
    async (body) => {
      const { run } = await patched([
        { on: "vm", times: 1, body },
        { on: "vm", times: 1, fromSeconds: 400, body },
      ]);
      expect(run).toMatchObject({ code: "Patched" });
    },
  );

  test.each(["page", "empty"])("%s does not show it idle: the lease stays with what still installs", async (body) => {
    const { world, run } = await patched([{ on: "vm", fromSeconds: 18_000, body }], {
      install: { stuck: true },
      instanceViewStuckInProgress: "install",
    });
    expect(run).toMatchObject({ code: "InstallStillRunning" });
    const lease = await world.store.get<Lease>(vmPartition(world.vmId("vm").toLowerCase()), "lease");
    expect(lease?.value).toMatchObject({ held: true, runId: run?.runId });
  });
});

describe("Retry-After", () => {
  test.each([
    ["of the first look", 0],
    ["of the look before the install", 400],
  ])("%s at the VM is kept", async (_, fromSeconds) => {
    const answer = { status: 503, code: "ServiceUnavailable", message: "later", retryAfterSeconds: 400 };
    const { world, run } = await patched([{ on: "vm", fromSeconds, times: 1, answer }], {
      assess: { durationSeconds: 500 },
    });
    expect(run).toMatchObject({ code: "Patched" });
    const looks = world.transcript.filter(({ method, path }) => method === "GET" && path.includes("/virtualMachines/"));
    const refused = looks.findIndex(({ status }) => status === 503);
    const waited = Date.parse(looks[refused + 1]?.t ?? "") - Date.parse(looks[refused]?.t ?? "");
    expect(waited).toBeGreaterThanOrEqual(399_000);
  });
});
