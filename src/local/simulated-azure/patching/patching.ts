import type { OperationCauses } from "../fleet/operation-schema";
import type { OtherOperation } from "../fleet/vm-schema";
import type { MachineResource } from "../machine/machine-resource";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../timestamps";
import { planInstall, reportedError } from "./install-plan";
import type { InstallRequest } from "./install-request";
import type { AssessFindings, OperationEnding, PatchOperation } from "./operation";
import { patchesOf, type Patch } from "./patch";

/** Durations by seed: facts/azure-addenda.md A2 [REC], facts/azure.md §1.2 [DOC, 3P]. */
const FIRST_ASSESS_MS = [4 * MINUTE_MS, 11 * MINUTE_MS] as const;
const LATER_ASSESS_MS = [90 * SECOND_MS, 4 * MINUTE_MS] as const;
const INSTALL_MS = [8 * MINUTE_MS, 25 * MINUTE_MS] as const;
const NOTHING_TO_INSTALL_MS = [63 * SECOND_MS, 137 * SECOND_MS] as const;
const AGENT_TIMEOUT_MS = [25 * MINUTE_MS, 45 * MINUTE_MS] as const;
const REBOOT_OUTAGE_MS = [20 * SECOND_MS, 60 * SECOND_MS] as const;
/** When in its course an install reboots, and when its closing assessment begins. */
const REBOOT_SHARE = 0.8;

const ALL_PATCHES: InstallRequest = {
  rebootSetting: "IfRequired",
  maximumDurationMs: 4 * HOUR_MS,
  wants: () => true,
  excludes: () => false,
};

type Course = Pick<PatchOperation, "startsAt" | "endsAt" | "ending" | "reaches">;

const rebootAt = (startsAt: number, endsAt: number): number => startsAt + (endsAt - startsAt) * REBOOT_SHARE;

/** Carries out assessments and installations: what each does to the machine follows when it starts. */
export class Patching {
  readonly #machine: MachineResource;
  #pending: readonly Patch[];
  #rebootPending: boolean;
  #assessments = 0;
  #count = { assess: 0, install: 0 };

  constructor(machine: MachineResource) {
    const { vm, image, world, key } = machine;
    this.#machine = machine;
    this.#pending = patchesOf(vm.pending ?? image.pending, image.osType, world.chance, key);
    this.#rebootPending = vm.rebootPending;
  }

  assess(now: number): PatchOperation {
    return this.#assessment(now, "User", undefined);
  }

  install(now: number, request: InstallRequest): PatchOperation {
    return this.#installation(now, request, undefined);
  }

  byOther(now: number, other: OtherOperation, index: number): PatchOperation {
    const lasts = other.lastsSeconds * SECOND_MS;
    const operation =
      other.kind === "assess"
        ? this.#assessment(now, other.startedBy, lasts)
        : this.#installation(now, ALL_PATCHES, lasts);
    return { ...operation, id: this.#id("other", index, now), startedBy: other.startedBy };
  }

  previous(endsAt: number, readiness: string | null): PatchOperation {
    const startsAt = endsAt - 5 * MINUTE_MS;
    return {
      id: this.#id("previous", 0, 0),
      kind: "assess",
      startedBy: "Platform",
      startsAt,
      endsAt,
      ending: { status: "Succeeded" },
      reaches: true,
      assessed: this.#findings("Succeeded", endsAt),
      installed: undefined,
      readiness,
    };
  }

  #assessment(now: number, startedBy: "User" | "Platform", lastsMs: number | undefined): PatchOperation {
    const causes = this.#machine.vm.assess;
    const ordinal = this.#count.assess++;
    const usual = ordinal === 0 ? FIRST_ASSESS_MS : LATER_ASSESS_MS;
    const duration = lastsMs ?? durationOf(causes) ?? this.#draw(usual, "assess", ordinal);
    const course = this.#course(now, duration, lastsMs === undefined ? causes : undefined, ordinal);
    const readiness = this.#readiness(course.reaches);
    return {
      ...course,
      id: this.#id("assess", ordinal, 0),
      kind: "assess",
      startedBy,
      assessed:
        course.ending.status === "Succeeded" ? this.#findings(causes.resultStatus ?? "Succeeded", now) : undefined,
      installed: undefined,
      readiness,
    };
  }

