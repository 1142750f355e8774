import type { DryRunPlan, RunView } from "../contracts/api";
import type { InstallOptions } from "../domain/install/options";
import { formatVmId, type VmId } from "../domain/machine/vm-id";
import { commandOn } from "./command";
import { asksYes, requireConsent, type Terminal } from "./consent";
import { followRun } from "./follow-run";
import { installFlags, installOf, onlySystemOf, requireSystem } from "./install-options";
import { flag, type Given } from "./options";
import { openToRead, openToWork, ownHostOptions, type OpenHost } from "./own-host";
import { callsText, effectText } from "./plan-text";
import { exitCodeOfRun, runText } from "./run-text";
import { exitCodeOf, StopSignals } from "./stop-signal";
import { targetOf, targetOptions, type Target } from "./target";
import { tell } from "./tell";
import { vmArgument } from "./vm-argument";
import { tellWhere } from "./where";

/** What `--json` prints; a change of its fields is a change of this number. */
const SCHEMA_VERSION = 1;

const runOptions = {
  ...targetOptions,
  "dry-run": flag("Lists the calls that the run would make, and makes none of them but the first, which reads the VM."),
  explain: flag("Lists every call before it happens: method, URL, body."),
  yes: flag("Consents; without it you are asked on the terminal."),
  json: flag("Prints one JSON document instead of words."),
  ...ownHostOptions,
};

export const assessCommand = commandOn(
  "assess",
  "Assesses one VM: which patches it lacks, and whether Azure can patch its image. Installs nothing.",
  vmArgument,
  runOptions,
  (vmId, given) => carryOut({ vmId, mode: "assess", install: {} }, given),
);

export const patchCommand = commandOn(
  "patch",
  "Patches one VM: assesses it, and installs patches if Azure says that it can patch its image.",
  vmArgument,
  {
    ...runOptions,
    ...installFlags,
  },
  (vmId, given) => carryOut({ vmId, mode: "patch", install: installOf(given) }, given),
);

interface Wish {
  readonly vmId: VmId;
  readonly mode: RunView["mode"];
  readonly install: InstallOptions;
}

async function carryOut(wish: Wish, given: Given<typeof runOptions>): Promise<number> {
  const { "dry-run": dryRun = false, explain = false, yes = false, json = false } = given;
  const terminal: Terminal = { input: process.stdin, output: process.stderr };
  const target = targetOf(given, wish.vmId, { ...process.env });
  if (!dryRun) requireConsent(yes, terminal);

  await tellWhere(target);
  await requireRightSystem(target, given, wish);
  const plan = dryRun || explain || !yes ? await planOf(target, given, wish) : undefined;
  if (plan && (dryRun || explain)) (json || !dryRun ? tell : print)(callsText(plan));
  if (dryRun) {
    if (json) printDocument(wish, plan);
    return plan?.endsWith === undefined ? 0 : 1;
  }
  if (plan && !yes && !(await asksYes(effectText(wish.mode, plan), terminal))) {
    tell("Nothing was started.");
    return 1;
  }
  const signals = new StopSignals();
  const host = await openToWork(target, given);
  try {
    return await work(host, wish, signals, (run) =>
      json ? printDocument(wish, plan, run) : print(`\n${runText(run)}`),
    );
  } finally {
    await host.close();
  }
}

/** Options for one system only are held against the VM's own before anything is started. @throws UsageError */
async function requireRightSystem(target: Target, given: Given<typeof runOptions>, wish: Wish): Promise<void> {
  const only = onlySystemOf(wish.install);
  if (only === undefined) return;
  const host = await openToRead(target, given);
  try {
    requireSystem(only, (await host.client.vm(formatVmId(wish.vmId))).osType);
  } finally {
    await host.close();
  }
}

async function planOf(target: Target, given: Given<typeof runOptions>, wish: Wish): Promise<DryRunPlan> {
  const host = await openToRead(target, given);
  try {
    return await host.client.plan(formatVmId(wish.vmId), wish.mode, wish.install);
  } finally {
    await host.close();
  }
}

async function work(
  host: OpenHost,
  wish: Wish,
  signals: StopSignals,
  printRun: (run: RunView) => void,
): Promise<number> {
  const runId =
    (await unfinished(host, wish)) ?? (await host.client.start(formatVmId(wish.vmId), wish.mode, wish.install));
  tell(`Run:           ${runId}`);
  const run = await followRun(host.client, runId, signals);
  if (typeof run === "string") {
    tell(`Run ${runId} is not over: ${host.goesOn}.`);
    return exitCodeOf(run);
  }
  await host.settled(runId);
  printRun(run);
  return exitCodeOfRun(run);
}

/** A run of this VM that was left behind is gone on with: another would find the VM held. */
async function unfinished({ client }: OpenHost, { vmId, mode, install }: Wish): Promise<string | undefined> {
  const id = formatVmId(vmId).toLowerCase();
  const runs = await client.unfinishedRuns();
  const others = runs.filter((run) => run.vmId.toLowerCase() !== id).length;
  if (others > 0) tell(`${others} more runs that were begun before go on meanwhile.`);
  const same = runs.find((run) => run.vmId.toLowerCase() === id && run.mode === mode);
  if (!same || Object.keys(install).length > 0) return undefined;
  tell("A run that was begun before is not over: it is followed, and no other is started.");
  return same.runId;
}

const print = (words: string): void => void process.stdout.write(`${words}\n`);

const printDocument = ({ vmId, mode }: Wish, plan?: DryRunPlan, run?: RunView): void =>
  print(
    JSON.stringify({
      schemaVersion: SCHEMA_VERSION,
      vmId: formatVmId(vmId),
      mode,
      plan: plan ?? null,
      run: run ?? null,
    }),
  );
