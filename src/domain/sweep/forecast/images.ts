import { rampSteps } from "../../policy/exposure";
import { imageStep } from "../image-exposure";
import { heard, newTrial, trialState, type KnownVerdict, type Told } from "../image-trial";
import type { ImageTrial } from "../state";
import type { PlannedLane, PlannedSweep } from "./plan";

interface Image {
  readonly known: KnownVerdict | undefined;
  readonly told: Told;
  trial: ImageTrial | undefined;
  isUnderWay: boolean;
  verified: number;
  /** In the current stage. */
  vms: number;
  steps: readonly number[];
  inFlight: number;
}

export type ImageTurn =
  | { readonly kind: "go"; readonly most: number; readonly isFirst: boolean }
  | { readonly kind: "wait" }
  | { readonly kind: "holdBack" };

/** What VMs of each image version may do in a play. One without a verdict is taken to be Supported. */
export class Images {
  readonly #sweep: PlannedSweep;
  readonly #images = new Map<string, Image>();

  constructor(sweep: PlannedSweep) {
    this.#sweep = sweep;
    for (const { imageId } of sweep.stages.flat()) {
      if (imageId === null) continue;
      const known = sweep.known.get(imageId);
      const none = { trial: undefined, isUnderWay: false, verified: 0, vms: 0, steps: [], inFlight: 0 };
      this.#images.set(imageId, { known, told: known?.told ?? "supported", ...none });
    }
  }

  /** The ramp of an image version is by its VMs in the stage. */
  enter(lanes: readonly PlannedLane[]): void {
    const all = [...this.#images.values()];
    for (const image of all) image.vms = 0;
    for (const { imageId, vms } of lanes) this.#change(imageId, (image) => (image.vms += vms));
    for (const image of all) image.steps = rampSteps(this.#sweep.policy.exposure, image.vms);
  }

  turn(imageId: string | null, now: number): ImageTurn {
    const image = this.#of(imageId);
    if (!image) return { kind: "go", most: Number.POSITIVE_INFINITY, isFirst: false };
    const { policy } = this.#sweep;
    const trial = trialState(policy.verdict, now, image.known, image.trial, image.isUnderWay);
    if (trial.kind === "wait" || trial.kind === "holdBack") return { kind: trial.kind };
    if (trial.kind === "try") return { kind: "go", most: 1, isFirst: true };
    const step = policy.mode === "assess" ? undefined : imageStep(image.steps, image.vms, image.verified);
    const most = step === undefined ? Number.POSITIVE_INFINITY : Math.max(0, step - image.verified - image.inFlight);
    return most === 0 ? { kind: "wait" } : { kind: "go", most, isFirst: false };
  }

  release(imageId: string | null, vms: number, isFirst: boolean, now: number): void {
    this.#change(imageId, (image) => {
      image.inFlight += vms;
      if (!isFirst) return;
      image.trial ??= newTrial(now);
      image.isUnderWay = true;
    });
  }

  /** The VM that went first has told. @param name its own */
  hear(imageId: string | null, name: string): void {
    this.#change(imageId, (image) => {
      image.trial = image.trial && heard(image.trial, name, image.told, false);
      image.isUnderWay = false;
    });
  }

  end(imageId: string | null, vms: number): void {
    this.#change(imageId, (image) => {
      image.inFlight -= vms;
      if (image.told === "supported") image.verified += vms;
    });
  }

  isPatched = (imageId: string | null): boolean => this.#of(imageId)?.told !== "unsupported";

  #of = (imageId: string | null): Image | undefined => (imageId === null ? undefined : this.#images.get(imageId));

  #change(imageId: string | null, change: (image: Image) => void): void {
    const image = this.#of(imageId);
    if (image) change(image);
  }
}
