import { courseOf, type Course } from "../course";
import type { Played } from "../play";
import { endsAsAllowed, everyRunHasAnOutcome, numbersAreTrue, outcomesStay } from "./outcomes";
import { everythingCameToRest, leasesAreGivenBack, noErrorIsLogged, powerIsAsFound, slotsAreFree } from "./rest";
import {
  noInstallWithoutSupport,
  nothingAgainstASwitch,
  nothingRefused,
  oneInstallPerRun,
  onePostPerIntent,
  onlyTheHolderSends,
} from "./sending";

/** Each says what is wrong with a course of events; nothing when all is well (DESIGN: invariants). */
const judges = {
  onePostPerIntent,
  oneInstallPerRun,
  nothingRefused,
  noInstallWithoutSupport,
  nothingAgainstASwitch,
  onlyTheHolderSends,
  everyRunHasAnOutcome,
  outcomesStay,
  endsAsAllowed,
  numbersAreTrue,
  everythingCameToRest,
  leasesAreGivenBack,
  slotsAreFree,
  powerIsAsFound,
  noErrorIsLogged,
} as const satisfies Readonly<Record<string, (course: Course) => string[]>>;

export function judged(played: Played): string[] {
  const course = courseOf(played);
  return Object.entries(judges).flatMap(([name, judge]) => judge(course).map((violation) => `${name}: ${violation}`));
}
