/** A request whose body has been read. */
export interface HostRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Reply => ({ status, headers });

export const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify(value),
});

export const text = (status: number, body: string): Reply => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body,
});

/** An error as application/problem+json (RFC 9457); the detail names field, value and remedy. */
export const problem = (status: number, title: string, detail: string): Reply => ({
  status,
  headers: { "content-type": "application/problem+json" },
  body: JSON.stringify({ type: "about:blank", title, status, detail }),
});

/** No key, or a wrong one, at a webhook. */
export const unauthorized: Reply = empty(401, { "www-authenticate": "Bearer" });
