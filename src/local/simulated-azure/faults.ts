import { ArmError, ConnectionCut, type ArmResponse } from "./arm-message";
import type { Chance } from "./chance";
import type { Fault, Fleet } from "./fleet/fleet-schema";
import type { Machine } from "./machine/machine";
import { SECOND_MS } from "./timestamps";

/** The faults of a fleet file: answers and cuts that come by seed and time, whatever the machine does. */
export class Faults {
  readonly #fleet: Fleet;
  readonly #chance: Chance;
  readonly #start: number;
  readonly #met: (fault: string) => void;
  readonly #requests = new Map<string, number>();
  readonly #hits = new Map<string, number>();

  constructor(fleet: Fleet, chance: Chance, start: number, met: (fault: string) => void) {
    this.#fleet = fleet;
    this.#chance = chance;
    this.#start = start;
    this.#met = met;
  }

  /** Answers through `respond`, unless a fault comes before or after it. */
  async around(
    on: Fault["on"],
    machine: Machine | undefined,
    now: number,
    respond: () => ArmResponse | Promise<ArmResponse>,
  ): Promise<ArmResponse> {
    const fault = this.#next(on, machine, now);
    if (!fault) return respond();
    const { answer, answered, cut, body } = fault;
    this.#met(`${on} ${nameOf(fault)}`);
    if (answer && answered === "instead") throw scriptedError(answer);
    if (cut === "beforeEffect") throw new ConnectionCut();
    const response = await answerOf(respond);
    if (answer) throw scriptedError(answer);
    if (cut) throw new ConnectionCut(cut === "midBody" ? response : undefined);
    return body ? spoiled(response, body) : response;
  }

  #next(on: Fault["on"], machine: Machine | undefined, now: number): Fault | undefined {
    return this.#fleet.faults.find((fault, index) => {
      if (fault.on !== on || (fault.vms && !fault.vms.includes(machine?.vm.name ?? ""))) return false;
      const until = fault.untilSeconds ?? Number.POSITIVE_INFINITY;
      if (now < this.#start + fault.fromSeconds * SECOND_MS || now >= this.#start + until * SECOND_MS) return false;
      const key = `${index}|${machine?.key ?? ""}`;
      const request = this.#count(this.#requests, key);
      if ((this.#hits.get(key) ?? 0) >= (fault.times ?? Number.POSITIVE_INFINITY)) return false;
      if (this.#chance.fraction("fault", key, request) >= fault.probability) return false;
      this.#count(this.#hits, key);
      return true;
    });
  }

  #count(counts: Map<string, number>, key: string): number {
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count;
  }
}

/** What the client would have got, a refusal too: a fault spoils either. */
async function answerOf(respond: () => ArmResponse | Promise<ArmResponse>): Promise<ArmResponse> {
  try {
    return await respond();
  } catch (error) {
    if (error instanceof ArmError) return error.answer();
    throw error;
  }
}

function nameOf({ answer, answered, cut, body }: Fault): string {
  if (answer) return `answer ${answer.status}${answered === "afterEffect" ? " afterEffect" : ""}`;
  return cut ? `cut ${cut}` : `body ${body ?? ""}`;
}

const PAGE = "<!DOCTYPE html><html><head><title>Service unavailable</title></head><body></body></html>";

/** The head arrives as Azure sent it; what became of the body is not Azure's doing but that of something in between. */
function spoiled({ status, headers, body }: ArmResponse, how: NonNullable<Fault["body"]>): ArmResponse {
  const { "content-length": _length, ...rest } = headers;
  switch (how) {
    case "truncated":
      return { status, headers: rest, body: body.slice(0, Math.floor(body.length / 2)) };
    case "malformed":
      return { status, headers: { ...rest, "content-type": "application/json" }, body: '{"properties":{"status":,}}' };
    case "page":
      return { status, headers: { ...rest, "content-type": "text/html" }, body: PAGE };
    case "empty":
      return { status, headers: rest, body: "" };
    default:
      return how satisfies never;
  }
}

export const scriptedError = (answer: {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number | undefined;
}): ArmError =>
  new ArmError(
    answer.status,
    answer.code,
    answer.message,
    {},
    answer.retryAfterSeconds === undefined ? {} : { "retry-after": String(answer.retryAfterSeconds) },
  );
