import { readSettings } from "./config";
import { createDeps } from "./deps";
import { embedding } from "./embedding";
import { activitiesOf } from "./functions/activities";
import { eventsOf } from "./functions/events";
import { orchestrations } from "./functions/orchestrations";
import {
  registerActivities,
  registerEvents,
  registerOrchestrations,
  registerRoutes,
  registerTimers,
} from "./functions/register";
import { routes, type RoutePorts } from "./functions/routes";
import { timersOf } from "./functions/timers";
import { createPorts } from "./ports/app";
import { createPeriodicAssessmentPorts } from "./ports/periodic-assessment";
import { createPolicyPorts } from "./ports/policies";
import { createSchedulePorts } from "./ports/schedules";
import { createSweepPorts } from "./ports/sweeps";

/** The composition root: the app is made here, and every function of it is registered. */
const settings = readSettings(process.env);
const deps = createDeps(settings, embedding());
const ports: RoutePorts = {
  app: createPorts(deps),
  sweeps: createSweepPorts(deps),
  policies: createPolicyPorts(deps),
  schedules: createSchedulePorts(deps),
  periodic: createPeriodicAssessmentPorts(deps),
};
const access = { access: settings.GOLDPATCH_ACCESS, platformSignsIn: settings.WEBSITE_AUTH_ENABLED };

registerOrchestrations(orchestrations, deps.logs);
registerActivities(activitiesOf(deps));
registerEvents(eventsOf(ports));
registerTimers(timersOf(deps, ports.app));
registerRoutes(routes, { ports, access, logs: deps.logs });
