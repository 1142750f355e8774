/** A request as Azure Resource Manager sees it. */
export interface ArmRequest {
  readonly method: string;
  /** Absolute (`https://management.azure.com/...`) or a path. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface ArmResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a connection reset looks like to an in-process client. */
export class ConnectionCut extends Error {
  readonly code = "ECONNRESET";
  /** The answer of which a part was sent before; it is of use to nobody. */
  readonly begun: ArmResponse | undefined;

  constructor(begun?: ArmResponse) {
    super(begun ? "aborted" : "socket hang up");
    this.name = "ConnectionCut";
    this.begun = begun;
  }
}

type Headers = Readonly<Record<string, string>>;

export const jsonAnswer = (status: number, body: unknown, headers: Headers = {}): ArmResponse => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify(body),
});

export const emptyAnswer = (status: number, headers: Headers = {}): ArmResponse => ({
  status,
  headers: { "content-length": "0", ...headers },
  body: "",
});

export interface ArmErrorDetails {
  readonly target?: string;
  readonly details?: readonly Readonly<Record<string, unknown>>[];
}

/** An error in ARM's envelope. Thrown anywhere below a route, it becomes the answer. */
export class ArmError extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: ArmErrorDetails;
  readonly headers: Headers;

  constructor(status: number, code: string, message: string, more: ArmErrorDetails = {}, headers: Headers = {}) {
    super(message);
    this.name = "ArmError";
    this.status = status;
    this.code = code;
    this.more = more;
    this.headers = headers;
  }

  answer(): ArmResponse {
    return jsonAnswer(this.status, { error: { code: this.code, message: this.message, ...this.more } }, this.headers);
  }
}
