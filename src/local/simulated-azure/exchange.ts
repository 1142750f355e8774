import { ArmError, type ArmRequest } from "./arm-message";

/** A request on its way to its answer, with what the transcript will tell of it. */
export class Exchange {
  readonly request: ArmRequest;
  readonly url: URL;
  /** Waits for an instant of the simulation. */
  readonly sleepUntil: (instant: number) => Promise<void>;
  /** Headers of the answer, whatever it will be. */
  readonly headers: Record<string, string> = {};
  bucket: string | null = null;
  vmIds: readonly string[] = [];
  operationId: string | null = null;

  constructor(request: ArmRequest, armOrigin: string, sleepUntil: (instant: number) => Promise<void>) {
    this.request = request;
    this.url = new URL(request.url, armOrigin);
    this.sleepUntil = sleepUntil;
  }

  get apiVersion(): string {
    return this.url.searchParams.get("api-version") ?? "";
  }

  /** @throws ArmError as ARM refuses a request without token or api-version */
  admit(): void {
    if (!/^Bearer \S/i.test(this.request.headers["authorization"] ?? "")) {
      throw new ArmError(
        401,
        "AuthenticationFailed",
        "Authentication failed. The 'Authorization' header is missing.",
        {},
        { "www-authenticate": 'Bearer authorization_uri="https://login.windows.net/", error="invalid_token"' },
      );
    }
    if (this.apiVersion === "") {
      throw new ArmError(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
      );
    }
  }
}