  #installation(now: number, request: InstallRequest, lastsMs: number | undefined): PatchOperation {
    const { vm, image } = this.#machine;
    const ordinal = this.#count.install++;
    const given = lastsMs ?? durationOf(vm.install);
    const plan = planInstall(this.#present(now), request, vm.install, image.osType, {
      nothingToDoMs: given ?? this.#draw(NOTHING_TO_INSTALL_MS, "nothing to install", ordinal),
      someToDoMs: given ?? this.#draw(INSTALL_MS, "install", ordinal),
    });
    const unsupported = this.#currentReadiness()?.toLowerCase() === "unsupported";
    const causes = lastsMs === undefined ? vm.install : undefined;
    const course = this.#course(now, plan.durationMs, causes, ordinal, unsupported);
    const common = {
      ...course,
      id: this.#id("install", ordinal, 0),
      kind: "install",
      startedBy: "User",
      readiness: this.#currentReadiness(),
    } as const;
    if (course.ending.status !== "Succeeded") return { ...common, assessed: undefined, installed: undefined };
    if (plan.breaksMachine) {
      return { ...common, ...this.#breakAtReboot(course, ordinal), assessed: undefined, installed: undefined };
    }
    this.#pending = this.#pending.filter((patch) => !isInstalled(patch, plan.findings.entries));
    this.#rebootPending = ["Required", "Started", "Failed"].includes(plan.findings.rebootStatus);
    this.#leaveBehind(course.startsAt, course.endsAt, plan.reboots, ordinal);
    return { ...common, assessed: this.#findings("Succeeded", course.endsAt), installed: plan.findings };
  }

  /** When the work begins and ends, and whether anything stops it: no agent, a break in the causes, a power-off. */
  #course(
    now: number,
    durationMs: number,
    causes: OperationCauses | undefined,
    ordinal: number,
    unsupported = false,
  ): Course {
    const { life, vm } = this.#machine;
    const gone = life.stopsRunning(now);
    const ready = causes === undefined ? now : life.agentReadyFrom(now);
    const patience = this.#draw(AGENT_TIMEOUT_MS, "agent timeout", ordinal);
    if (ready > now + patience) {
      const endsAt = Math.min(now + patience, gone);
      return { startsAt: now, endsAt, ending: { status: "Failed", error: agentSilent(vm.name) }, reaches: false };
    }
    const lost = causes?.agentLost;
    const lostAt =
      lost && lost.afterSeconds * SECOND_MS < durationMs ? ready + lost.afterSeconds * SECOND_MS : undefined;
    const silentMs = (lost?.forSeconds ?? Number.POSITIVE_INFINITY) * SECOND_MS;
    if (lostAt !== undefined) life.agentIsDown(lostAt, lostAt + silentMs);
    if (lostAt !== undefined && silentMs > patience) {
      const endsAt = Math.min(lostAt + patience, gone);
      return { startsAt: now, endsAt, ending: { status: "Failed", error: agentSilent(vm.name) }, reaches: true };
    }
    const endsAt = ready + durationMs + (lostAt === undefined ? 0 : silentMs);
    if (gone < endsAt)
      return { startsAt: now, endsAt: gone, ending: { status: "Failed", error: PREEMPTED }, reaches: true };
    const { breaks } = causes ?? {};
    if (unsupported) return { startsAt: now, endsAt, ending: { status: "Failed", error: INTERNAL }, reaches: true };
    if (breaks && ordinal < (breaks.times ?? Number.POSITIVE_INFINITY)) {
      return { startsAt: now, endsAt, ending: { status: breaks.status, error: breaks.error }, reaches: true };
    }
    return { startsAt: now, endsAt, ending: { status: "Succeeded" } satisfies OperationEnding, reaches: true };
  }

  /** The agent never reports again, so nobody hears of the installation either. */
  #breakAtReboot({ startsAt, endsAt }: Course, ordinal: number): Pick<PatchOperation, "endsAt" | "ending"> {
    const { life, vm } = this.#machine;
    const from = rebootAt(startsAt, endsAt);
    life.agentIsDown(from, Number.POSITIVE_INFINITY);
    const patience = this.#draw(AGENT_TIMEOUT_MS, "agent timeout", ordinal);
    const givenUpAt = Math.min(from + patience, life.stopsRunning(from));
    return { endsAt: givenUpAt, ending: { status: "Failed", error: agentSilent(vm.name) } };
  }

  #leaveBehind(startsAt: number, endsAt: number, reboots: boolean, ordinal: number): void {
    const { life, vm } = this.#machine;
    const { agentSilentSeconds, powerState } = vm.install.afterwards;
    if (reboots) {
      const from = rebootAt(startsAt, endsAt);
      life.agentIsDown(from, Math.min(endsAt, from + this.#draw(REBOOT_OUTAGE_MS, "reboot", ordinal)));
    }
    if (agentSilentSeconds !== undefined) life.agentIsDown(endsAt, endsAt + agentSilentSeconds * SECOND_MS);
    if (powerState !== undefined) life.powerChanges(endsAt, powerState);
  }

  #findings(status: string, now: number): AssessFindings {
    const { vm, image } = this.#machine;
    const { resultError, rebootPending } = vm.assess;
    return {
      status,
      patches: this.#present(now),
      rebootPending: this.#rebootPending || rebootPending,
      error: resultError ? { ...resultError, details: [] } : reportedError(status, 0, image.osType),
    };
  }

  #present(now: number): readonly Patch[] {
    return this.#pending.filter((patch) => this.#machine.world.start + patch.appearsAfterSeconds * SECOND_MS <= now);
  }

  /** The support state that this assessment detects; the next one moves on in the list. */
  #readiness(reaches: boolean): string | null {
    if (reaches) this.#assessments += 1;
    return this.#currentReadiness();
  }

  #currentReadiness(): string | null {
    const { vm, image } = this.#machine;
    const states = vm.graph.readiness ?? image.readiness ?? (image.kind === "marketplace" ? [null] : ["Supported"]);
    return states[Math.min(Math.max(this.#assessments, 1), states.length) - 1] ?? null;
  }

  #draw([least, most]: readonly [number, number], purpose: string, ordinal: number): number {
    const { chance } = this.#machine.world;
    return Math.round(chance.between(least, most, this.#machine.identity, purpose, ordinal) / SECOND_MS) * SECOND_MS;
  }

  #id(kind: string, ordinal: number, now: number): string {
    return this.#machine.world.chance.guid(this.#machine.identity, "operation", kind, ordinal, now);
  }
}

const durationOf = ({ durationSeconds }: OperationCauses): number | undefined =>
  durationSeconds === undefined ? undefined : durationSeconds * SECOND_MS;

const isInstalled = (patch: Patch, entries: readonly { readonly patch: Patch; readonly state: string }[]): boolean =>
  entries.some((entry) => entry.patch === patch && entry.state === "Installed");

/** Text: [DOC] VM error messages; it comes after a long wait [DOC, 3P]. */
const agentSilent = (name: string) => ({
  code: "VMAgentStatusCommunicationError",
  message: `VM '${name}' has not reported status for VM agent or extensions. Please verify the VM has a running VM agent, and can establish outbound connections to Azure storage.`,
});

/** Text: [3P] azure-rest-api-specs#31144. That an install on an unsupported image ends so is an assumption. */
const INTERNAL = {
  code: "VMGuestPatchInternalError",
  message: "An internal execution error occurred. Please retry later.",
};

/** Assumption: what an operation says whose machine went away. */
const PREEMPTED = {
  code: "OperationPreempted",
  message: "Operation execution has been preempted by a more recent operation.",
};
