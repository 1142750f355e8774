import type { HttpResponseInit } from "@azure/functions";

/** GET /api/openapi.json: the description of this API. It is made when it is asked for, which few do. */
export const openApi = (document: () => object) => async (): Promise<HttpResponseInit> => ({
  status: 200,
  jsonBody: document(),
});
