import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import type { RouteName } from "../contracts/names";
import { openApiDocument, type RouteAddress } from "../contracts/openapi/document";
import type { Role } from "../triggers/http/access";
import { getImage, listImages } from "../triggers/http/images";
import { health, setStop } from "../triggers/http/operations";
import { openApi } from "../triggers/http/openapi";
import { getPeriodicAssessment, setPeriodicAssessment } from "../triggers/http/periodic-assessment";
import { deletePolicy, getPolicy, listPolicies, putPolicy } from "../triggers/http/policies";
import { cancelRun, createRuns, getRun, listRuns } from "../triggers/http/runs";
import {
  assignToSchedule,
  createSchedule,
  deleteSchedule,
  getSchedule,
  listSchedules,
  unassignFromSchedule,
} from "../triggers/http/schedules";
import { approveSweep, controlSweep, createSweep, getSweep, listSweeps } from "../triggers/http/sweeps";
import { getVm } from "../triggers/http/vms";
import type {
  PeriodicAssessmentPorts,
  PolicyPorts,
  SchedulePorts,
  Starter,
  SweepPorts,
  TriggerPorts,
} from "../triggers/ports";

/** All that routes need of the rest of the app. */
export interface RoutePorts {
  readonly app: TriggerPorts;
  readonly sweeps: SweepPorts;
  readonly policies: PolicyPorts;
  readonly schedules: SchedulePorts;
  readonly periodic: PeriodicAssessmentPorts;
}

export type Method = "GET" | "POST" | "PUT" | "DELETE";
export type Answer = (request: HttpRequest, starter: Starter) => Promise<HttpResponseInit>;

export interface Route {
  readonly method: Method;
  /** Below /api. `{*x}` takes the rest of the path, slashes and all. */
  readonly path: string;
  readonly answer: (ports: RoutePorts) => Answer;
}

/** Whatever changes something is for operators. */
export const roleOf = (method: Method): Role => (method === "GET" ? "Goldpatch.Reader" : "Goldpatch.Operator");

/** The HTTP API, whole, by the names of its functions. What each route takes and answers is described in contracts/openapi. */
export const routes: Readonly<Record<RouteName, Route>> = {
  createRuns: { method: "POST", path: "runs", answer: ({ app }) => createRuns(app) },
  listRuns: { method: "GET", path: "runs", answer: ({ app }) => listRuns(app) },
  getRun: { method: "GET", path: "runs/{runId}", answer: ({ app }) => getRun(app) },
  cancelRun: { method: "POST", path: "runs/{runId}/cancel", answer: ({ app }) => cancelRun(app) },

  createSweep: { method: "POST", path: "sweeps", answer: createSweep },
  listSweeps: { method: "GET", path: "sweeps", answer: listSweeps },
  getSweep: { method: "GET", path: "sweeps/{sweepId}", answer: getSweep },
  pauseSweep: { method: "POST", path: "sweeps/{sweepId}/pause", answer: (all) => controlSweep(all, "pause") },
  resumeSweep: { method: "POST", path: "sweeps/{sweepId}/resume", answer: (all) => controlSweep(all, "resume") },
  cancelSweep: { method: "POST", path: "sweeps/{sweepId}/cancel", answer: (all) => controlSweep(all, "cancel") },
  approveSweep: { method: "POST", path: "sweeps/{sweepId}/approve", answer: approveSweep },

  listPolicies: { method: "GET", path: "policies", answer: listPolicies },
  putPolicy: { method: "PUT", path: "policies/{name}", answer: putPolicy },
  getPolicy: { method: "GET", path: "policies/{name}", answer: getPolicy },
  deletePolicy: { method: "DELETE", path: "policies/{name}", answer: deletePolicy },

  listImages: { method: "GET", path: "images", answer: ({ app }) => listImages(app) },
  getImage: { method: "GET", path: "images/{*imageId}", answer: ({ app }) => getImage(app) },
  getVm: { method: "GET", path: "vms/{*vmId}", answer: ({ app }) => getVm(app) },

  getPeriodicAssessment: { method: "GET", path: "periodic-assessment", answer: getPeriodicAssessment },
  setPeriodicAssessment: { method: "POST", path: "periodic-assessment", answer: setPeriodicAssessment },

  createSchedule: { method: "POST", path: "schedules", answer: createSchedule },
  listSchedules: { method: "GET", path: "schedules", answer: listSchedules },
  assignSchedule: { method: "POST", path: "schedules/assign", answer: assignToSchedule },
  unassignSchedule: { method: "POST", path: "schedules/unassign", answer: unassignFromSchedule },
  getSchedule: { method: "GET", path: "schedules/{*scheduleId}", answer: getSchedule },
  deleteSchedule: { method: "DELETE", path: "schedules/{*scheduleId}", answer: deleteSchedule },

  stop: { method: "POST", path: "stop", answer: ({ app }) => setStop(app, true) },
  unstop: { method: "DELETE", path: "stop", answer: ({ app }) => setStop(app, false) },
  health: { method: "GET", path: "health", answer: ({ app }) => health(app) },
  openApi: { method: "GET", path: "openapi.json", answer: () => openApi(describeRoutes) },
};

/** The API's OpenAPI document: docs/openapi.json, and what GET /api/openapi.json answers. */
export function describeRoutes(): object {
  const addresses = Object.entries(routes).map(([name, { method, path }]): [string, RouteAddress] => [
    name,
    { method, path, role: roleOf(method) },
  ]);
  return openApiDocument(Object.fromEntries(addresses) as Record<RouteName, RouteAddress>);
}
