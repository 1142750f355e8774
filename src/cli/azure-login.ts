import { DefaultAzureCredential } from "@azure/identity";
import { z } from "zod";
import { armScopeOf, clouds, type CloudName } from "../domain/cloud/cloud";
import { OperatorError } from "../errors";

/** A login that needs longer is none. */
const LOGIN_MS = 20_000;

const claims = z.object({ tid: z.string(), upn: z.string().optional(), appid: z.string().optional() });

export interface AzureLogin {
  readonly tenantId: string;
  /** User, or application id. */
  readonly who: string;
}

/** Which tenant the app's requests would reach, told by the same credential. @throws OperatorError without a login */
export async function azureLogin(cloudName: CloudName): Promise<AzureLogin> {
  const cloud = clouds[cloudName];
  try {
    const credential = new DefaultAzureCredential({ authorityHost: cloud.loginOrigin });
    const token = await credential.getToken(armScopeOf(cloud), {
      abortSignal: AbortSignal.timeout(LOGIN_MS),
    });
    const [, payload = ""] = token.token.split(".");
    const { tid, upn, appid } = claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    return { tenantId: tid, who: upn ?? appid ?? "unknown" };
  } catch (cause) {
    throw new OperatorError(
      `no login to ${cloudName === "AzureCloud" ? "Azure" : cloudName} was found; run ${howToLogin(cloudName)}, or set GOLDPATCH_ARM_ENDPOINT to the address of goldpatch simulate`,
      { cause },
    );
  }
}

/** Azure CLI signs in to one cloud at a time. */
const howToLogin = (cloud: CloudName): string =>
  cloud === "AzureCloud" ? "az login" : `az cloud set --name ${cloud} and az login`;
