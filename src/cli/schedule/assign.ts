import { scopeName, type AssignBody, type AssignmentView } from "../../contracts/api/schedules";
import { formatScheduleId, type ScheduleId } from "../../domain/maintenance/schedule-id";
import { parseScopeEntry } from "../../domain/machine/scope";
import { formatVmId, type MachineKind } from "../../domain/machine/vm-id";
import { one } from "../argument";
import { command } from "../command";
import { countedMachines } from "../machine-words";
import { flag, list, oneOf, type Given, type Option } from "../options";
import { openToRead } from "../own-host";
import type { Target } from "../target";
import { tell } from "../tell";
import { UsageError } from "../usage-error";
import { vmArgument } from "../vm-argument";
import { tellWhere } from "../where";
import { change } from "./change";
import { document } from "./show";
import { changeOptions, scheduleArgument, scheduleTarget } from "./schedule-target";
import { allRun, assignmentText, unassignmentText } from "./schedule-text";

const scopeNameOption: Option<string> = {
  placeholder: "NAME",
  meaning: "A dynamic scope under this name: who fits is decided when the schedule runs.",
  read(text, name) {
    const parsed = scopeName.safeParse(text);
    if (parsed.success) return text;
    throw new UsageError(`--${name} "${text}": ${parsed.error.issues[0]?.message ?? "cannot be used"}`);
  },
};

const subscriptionOption: Option<string> = {
  placeholder: "ID",
  meaning: "The dynamic scope's subscription; the schedule's own if absent.",
  read(text, name) {
    const place = parseScopeEntry(`/subscriptions/${text}`);
    if (place && place.resourceGroup === undefined) return place.subscriptionId;
    throw new UsageError(`--${name} "${text}": give it a subscription's id (az account show --query id)`);
  },
};

const memberOptions = {
  vms: list("VM_ID,VM_ID", "These machines."),
  "scope-name": scopeNameOption,
  subscription: subscriptionOption,
};

const filterOptions = {
  machines: list("azureVm,arc", "Dynamic scope: VMs, Arc-enabled servers, or both; VMs alone if absent."),
  "resource-groups": list("NAME,NAME", "Dynamic scope: machines of these resource groups only."),
  "os-types": list("Windows,Linux", "Dynamic scope: machines of these systems only."),
  locations: list("REGION,REGION", "Dynamic scope: machines in these regions only."),
  tags: list("NAME=VALUE,NAME=VALUE", "Dynamic scope: machines with these tags only."),
  match: oneOf(["Any", "All"] as const, "Dynamic scope: whether one tag is enough; Any if absent."),
};

export const assignCommand = command(
  "schedule assign",
  "Adds machines or a dynamic scope to a schedule, and shows what each machine's model lacks for it.",
  one(scheduleArgument),
  {
    ...memberOptions,
    ...filterOptions,
    "apply-prerequisites": flag("Changes the models of machines that are not ready for schedules."),
    "dry-run": flag("Shows what would be, and changes nothing."),
    ...changeOptions,
  },
  async (id, given) => {
    const applyPrerequisites = given["apply-prerequisites"] ?? false;
    const members = membersOf(id, given);
    const body: AssignBody = {
      scheduleId: formatScheduleId(id),
      ...(members.vmIds ? { vmIds: members.vmIds } : { scope: { ...members.scope, filter: filterOf(given) } }),
    };
    const target = scheduleTarget(given, [id, ...members.homes]);
    if (given["dry-run"]) {
      await tellWhere(target);
      return print(await planned(target, given, body), given.json);
    }
    return change({
      target,
      given,
      look: "--dry-run",
      effect: async () => {
        const words = assignmentText(await planned(target, given, body));
        return applyPrerequisites ? `${words}What is missing is applied.` : words;
      },
      act: async (client) => {
        const view = await client.assignSchedule({ ...body, ...(applyPrerequisites && { applyPrerequisites }) });
        return print(view, given.json);
      },
    });
  },
);

/** 1 when a machine would not be patched. */
function print(view: AssignmentView, json: true | undefined): number {
  process.stdout.write(json ? document({ assignment: view }) : assignmentText(view));
  return allRun(view) ? 0 : 1;
}

async function planned(target: Target, given: Given<typeof changeOptions>, body: AssignBody): Promise<AssignmentView> {
  const host = await openToRead(target, given);
  try {
    return await host.client.assignSchedule({ ...body, dryRun: true });
  } finally {
    await host.close();
  }
}

