import { HostClient } from "./host-client";
import { flag, type Given } from "./options";
import { lastingHostOf, targetOptions } from "./target";
import { tellWhere } from "./where";

/** What `--json` prints; a change of its fields is a change of this number. */
const SCHEMA_VERSION = 1;

/** Options of commands about sweeps and stored policies. */
export const lastingHostOptions = {
  host: targetOptions.host,
  key: targetOptions.key,
  json: flag("Prints one JSON document instead of words."),
};

export type LastingHostGiven = Given<typeof lastingHostOptions>;

/** The host, to ask. @throws UsageError when none is named */
export function hostToAsk(given: LastingHostGiven): HostClient {
  const { url, key } = lastingHostOf(given);
  return new HostClient(url, key);
}

/** The host, to change something there: where that is, is told first. @throws UsageError when none is named */
export async function hostToChange(given: LastingHostGiven): Promise<HostClient> {
  const host = lastingHostOf(given);
  await tellWhere(host);
  return new HostClient(host.url, host.key);
}

export const print = ({ json }: LastingHostGiven, document: object, words: string): void =>
  void process.stdout.write(`${json ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...document }) : words}\n`);
