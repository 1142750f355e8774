import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { createRunsBody, listRunsQuery, MOST_RUNS, type ListRunsQuery, type RunView } from "../../contracts/api/runs";
import { orchestrationNames } from "../../contracts/names";
import { runRequest, type RunMode, type RunRequest } from "../../contracts/run";
import { problemWithOptions, type InstallOptions } from "../../domain/install/options";
import { ARC_ID_FORM, canonicalVmId, formatVmId, parseVmId, VM_ID_FORM, type VmId } from "../../domain/machine/vm-id";
import type { Starter, TriggerPorts } from "../ports";
import { badRequest, problem, problemsOf } from "./answers";
import { LARGEST_BODY_BYTES, readJsonBody } from "./body";

const RETRY_AFTER_SECONDS = "30";

/** POST /api/runs: starts a run for each VM, or says what each would do. */
export const createRuns =
  (ports: TriggerPorts) =>
  async (request: HttpRequest, starter: Starter): Promise<HttpResponseInit> => {
    const read = await readJsonBody(request);
    if (read.kind === "tooLarge") return problem(413, "Body too large", TOO_LARGE);
    if (read.kind === "notJson") return badRequest("body: is not valid JSON: send { vmIds, mode }");
    const body = read.value;
    const parsed = createRunsBody.safeParse(body);
    if (!parsed.success) return badRequest(problemsOf(parsed.error, body));
    const { mode, install = {}, dryRun } = parsed.data;

    const ids = parseIds(parsed.data.vmIds);
    if (ids.kind === "wrong") return badRequest(ids.detail);
    const outside = ids.vmIds.filter((vmId) => !ports.isInScope(vmId));
    if (outside.length > 0) {
      return badRequest(`vmIds: outside GOLDPATCH_SCOPE: ${outside.map(formatVmId).join(", ")}: nothing was started`);
    }
    // Linux has the lower bound, so what is wrong there is wrong everywhere.
    const wrong = problemWithOptions(install, "Linux");
    if (wrong !== undefined) return badRequest(wrong);

    if (dryRun) return { status: 200, jsonBody: { plans: await plansOf(ports, ids.vmIds, mode, install) } };
    if (ports.refusal !== undefined) return problem(503, "Runs are refused", ports.refusal);
    return start(ports, starter, request, ids.vmIds, mode, parsed.data.install);
  };

const TOO_LARGE = `body: more than ${LARGEST_BODY_BYTES} bytes: send it as several requests`;

type ParsedIds = { kind: "right"; vmIds: readonly VmId[] } | { kind: "wrong"; detail: string };

function parseIds(texts: readonly string[]): ParsedIds {
  const wrong = texts.filter((text) => parseVmId(text) === undefined);
  if (wrong.length > 0) {
    return {
      kind: "wrong",
      detail: `vmIds: ${wrong.map((text) => JSON.stringify(text)).join(", ")}: use ids such as ${VM_ID_FORM}, or for Arc-enabled servers ${ARC_ID_FORM}`,
    };
  }
  const byId = new Map<string, VmId>();
  for (const vmId of texts.flatMap((text) => parseVmId(text) ?? [])) {
    const key = canonicalVmId(vmId);
    // The spelling that was asked for first is the one that is answered.
    if (!byId.has(key)) byId.set(key, vmId);
  }
  return { kind: "right", vmIds: [...byId.values()] };
}

function plansOf(ports: TriggerPorts, vmIds: readonly VmId[], mode: RunMode, install: InstallOptions) {
  return Promise.all(vmIds.map((vmId) => ports.plan(vmId, mode, install)));
}

