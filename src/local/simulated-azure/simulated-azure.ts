import { sleepUntil, type HostClock } from "../clock/host-clock";
import { ArmError, ConnectionCut, type ArmRequest, type ArmResponse } from "./arm-message";
import { Chance } from "./chance";
import { ARM_ORIGINS } from "./clouds";
import type { EventDelivery } from "./events/event-bodies";
import { EventGrid } from "./events/event-grid";
import { Exchange } from "./exchange";
import { Faults } from "./faults";
import type { Fleet } from "./fleet/fleet-schema";
import { QueryEndpoint } from "./graph/query-endpoint";
import { machineTruth, type MachineTruth } from "./machine/machine-truth";
import { Machines } from "./machine/machines";
import { PowerOperations } from "./machine/power";
import { Maintenance } from "./maintenance/maintenance";
import { MaintenanceEvents } from "./maintenance/maintenance-events";
import { maintenanceRows } from "./maintenance/maintenance-rows";
import { MaintenanceRuns } from "./maintenance/maintenance-runs";
import { OperationAddresses } from "./patching/operation-addresses";
import { Starter } from "./patching/starter";
import { RateLimits } from "./rates/rate-limits";
import { route, type Services } from "./routes";
import { AzureCalendar } from "./timestamps";
import { told, type TranscriptLine } from "./transcript";

export interface SimulatedAzureOptions {
  readonly fleet: Fleet;
  readonly clock: HostClock;
  readonly seed: number;
  readonly transcript?: (line: TranscriptLine) => void;
  readonly deliverEvent?: (event: EventDelivery) => Promise<void>;
  /** Told of every fault that a request met, such as `installPatches cut afterEffect`. */
  readonly faultMet?: (fault: string) => void;
}

type Sleep = (instant: number) => Promise<void>;

const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?$/;

/**
 * Azure Resource Manager, Compute, Update Manager, Resource Graph and Event Grid, as far as patching meets them.
 * The same seed, fleet and requests give the same answers. It proves our logic, not Azure: what it assumes about Azure
 * stands in docs/simulated-azure.md.
 *
 * @example
 * const azure = new SimulatedAzure({ fleet: parseFleet(json), clock, seed: 1 });
 * const answer = await azure.handle({ method: "GET", url: `${vmId}?api-version=2026-04-01`, headers });
 */
export class SimulatedAzure {
  readonly #options: SimulatedAzureOptions;
  readonly #services: Services;
  readonly #eventGrid: EventGrid | undefined;
  readonly #maintenanceEvents: MaintenanceEvents | undefined;
  #requests = 0;

