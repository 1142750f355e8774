import type { RunView } from "../contracts/api/runs";
import { codesNamed, codesText } from "./code-text";
import { one, type Argument } from "./argument";
import { command } from "./command";
import { dataFolderPath, dataOption } from "./data-option";
import { HostClient, HostRefusal } from "./host-client";
import { keptRun } from "./kept-runs";
import { flag, type Given } from "./options";
import { runText } from "./run-text";
import { azureRequests, ticketText } from "./support-ticket";
import { hostOf, targetOptions } from "./target";
import { UsageError } from "./usage-error";

/** What `--json` prints; a change of its fields is a change of this number. */
const SCHEMA_VERSION = 1;

const RUN_ID = /^(?:event|sweep|http)-[0-9a-f]{32}$/;

const argument: Argument<string> = {
  placeholder: "CODE|RUN_ID",
  meaning: "An outcome, such as undetermined, its code, such as IntentUnresolved, or a run's id.",
  read: (text) => text,
};

const { host, key } = targetOptions;
const options = { host, key, data: dataOption, json: flag("Prints one JSON document instead of words.") };

export const explainCommand = command(
  "explain",
  "Tells what an outcome's code means; or of a run what was seen, and what Azure's support asks for.",
  one(argument),
  options,
  async (word, given) => {
    if (RUN_ID.test(word)) {
      const run = await findRun(word, given);
      print(given.json, { run, azureRequests: azureRequests(run) }, `${runText(run)}\n${ticketText(run)}`);
      return 0;
    }
    const codes = codesNamed(word);
    if (codes.length === 0) {
      throw new UsageError(
        `CODE|RUN_ID "${word}": is no outcome, no code and no run id; docs/outcomes.md lists the codes, a run id is http- and 32 digits`,
      );
    }
    print(given.json, { codes }, codesText(codes));
    return 0;
  },
);

async function findRun(runId: string, given: Given<typeof options>): Promise<RunView> {
  const running = hostOf(given);
  if (running) return askHost(new HostClient(running.url, running.key), runId);
  const folder = dataFolderPath(given.data, process.env["GOLDPATCH_ARM_ENDPOINT"]?.trim() || undefined);
  const run = await keptRun(folder, runId);
  if (run) return run;
  throw new UsageError(
    `RUN_ID "${runId}": is no run of ${folder}; name its folder with --data, or its host with --host`,
  );
}

async function askHost(client: HostClient, runId: string): Promise<RunView> {
  try {
    return await client.run(runId);
  } catch (failure) {
    if (failure instanceof HostRefusal && failure.status === 404) {
      throw new UsageError(`RUN_ID "${runId}": is no run of ${client.url}; name the host that it ran on`);
    }
    throw failure;
  }
}

const print = (json: true | undefined, document: object, words: string): void =>
  void process.stdout.write(`${json ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...document }) : words}\n`);
