/** The clouds by the names of Azure CLI (az cloud list). */
export const CLOUDS = ["AzureCloud", "AzureUSGovernment", "AzureChinaCloud"] as const;

/** Their Resource Managers (az cloud show). */
export const ARM_ORIGINS: Readonly<Record<(typeof CLOUDS)[number], string>> = {
  AzureCloud: "https://management.azure.com",
  AzureUSGovernment: "https://management.usgovcloudapi.net",
  AzureChinaCloud: "https://management.chinacloudapi.cn",
};
