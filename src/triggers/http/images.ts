import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { IMAGE_ID_FORM, parseImageId } from "../../domain/machine/image-id";
import type { TriggerPorts } from "../ports";
import { badRequest, readRefused } from "./answers";

/** GET /api/images: what is known about each image version. */
export const listImages = (ports: TriggerPorts) => async (): Promise<HttpResponseInit> => ({
  status: 200,
  jsonBody: { images: await ports.images() },
});

/** GET /api/images/{*imageId}: the support state of each VM of the image, as Azure has it on record. Starts nothing. */
export const getImage =
  (ports: TriggerPorts) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => {
    const text = `/${(request.params["imageId"] ?? "").replace(/^\/+/, "")}`;
    const imageId = parseImageId(text);
    if (imageId === undefined) {
      return badRequest(`imageId: ${JSON.stringify(text)}: use ids such as ${IMAGE_ID_FORM}, with or without version`);
    }
    const look = await ports.lookAtImage(imageId);
    return look.kind === "found" ? { status: 200, jsonBody: look.view } : readRefused("imageId", imageId, look);
  };
