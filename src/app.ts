import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import * as df from "durable-functions";
import type { z } from "zod";
import { askHook } from "./activities/run/ask-hook";
import { startDueSweeps } from "./activities/policy/start-due-sweeps";
import { checkAndLineUp, claimAndCheck } from "./activities/run/claim-and-check";
import { confirmInstall } from "./activities/run/confirm-install";
import type { Instances, RunDeps } from "./activities/run/deps";
import { paced } from "./activities/run/rate";
import { pollAndGoOn, readAndLineUp } from "./activities/run/poll-and-go-on";
import { recordOutcome } from "./activities/run/record-outcome";
import { resolveIntent } from "./activities/run/resolve-intent";
import { settleAfterFailure } from "./activities/run/settle-after-failure";
import { startOperation } from "./activities/run/start-operation";
import { startVm } from "./activities/run/start-vm";
import { stopVm } from "./activities/run/stop-vm";
import { askStageHook } from "./activities/sweep/ask-stage-hook";
import { planSweep } from "./activities/sweep/plan-sweep";
import { releaseSweepPage } from "./activities/sweep/release-sweep-page";
import { tickSweep } from "./activities/sweep/tick-sweep";
import { watchdog } from "./activities/watchdog/watchdog";
import { connectArm } from "./azure/arm";
import { createMaintenanceApi } from "./azure/maintenance/maintenance";
import { createAzure } from "./azure/azure";
import { azureCredential } from "./azure/credential";
import { systemClock, type Clock } from "./clock";
import { readSettings, runDeadlineMs, sweepLimits } from "./config";
import { activityContracts, type ActivityInput, type ActivityName, type ActivityResult } from "./contracts/activities";
import { orchestrationNames, triggerNames } from "./contracts/names";
import { orchestrationInputs } from "./contracts/orchestrations";
import { clouds } from "./domain/cloud/cloud";
import { instancesOf } from "./durable-client";
import { embedding } from "./embedding";
import { presentable } from "./errors";
import { callHttps } from "./hooks/https-call";
import { createOutside } from "./hooks/outside";
import { ActiveRuns } from "./ledger/active-runs";
import { DurationLedger } from "./ledger/durations";
import { EndedRuns } from "./ledger/ended-runs";
import { ImageLedger } from "./ledger/images";
import { OpenRuns } from "./ledger/open-runs";
import { Rates } from "./ledger/rates";
import { PolicySweepLedger } from "./ledger/policy-sweeps";
import { RunLedger } from "./ledger/runs";
import { ScheduleLedger } from "./ledger/schedules";
import { SweepLedger } from "./ledger/sweeps";
import { StoredPolicies } from "./ledger/stored-policies";
import { Switches } from "./ledger/switches";
import { Watch } from "./ledger/watch";
import { createLogs } from "./logs";
import { askUntilSettledChild, type Question } from "./orchestrators/ask-until-settled";
import { Durable, type Story } from "./orchestrators/durable";
import { patchVm } from "./orchestrators/patch-vm";
import { policySweep } from "./orchestrators/policy-sweep";
import { sweep } from "./orchestrators/sweep";
import { createPeriodicAssessmentPorts } from "./periodic-assessment-ports";
import { createPolicyPorts } from "./policy-ports";
import { createPorts } from "./ports";
import { createSchedulePorts } from "./schedule-ports";
import { MissingStore } from "./store/missing";
import type { Store } from "./store/store";
import { createSweepPorts } from "./sweep-ports";
import { TablesStore } from "./store/tables";
import { onMaintenanceEvent } from "./triggers/events/maintenance-event";
import { vmProvisioned } from "./triggers/events/vm-provisioned";
import { guarded } from "./triggers/http/access";
import { health, setStop } from "./triggers/http/operations";
import { deletePolicy, getPolicy, listPolicies, putPolicy } from "./triggers/http/policies";
import { cancelRun, createRuns, getRun, listRuns } from "./triggers/http/runs";
import {
  assignToSchedule,
  createSchedule,
  deleteSchedule,
  getSchedule,
  listSchedules,
  unassignFromSchedule,
} from "./triggers/http/schedules";
import { approveSweep, controlSweep, createSweep, getSweep, listSweeps } from "./triggers/http/sweeps";
import { getImage, listImages } from "./triggers/http/images";
import { getPeriodicAssessment, setPeriodicAssessment } from "./triggers/http/periodic-assessment";
import { getVm } from "./triggers/http/vms";
import type { Starter } from "./triggers/ports";
import { POLICY_SCHEDULE, scheduledPolicies } from "./triggers/timers/scheduled-policies";
import { scheduledSweep } from "./triggers/timers/scheduled-sweep";

