import { describe, expect, it } from "@jest/globals";
import { imageText } from "../../src/cli/image-text";
import { missingText } from "../../src/cli/missing-text";
import type { ImageVersionView } from "../../src/contracts/api/images";
import type { MissingPatchList } from "../../src/contracts/api/vms";

type Patch = MissingPatchList["patches"][number];
const patch = (changes: Partial<Patch>): Patch => ({
  name: "openssl",
  kbId: null,
  version: "3.0.2-0ubuntu1.15",
  classifications: ["Security"],
  rebootBehavior: "NeverReboots",
  publishedAt: null,
  ...changes,
});
const list = (patches: readonly Patch[], complete = true): MissingPatchList => ({
  seenAt: "2026-11-23T08:00:00.000Z",
  complete,
  patches,
});

describe("missing patches, by name", () => {
  it("are told with classification, reboot behaviour, and KB or version", () => {
    const windows = { version: null, classifications: ["UpdateRollUp"] };
    const patches = [
      patch({
        ...windows,
        name: "Malicious Software Removal Tool",
        kbId: "890830",
        rebootBehavior: "CanRequestReboot",
      }),
      patch({
        ...windows,
        name: "Cumulative Update (KB5034441)",
        kbId: "5034441",
        rebootBehavior: "AlwaysRequiresReboot",
      }),
      patch({}),
      patch({ name: "zlib1g", classifications: [], rebootBehavior: null, version: "1.2" }),
    ];
    expect(missingText(list(patches)).split("\n")).toEqual([
      "Missing patches by name, from Resource Graph, as of 2026-11-23T08:00:00.000Z:",
      "  Security      no reboot          openssl 3.0.2-0ubuntu1.15",
      "  UpdateRollUp  needs a reboot     Cumulative Update (KB5034441)",
      "  UpdateRollUp  may need a reboot  Malicious Software Removal Tool KB890830",
      "  unclassified  reboot not known   zlib1g 1.2",
    ]);
  });

  it("that are many are cut, and said to be", () => {
    const lines = missingText(
      list(
        Array.from({ length: 45 }, (_, index) => patch({ name: `lib${index}` })),
        false,
      ),
    );
    expect(lines.split("\n").slice(-2)).toEqual([
      "  and 5 more: --json lists them",
      "  Azure lists still more than were read.",
    ]);
  });
});

describe("an image, in words", () => {
  const version: ImageVersionView = {
    imageId: "/subscriptions/s/…/images/win/versions/1.0.0",
    verdict: null,
    states: { Supported: 1, Unsupported: 1 },
    disagree: true,
    vms: [
      { vmId: "/vms/a", supportState: "Supported", assessmentStatus: "Succeeded", seenAt: "2026-11-23T08:00:00.000Z" },
      { vmId: "/vms/b", supportState: null, assessmentStatus: null, seenAt: null },
    ],
  };

  it("says when its VMs disagree", () => {
    const words = imageText({ imageId: "/i", complete: true, versions: [version] });
    expect(words).toMatch(/^VMs: +Supported 1, Unsupported 1\nDisagreement: +Azure calls some of its VMs Supported/m);
    expect(words).toMatch(/^ {2}Supported {10}2026-11-23T08:00:00.000Z {2}\/vms\/a\n {2}not known +never +\/vms\/b$/m);
  });

  it("says that nothing is known, and what could not be read", () => {
    expect(imageText({ imageId: "/i", complete: true, versions: [] })).toMatch(/No VM in scope was created from it/);
    const words = imageText({
      imageId: "/i",
      complete: false,
      versions: [{ ...version, vms: [], states: {}, disagree: false, resourceGraphTrouble: "429" }],
    });
    expect(words).toMatch(/^VMs: +none in scope$/m);
    expect(words).toMatch(/^Trouble: +Resource Graph could not be read: 429$/m);
    expect(words).toMatch(/Azure lists still more VMs than were read/);
  });
});