export const unassignCommand = command(
  "schedule unassign",
  "Takes machines or a dynamic scope from a schedule. Their models stay as they are.",
  one(scheduleArgument),
  { ...memberOptions, ...changeOptions },
  async (id, given) => {
    const members = membersOf(id, given);
    const scheduleId = formatScheduleId(id);
    return change({
      target: scheduleTarget(given, [id, ...members.homes]),
      given,
      look: "goldpatch schedule show",
      effect: () => Promise.resolve(`Takes ${members.words} from ${scheduleId}.`),
      async act(client) {
        const { vmIds, scope } = members;
        const view = await client.unassignSchedule({ scheduleId, ...(vmIds ? { vmIds } : { scope }) });
        process.stdout.write(given.json ? document({ unassignment: view }) : unassignmentText(view));
        return view.trouble.length === 0 ? 0 : 1;
      },
    });
  },
);

export const deleteCommand = command(
  "schedule delete",
  "Deletes a schedule; its machines belong to none then.",
  one(scheduleArgument),
  changeOptions,
  async (id, given) =>
    change({
      target: scheduleTarget(given, [id]),
      given,
      look: "goldpatch schedule show",
      effect: () => Promise.resolve(`Deletes ${formatScheduleId(id)}.`),
      async act(client) {
        await client.deleteSchedule(formatScheduleId(id));
        if (given.json) process.stdout.write(document({ deleted: formatScheduleId(id) }));
        else tell(`Deleted ${formatScheduleId(id)}.`);
        return 0;
      },
    }),
);

type Members = { readonly words: string; readonly homes: readonly ScheduleId[] } & (
  | { readonly vmIds: string[]; readonly scope?: undefined }
  | { readonly vmIds?: undefined; readonly scope: { readonly subscriptionId: string; readonly name: string } }
);

/** Who is meant. @throws UsageError when nobody is, or both ways are used */
function membersOf(id: ScheduleId, given: Given<typeof memberOptions>): Members {
  const { vms, "scope-name": name, subscription } = given;
  if ((vms === undefined) === (name === undefined)) {
    throw new UsageError("--vms or --scope-name: give one of them");
  }
  if (vms) {
    const stray = ["subscription", ...Object.keys(filterOptions)].find((option) => option in given);
    if (stray !== undefined) throw new UsageError(`--${stray}: is for a dynamic scope; leave it out`);
    const vmIds = vms.map((text) => vmArgument.read(text));
    const ids = vmIds.map(formatVmId);
    return { words: countedMachines(ids), homes: vmIds, vmIds: ids };
  }
  const subscriptionId = subscription ?? id.subscriptionId;
  return { words: `the dynamic scope ${name ?? ""}`, homes: [], scope: { subscriptionId, name: name ?? "" } };
}

/** @throws UsageError for a tag without a value, or an unknown system */
function filterOf(given: Given<typeof filterOptions>): Filter {
  const tags: Record<string, string[]> = {};
  for (const pair of given.tags ?? []) {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    if (name === undefined || value === undefined) throw new UsageError(`--tags "${pair}": write NAME=VALUE`);
    (tags[name] ??= []).push(value);
  }
  const osTypes = given["os-types"]?.map((word) => osType(word));
  const machines = given.machines?.map((word) => machineKind(word));
  return {
    ...(machines && { machines }),
    ...(given["resource-groups"] && { resourceGroups: [...given["resource-groups"]] }),
    ...(osTypes && { osTypes }),
    ...(given.locations && { locations: [...given.locations] }),
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(given.match && { tagOperator: given.match }),
  };
}

type Filter = NonNullable<AssignBody["scope"]>["filter"];

function osType(word: string): "Windows" | "Linux" {
  const known = (["Windows", "Linux"] as const).find((name) => name.toLowerCase() === word.toLowerCase());
  if (known === undefined) throw new UsageError(`--os-types "${word}": give it Windows or Linux`);
  return known;
}

function machineKind(word: string): MachineKind {
  const known = (["azureVm", "arc"] as const).find((name) => name.toLowerCase() === word.toLowerCase());
  if (known === undefined) throw new UsageError(`--machines "${word}": give it azureVm or arc`);
  return known;
}
