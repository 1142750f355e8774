import { newTrial, trialState, type TrialState } from "./image-trial";
import type { ImageTrial, SweepState } from "./state";
import type { SweepSight } from "./tick";

/** What VMs of each image version may do at a tick, while it releases them one after the other. */
export class Trials {
  readonly #sight: SweepSight;
  readonly #images: Record<string, ImageTrial>;
  /** Image versions with a VM in flight that has not told. */
  readonly #silent: Set<string>;

  constructor(sight: SweepSight, { images }: SweepState) {
    this.#sight = sight;
    this.#images = { ...images };
    this.#silent = new Set(
      sight.active.flatMap(({ imageId, told }) => (imageId !== null && told === undefined ? imageId : [])),
    );
  }

  /** A VM without an image version waits for nobody. */
  of(imageId: string | null): TrialState {
    if (imageId === null) return { kind: "go" };
    const { policy, now, known } = this.#sight;
    return trialState(policy.verdict, now, known.get(imageId), this.#images[imageId], this.#silent.has(imageId));
  }

  /** A VM of the image version goes first. */
  begin(imageId: string): void {
    this.#images[imageId] ??= newTrial(this.#sight.now);
    this.#silent.add(imageId);
  }

  get images(): Readonly<Record<string, ImageTrial>> {
    return this.#images;
  }
}
