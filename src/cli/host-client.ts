import { z } from "zod";
import type { HealthView } from "../contracts/api/app";
import type { ImageView } from "../contracts/api/images";
import type { DryRunPlan, RunView } from "../contracts/api/runs";
import type { VmView } from "../contracts/api/vms";
import type { PeriodicAssessmentChange, PeriodicAssessmentView } from "../contracts/api/periodic-assessment";
import type {
  AssignBody,
  AssignmentView,
  CreateScheduleBody,
  ScheduleSummary,
  ScheduleView,
  UnassignBody,
  UnassignmentView,
} from "../contracts/api/schedules";
import type { InstallOptions } from "../domain/install/options";
import { OperatorError } from "../errors";
import { UsageError } from "./usage-error";

/** A host on Azure may have to wake up first. */
const ANSWER_MS = 60_000;

/** Nothing answers at the host's address, or not in time. */
export class HostSilentError extends UsageError {
  override readonly name = "HostSilentError";
}

/** The host answered, and refused. */
export class HostRefusal extends OperatorError {
  override readonly name = "HostRefusal";
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

const problemBody = z.object({ detail: z.string() });
const startedBody = z.object({
  runs: z.array(z.object({ runId: z.string(), vmId: z.string() })).min(1),
  notStarted: z.array(z.string()).optional(),
});
const plansBody = z.object({ plans: z.array(z.looseObject({ vmId: z.string() })) });
const listBody = z.object({ runs: z.array(z.looseObject({ runId: z.string(), outcome: z.string().nullable() })) });

/** Runs that were started, and VMs whose runs the engine refused. */
export interface Started {
  readonly runs: readonly { readonly runId: string; readonly vmId: string }[];
  readonly notStarted: readonly string[];
}

/** Speaks to a host's HTTP API, as anybody may. */
export class HostClient {
  constructor(
    /** Without a slash at its end. */
    readonly url: string,
    readonly key: string,
  ) {}

  /** @throws UsageError when no Goldpatch answers there */
  async health(): Promise<HealthView> {
    const health = await this.#get("health");
    const parsed = z
      .looseObject({ status: z.string(), azure: z.string(), scope: z.array(z.string()) })
      .safeParse(health);
    if (!parsed.success) throw this.#noGoldpatch();
    return health as HealthView;
  }

  /** What each run would do, in the VMs' order. */
  async plans(vmIds: readonly string[], mode: RunView["mode"], install: InstallOptions): Promise<DryRunPlan[]> {
    const answer = await this.#post("runs", { vmIds, mode, ...bodyOf(install), dryRun: true });
    plansBody.parse(answer);
    const { plans } = answer as { plans: DryRunPlan[] };
    if (plans.length === vmIds.length) return plans;
    throw new OperatorError(
      `${this.url}: the dry run answered ${plans.length} plans for ${vmIds.length} machines; ask again`,
    );
  }

