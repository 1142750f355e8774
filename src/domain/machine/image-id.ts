/** How an image's id is written, for messages. */
export const IMAGE_ID_FORM =
  "/subscriptions/ID/resourceGroups/NAME/providers/Microsoft.Compute/galleries/NAME/images/NAME/versions/N.N.N";

const FORMS = [
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.compute\/galleries\/[^/]+\/images\/[^/]+(?:\/versions\/[^/]+)?$/,
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.compute\/images\/[^/]+$/,
  /^\/(?:shared|community)galleries\/[^/]+\/images\/[^/]+(?:\/versions\/[^/]+)?$/,
];

/** The id in lower case, as image versions are kept; undefined for what is no image's id. A definition's id means all its versions. */
export function parseImageId(text: string): string | undefined {
  const id = text.trim().replace(/\/+$/, "").toLowerCase();
  return FORMS.some((form) => form.test(id)) ? id : undefined;
}

/** Whether the image version is the one that is meant, or one of the definition that is meant. Both in lower case. */
export const isOfImage = (imageId: string, meant: string): boolean =>
  imageId === meant || imageId.startsWith(`${meant}/versions/`);

/** The part that every version of the image has in common: a VM's model may name no version. */
export const definitionOf = (imageId: string): string => imageId.replace(/\/versions\/[^/]+$/, "");
