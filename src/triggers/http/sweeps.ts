import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { approveBody, createSweepBody, type CreateSweepBody, type SweepView } from "../../contracts/api/sweeps";
import { nudgeAfter, orchestrationNames } from "../../contracts/names";
import type { Policy } from "../../domain/policy/policy";
import { problemLine, readPolicy } from "../../policy-file/read-policy";
import type { Starter, SweepPorts, TriggerPorts } from "../ports";
import { badRequest, problem, problemsOf, readRefused } from "./answers";
import { LARGEST_BODY_BYTES, readJsonBody } from "./body";

const RETRY_AFTER_SECONDS = "60";
const TOO_LARGE = `body: more than ${LARGEST_BODY_BYTES} bytes`;

interface Ports {
  readonly app: Pick<TriggerPorts, "refusal" | "logs">;
  readonly sweeps: SweepPorts;
}

/** What a client that may have to ask twice names its order by (draft-ietf-httpapi-idempotency-key-header). */
const ORDER_HEADER = "Idempotency-Key";
const ORDER_KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * POST /api/sweeps: starts a sweep under a policy, which it keeps; or says all that is wrong with the policy. With
 * `dryRun` it says what the sweep would do instead.
 * With an `Idempotency-Key`, the same request again answers the same sweep.
 */
export const createSweep =
  ({ app, sweeps }: Ports) =>
  async (request: HttpRequest, starter: Starter): Promise<HttpResponseInit> => {
    const read = await readJsonBody(request);
    if (read.kind === "tooLarge") return problem(413, "Body too large", TOO_LARGE);
    if (read.kind === "notJson")
      return badRequest('body: is not valid JSON: send { "policy": "TEXT OF THE FILE" } or { "policyName": "NAME" }');
    const parsed = createSweepBody.safeParse(read.value);
    if (!parsed.success) return badRequest(problemsOf(parsed.error, read.value));
    const key = request.headers.get(ORDER_HEADER);
    if (key !== null && !ORDER_KEY.test(key)) {
      return badRequest(
        `${ORDER_HEADER}: ${JSON.stringify(key.slice(0, 200))}: write 1 to 200 printable characters, without spaces`,
      );
    }
    const reading = await policyOf(sweeps, parsed.data);
    if (reading.kind === "problems") return badRequest(reading.detail);
    const trouble = sweeps.troubleWith(reading.policy);
    if (trouble.length > 0) return badRequest(`policy: ${trouble.join("; ")}: nothing was started`);
    if (app.refusal !== undefined) return problem(503, "Sweeps are refused", app.refusal);
    if (parsed.data.dryRun) return dryRun(sweeps, reading.policy, reading.hash);

    const order = key === null ? undefined : { key, body: JSON.stringify(parsed.data) };
    const created = await sweeps.create(reading.policy, reading.hash, order);
    if (created.kind === "otherBody") {
      const detail = `${ORDER_HEADER}: ${JSON.stringify(key)}: stands for ${created.sweepId}, which was asked for with another body: send that body again, or use a new key`;
      return problem(409, "Key used for another request", detail);
    }
    const { sweep } = created;
    const location = new URL(`/api/sweeps/${sweep.sweepId}`, request.url).href;
    if (sweep.endedAt === null && !(await follow(app, starter, sweep.sweepId))) {
      const detail = `the durable engine refused the start of ${sweep.sweepId}: POST ${location}/resume starts it`;
      return problem(503, "The sweep could not be started", detail);
    }
    return { status: 202, headers: { location, "retry-after": RETRY_AFTER_SECONDS }, jsonBody: sweep };
  };

/** Answers what the sweep would do, and starts nothing. */
async function dryRun(sweeps: SweepPorts, policy: Policy, hash: string): Promise<HttpResponseInit> {
  const planned = await sweeps.plan(policy, hash);
  switch (planned.kind) {
    case "plan":
      return { status: 200, jsonBody: planned.plan };
    case "tooMany":
      return badRequest(`policy: ${planned.message}`);
    case "trouble": {
      const { message, retryAfterMs, final } = planned;
      if (final) return readRefused("policy", policy.name, { kind: "forbidden", message });
      const wait = retryAfterMs !== undefined && { retryAfterMs };
      return readRefused("policy", policy.name, { kind: "unavailable", message, ...wait });
    }
  }
}

type Reading =
  | { readonly kind: "policy"; readonly policy: Policy; readonly hash: string }
  | { readonly kind: "problems"; readonly detail: string };

/** The policy that the body carries, or the stored one that it names. */
async function policyOf(sweeps: SweepPorts, { policy: text, policyName }: CreateSweepBody): Promise<Reading> {
  if (policyName !== undefined) {
    const stored = await sweeps.stored(policyName);
    if (stored) return { kind: "policy", policy: stored.policy, hash: stored.hash };
    const detail = `policyName: ${JSON.stringify(policyName)}: no such policy is stored: GET /api/policies lists them`;
    return { kind: "problems", detail };
  }
  const reading = readPolicy(text ?? "");
  return reading.kind === "policy"
    ? reading
    : { kind: "problems", detail: `policy: ${reading.problems.map(problemLine).join("; ")}` };
}

