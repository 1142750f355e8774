import { ArmError, emptyAnswer, jsonAnswer, type ArmResponse } from "../arm-message";
import type { OperationAddresses, FollowedOperation } from "./operation-addresses";
import { retryAfter } from "./operation-addresses";
import type { Machine } from "../machine/machine";
import { arcResultBody } from "./arc-result-bodies";
import type { PatchOperation } from "./operation";
import { resultBody } from "./result-bodies";

/** What the address of an operation answers, in both forms. @throws ArmError when the address is not (or no longer) known */
export function answerPoll(
  addresses: OperationAddresses,
  operationId: string,
  query: string,
  now: number,
): ArmResponse {
  const followed = addresses.find(operationId);
  if (!followed) throw notFound(operationId);
  const monitor = query === addresses.query(followed, true);
  if (!monitor && query !== addresses.query(followed, false)) throw notFound(operationId);
  followed.polls += 1;
  if (followed.polls > (followed.causes.gonePolls ?? Number.POSITIVE_INFINITY)) throw notFound(operationId);
  return monitor ? locationAnswer(followed, addresses, now) : statusAnswer(followed, now);
}

/** `Azure-AsyncOperation`: [REC] R1; a broken operation: [3P] azure-rest-api-specs#31144. */
function statusAnswer({ id, operation, machine, causes }: FollowedOperation, now: number): ArmResponse {
  const { calendar } = machine.world;
  const startTime = calendar.offset(operation.startsAt);
  if (now < operation.endsAt || causes.stuck) {
    return jsonAnswer(200, { startTime, status: "InProgress", name: id }, retryAfter(causes));
  }
  const told = causes.resultIn === "outputAndLocation" || causes.resultIn === "outputOnly";
  const output = told ? bodyOf(operation, machine) : undefined;
  return jsonAnswer(200, {
    startTime,
    endTime: calendar.offset(operation.endsAt),
    status: operation.ending.status,
    ...(operation.ending.error ? { error: operation.ending.error } : {}),
    ...(output ? { properties: { output } } : {}),
    name: id,
  });
}

/** `Location`: 202 while it runs [MEM, ARM contract], then the result [REC] R1 to R3; 409 when it broke (assumption). */
function locationAnswer(followed: FollowedOperation, addresses: OperationAddresses, now: number): ArmResponse {
  const { operation, machine, causes } = followed;
  if (now < operation.endsAt || causes.stuck) {
    const location = addresses.headers(followed)["location"];
    return emptyAnswer(202, { ...(location === undefined ? {} : { location }), ...retryAfter(causes) });
  }
  const { error } = operation.ending;
  if (error) throw new ArmError(409, error.code, error.message);
  const told = causes.resultIn === "outputAndLocation" || causes.resultIn === "locationOnly";
  const result = told ? bodyOf(operation, machine) : undefined;
  if (result) return jsonAnswer(200, result);
  if (causes.emptyLocationStatus === 404) throw notFound(followed.id);
  return emptyAnswer(204);
}

const bodyOf = (operation: PatchOperation, { arc, image, world }: Machine) =>
  arc ? arcResultBody(operation, image.osType, world.calendar) : resultBody(operation, world.calendar, world.start);

/** Assumption: no recording shows an address that expired or whose signature does not fit. */
const notFound = (operationId: string): ArmError =>
  new ArmError(404, "NotFound", `The entity ${operationId} was not found in this Azure location.`);
