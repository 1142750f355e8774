import type { Played } from "../played";

/** What never stands in a log line or a history: the token's header, and the signature of an operation's address. */
const SECRETS = [/Bearer\s/i, /[?&]s=[\w-]{40,}/, /[?&]c=[\w-]{40,}/];

const secretIn = (text: string): boolean => SECRETS.some((secret) => secret.test(text));

/** Neither logs nor histories hold a token or an operation's address; rows hold no token. */
export function nothingSecret(played: Played): string[] {
  const rows = JSON.stringify([played.runs, played.vms, played.slots]);
  return [
    ...played.logs.filter(secretIn).map((line) => `a log line holds a secret: ${line.slice(0, 120)}`),
    ...played.orchestrations
      .filter(({ text }) => secretIn(text))
      .map(({ instanceId }) => `the history of ${instanceId} holds a secret`),
    ...(/Bearer\s/i.test(rows) ? ["a row holds a token"] : []),
  ];
}