/** Starts the sweep's control loop unless it runs; one that broke goes on where its rows say. */
async function follow({ logs }: Ports["app"], starter: Starter, sweepId: string): Promise<boolean> {
  try {
    await starter.start(orchestrationNames.policySweep, sweepId, { sweepId, tick: 0 });
    return true;
  } catch (failure) {
    logs.startFailed({ runId: sweepId, vmId: "", failure: String(failure) });
    return false;
  }
}

/** GET /api/sweeps: the newest first. */
export const listSweeps =
  ({ sweeps }: Ports) =>
  async (): Promise<HttpResponseInit> => {
    const all = await sweeps.sweeps();
    return { status: 200, jsonBody: { sweeps: all.sort((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1)) } };
  };

/** GET /api/sweeps/{sweepId} */
export const getSweep =
  ({ sweeps }: Ports) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => {
    const sweepId = request.params["sweepId"] ?? "";
    const sweep = await sweeps.sweep(sweepId);
    return sweep ? { status: 200, jsonBody: sweep } : unknownSweep(sweepId);
  };

export type SweepAction = "pause" | "resume" | "cancel";

/** POST /api/sweeps/{sweepId}/{pause|resume|cancel}: holds for every request that has not left yet, at once. */
export const controlSweep =
  (ports: Ports, action: SweepAction) =>
  async (request: HttpRequest, starter: Starter): Promise<HttpResponseInit> => {
    const found = await findOpen(ports, request);
    if (found.kind === "problem") return found.answer;
    await ports.sweeps.change(found.sweep.sweepId, (control) => {
      const change = { pause: { paused: true }, resume: { paused: false }, cancel: { cancelled: true } }[action];
      return { ...control, ...change };
    });
    return accepted(ports, starter, found.sweep);
  };

/** POST /api/sweeps/{sweepId}/approve: the stage that waits for approval may begin; or another, ahead of its time. */
export const approveSweep =
  (ports: Ports) =>
  async (request: HttpRequest, starter: Starter): Promise<HttpResponseInit> => {
    const read = await readJsonBody(request);
    if (read.kind === "tooLarge") return problem(413, "Body too large", TOO_LARGE);
    // Nothing sent means the stage that waits; a text that cannot be read may have meant another.
    const isEmpty = Number(request.headers.get("content-length") ?? 0) === 0;
    if (read.kind === "notJson" && !isEmpty)
      return badRequest('body: is not valid JSON: send { "stage": "NAME" }, or nothing');
    const body = read.kind === "json" ? read.value : {};
    const parsed = approveBody.safeParse(body);
    if (!parsed.success) return badRequest(problemsOf(parsed.error, body));
    const found = await findOpen(ports, request);
    if (found.kind === "problem") return found.answer;
    const { sweepId, waitsFor, stage: current } = found.sweep;
    const stage = parsed.data.stage ?? (waitsFor?.what === "approval" ? current : null);
    const gated = await ports.sweeps.gatedStages(sweepId);
    if (stage === null) {
      const detail = `sweepId: "${sweepId}" waits for no approval now: name the stage, one of ${gated.join(", ") || "none"}`;
      return problem(409, "Nothing waits for approval", detail);
    }
    if (!gated.includes(stage)) {
      return badRequest(
        `stage: ${JSON.stringify(stage)}: is no stage with a gate: use one of ${gated.join(", ") || "none"}`,
      );
    }
    await ports.sweeps.change(sweepId, (control) => ({
      ...control,
      approved: [...new Set([...control.approved, stage])],
    }));
    return accepted(ports, starter, found.sweep);
  };

type Found =
  | { readonly kind: "open"; readonly sweep: SweepView }
  | { readonly kind: "problem"; readonly answer: HttpResponseInit };

async function findOpen({ sweeps }: Ports, request: HttpRequest): Promise<Found> {
  const sweepId = request.params["sweepId"] ?? "";
  const sweep = await sweeps.sweep(sweepId);
  if (!sweep) return { kind: "problem", answer: unknownSweep(sweepId) };
  if (sweep.endedAt === null) return { kind: "open", sweep };
  const detail = `sweepId: "${sweepId}" is over since ${sweep.endedAt}: start another`;
  return { kind: "problem", answer: problem(409, "Sweep is over", detail) };
}

async function accepted({ app, sweeps }: Ports, starter: Starter, { sweepId }: SweepView): Promise<HttpResponseInit> {
  await follow(app, starter, sweepId);
  const sweep = await sweeps.sweep(sweepId);
  if (sweep) await nudge(app, starter, sweep);
  return { status: 202, jsonBody: sweep };
}

/** The tick that is under way may have read the rows before they changed: the wait after it is cut short too. */
async function nudge({ logs }: Ports["app"], starter: Starter, { sweepId, tick }: SweepView): Promise<void> {
  try {
    for (const after of [tick, tick + 1]) await starter.raise(sweepId, nudgeAfter(after));
  } catch (failure) {
    // The rows hold what was said, and the next tick reads them.
    logs.nudgeLost({ sweepId, failure: String(failure) });
  }
}

const unknownSweep = (sweepId: string): HttpResponseInit =>
  problem(404, "Unknown sweep", `sweepId: "${sweepId}" is no policy sweep: GET /api/sweeps lists them`);