async function start(
  ports: TriggerPorts,
  starter: Starter,
  request: HttpRequest,
  vmIds: readonly VmId[],
  mode: RunMode,
  install: RunRequest["install"],
): Promise<HttpResponseInit> {
  const runs = [];
  const notStarted = [];
  for (const vmId of vmIds) {
    const run: RunRequest = {
      runId: ports.newHttpRunId(vmId),
      vmId: formatVmId(vmId),
      mode,
      trigger: "http",
      requestedAt: ports.now(),
      ...(install && { install }),
    };
    try {
      await ports.announce(run);
      await starter.start(orchestrationNames.patchVm, run.runId, run);
    } catch (failure) {
      notStarted.push(run.vmId);
      ports.logs.startFailed({ runId: run.runId, vmId: run.vmId, failure: String(failure) });
      continue;
    }
    ports.logs.runRequested({ runId: run.runId, vmId: run.vmId, trigger: "http", mode });
    runs.push({ runId: run.runId, vmId: run.vmId, statusUrl: new URL(`/api/runs/${run.runId}`, request.url).href });
  }
  if (runs.length === 0) {
    return problem(503, "Runs could not be started", "the durable engine refused every start: ask again later");
  }
  const location = runs.length === 1 ? runs[0]?.statusUrl : undefined;
  return {
    status: 202,
    headers: { "retry-after": RETRY_AFTER_SECONDS, ...(location !== undefined && { location }) },
    jsonBody: { runs, ...(notStarted.length > 0 && { notStarted }) },
  };
}

/** GET /api/runs?vmId=&outcome=&imageId=&limit=&after= */
export const listRuns =
  (ports: TriggerPorts) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { code: _key, ...query } = Object.fromEntries(request.query);
    const parsed = listRunsQuery.safeParse(query);
    if (!parsed.success) return badRequest(problemsOf(parsed.error, query));
    const { limit, after, ...wanted } = parsed.data;
    if (limit !== undefined || after !== undefined) {
      const { next, runs } = await ports.runsPage(after ?? "", limit ?? MOST_RUNS, (run) => matches(run, wanted));
      return { status: 200, jsonBody: { runs, ...(next !== undefined && { nextLink: nextLink(request.url, next) }) } };
    }
    const runs = (await ports.runs()).filter((run) => matches(run, wanted));
    return { status: 200, jsonBody: { runs: runs.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)) } };
  };

/** The address of the page after this run; without the key, which is handed on to nobody. */
function nextLink(address: string, after: string): string {
  const url = new URL(address);
  url.searchParams.delete("code");
  url.searchParams.set("after", after);
  return url.href;
}

const matches = (run: RunView, { vmId, imageId, outcome }: Omit<ListRunsQuery, "limit" | "after">): boolean =>
  (vmId === undefined || run.vmId.toLowerCase() === vmId.toLowerCase()) &&
  (imageId === undefined || run.imageId === imageId.toLowerCase()) &&
  (outcome === undefined || run.outcome === outcome);

/** GET /api/runs/{runId} */
export const getRun =
  (ports: TriggerPorts) =>
  async (request: HttpRequest, starter: Starter): Promise<HttpResponseInit> => {
    const runId = request.params["runId"] ?? "";
    const run = await findRun(ports, starter, runId);
    return run ? { status: 200, jsonBody: run } : unknownRun(runId);
  };

/** POST /api/runs/{runId}/cancel: before the install it ends the run, after it the run follows to its true outcome. */
export const cancelRun =
  (ports: TriggerPorts) =>
  async (request: HttpRequest, starter: Starter): Promise<HttpResponseInit> => {
    const runId = request.params["runId"] ?? "";
    const run = await findRun(ports, starter, runId);
    if (!run) return unknownRun(runId);
    if (run.outcome !== null) {
      return problem(409, "Run is over", `runId: "${runId}" ended as ${run.outcome}: there is nothing to cancel`);
    }
    await ports.cancel(runId);
    return { status: 202, jsonBody: { ...run, cancelRequested: true } };
  };

/** A run that was started a moment ago has no row yet; the durable engine knows it. */
async function findRun(ports: TriggerPorts, starter: Starter, runId: string): Promise<RunView | undefined> {
  const run = await ports.run(runId);
  if (run) return run;
  const input = runRequest.safeParse(
    /^(?:event|sweep|http)-[0-9a-f]{32}$/.test(runId) ? await starter.inputOf(runId) : undefined,
  );
  return input.success ? ports.queuedRun(input.data) : undefined;
}

const unknownRun = (runId: string): HttpResponseInit =>
  problem(404, "Unknown run", `runId: "${runId}" is no run: GET /api/runs lists them`);
