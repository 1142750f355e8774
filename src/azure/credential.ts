import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import type { Cloud } from "../domain/cloud/cloud";

/**
 * On Azure the app's own identity; elsewhere the user's login, which AZURE_TOKEN_CREDENTIALS may narrow.
 * A managed identity and Azure CLI know their cloud themselves; the others sign in where they are told.
 *
 * @param clientId AZURE_CLIENT_ID of a user-assigned identity
 */
export function azureCredential(clientId: string | undefined, { loginOrigin }: Cloud): TokenCredential {
  return clientId !== undefined && process.env["IDENTITY_ENDPOINT"] !== undefined
    ? new ManagedIdentityCredential({ clientId })
    : new DefaultAzureCredential({ authorityHost: loginOrigin });
}
