/** A fleet file around the VMs of a test: what a test does not say about a machine is in order. */
export function fleetOf(vms: readonly object[], extra: object = {}): object {
  return {
    start: "2026-12-01T06:00:00Z",
    subscriptionId: "11111111-2222-4333-8444-555555555555",
    resourceGroup: "rg-test",
    location: "westeurope",
    images: [
      {
        name: "win",
        kind: "galleryVersion",
        osType: "Windows",
        version: "1.2.3",
        pending: { Security: 3, Definition: 1 },
      },
      { name: "lin", kind: "galleryDefinition", osType: "Linux", version: "7.0.1", pending: { Security: 4, Other: 2 } },
      { name: "managed", kind: "managedImage", osType: "Linux", pending: { Critical: 1 } },
      { name: "shared", kind: "directSharedGallery", osType: "Windows", pending: { Critical: 1 } },
      { name: "community", kind: "communityGallery", osType: "Linux", pending: { Critical: 1 } },
      { name: "attached", kind: "attachedDisk", osType: "Windows", pending: { Critical: 1 } },
      { name: "market", kind: "marketplace", osType: "Windows", pending: { Critical: 1 } },
      { name: "unknown", kind: "unknown", osType: "Linux", pending: { Critical: 1 } },
    ],
    vms,
    ...extra,
  };
}
