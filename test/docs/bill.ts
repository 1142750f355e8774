import type { Counts } from "./counts";

/** In US dollars, each for the unit in its name. */
export interface Prices {
  readonly queueTenThousand: number;
  readonly tableTenThousand: number;
  readonly schedulerAction: number;
  readonly executionMillion: number;
  readonly gigabyteSecond: number;
  readonly logGigabyte: number;
}

export interface Line {
  readonly what: string;
  readonly quantity: number;
  /** Undefined: this backend does without. */
  readonly storage: number | undefined;
  readonly scheduler: number | undefined;
}

const RUNS = 1000;
/** Memory of an instance (infra/app/function-app.bicep). */
const INSTANCE_GB = 2;
/** Assumed, of an activity or an orchestrator, most of it waiting for Azure. */
const SECONDS_PER_EXECUTION = 0.1;

/** A message is put into a queue, got and deleted. */
const REQUESTS_PER_MESSAGE = 3;
/** When an orchestrator ran: its history is read, what is new is written, its instance's row is written. */
const TABLE_REQUESTS_PER_EPISODE = 3;

/** Starts by a client, and generations of continue-as-new: one message each. */
const starts = ({ executions, children }: Counts): number => executions - children;

/** There and back for an activity and a child, one way for a timer and a start (Azure Storage provider; assumed). */
const messages = (counts: Counts): number =>
  2 * counts.activities + counts.timers + 2 * counts.children + starts(counts);

/** What Durable Task Scheduler charges for (Durable Task Scheduler billing) are the same messages. */
const actions = messages;

/** What 1,000 runs cost on either backend. */
export function billOf(counts: Counts, prices: Prices): Line[] {
  const executions = RUNS * (counts.activities + counts.episodes);
  const both = (what: string, quantity: number, price: number): Line => ({
    what,
    quantity,
    storage: quantity * price,
    scheduler: quantity * price,
  });
  const onStorage = (line: Line): Line => ({ ...line, scheduler: undefined });
  const onScheduler = (line: Line): Line => ({ ...line, storage: undefined });
  const queue = prices.queueTenThousand / 10_000;
  const table = prices.tableTenThousand / 10_000;
  return [
    onStorage(both("Requests to the engine's queues", RUNS * REQUESTS_PER_MESSAGE * messages(counts), queue)),
    onStorage(both("Requests to the engine's tables", RUNS * TABLE_REQUESTS_PER_EPISODE * counts.episodes, table)),
    onScheduler(both("Actions", RUNS * actions(counts), prices.schedulerAction)),
    both("Requests to the app's table", RUNS * counts.storeRequests, table),
    both("Function executions", executions, prices.executionMillion / 1_000_000),
    both("GB-seconds", executions * SECONDS_PER_EXECUTION * INSTANCE_GB, prices.gigabyteSecond),
    both("GB of log", (RUNS * counts.logKilobytes) / 1_000_000, prices.logGigabyte),
  ];
}
