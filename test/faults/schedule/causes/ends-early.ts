import { cause, type VmCause } from "./cause";

/** What ends a run before it sends anything. */
export const endsEarly: readonly [VmCause, ...VmCause[]] = [
  cause("outside the scope", () => ({ createAfterSeconds: 0, resourceGroup: "rg-other" })),
  cause("agent silent for ever", () => ({ agent: { state: "silent" } })),
  cause("another image", (draw) => ({
    image: draw.pick(["managed", "shared", "community", "attached", "unknown", "market"], "image"),
  })),
  cause("nothing pending", () => ({ pending: {} })),
  cause("extensions off", () => ({ allowExtensionOperations: false })),
  cause("extension failed", () => ({ failedExtension: "CustomScript" })),
  cause("tagged off", () => ({ tags: { GoldPatch: "OFF" } })),
  cause("action denied", (draw) => ({
    denied: [
      draw.pick(
        [
          "Microsoft.Compute/virtualMachines/assessPatches/action",
          "Microsoft.Compute/virtualMachines/installPatches/action",
          "Microsoft.Compute/locations/operations/read",
          "Microsoft.Compute/virtualMachines/patchAssessmentResults/read",
        ],
        "action",
      ),
    ],
  })),
];
