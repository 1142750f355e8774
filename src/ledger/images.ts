import type { OutcomeName } from "../domain/outcome/table";
import type { SupportState } from "../domain/support/decide";
import { update, type Store } from "../store/store";
import { imageKey } from "./keys";

/** What is known about one image version from the runs of its VMs. */
export interface ImageVerdict {
  readonly imageId: string;
  readonly supportState: SupportState;
  /** The run and VM that told. */
  readonly runId: string;
  readonly vmId: string;
  readonly seenAt: string;
  readonly lastOutcome: OutcomeName;
}

const PARTITION = "images";

export class ImageLedger {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Keeps the newest verdict of the image version. */
  async note(verdict: ImageVerdict): Promise<void> {
    const key = imageKey(verdict.imageId);
    if (await this.#store.insertIfAbsent(PARTITION, key, verdict)) return;
    await update<ImageVerdict>(this.#store, PARTITION, key, (known) =>
      known.seenAt <= verdict.seenAt ? verdict : undefined,
    );
  }

  async get(imageId: string): Promise<ImageVerdict | undefined> {
    return (await this.#store.get<ImageVerdict>(PARTITION, imageKey(imageId)))?.value;
  }

  async list(): Promise<ImageVerdict[]> {
    return (await this.#store.scan<ImageVerdict>(PARTITION, "")).map(({ value }) => value);
  }
}
