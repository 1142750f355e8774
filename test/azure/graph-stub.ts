import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import { Arm } from "../../src/azure/arm";
import { simulatedCredential } from "../../src/azure/arm-transport";

/** A query's body as the SDK sends it. */
export interface Asked {
  readonly subscriptions: readonly string[];
  readonly query: string;
  readonly options: { readonly $top: number; readonly $skipToken?: string };
}

export interface Page {
  readonly data: readonly object[];
  readonly $skipToken?: string;
  readonly resultTruncated?: "true" | "false";
}

/** Resource Graph's 429. */
export const THROTTLED = "throttled";

/** A Resource Graph that answers what it is told to at each turn, counted from 0; one throttled may come back at once. */
export function graph(answerAt: (turn: number, asked: Asked) => Page | typeof THROTTLED): {
  readonly arm: Arm;
  readonly asked: readonly Asked[];
} {
  const asked: Asked[] = [];
  const transport: HttpClient = {
    sendRequest(request) {
      const body = JSON.parse(request.body as string) as Asked;
      const answer = answerAt(asked.length, body);
      asked.push(body);
      return Promise.resolve({
        request,
        status: answer === THROTTLED ? 429 : 200,
        headers: createHttpHeaders(answer === THROTTLED ? { "retry-after": "0" } : {}),
        bodyAsText: JSON.stringify(
          answer === THROTTLED
            ? { error: { code: "RateLimiting", message: "slow down" } }
            : { resultTruncated: "false", count: 0, totalRecords: 0, ...answer },
        ),
      });
    },
  };
  return { arm: new Arm(simulatedCredential, transport), asked };
}
