import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from "@azure/identity";

/**
 * On Azure the app's own identity; elsewhere the user's login, which AZURE_TOKEN_CREDENTIALS may narrow.
 * @param clientId AZURE_CLIENT_ID of a user-assigned identity
 */
export function azureCredential(clientId: string | undefined): TokenCredential {
  return clientId !== undefined && process.env["IDENTITY_ENDPOINT"] !== undefined
    ? new ManagedIdentityCredential({ clientId })
    : new DefaultAzureCredential();
}
