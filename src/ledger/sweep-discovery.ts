import { LARGEST_BATCH } from "../store/limits";
import { removeAll } from "../store/remove";
import type { BatchOperation, Store } from "../store/store";

/** A VM that a sweep was found to have. */
export interface FoundVm {
  readonly vmId: string;
  readonly imageId: string | null;
  readonly osType: string | null;
  /** Indexes of the stages that take it. */
  readonly stages: readonly number[];
  /** Absent: none (domain/sweep/groups.ts). */
  readonly groups?: readonly string[];
}

/** A page of Azure's answer, as the mark that its VMs are kept. */
export interface FoundPage {
  readonly vms: number;
  /** Where the next page begins; absent: it was the last. */
  readonly skipToken?: string;
}

/** VMs in a row: a page of a thousand is ten rows and its mark, well within one batch. */
const ROW_VMS = 100;

/** Image ids are long and few. */
interface FoundRow {
  readonly images: readonly string[];
  /** VM id, index of its image or -1, operating system, stages, groups if there are any. */
  readonly vms: readonly (readonly [string, number, string | null, readonly number[], (readonly string[])?])[];
}

const pageKey = (page: number): string => `page:${String(page).padStart(4, "0")}`;
const foundKey = (page: number, row: number): string =>
  `found:${String(page).padStart(4, "0")}:${String(row).padStart(2, "0")}`;

/** What a sweep's discovery has read so far, page by page: each is one write, so whoever reads it again changes nothing. */
export class SweepDiscovery {
  readonly #store: Store;
  readonly #partition: string;

  constructor(store: Store, sweepId: string) {
    this.#store = store;
    this.#partition = `policy-sweep-found:${sweepId}`;
  }

  async pages(): Promise<FoundPage[]> {
    return (await this.#store.scan<FoundPage>(this.#partition, "page:")).map(({ value }) => value);
  }

  /** Keeps a page, unless another delivery kept it before. @param vms at most 9,900 */
  async keep(page: number, vms: readonly FoundVm[], skipToken: string | undefined): Promise<void> {
    const rows = Array.from({ length: Math.ceil(vms.length / ROW_VMS) }, (_, row): BatchOperation => {
      const value = toRow(vms.slice(row * ROW_VMS, (row + 1) * ROW_VMS));
      return { kind: "insert", key: foundKey(page, row), value };
    });
    const mark: FoundPage = { vms: vms.length, ...(skipToken !== undefined && { skipToken }) };
    if (rows.length >= LARGEST_BATCH) throw new RangeError(`a page of ${vms.length} VMs: give at most 9900`);
    await this.#store.batch(this.#partition, [{ kind: "insert", key: pageKey(page), value: mark }, ...rows]);
  }

  /** All VMs of all pages; undefined when some are gone, for then they stand in the queue. */
  async vms(pages: readonly FoundPage[]): Promise<FoundVm[] | undefined> {
    const images = new Map<string, string>();
    const rows = await this.#store.scan<FoundRow>(this.#partition, "found:");
    const vms = rows.flatMap(({ value }) => fromRow(value, images));
    return vms.length === pages.reduce((sum, page) => sum + page.vms, 0) ? vms : undefined;
  }

  /** The VMs go first: pages without them tell that they stand in the queue. */
  async forget(): Promise<void> {
    await this.forgetVms();
    await removeAll(this.#store, this.#partition, await this.#store.scan(this.#partition, ""));
  }

  /** The pages stay, as the mark that everything was read. */
  async forgetVms(): Promise<void> {
    await removeAll(this.#store, this.#partition, await this.#store.scan(this.#partition, "found:"));
  }
}

function toRow(vms: readonly FoundVm[]): FoundRow {
  const images = [...new Set(vms.flatMap(({ imageId }) => imageId ?? []))];
  return {
    images,
    vms: vms.map(({ vmId, imageId, osType, stages, groups }) => {
      const image = imageId === null ? -1 : images.indexOf(imageId);
      return groups ? [vmId, image, osType, stages, groups] : [vmId, image, osType, stages];
    }),
  };
}

/** @param known image ids that were read before: each is held once, however many VMs have it */
function fromRow({ images, vms }: FoundRow, known: Map<string, string>): FoundVm[] {
  for (const image of images) if (!known.has(image)) known.set(image, image);
  return vms.map(([vmId, image, osType, stages, groups]) => {
    const imageId = images[image];
    const vm = { vmId, imageId: imageId === undefined ? null : (known.get(imageId) ?? imageId), osType, stages };
    return groups ? { ...vm, groups } : vm;
  });
}
