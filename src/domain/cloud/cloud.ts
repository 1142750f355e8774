/** The clouds that Azure CLI knows by these names (az cloud list). */
export const cloudNames = ["AzureCloud", "AzureUSGovernment", "AzureChinaCloud"] as const;
export type CloudName = (typeof cloudNames)[number];

/** Where one cloud is: nothing that belongs to one is ever sent to another. */
export interface Cloud {
  /** Azure Resource Manager. The only origin that ever gets one of its tokens. */
  readonly armOrigin: string;
  /** Microsoft Entra, which gives the tokens. */
  readonly loginOrigin: string;
  /** What the host names of its table services end with, after the account's name. */
  readonly tablesSuffix: string;
}

/** Endpoints as Azure CLI lists them (az cloud show), and as @azure/arm-compute and @azure/identity have them. */
export const clouds: Readonly<Record<CloudName, Cloud>> = {
  AzureCloud: {
    armOrigin: "https://management.azure.com",
    loginOrigin: "https://login.microsoftonline.com",
    tablesSuffix: ".table.core.windows.net",
  },
  AzureUSGovernment: {
    armOrigin: "https://management.usgovcloudapi.net",
    loginOrigin: "https://login.microsoftonline.us",
    tablesSuffix: ".table.core.usgovcloudapi.net",
  },
  AzureChinaCloud: {
    armOrigin: "https://management.chinacloudapi.cn",
    loginOrigin: "https://login.chinacloudapi.cn",
    tablesSuffix: ".table.core.chinacloudapi.cn",
  },
};

/** What a token for the cloud's Resource Manager is asked for with. The SDK's clients would ask for the public cloud's. */
export const armScopeOf = ({ armOrigin }: Cloud): string => `${armOrigin}/.default`;
