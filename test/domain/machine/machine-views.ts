import type { ArcConnection, MachineView } from "../../../src/domain/machine/view";

export const AZURE_NOW = Date.parse("2026-11-23T10:00:00Z");

export const GALLERY_VERSION =
  "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/Images/providers/Microsoft.Compute/galleries/Gold/images/Ubuntu/versions/1.2.3";

/** A VM from a gallery image version that is ready to be patched, but for what a test changes. */
export function machineView(changes: Partial<MachineView> = {}): MachineView {
  return {
    azureTime: AZURE_NOW,
    location: "westeurope",
    vmGuid: "22222222-2222-4222-8222-222222222222",
    provisioningState: "Succeeded",
    powerState: "running",
    agent: { displayStatus: "Ready", reportedAt: AZURE_NOW - 20_000 },
    allowExtensionOperations: true,
    osType: "Linux",
    image: { id: GALLERY_VERSION },
    tags: {},
    ...changes,
  };
}

/** The same view without what Azure did not tell. */
export function machineViewWithout(...absent: readonly (keyof MachineView)[]): MachineView {
  const view = machineView();
  for (const name of absent) Reflect.deleteProperty(view, name);
  return view;
}

/** An Arc-enabled server whose agent has told its version, but for what a test changes. */
export function arcView(connection: ArcConnection): MachineView {
  return {
    ...machineViewWithout("powerState", "agent", "allowExtensionOperations"),
    image: {},
    arc: { agentVersion: "1.47", ...connection },
  };
}
