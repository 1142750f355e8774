import { Chance } from "../../src/local/simulated-azure/chance";
import { cutsOf, distinct, pastOf, type Cut, type Side } from "./cuts";
import type { Entry } from "./journal";
import { judged } from "./judges";
import { play, type Played } from "./play";
import type { Delivery, Scenario } from "./scenario";

/** A host is back after seconds as a rule; for some crashes also after a longer time. */
export const SHORT_DOWN_SECONDS = 5;
const LONG_DOWN_SECONDS = 600;
/** One crash in so many is also tried with a long time down, and with a second crash while the host recovers. */
const SAMPLE = 8;

/** One crash, or two, of one course: what replays it. */
export interface Crash {
  readonly scenario: string;
  readonly delivery: Delivery;
  readonly point?: number;
  readonly side?: Side;
  readonly label?: string;
  readonly downSeconds: number;
  readonly then?: { readonly point: number; readonly side: Side };
}

export interface Violation {
  readonly crash: Crash;
  readonly says: readonly string[];
}

export interface Exploration {
  readonly scenario: string;
  readonly delivery: Delivery;
  readonly points: number;
  /** Before and after each point. */
  readonly crashes: number;
  readonly courses: number;
  readonly violations: readonly Violation[];
  readonly seconds: number;
}

/** Which of a scenario's crashes are played. */
export interface Share {
  /** Only so many of them, well spread. */
  readonly most?: number;
  /** Of those every `of`-th, from the `part`-th (from 0) on: so several processes explore one scenario. */
  readonly part?: number;
  readonly of?: number;
}

/** Plays the scenario once, and then once for every distinct crash of the share. */
export async function explore(
  scenario: Scenario,
  delivery: Delivery,
  { most = Number.POSITIVE_INFINITY, part = 0, of = 1 }: Share = {},
): Promise<Exploration> {
  const began = performance.now();
  const undisturbed = await play(scenario, delivery);
  const violations: Violation[] = [];
  let courses = 0;
  const judge = (played: Played, crash: Crash): void => {
    courses++;
    const says = judged(played);
    if (says.length > 0) violations.push({ crash, says });
  };
  const common = { scenario: scenario.name, delivery, downSeconds: SHORT_DOWN_SECONDS };
  judge(undisturbed, common);

  const journal = undisturbed.journal.slice(0, undisturbed.untilRest);
  const cuts = cutsOf(journal, startOf(scenario, journal));
  const chance = new Chance(1);
  for (const cut of spread(distinct(cuts), most).filter((_, index) => index % of === part)) {
    const crash: Crash = { ...common, point: cut.point, side: cut.side, label: cut.label };
    const played = await play(scenario, delivery, pastOf(journal, cut, SHORT_DOWN_SECONDS));
    judge(played, crash);
    if (chance.between(1, SAMPLE, scenario.name, delivery, "down", cut.length) === 1) {
      const slow = await play(scenario, delivery, pastOf(journal, cut, LONG_DOWN_SECONDS));
      judge(slow, { ...crash, downSeconds: LONG_DOWN_SECONDS });
    }
    const later = distinct(cutsOf(played.journal.slice(0, played.untilRest), cut.length));
    const pick = chance.between(0, later.length * SAMPLE - 1, scenario.name, delivery, "again", cut.length);
    const again = later[pick];
    if (again) {
      const twice = await play(scenario, delivery, pastOf(played.journal, again, SHORT_DOWN_SECONDS));
      judge(twice, { ...crash, then: { point: again.point, side: again.side } });
    }
  }
  const seconds = (performance.now() - began) / 1000;
  return {
    scenario: scenario.name,
    delivery,
    points: cuts.length / 2,
    crashes: cuts.length,
    courses,
    violations,
    seconds,
  };
}

/** Plays one crash again; without a point the undisturbed course. */
export async function replay(scenario: Scenario, { delivery, point, side, downSeconds, then }: Crash): Promise<Played> {
  const undisturbed = await play(scenario, delivery);
  if (point === undefined) return undisturbed;
  const first = find(undisturbed.journal, point, side);
  const crashed = await play(scenario, delivery, pastOf(undisturbed.journal, first, downSeconds));
  if (!then) return crashed;
  const second = find(crashed.journal, then.point, then.side);
  return play(scenario, delivery, pastOf(crashed.journal, second, SHORT_DOWN_SECONDS));
}

function find(journal: readonly Entry[], point: number, side: Side | undefined): Cut {
  const cut = cutsOf(journal, 0).find((each) => each.point === point && each.side === (side ?? "before"));
  if (!cut) throw new RangeError(`there is no point ${point}`);
  return cut;
}

function startOf({ name, from }: Scenario, journal: readonly Entry[]): number {
  if (from === undefined) return 0;
  const index = journal.findIndex(({ label }) => label.includes(from));
  if (index < 0) throw new RangeError(`scenario "${name}": no entry of its journal holds "${from}"`);
  return index;
}

const spread = <T>(all: readonly T[], most: number): readonly T[] =>
  all.length <= most
    ? all
    : Array.from({ length: most }, (_, index) => all[Math.floor((index + 0.5) * (all.length / most))]).filter(
        (each) => each !== undefined,
      );