/** The composition root: the only place that knows how everything is made and under which names it is registered. */
const settings = readSettings(process.env);
const { clock = systemClock, store = configuredStore(clock), log = console.log, exchange, outside } = embedding();
const logs = createLogs(log);
const arm = connectArm(
  {
    ...(settings.GOLDPATCH_ARM_ENDPOINT !== undefined && { endpoint: settings.GOLDPATCH_ARM_ENDPOINT }),
    ...(settings.AZURE_CLIENT_ID !== undefined && { clientId: settings.AZURE_CLIENT_ID }),
    cloud: settings.GOLDPATCH_CLOUD,
  },
  exchange,
);
const azure = createAzure(arm, clock, logs);
const deps: RunDeps = {
  clock,
  settings,
  logs,
  azure,
  store,
  runs: new RunLedger(store),
  open: new OpenRuns(store),
  ended: new EndedRuns(store),
  active: new ActiveRuns(store, settings.GOLDPATCH_MAX_ACTIVE_RUNS),
  switches: new Switches(store),
  images: new ImageLedger(store),
  durations: new DurationLedger(store),
  rates: new Rates(store),
  policySweeps: new PolicySweepLedger(store),
  outside: createOutside(
    clock,
    settings.GOLDPATCH_HOOK_KEYS,
    outside ?? ((request) => callHttps(request, { privateHosts: settings.GOLDPATCH_HOOK_HOSTS })),
  ),
  policies: new StoredPolicies(store),
  sweepLimits: sweepLimits(settings),
};
const access = { access: settings.GOLDPATCH_ACCESS, platformSignsIn: settings.WEBSITE_AUTH_ENABLED };
const sweeps = new SweepLedger(store);
const ports = createPorts(deps);
const scheduleDeps = { ...deps, maintenance: createMaintenanceApi(arm), schedules: new ScheduleLedger(store) };
const schedulePorts = { app: ports, schedules: createSchedulePorts(scheduleDeps) };
const periodicPorts = { app: ports, periodic: createPeriodicAssessmentPorts(scheduleDeps) };
const sweepPorts = { app: ports, sweeps: createSweepPorts(deps) };
const policyPorts = { ...sweepPorts, policies: createPolicyPorts(deps) };

// Without it a failure arrives as several kilobytes of host stack (real-host recordings); with it, as one line.
df.app.setExceptionPropertiesProvider({ getExceptionProperties: () => ({}) });

registerOrchestration("patchVm", patchVm);
registerOrchestration("askUntilSettled", (durable, question) =>
  askUntilSettledChild(durable, question as Question<ActivityName>),
);
registerOrchestration("sweep", sweep);
registerOrchestration("policySweep", policySweep);

registerActivity("claimRun", claimAndCheck(deps));
registerActivity("checkProvisioning", checkAndLineUp(deps));
registerActivity("startOperation", startOperation(deps));
registerActivity("resolveIntent", paced(deps, "resolveIntent", resolveIntent(deps)));
registerActivity("pollOperation", paced(deps, "pollOperation", pollAndGoOn(deps)));
registerActivity("readSupportState", readAndLineUp(deps));
registerActivity("confirmInstall", paced(deps, "confirmInstall", confirmInstall(deps)));
registerActivity("settleAfterFailure", settleAfterFailure(deps));
registerActivity("recordOutcome", recordOutcome(deps));
registerActivity("askHook", askHook(deps));
registerActivity("startVm", paced(deps, "startVm", startVm(deps)));
registerActivity("stopVm", paced(deps, "stopVm", stopVm(deps)));
registerActivity("releaseSweepPage", releaseSweepPage({ ...deps, sweeps }));
registerActivity("planSweep", planSweep(deps));
registerActivity("tickSweep", tickSweep(deps));
registerActivity("askStageHook", askStageHook(deps));

