import type { HostClock } from "../../clock/host-clock";
import type { EventDelivery } from "../events/event-bodies";
import type { AzureCalendar } from "../timestamps";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../timestamps";
import { startsOf, type Configuration } from "./configuration";
import type { Maintenance } from "./maintenance";
import { CANCEL_BEFORE_MS, runIdOf, type MaintenanceRuns } from "./maintenance-runs";

/** [DOC] pre-post-scripts-overview: 30 to 40 minutes before the start. */
const PRE_BEFORE_MS = 35 * MINUTE_MS;
/** When the post event comes after the last installation is an assumption. */
const POST_AFTER_MS = 30 * SECOND_MS;
const LOOK_AHEAD_MS = 400 * DAY_MS;

/** Tells a subscriber before and after each run of each schedule. */
export class MaintenanceEvents {
  readonly #cancellations = new Map<string, () => void>();

  constructor(
    private readonly maintenance: Maintenance,
    private readonly runs: MaintenanceRuns,
    private readonly clock: HostClock,
    private readonly calendar: AzureCalendar,
    private readonly deliver: (event: EventDelivery) => void,
  ) {
    maintenance.onChange = (configuration) => this.#plan(configuration, clock.now());
  }

  stop(): void {
    for (const cancel of this.#cancellations.values()) cancel();
    this.#cancellations.clear();
  }

  /** Plans the next run's events; those of an earlier version of the configuration are forgotten. */
  #plan(configuration: Configuration, from: number): void {
    const [startsAt] = startsOf(configuration, from, from + LOOK_AHEAD_MS);
    this.#cancellations.get(configuration.key)?.();
    if (startsAt === undefined) return;
    this.#at(configuration, startsAt - PRE_BEFORE_MS, () => {
      if (this.maintenance.machinesOf(configuration, this.clock.now()).length > 0) this.#pre(configuration, startsAt);
      this.#at(configuration, startsAt, () => {
        // An instant later: a start is settled when its instant is over.
        this.runs.settle(startsAt + 1);
        const run = this.runs.all.findLast((one) => one.id === runIdOf(configuration, startsAt));
        const ends = (run?.machines ?? []).map((machine) => machine.patches.freeFrom(startsAt));
        const over = Math.max(startsAt + MINUTE_MS, ...ends) + POST_AFTER_MS;
        this.#at(configuration, over, () => {
          if (run && run.machines.length > 0 && !run.cancelled) this.#post(configuration, startsAt);
          this.#plan(configuration, Math.max(startsAt + 1, this.clock.now()));
        });
      });
    });
  }

  #at(configuration: Configuration, instant: number, fire: () => void): void {
    const cancel = this.clock.at(instant, () => {
      this.#cancellations.delete(configuration.key);
      if (this.maintenance.configuration(configuration.key) === configuration) fire();
    });
    this.#cancellations.set(configuration.key, cancel);
  }

  #pre(configuration: Configuration, startsAt: number): void {
    const cutOff = { cancellationCutOffDateTime: this.calendar.zulu(startsAt - CANCEL_BEFORE_MS) };
    this.#send(configuration, startsAt, "Microsoft.Maintenance.PreMaintenanceEvent", cutOff);
  }

  #post(configuration: Configuration, startsAt: number): void {
    this.#send(configuration, startsAt, "Microsoft.Maintenance.PostMaintenanceEvent", { status: "Succeeded" });
  }

  /** Shape: test/examples/eventgrid/*MaintenanceEvent.cloudevents.json [DOC]. */
  #send(configuration: Configuration, startsAt: number, type: string, more: object): void {
    const id = runIdOf(configuration, startsAt);
    this.deliver({
      about: "maintenance",
      schema: "CloudEventSchemaV1_0",
      body: {
        id,
        source: configuration.id,
        subject: configuration.name,
        data: {
          correlationId: id,
          maintenanceConfigurationId: configuration.id,
          startDateTime: this.calendar.zulu(startsAt),
          endDateTime: this.calendar.zulu(startsAt + configuration.window.durationMs),
          ...more,
          resourceSubscriptionIds: [configuration.id.split("/")[2]],
        },
        type,
        time: this.calendar.zulu(this.clock.now()),
        specversion: "1.0",
      },
    });
  }
}
