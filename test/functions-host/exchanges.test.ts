import { afterEach, expect, test } from "@jest/globals";
import { comparedAnswer, stepsOf, type Exchange } from "./support/exchanges";
import { exchangeScripts } from "./support/exchange-script";
import { expectRecorded, type Part } from "./support/expect-recorded";
import { appFile, loadOutside } from "./support/load";
import { exchangeLogs } from "./support/recordings";
import type { Answer, TestHost } from "./support/outside";

/** What was asked of the real host, one request after the other, is asked of ours: the same answers. */
const outside = loadOutside();
let app: TestHost;
afterEach(() => app.close());

/** The keys of the recordings; ours are new with every start. */
const KEY = /^(?:durable-sys-key|eg-sys-key|master)$/;

function send({ method, sent }: Exchange, url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const ours = (value: string) => (KEY.test(value) ? app.host.systemKey : value);
  return app.call(
    url.replace(/\bcode=([\w-]+)/, (_, key: string) => `code=${ours(key)}`),
    {
      method,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, ours(value)])),
      ...(sent !== undefined && { body: sent }),
    },
  );
}

/** Who of several at once is first differs from run to run. */
const inOrder = (answers: readonly unknown[]): unknown =>
  answers.length === 1 ? answers[0] : answers.map((answer) => JSON.stringify(answer)).sort();

test.each(exchangeLogs)("$name", async ({ name, log }) => {
  const script = exchangeScripts[name];
  if (!script) throw new Error(`exchange-script.ts does not tell what happened beside the requests of ${name}`);
  const env = { EXPROP: "", ECHO_MS: String(script.activityMs ?? "") };
  app = await outside.openHost({ main: appFile("scenarios.cjs"), env });
  const answers = new Map<string, Answer>();
  const parts = new Map<string, Part>();
  for (const [step, exchanges] of stepsOf(log)) {
    await script.before[step]?.(app);
    const headers = script.headers(step, answers);
    const received = await Promise.all(
      exchanges.map((exchange) => send(exchange, script.url?.(step, exchange.url, answers) ?? exchange.url, headers)),
    );
    for (const answer of received) answers.set(step, answer);
    parts.set(step, {
      got: inOrder(received.map((answer) => comparedAnswer(step, answer))),
      wanted: inOrder(exchanges.map((exchange) => comparedAnswer(step, exchange))),
    });
  }
  expect(parts.size).toBeGreaterThan(0);
  expectRecorded(name, parts);
}, 60_000);
