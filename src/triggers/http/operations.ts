import type { HttpResponseInit } from "@azure/functions";
import type { HealthView } from "../../contracts/api/app";
import type { TriggerPorts } from "../ports";
import { problem } from "./answers";

/** POST /api/stop and DELETE /api/stop: nothing more is started, or again may be. */
export const setStop = (ports: TriggerPorts, on: boolean) => async (): Promise<HttpResponseInit> => {
  if (ports.refusal !== undefined) return problem(503, "The switch cannot be kept", ports.refusal);
  await ports.setStopped(on);
  return { status: 200, jsonBody: { stopped: on } };
};

/** GET /api/health: whether it may work, and on what. */
export const health = (ports: TriggerPorts) => async (): Promise<HttpResponseInit> => {
  const view: HealthView = {
    status: ports.refusal === undefined ? "ready" : "readOnly",
    ...(ports.refusal !== undefined && { reason: ports.refusal }),
    stopped: await ports.isStopped(),
    azure: ports.azure,
    scope: ports.scope,
    time: ports.now(),
  };
  return { status: 200, jsonBody: view };
};