const provisioned = vmProvisioned(ports);
df.app.client.eventGrid(triggerNames.vmProvisioned, {
  handler: (event, client) =>
    presenting(() =>
      provisioned(
        event,
        instancesOf(() => client),
      ),
    ),
});
const maintained = onMaintenanceEvent(ports, schedulePorts.schedules);
df.app.client.eventGrid(triggerNames.maintenanceEvent, {
  handler: (event) => presenting(() => maintained(event)),
});
const swept = scheduledSweep(ports);
df.app.client.timer(triggerNames.scheduledSweep, {
  schedule: settings.GOLDPATCH_SWEEP_SCHEDULE,
  handler: (_timer, client) => presenting(() => swept(instancesOf(() => client))),
});
const due = scheduledPolicies(ports, startDueSweeps(deps));
df.app.client.timer(triggerNames.scheduledPolicies, {
  schedule: POLICY_SCHEDULE,
  handler: (_timer, client) => presenting(() => due(instancesOf(() => client))),
});
const watched = watchdog({ ...scheduleDeps, sweeps, watch: new Watch(store), runDeadlineMs: runDeadlineMs(settings) });
df.app.client.timer(triggerNames.watchdog, {
  schedule: settings.GOLDPATCH_WATCHDOG_SCHEDULE,
  handler: (_timer, client) =>
    presenting(async () => {
      // Without a store there are no runs.
      if (ports.refusal === undefined) await watched(instancesOf(() => client));
    }),
});

registerRoute(triggerNames.createRuns, "POST", "runs", createRuns(ports));
registerRoute(triggerNames.listRuns, "GET", "runs", listRuns(ports));
registerRoute(triggerNames.getRun, "GET", "runs/{runId}", getRun(ports));
registerRoute(triggerNames.cancelRun, "POST", "runs/{runId}/cancel", cancelRun(ports));
registerRoute(triggerNames.createSweep, "POST", "sweeps", createSweep(sweepPorts));
registerRoute(triggerNames.listSweeps, "GET", "sweeps", listSweeps(sweepPorts));
registerRoute(triggerNames.getSweep, "GET", "sweeps/{sweepId}", getSweep(sweepPorts));
registerRoute(triggerNames.pauseSweep, "POST", "sweeps/{sweepId}/pause", controlSweep(sweepPorts, "pause"));
registerRoute(triggerNames.resumeSweep, "POST", "sweeps/{sweepId}/resume", controlSweep(sweepPorts, "resume"));
registerRoute(triggerNames.cancelSweep, "POST", "sweeps/{sweepId}/cancel", controlSweep(sweepPorts, "cancel"));
registerRoute(triggerNames.approveSweep, "POST", "sweeps/{sweepId}/approve", approveSweep(sweepPorts));
registerRoute(triggerNames.listPolicies, "GET", "policies", listPolicies(policyPorts));
registerRoute(triggerNames.putPolicy, "PUT", "policies/{name}", putPolicy(policyPorts));
registerRoute(triggerNames.getPolicy, "GET", "policies/{name}", getPolicy(policyPorts));
registerRoute(triggerNames.deletePolicy, "DELETE", "policies/{name}", deletePolicy(policyPorts));
registerRoute(triggerNames.stop, "POST", "stop", setStop(ports, true));
registerRoute(triggerNames.unstop, "DELETE", "stop", setStop(ports, false));
registerRoute(triggerNames.listImages, "GET", "images", listImages(ports));
registerRoute(triggerNames.getImage, "GET", "images/{*imageId}", getImage(ports));
registerRoute(triggerNames.getVm, "GET", "vms/{*vmId}", getVm(ports));
registerRoute(triggerNames.getPeriodicAssessment, "GET", "periodic-assessment", getPeriodicAssessment(periodicPorts));
registerRoute(triggerNames.setPeriodicAssessment, "POST", "periodic-assessment", setPeriodicAssessment(periodicPorts));
registerRoute(triggerNames.createSchedule, "POST", "schedules", createSchedule(schedulePorts));
registerRoute(triggerNames.listSchedules, "GET", "schedules", listSchedules(schedulePorts));
registerRoute(triggerNames.assignSchedule, "POST", "schedules/assign", assignToSchedule(schedulePorts));
registerRoute(triggerNames.unassignSchedule, "POST", "schedules/unassign", unassignFromSchedule(schedulePorts));
registerRoute(triggerNames.getSchedule, "GET", "schedules/{*scheduleId}", getSchedule(schedulePorts));
registerRoute(triggerNames.deleteSchedule, "DELETE", "schedules/{*scheduleId}", deleteSchedule(schedulePorts));
registerRoute(triggerNames.health, "GET", "health", health(ports));

