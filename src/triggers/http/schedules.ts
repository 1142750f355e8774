import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import type { z } from "zod";
import { assignBody, createScheduleBody, unassignBody, type ScheduleAnswer } from "../../contracts/api/schedules";
import { parseScheduleId, SCHEDULE_ID_FORM, type ScheduleId } from "../../domain/maintenance/schedule-id";
import { parseVmId, VM_ID_FORM } from "../../domain/machine/vm-id";
import type { SchedulePorts, TriggerPorts } from "../ports";
import { badRequest, problem, problemsOf } from "./answers";
import { LARGEST_BODY_BYTES, readJsonBody } from "./body";

interface Ports {
  readonly app: Pick<TriggerPorts, "refusal" | "isInScope">;
  readonly schedules: SchedulePorts;
}

/** POST /api/schedules: creates a maintenance configuration, or changes the one that is there. */
export const createSchedule = ({ app, schedules }: Ports) =>
  changing(app, schedules, createScheduleBody, 201, (id, body) => schedules.create(id, body));

/** POST /api/schedules/assign: adds machines or a dynamic scope. */
export const assignToSchedule = ({ app, schedules }: Ports) =>
  changing(
    app,
    schedules,
    assignBody,
    200,
    (id, body) => schedules.assign(id, body),
    ({ dryRun }) => dryRun === true,
  );

/** POST /api/schedules/unassign */
export const unassignFromSchedule = ({ app, schedules }: Ports) =>
  changing(app, schedules, unassignBody, 200, (id, body) => schedules.unassign(id, body));

/** GET /api/schedules */
export const listSchedules =
  ({ schedules }: Ports) =>
  async (): Promise<HttpResponseInit> =>
    answered(await schedules.list(), 200, (list) => ({ schedules: list }));

/** GET /api/schedules/{*scheduleId} */
export const getSchedule =
  ({ schedules }: Ports) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => {
    const id = idOf(request);
    return typeof id === "string" ? badRequest(id) : answered(await schedules.show(id), 200, (view) => view);
  };

/** DELETE /api/schedules/{*scheduleId} */
export const deleteSchedule =
  ({ app, schedules }: Ports) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => {
    const id = idOf(request);
    if (typeof id === "string") return badRequest(id);
    if (app.refusal !== undefined) return problem(503, "Changes are refused", app.refusal);
    return answered(await schedules.remove(id), 200, () => ({ deleted: true }));
  };

interface AboutSchedule {
  readonly scheduleId: string;
  readonly vmIds?: readonly string[];
}

/** A route with a body that changes something about one schedule. */
function changing<B extends AboutSchedule, T>(
  app: Ports["app"],
  schedules: SchedulePorts,
  shape: z.ZodType<B>,
  status: number,
  act: (id: ScheduleId, body: B) => Promise<ScheduleAnswer<T>>,
  changesNothing: (body: B) => boolean = () => false,
) {
  return async (request: HttpRequest): Promise<HttpResponseInit> => {
    const read = await readJsonBody(request);
    if (read.kind === "tooLarge") return problem(413, "Body too large", `body: more than ${LARGEST_BODY_BYTES} bytes`);
    if (read.kind === "notJson") return badRequest("body: is not valid JSON: send { scheduleId, … }");
    const parsed = shape.safeParse(read.value);
    if (!parsed.success) return badRequest(problemsOf(parsed.error, read.value));
    const body = parsed.data;
    const id = parseScheduleId(body.scheduleId);
    if (!id) return badRequest(`scheduleId: ${JSON.stringify(body.scheduleId)}: use ids such as ${SCHEDULE_ID_FORM}`);
    if (!schedules.isInScope(id)) return badRequest(outside("scheduleId", body.scheduleId));
    const vmIds = body.vmIds ?? [];
    const wrong = vmIds.filter((text) => !parseVmId(text));
    if (wrong.length > 0) return badRequest(`vmIds: ${wrong.join(", ")}: use ids such as ${VM_ID_FORM}`);
    const foreign = vmIds.filter((text) => {
      const vmId = parseVmId(text);
      return vmId && !app.isInScope(vmId);
    });
    if (foreign.length > 0) return badRequest(outside("vmIds", foreign.join(", ")));
    if (app.refusal !== undefined && !changesNothing(body)) return problem(503, "Changes are refused", app.refusal);
    return answered(await act(id, body), status, (value) => value);
  };
}

const outside = (field: string, ids: string): string =>
  `${field}: outside GOLDPATCH_SCOPE: ${ids}: nothing was changed`;

function idOf(request: HttpRequest): ScheduleId | string {
  const text = `/${(request.params["scheduleId"] ?? "").replace(/^\/+/, "")}`;
  return parseScheduleId(text) ?? `scheduleId: ${JSON.stringify(text)}: use ids such as ${SCHEDULE_ID_FORM}`;
}

const ASK_AGAIN_MS = 30_000;

function answered<T>(answer: ScheduleAnswer<T>, status: number, bodyOf: (value: T) => unknown): HttpResponseInit {
  switch (answer.kind) {
    case "done":
      return { status, jsonBody: bodyOf(answer.value) };
    case "notFound":
      return problem(
        404,
        "Unknown schedule",
        "scheduleId: Azure knows no such maintenance configuration: check the id",
      );
    case "invalid":
      return badRequest(answer.detail);
    case "refused":
      return problem(409, "Refused", answer.message);
    case "forbidden":
      return problem(403, "Azure refused", `${answer.message}: grant it to the app's identity (allowSchedules)`);
    case "unavailable":
      return problem(503, "Azure did not answer", `${answer.message}: ask again later`, {
        "retry-after": String(Math.ceil((answer.retryAfterMs ?? ASK_AGAIN_MS) / 1000)),
      });
  }
}
