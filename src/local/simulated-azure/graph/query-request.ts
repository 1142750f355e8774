import { z } from "zod";
import { ArmError } from "../arm-message";

const requestSchema = z.object({
  query: z.string().min(1),
  subscriptions: z.array(z.string()).optional(),
  managementGroups: z.array(z.string()).optional(),
  options: z
    .object({
      $top: z.int().min(1).max(1000).optional(),
      $skip: z.int().min(0).optional(),
      $skipToken: z.string().optional(),
      resultFormat: z.enum(["objectArray", "table"]).optional(),
    })
    .optional(),
});

/** A query as the REST API takes it: resourcegraph.json 2024-04-01 [V-SPEC]. */
export type QueryRequest = z.output<typeof requestSchema>;

export function parseQueryRequest(body: string | undefined): QueryRequest {
  let json: unknown;
  try {
    json = JSON.parse(body ?? "");
  } catch {
    throw badRequest("InvalidRequestContent", "The request content was invalid and could not be deserialized.");
  }
  const parsed = requestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw badRequest("InvalidRequest", `${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? "invalid"}`);
}

/** The envelope is Azure's; the texts of the details are ours. */
export const badRequest = (code: string, message: string): ArmError =>
  new ArmError(400, "BadRequest", "Please provide below info when asking for support.", {
    details: [{ code, message }],
  });
