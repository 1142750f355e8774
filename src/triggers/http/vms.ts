import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { ARC_ID_FORM, formatVmId, machineWords, parseVmId, VM_ID_FORM } from "../../domain/machine/vm-id";
import type { TriggerPorts } from "../ports";
import { badRequest, problem, readRefused } from "./answers";

/** GET /api/vms/{*vmId}: what is known of one VM, its support state above all. Starts nothing. */
export const getVm =
  (ports: TriggerPorts) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => {
    const text = `/${(request.params["vmId"] ?? "").replace(/^\/+/, "")}`;
    const vmId = parseVmId(text);
    if (!vmId)
      return badRequest(
        `vmId: ${JSON.stringify(text)}: use ids such as ${VM_ID_FORM}, or for Arc-enabled servers ${ARC_ID_FORM}`,
      );
    const id = formatVmId(vmId);
    if (!ports.isInScope(vmId)) return badRequest(`vmId: outside GOLDPATCH_SCOPE: ${id}: it was not read`);
    const look = await ports.look(vmId);
    switch (look.kind) {
      case "found":
        return { status: 200, jsonBody: look.view };
      case "notFound":
        return problem(
          404,
          `Unknown ${machineWords[vmId.kind]}`,
          `vmId: "${id}": Azure knows no such ${machineWords[vmId.kind]}: check the id`,
        );
      default:
        return readRefused("vmId", id, look);
    }
  };
