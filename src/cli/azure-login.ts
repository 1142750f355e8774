import { DefaultAzureCredential } from "@azure/identity";
import { z } from "zod";
import { OperatorError } from "../errors";

const ARM_SCOPE = "https://management.azure.com/.default";
/** A login that needs longer is none. */
const LOGIN_MS = 20_000;

const claims = z.object({ tid: z.string(), upn: z.string().optional(), appid: z.string().optional() });

export interface AzureLogin {
  readonly tenantId: string;
  /** User, or application id. */
  readonly who: string;
}

/** Which tenant the app's requests would reach, told by the same credential. @throws OperatorError without a login */
export async function azureLogin(): Promise<AzureLogin> {
  try {
    const token = await new DefaultAzureCredential().getToken(ARM_SCOPE, {
      abortSignal: AbortSignal.timeout(LOGIN_MS),
    });
    const [, payload = ""] = token.token.split(".");
    const { tid, upn, appid } = claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    return { tenantId: tid, who: upn ?? appid ?? "unknown" };
  } catch (cause) {
    throw new OperatorError(
      "no login to Azure was found; run az login, or set GOLDPATCH_ARM_ENDPOINT to the address of goldpatch simulate",
      { cause },
    );
  }
}
