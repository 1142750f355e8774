import type { Played } from "../played";
import { everythingCameToRest, leasesAreKept, leasesAreReleased, slotsAreFree } from "./holding";
import {
  everyRequestHasARun,
  everyRunHasOneOutcome,
  numbersAreTrue,
  patchedByUsIsOurs,
  patchedMeansAll,
  runsNameTheirVm,
} from "./outcomes";
import { neverThrottled, pollsAreApart, retryAfterIsKept } from "./pace";
import { nothingSecret } from "./secrets";
import {
  noInstallBesideAnother,
  noInstallWithoutSupport,
  noneAfterCancel,
  noneAfterItsTime,
  noneForAnotherVm,
  noneFromAnEndedRun,
  noneOutsideTheScope,
  noneWhileStopped,
  noSecondInstall,
  onePostPerIntent,
} from "./sending";
import {
  aTakenInstallIsTold,
  heldMeansHeld,
  lostInstallsAreFound,
  notFoundMeansGone,
  nothingPendingIsTrue,
  replacedMeansReplaced,
  supportedMeansFresh,
  supportStateIsTrue,
} from "./truthful";

/** Each says what is wrong with a course of events; nothing when all is well (DESIGN: invariants). */
export const judges = {
  onePostPerIntent,
  noSecondInstall,
  noneAfterItsTime,
  noneFromAnEndedRun,
  noneOutsideTheScope,
  noneWhileStopped,
  noneAfterCancel,
  noneForAnotherVm,
  noInstallBesideAnother,
  noInstallWithoutSupport,
  everyRequestHasARun,
  everyRunHasOneOutcome,
  patchedByUsIsOurs,
  numbersAreTrue,
  patchedMeansAll,
  runsNameTheirVm,
  aTakenInstallIsTold,
  lostInstallsAreFound,
  notFoundMeansGone,
  replacedMeansReplaced,
  supportStateIsTrue,
  supportedMeansFresh,
  nothingPendingIsTrue,
  heldMeansHeld,
  leasesAreReleased,
  leasesAreKept,
  slotsAreFree,
  everythingCameToRest,
  pollsAreApart,
  retryAfterIsKept,
  neverThrottled,
  nothingSecret,
} as const satisfies Readonly<Record<string, (played: Played) => string[]>>;

export type JudgeName = keyof typeof judges;

export const judged = (played: Played): string[] =>
  Object.entries(judges).flatMap(([name, judge]) => judge(played).map((violation) => `${name}: ${violation}`));
