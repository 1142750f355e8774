import { intentKey } from "../../../src/ledger/intent";
import type { Lease } from "../../../src/ledger/lease";
import { rowsLike, type Course, type Post } from "../course";

/** The intent stands in its row before the request leaves, and one intent leads to one request. */
export function onePostPerIntent({ posts }: Course): string[] {
  const sent = new Set<string>();
  return posts.flatMap(({ label, intent, rowsThen }) => {
    if (!intent) return [`${label} has no intent`];
    const key = intentKey(intent);
    const written = [...rowsThen.values()].some((rows) => rows.has(key));
    const again = sent.has(key);
    sent.add(key);
    return [
      ...(written ? [] : [`${label} left before its intent was written`]),
      ...(again ? [`${label} left twice`] : []),
    ];
  });
}

/** A run installs once, and sends nothing more once an install of its own may have been taken. */
export function oneInstallPerRun({ runs, posts, intents }: Course): string[] {
  return runs.flatMap(({ runId }) => {
    const taken = posts.filter(
      ({ kind, intent, operationId }) => kind === "install" && intent?.runId === runId && operationId !== undefined,
    );
    const own = intents.filter((intent) => intent.runId === runId && intent.operation === "install");
    const perhaps = own.findIndex(({ state }) => ["open", "accepted", "untraced"].includes(state));
    return [
      ...(taken.length > 1 ? [`run ${runId} installed ${taken.length} times`] : []),
      ...(perhaps >= 0 && perhaps < own.length - 1
        ? [`run ${runId} has an install intent after a ${own[perhaps]?.state ?? ""} one`]
        : []),
    ];
  });
}

/** Azure refused nothing: no request while an operation of ours runs, none beyond the buckets. */
export function nothingRefused({ scenario, transcript }: Course): string[] {
  if (scenario.refusals) return [];
  return transcript
    .filter(({ status }) => status === 409 || status === 429)
    .map(({ t, method, path, status }) => `${method} ${path} at ${t} was answered ${String(status)}`);
}

/** An install leaves only after this run has seen a fresh Supported. */
export function noInstallWithoutSupport({ posts }: Course): string[] {
  return posts.flatMap(({ kind, label, intent, rowsThen }) => {
    if (kind !== "install" || !intent) return [];
    const run = runThen(rowsThen, intent.runId);
    const read = run?.steps.findLast(({ name }) => name === "readSupportState")?.evidence;
    return read?.["decision"] === "supported" && read["fresh"] === true
      ? []
      : [`${label} left without a fresh Supported`];
  });
}

/** Nothing leaves while the stop switch is on, or after its run was cancelled. */
export function nothingAgainstASwitch({ posts }: Course): string[] {
  return posts.flatMap(({ label, t, intent, rowsThen }) => {
    const switches = rowsThen.get("switches");
    const against = ["stop", `cancel:${intent?.runId ?? ""}`].filter((key) => {
      const row = switches?.get(key);
      if (row === undefined) return false;
      const { on, since } = JSON.parse(row) as { on: boolean; since: string };
      // Within one instant the two may have crossed.
      return on && Date.parse(since) < t;
    });
    return against.map((key) => `${label} left although ${key} was on`);
  });
}

/** Only the holder of the lease sends, under the epoch of its intent. */
export function onlyTheHolderSends({ posts }: Course): string[] {
  return posts.flatMap(({ label, intent, rowsThen }) => {
    if (!intent) return [];
    const partition = [...rowsThen].find(([, rows]) => rows.has(intentKey(intent)));
    const [lease] = rowsLike<Lease>(new Map(partition ? [partition] : []), "", "lease");
    const holds = lease?.held === true && lease.runId === intent.runId && lease.epoch === intent.epoch;
    return holds ? [] : [`${label} left without the lease`];
  });
}

const runThen = (rowsThen: Post["rowsThen"], runId: string) =>
  rowsLike<Course["runs"][number]>(rowsThen, "runs", runId)[0];
