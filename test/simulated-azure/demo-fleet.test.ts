import { describe, expect, it } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { fleetJsonSchema, parseFleet } from "../../src/local/simulated-azure";

const FLEET_FILE = "src/local/demo/fleet.json";
const SCHEMA_FILE = "src/local/demo/fleet.schema.json";
const json: unknown = JSON.parse(readFileSync(FLEET_FILE, "utf8"));

/** What becomes of a VM. A fleet says what is the matter with it, never this. */
const OUTCOMES = [
  "patched",
  "patchedWithWarnings",
  "assessed",
  "upToDate",
  "unsupported",
  "undetermined",
  "notReady",
  "busy",
  "failed",
  "skipped",
  "cancelled",
];

function words(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...words(inner)]);
}

describe("the demo fleet", () => {
  const fleet = parseFleet(json);

  it("has VMs of five kinds of customized image and of the marketplace, on both systems", () => {
    const used = fleet.images.filter((image) => fleet.vms.some((vm) => vm.image === image.name));
    expect(new Set(used.map(({ kind }) => kind))).toEqual(
      new Set([
        "galleryVersion",
        "galleryDefinition",
        "managedImage",
        "directSharedGallery",
        "communityGallery",
        "attachedDisk",
        "marketplace",
      ]),
    );
    expect(new Set(used.map(({ osType }) => osType))).toEqual(new Set(["Windows", "Linux"]));
    expect(fleet.vms.length).toBeGreaterThanOrEqual(24);
  });

  it("has machines that exist before and machines that are created meanwhile", () => {
    const isNew = fleet.vms.filter((vm) => vm.createAfterSeconds !== undefined);
    expect(isNew.length).toBeGreaterThanOrEqual(5);
    expect(fleet.vms.length - isNew.length).toBeGreaterThanOrEqual(15);
  });

  it("has Arc-enabled servers on both systems, connected and not", () => {
    expect(new Set(fleet.machines.map(({ osType }) => osType))).toEqual(new Set(["Windows", "Linux"]));
    const states = fleet.machines.map(({ connection }) => connection.state);
    expect(new Set(states)).toEqual(new Set(["Connected", "Error", "Disconnected"]));
  });

  it("tells causes and no outcome", () => {
    expect(words(json).filter((word) => OUTCOMES.includes(word))).toEqual([]);
    for (const { name } of [...fleet.vms, ...fleet.machines]) expect(name).toMatch(/^(?:[a-z]+-\d\d|pool_0)$/);
  });
});

describe("fleet.schema.json", () => {
  it("is the published form of the schema in the code (UPDATE_SCHEMA=1 writes it)", () => {
    const current = `${JSON.stringify(fleetJsonSchema(), null, 2)}\n`;
    if (process.env["UPDATE_SCHEMA"]) writeFileSync(SCHEMA_FILE, current);
    expect(readFileSync(SCHEMA_FILE, "utf8")).toBe(current);
  });

  it("says no outcome either", () => {
    expect(words(fleetJsonSchema()).filter((word) => OUTCOMES.includes(word))).toEqual([]);
  });
});
