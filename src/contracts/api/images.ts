import { z } from "zod";
import type { NoAnswer } from "../no-answer";
import { armId, at, counts, text } from "./fields";
import type { ViewOf } from "./view";

/** What runs of its VMs have found about an image version. */
const imageVerdictView = z.object({
  imageId: armId,
  supportState: z.string(),
  runId: z.string(),
  vmId: armId,
  seenAt: at,
  lastOutcome: z.string(),
});
export type ImageVerdictView = ViewOf<typeof imageVerdictView>;

/** What GET /api/images answers. */
export const imageList = z.object({ images: z.array(imageVerdictView) });

/** One VM of an image version, by its row in Resource Graph. Null: Azure has none, or it does not say. */
const imageVmView = z.object({ vmId: armId, supportState: text, assessmentStatus: text, seenAt: text });
export type ImageVmView = ViewOf<typeof imageVmView>;

/** One image version with all its VMs in scope. */
const imageVersionView = z.object({
  imageId: armId,
  /** Null without any run. */
  verdict: imageVerdictView.nullable(),
  /** How many VMs Azure has which state for; "none" where it has none. */
  states: counts,
  /** Whether Azure calls one VM Supported and another Unsupported. */
  disagree: z.boolean(),
  vms: z.array(imageVmView),
  /** Why rows of Resource Graph could not be read. */
  resourceGraphTrouble: z.string().exactOptional(),
});
export type ImageVersionView = ViewOf<typeof imageVersionView>;

/** What GET /api/images/{*imageId} tells: the version that was named, or all of a definition. */
export const imageView = z.object({
  imageId: armId,
  /** Whether these are all VMs that Azure lists. */
  complete: z.boolean(),
  versions: z.array(imageVersionView),
});
export type ImageView = ViewOf<typeof imageView>;

/** One look at an image. */
export type ImageLook = { readonly kind: "found"; readonly view: ImageView } | NoAnswer;