  /** Starts a run for each VM; those that could not be started are told apart. */
  async start(vmIds: readonly string[], mode: RunView["mode"], install: InstallOptions): Promise<Started> {
    const { runs, notStarted = [] } = startedBody.parse(await this.#post("runs", { vmIds, mode, ...bodyOf(install) }));
    return { runs, notStarted };
  }

  /** What Azure has on record about the VM. */
  async vm(vmId: string): Promise<VmView> {
    return (await this.#get(`vms${vmId.split("/").map(encodeURIComponent).join("/")}`)) as VmView;
  }

  /** What Azure has on record about the image's VMs. */
  async image(imageId: string): Promise<ImageView> {
    return (await this.#get(`images${imageId.split("/").map(encodeURIComponent).join("/")}`)) as ImageView;
  }

  /** Whether the platform assesses the VMs of a scope by itself. @param scope a VM's, a resource group's or a subscription's id */
  async periodicAssessment(scope: string): Promise<readonly PeriodicAssessmentView[]> {
    const answer = await this.#get(`periodic-assessment?scope=${encodeURIComponent(scope)}`);
    return (answer as { vms: PeriodicAssessmentView[] }).vms;
  }

  async setPeriodicAssessment(vmIds: readonly string[], on: boolean): Promise<readonly PeriodicAssessmentChange[]> {
    const answer = await this.#post("periodic-assessment", { vmIds, on });
    return (answer as { vms: PeriodicAssessmentChange[] }).vms;
  }

  async run(runId: string): Promise<RunView> {
    return (await this.#get(`runs/${encodeURIComponent(runId)}`)) as RunView;
  }

  /** Runs without an outcome, the newest first. */
  async unfinishedRuns(): Promise<RunView[]> {
    const listed = await this.#get("runs");
    listBody.parse(listed);
    return (listed as { runs: RunView[] }).runs.filter(({ outcome }) => outcome === null);
  }

  async schedules(): Promise<ScheduleSummary[]> {
    return ((await this.#get("schedules")) as { schedules: ScheduleSummary[] }).schedules;
  }

  async schedule(scheduleId: string): Promise<ScheduleView> {
    return (await this.#get(`schedules${pathOf(scheduleId)}`)) as ScheduleView;
  }

  async createSchedule(body: CreateScheduleBody): Promise<ScheduleView> {
    return (await this.#post("schedules", body)) as ScheduleView;
  }

  async deleteSchedule(scheduleId: string): Promise<void> {
    await this.#send("DELETE", `schedules${pathOf(scheduleId)}`);
  }

  async assignSchedule(body: AssignBody): Promise<AssignmentView> {
    return (await this.#post("schedules/assign", body)) as AssignmentView;
  }

  async unassignSchedule(body: UnassignBody): Promise<UnassignmentView> {
    return (await this.#post("schedules/unassign", body)) as UnassignmentView;
  }

  /**
   * Any other call.
   *
   * @param body as it is sent
   * @throws UsageError for what the host refuses as wrong or unknown
   */
  async request(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: string): Promise<unknown> {
    try {
      return await this.#send(method, path, body);
    } catch (failure) {
      if (failure instanceof HostRefusal && failure.status === 404) throw new UsageError(failure.message);
      throw failure;
    }
  }

  #get(path: string): Promise<unknown> {
    return this.#send("GET", path);
  }

  #post(path: string, body: object): Promise<unknown> {
    return this.#send("POST", path, JSON.stringify(body));
  }

  async #send(method: string, path: string, body?: string): Promise<unknown> {
    const { status, text } = await this.#exchange(method, path, body);
    if (status >= 200 && status < 300) return this.#json(text);
    if (status === 401) {
      throw new UsageError(
        `--key: ${this.url} knows no such key; give the one that npm start or goldpatch host printed`,
      );
    }
    const problem = problemBody.safeParse(jsonOf(text));
    if (!problem.success)
      throw status === 404 ? this.#noGoldpatch() : new HostRefusal(status, this.#unexpected(status));
    throw status === 400 ? new UsageError(problem.data.detail) : new HostRefusal(status, problem.data.detail);
  }

  async #exchange(method: string, path: string, body: string | undefined): Promise<{ status: number; text: string }> {
    try {
      const answer = await fetch(`${this.url}/api/${path}`, {
        method,
        headers: { "x-functions-key": this.key, "content-type": "application/json" },
        // The key is for this host alone.
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWER_MS),
        ...(body !== undefined && { body }),
      });
      return { status: answer.status, text: await answer.text() };
    } catch (cause) {
      throw new HostSilentError(
        `--host "${this.url}": nothing answers there (${reasonOf(cause)}); start it with npm start or goldpatch host, or name the address that it printed`,
        { cause },
      );
    }
  }

  #json(text: string): unknown {
    const parsed = jsonOf(text);
    if (parsed === undefined) throw this.#noGoldpatch();
    return parsed;
  }

  #unexpected(status: number): string {
    return `--host "${this.url}": answered ${status} without saying why; look at the host's log`;
  }

  #noGoldpatch(): UsageError {
    return new UsageError(
      `--host "${this.url}": no Goldpatch answers there; name the address that goldpatch host printed`,
    );
  }
}

/** An ARM id as the end of a path. */
const pathOf = (id: string): string => id.split("/").map(encodeURIComponent).join("/");

const bodyOf = (install: InstallOptions): object => (Object.keys(install).length > 0 ? { install } : {});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(failure: unknown): string {
  const cause = failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
