import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { ImageView } from "../../src/contracts/api/images";
import { fleetOf } from "../support/fleet";
import { startLastingWorld, startWorld, type World } from "../support/outside-jest";

const GALLERY =
  "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/goldgallery/images";

const get = (world: World, imageId: string) => world.api("GET", `images${imageId}`);
async function view(world: World, imageId: string): Promise<ImageView> {
  const answer = await get(world, imageId);
  expect(answer.status).toBe(200);
  return JSON.parse(answer.body) as ImageView;
}

const vm = (name: string, image: string, more: object = {}) => ({ name, image, events: [], ...more });

describe("GET /api/images/{id}", () => {
  let world: World;
  beforeAll(async () => {
    world = await startLastingWorld({
      fleet: fleetOf([
        vm("a", "win"),
        vm("b", "win", { graph: { readiness: ["Unsupported"] } }),
        vm("never", "win"),
        vm("other", "lin"),
        vm("elsewhere", "win", { subscriptionId: "99999999-2222-4333-8444-555555555555" }),
      ]),
    });
    await world.run("assess", ["a", "b", "other"]);
    await world.settle();
  });
  afterAll(() => world.close());

  test("tells the state of each VM in scope, and that they disagree", async () => {
    const { complete, versions } = await view(world, `${GALLERY}/win/versions/1.2.3`);
    expect(complete).toBe(true);
    expect(versions).toEqual([
      {
        imageId: `${GALLERY}/win/versions/1.2.3`.toLowerCase(),
        verdict: expect.objectContaining({ imageId: `${GALLERY}/win/versions/1.2.3`.toLowerCase() }),
        states: { Supported: 1, Unsupported: 1, none: 1 },
        disagree: true,
        vms: [
          {
            ...{ vmId: world.vmId("a"), supportState: "Supported", assessmentStatus: "Succeeded" },
            seenAt: expect.stringMatching(/^2026-12-01T06:/),
          },
          expect.objectContaining({ vmId: world.vmId("b"), supportState: "Unsupported" }),
          { vmId: world.vmId("never"), supportState: null, assessmentStatus: null, seenAt: null },
        ],
      },
    ]);
  });

  test("tells each version of a definition, also where VMs' models name none", async () => {
    const { versions } = await view(world, `${GALLERY}/LIN`);
    expect(versions).toEqual([
      expect.objectContaining({
        imageId: `${GALLERY}/lin/versions/7.0.1`.toLowerCase(),
        ...{ states: { Supported: 1 }, disagree: false },
      }),
    ]);
  });

  test("of an image without VMs: nothing", async () => {
    expect(await view(world, `${GALLERY}/gone`)).toEqual({
      imageId: `${GALLERY}/gone`.toLowerCase(),
      ...{ complete: true, versions: [] },
    });
  });

  test("refuses what is no image's id", async () => {
    const answer = await get(world, "/win");
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({
      detail: expect.stringMatching(/^imageId: "\/win": use ids such as \/subscriptions\/.+, with or without version$/),
    });
  });
});

test("an image is not told while Resource Graph cannot be read", async () => {
  const fault = { on: "resourceGraph", answer: { status: 429, code: "RateLimiting", message: "slow down" } };
  const world = await startWorld({ fleet: fleetOf([vm("a", "win")], { faults: [fault] }) });
  const answer = await get(world, `${GALLERY}/win`);
  expect(answer.status).toBe(503);
  expect(answer.headers["retry-after"]).toMatch(/^\d+$/);
});
