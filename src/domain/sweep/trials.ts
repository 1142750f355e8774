import { imageRoom, noProof } from "./image-exposure";
import { newTrial, trialState } from "./image-trial";
import type { ImageTrial, SweepState } from "./state";
import type { SweepSight } from "./tick";

export type Turn =
  /** So many more of them may be released. */
  | { readonly kind: "go"; readonly most: number; readonly first: boolean }
  /** For one in flight. */
  | { readonly kind: "wait" }
  | { readonly kind: "holdBack"; readonly detail: string };

/** What VMs of each image version may do at a tick, while it releases them one after the other. */
export class Trials {
  readonly #sight: SweepSight;
  readonly #proofs: SweepState["proofs"];
  readonly #images: Record<string, ImageTrial>;
  /** VMs of each image version in the stage. */
  readonly #vms: ReadonlyMap<string, number>;
  readonly #inFlight: Map<string, number>;
  /** Image versions with a VM in flight that has not told. */
  readonly #silent: Set<string>;

  constructor(sight: SweepSight, { images, proofs }: SweepState) {
    this.#sight = sight;
    this.#proofs = proofs;
    this.#images = { ...images };
    this.#vms = counted(sight.lanes);
    this.#inFlight = counted(sight.active.map(({ imageId }) => ({ imageId, vms: 1 })));
    this.#silent = new Set(
      sight.active.flatMap(({ imageId, told }) => (imageId !== null && told === undefined ? imageId : [])),
    );
  }

  /** A VM without an image version waits for nobody. */
  of(imageId: string | null): Turn {
    if (imageId === null) return { kind: "go", most: Number.POSITIVE_INFINITY, first: false };
    const { policy, now, known } = this.#sight;
    const inFlight = this.#inFlight.get(imageId) ?? 0;
    const room = imageRoom(policy, this.#vms.get(imageId) ?? 0, this.#proofs[imageId] ?? noProof, inFlight);
    if (room.kind === "holdBack") return room;
    const trial = trialState(policy.verdict, now, known.get(imageId), this.#images[imageId], this.#silent.has(imageId));
    if (trial.kind === "holdBack") return trial;
    if (trial.kind === "wait" || room.most === 0) return { kind: "wait" };
    return trial.kind === "try" ? { kind: "go", most: 1, first: true } : { kind: "go", most: room.most, first: false };
  }

  /** So many VMs of the image version go, as it was their turn. */
  release(imageId: string | null, vms: number, { first }: Pick<Extract<Turn, { kind: "go" }>, "first">): void {
    if (imageId === null) return;
    this.#inFlight.set(imageId, (this.#inFlight.get(imageId) ?? 0) + vms);
    if (!first) return;
    this.#images[imageId] ??= newTrial(this.#sight.now);
    this.#silent.add(imageId);
  }

  get images(): Readonly<Record<string, ImageTrial>> {
    return this.#images;
  }
}

function counted(groups: readonly { readonly imageId: string | null; readonly vms: number }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { imageId, vms } of groups) if (imageId !== null) counts.set(imageId, (counts.get(imageId) ?? 0) + vms);
  return counts;
}
