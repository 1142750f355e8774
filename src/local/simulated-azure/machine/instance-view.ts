import { HOUR_MS } from "../timestamps";
import type { Machine } from "./machine";
import { patchStatus } from "./patch-status";

type Json = Readonly<Record<string, unknown>>;

const STALE_AGENT_HOURS = 7;

/** The body of `GET virtualMachines/{name}/instanceView`: shape of VirtualMachine_Get_InstanceView [V-SPEC]. */
export function instanceView(machine: Machine, now: number): Json {
  const { vm, image, life, world } = machine;
  const agent = life.agent(now);
  const reported = agent === "ready" || agent === "stale";
  const status = patchStatus(machine, now);
  return {
    platformUpdateDomain: 0,
    platformFaultDomain: 0,
    ...(reported
      ? {
          computerName: vm.name,
          osName: image.osName ?? (image.osType === "Windows" ? "Windows Server 2022 Datacenter" : "ubuntu"),
          osVersion: image.osVersion ?? (image.osType === "Windows" ? "10.0.20348.2849" : "22.04"),
        }
      : {}),
    ...(agent === "absent" ? {} : { vmAgent: vmAgent(machine, now) }),
    disks: [
      {
        name: `${vm.name}_OsDisk_1`,
        statuses: [
          {
            code: "ProvisioningState/succeeded",
            level: "Info",
            displayStatus: "Provisioning succeeded",
            time: world.calendar.offset(life.createdAt),
          },
        ],
      },
    ],
    ...(vm.failedExtension === undefined ? {} : { extensions: [failedExtension(vm.failedExtension)] }),
    hyperVGeneration: "V2",
    ...(status ? { patchStatus: status } : {}),
    statuses: statuses(machine, now),
  };
}

function vmAgent(machine: Machine, now: number): Json {
  const { vm, life, image, world } = machine;
  if (life.agent(now) === "silent") {
    return {
      vmAgentVersion: "Unknown",
      statuses: [
        {
          code: "ProvisioningState/Unavailable",
          level: "Warning",
          displayStatus: "Not Ready",
          message: "VM status blob is found but not yet populated.",
          time: world.calendar.wholeSecond(now),
        },
      ],
    };
  }
  const age = life.agent(now) === "stale" ? STALE_AGENT_HOURS * HOUR_MS : 0;
  const handler = `Microsoft.CPlat.Core.${image.osType}PatchExtension`;
  return {
    vmAgentVersion: vm.agent.version ?? (image.osType === "Windows" ? "2.7.41491.1149" : "2.12.0.2"),
    statuses: [
      {
        code: "ProvisioningState/succeeded",
        level: "Info",
        displayStatus: "Ready",
        message: "GuestAgent is running and processing the extensions.",
        time: world.calendar.wholeSecond(now - age),
      },
    ],
    extensionHandlers: machine.patches.reachedMachine(now)
      ? [
          {
            type: handler,
            typeHandlerVersion: "1.6.66",
            status: { code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Ready" },
          },
        ]
      : [],
  };
}

function statuses({ life, world }: Machine, now: number): Json[] {
  const provisioning = life.provisioningState(now);
  const word = provisioning.toLowerCase();
  const power = life.power(now);
  return [
    {
      code: `ProvisioningState/${word}`,
      level: word === "failed" ? "Error" : "Info",
      displayStatus: word === "succeeded" || word === "failed" ? `Provisioning ${word}` : provisioning,
      time: world.calendar.offset(Math.min(now, life.provisionedAt)),
    },
    ...(power === "missing" ? [] : [{ code: `PowerState/${power}`, level: "Info", displayStatus: `VM ${power}` }]),
  ];
}

const failedExtension = (name: string): Json => ({
  name,
  type: "Microsoft.Compute.CustomScriptExtension",
  typeHandlerVersion: "1.10",
  statuses: [
    {
      code: "ProvisioningState/failed/1",
      level: "Error",
      displayStatus: "Provisioning failed",
      message: "Exit code 1",
    },
  ],
});
