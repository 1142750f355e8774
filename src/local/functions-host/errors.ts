/** Why the host did not start. The message names the cause and the remedy; `cause` keeps the original error. */
export class HostStartError extends Error {
  override readonly name = "HostStartError";
  readonly code: HostStartErrorCode;

  constructor(code: HostStartErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

export type HostStartErrorCode =
  | "EntryFileMissing"
  | "AppThrewAtLoad"
  | "NoFunctions"
  | "FunctionNotOffered"
  | "ScheduleInvalid"
  | "RouteInvalid"
  | "PortTaken"
  | "ListenFailed";

export const messageOf = (thrown: unknown): string => {
  if (typeof thrown === "object" && thrown !== null && "message" in thrown) return String(thrown.message);
  return String(thrown);
};

/** Errors of the app may come from another realm (a sandbox), so `instanceof Error` would miss them. */
export const stackOf = (thrown: unknown): string => {
  if (typeof thrown === "object" && thrown !== null && "stack" in thrown) return String(thrown.stack);
  return messageOf(thrown);
};
