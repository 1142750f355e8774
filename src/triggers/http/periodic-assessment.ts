import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { periodicAssessmentBody } from "../../contracts/api/periodic-assessment";
import { parseScopeEntry } from "../../domain/machine/scope";
import { formatVmId, parseVmId, VM_ID_FORM } from "../../domain/machine/vm-id";
import type { PeriodicAssessmentPorts, TriggerPorts } from "../ports";
import { badRequest, problem, problemsOf, readRefused } from "./answers";
import { LARGEST_BODY_BYTES, readJsonBody } from "./body";

interface Ports {
  readonly app: Pick<TriggerPorts, "refusal" | "scope" | "isInScope">;
  readonly periodic: PeriodicAssessmentPorts;
}

/** GET /api/periodic-assessment?scope=: of one VM or Arc-enabled server, a resource group or a subscription. Changes nothing. */
export const getPeriodicAssessment =
  ({ app, periodic }: Ports) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => {
    const text = request.query.get("scope") ?? "";
    const vmId = parseVmId(text);
    const entry = parseScopeEntry(text);
    if (!vmId && !entry) {
      return badRequest(`scope: ${JSON.stringify(text)}: use ${VM_ID_FORM}, a resource group's or a subscription's id`);
    }
    const outside = () =>
      badRequest(`scope: outside GOLDPATCH_SCOPE, which holds ${app.scope.join(", ")}: ${text}: it was not read`);
    if (vmId && !app.isInScope(vmId)) return outside();
    const look = vmId ? await periodic.lookAtOne(vmId) : entry && (await periodic.lookAtScope(entry));
    switch (look?.kind) {
      case "found":
        return { status: 200, jsonBody: { vms: look.vms } };
      case "outside":
        return outside();
      case "forbidden":
      case "unavailable":
        return readRefused("scope", text, look);
      default:
        return problem(404, "Unknown scope", `scope: "${text}": Azure knows no such thing: check the id`);
    }
  };

/** POST /api/periodic-assessment: on or off for each VM. A VM for which Azure refuses it stops none of the others. */
export const setPeriodicAssessment =
  ({ app, periodic }: Ports) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => {
    const read = await readJsonBody(request);
    if (read.kind === "tooLarge") return problem(413, "Body too large", `body: more than ${LARGEST_BODY_BYTES} bytes`);
    if (read.kind === "notJson") return badRequest("body: is not valid JSON: send { vmIds, on }");
    const parsed = periodicAssessmentBody.safeParse(read.value);
    if (!parsed.success) return badRequest(problemsOf(parsed.error, read.value));
    const { vmIds: texts, on } = parsed.data;
    const wrong = texts.filter((text) => parseVmId(text) === undefined);
    if (wrong.length > 0) {
      return badRequest(
        `vmIds: ${wrong.map((text) => JSON.stringify(text)).join(", ")}: use ids such as ${VM_ID_FORM}`,
      );
    }
    const vmIds = texts.flatMap((text) => parseVmId(text) ?? []);
    const outside = vmIds.filter((vmId) => !app.isInScope(vmId));
    if (outside.length > 0) {
      return badRequest(`vmIds: outside GOLDPATCH_SCOPE: ${outside.map(formatVmId).join(", ")}: nothing was changed`);
    }
    if (app.refusal !== undefined) return problem(503, "Changes are refused", app.refusal);
    if (await periodic.isHeld()) {
      return problem(
        409,
        "The app is stopped",
        "GOLDPATCH_PAUSED or POST /api/stop holds everything that changes a VM: lift it first",
      );
    }
    return { status: 200, jsonBody: { vms: await periodic.change(vmIds, on) } };
  };