  constructor(options: SimulatedAzureOptions) {
    const { fleet, clock } = options;
    const chance = new Chance(options.seed);
    const calendar = new AzureCalendar(fleet.clockSkewSeconds);
    const world = { fleet, chance, calendar, start: Date.parse(fleet.start) };
    const machines = new Machines(world);
    const addresses = new OperationAddresses();
    const now = () => clock.now();
    const maintenance = new Maintenance(world.start, machines.all);
    const maintenanceRuns = new MaintenanceRuns(maintenance, world.start);
    const faultMet = options.faultMet ?? (() => undefined);
    this.#options = options;
    this.#services = {
      world,
      machines,
      addresses,
      now,
      rates: new RateLimits(chance, calendar),
      faults: new Faults(fleet, chance, world.start, faultMet),
      starter: new Starter(addresses, now, faultMet),
      power: new PowerOperations(),
      graph: new QueryEndpoint(fleet, machines.all, (instant) =>
        maintenanceRows(maintenance.assignments, maintenanceRuns.all, calendar, instant),
      ),
      maintenance,
      maintenanceRuns,
    };
    const eventGrid = options.deliverEvent && new EventGrid(clock, options.deliverEvent);
    this.#eventGrid = eventGrid;
    this.#maintenanceEvents =
      eventGrid &&
      new MaintenanceEvents(maintenance, maintenanceRuns, clock, calendar, (event) => eventGrid.send(event));
  }

  /** The ARM ids of the fleet's machines, also of those that do not exist yet. */
  get vmIds(): readonly string[] {
    return [...new Set(this.#services.machines.all.map(({ id }) => id))];
  }

  /** What really happened to each machine so far: what tests compare with what was recorded. */
  get truth(): readonly MachineTruth[] {
    const now = this.#options.clock.now();
    this.#services.maintenanceRuns.settle(now);
    return this.#services.machines.all.map((machine) => machineTruth(machine, now));
  }

  /** Schedules the event deliveries of the fleet. */
  start(): void {
    this.#eventGrid?.schedule(this.#services.machines.all);
  }

  /** Delivers no further events. */
  stop(): void {
    this.#eventGrid?.stop();
    this.#maintenanceEvents?.stop();
  }

  /**
   * Answers a request. An aborted request is answered to nobody, but takes effect.
   *
   * @throws ConnectionCut when the fleet's causes cut the connection; the signal's reason when it aborts
   */
  async handle(
    request: ArmRequest,
    sleep: Sleep = (instant) => sleepUntil(this.#options.clock, instant),
  ): Promise<ArmResponse> {
    const answer = this.#exchange(request, sleep);
    const { signal } = request;
    if (!signal) return answer;
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    try {
      return await Promise.race([answer, aborted.promise]);
    } finally {
      signal.removeEventListener("abort", abort);
      answer.catch(() => undefined);
    }
  }

  get #origin(): string {
    return ARM_ORIGINS[this.#options.fleet.cloud];
  }

  /** One cloud does not know another's addresses. */
  #isOurs({ origin }: URL): boolean {
    return origin === this.#origin || LOOPBACK.test(origin);
  }

  async #exchange(request: ArmRequest, sleep: Sleep): Promise<ArmResponse> {
    const { clock } = this.#options;
    const arrivedAt = clock.now();
    const ordinal = this.#requests++;
    const exchange = new Exchange(request, this.#origin, sleep);
    try {
      const response = this.#complete(exchange, await this.#answer(exchange), ordinal);
      this.#record(exchange, arrivedAt, request.signal?.aborted ? null : response.status);
      return response;
    } catch (error) {
      if (error instanceof ConnectionCut) this.#record(exchange, arrivedAt, null);
      throw error;
    }
  }

  async #answer(exchange: Exchange): Promise<ArmResponse> {
    try {
      if (!this.#isOurs(exchange.url)) {
        throw new ArmError(404, "NotSimulated", `Simulated Azure is not ${exchange.url.origin}.`);
      }
      exchange.admit();
      return await route(exchange, this.#services);
    } catch (error) {
      if (error instanceof ArmError) return error.answer();
      throw error;
    }
  }

  #complete(exchange: Exchange, response: ArmResponse, ordinal: number): ArmResponse {
    const { chance, calendar } = this.#services.world;
    const requestId = chance.guid("request", ordinal);
    const headers = {
      "cache-control": "no-cache",
      pragma: "no-cache",
      "x-ms-request-id": requestId,
      "x-ms-correlation-request-id": exchange.request.headers["x-ms-correlation-request-id"] ?? requestId,
      date: calendar.http(this.#options.clock.now()),
      ...exchange.headers,
      ...response.headers,
    };
    return { ...response, headers };
  }

  #record(exchange: Exchange, arrivedAt: number, status: number | null): void {
    const { url, request } = exchange;
    this.#options.transcript?.({
      t: new Date(arrivedAt).toISOString(),
      method: request.method,
      path: this.#isOurs(url) ? told(url) : `${url.origin}${told(url)}`,
      status,
      bucket: exchange.bucket,
      vmIds: exchange.vmIds,
      operationId: exchange.operationId,
      clientRequestId: request.headers["x-ms-client-request-id"] ?? null,
    });
  }
}