/** Where no host lends one. */
function configuredStore(clock: Clock): Store {
  const { GOLDPATCH_TABLES_ENDPOINT: endpoint, AZURE_CLIENT_ID: clientId, GOLDPATCH_CLOUD: cloud } = settings;
  if (endpoint === undefined) return new MissingStore();
  return TablesStore.connect({ endpoint, credential: () => azureCredential(clientId, clouds[cloud]) }, clock);
}

/** The host writes down what a function throws, and for an activity so does the durable engine. */
async function presenting<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (failure) {
    throw presentable(failure);
  }
}

/** Every route wants a function key: nothing here is anonymous. Whatever changes something is for operators. */
function registerRoute(
  name: string,
  method: "GET" | "POST" | "PUT" | "DELETE",
  route: string,
  answer: (request: HttpRequest, starter: Starter) => Promise<HttpResponseInit>,
): void {
  const role = method === "GET" ? "Goldpatch.Reader" : "Goldpatch.Operator";
  const guardedAnswer = guarded(access, logs, `${method} ${route}`, role, answer);
  df.app.client.http(name, {
    route,
    methods: [method],
    authLevel: "function",
    handler: (request, client) =>
      guardedAnswer(
        request,
        instancesOf(() => client),
      ),
  });
}

/** An input of another version or shape fails the orchestration at once, and once: it is told, and never repeated. */
function registerOrchestration<N extends keyof typeof orchestrationInputs>(
  name: N,
  story: (durable: Durable, input: z.infer<(typeof orchestrationInputs)[N]>) => Story<unknown>,
): void {
  df.app.orchestration(orchestrationNames[name], function* ({ df: context }) {
    const parsed = orchestrationInputs[name].safeParse(context.getInput());
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const reason = `${issue?.path.join(".") || "input"}: ${issue?.message ?? ""}`;
      logs.orchestrationRefused({ orchestration: name, instanceId: context.instanceId, reason });
      throw presentable(new TypeError(`${name} was started with an input that is not its own: ${reason}`));
    }
    return yield* story(new Durable(context), parsed.data as z.infer<(typeof orchestrationInputs)[N]>);
  });
}

/** The contract is checked on the way in: an activity never acts on an input of another version by guess. */
function registerActivity<N extends ActivityName>(
  name: N,
  activity: (input: ActivityInput<N>, instances: Instances) => Promise<ActivityResult<N>>,
): void {
  df.app.activity(name, {
    extraInputs: [df.input.durableClient()],
    handler: (input: unknown, context) =>
      presenting(() =>
        activity(
          activityContracts[name].input.parse(input) as ActivityInput<N>,
          instancesOf(() => df.getClient(context)),
        ),
      ),
  });
}
