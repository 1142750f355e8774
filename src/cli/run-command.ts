import type { DryRunPlan, RunView } from "../contracts/api/runs";
import type { VmView } from "../contracts/api/vms";
import type { InstallOptions } from "../domain/install/options";
import { canonicalVmId, formatVmId, type VmId } from "../domain/machine/vm-id";
import { OperatorError } from "../errors";
import { several } from "./argument";
import { command } from "./command";
import { asksYes, requireConsent, type Terminal } from "./consent";
import { followRun } from "./follow-run";
import { installFlags, installOf, onlySystemOf, requireSystem } from "./install-options";
import { flag, type Given } from "./options";
import { openToRead, openToWork, ownHostOptions, type OpenHost } from "./own-host";
import { callsText, effectText } from "./plan-text";
import { exitCodeOfRun, runText } from "./run-text";
import { vmName } from "./short-names";
import { exitCodeOf, StopSignals } from "./stop-signal";
import { targetOf, targetOptions, type Target } from "./target";
import { tell } from "./tell";
import { UsageError } from "./usage-error";
import { vmArgument } from "./vm-argument";
import { vmText } from "./vm-text";
import { tellWhere } from "./where";

/** What `--json` prints; a change of its fields is a change of this number. */
const SCHEMA_VERSION = 2;
/** A command follows each run by itself. */
const MOST_VMS = 50;

const runOptions = {
  ...targetOptions,
  "dry-run": flag("Lists the calls that the run would make, and makes none of them but the first, which reads the VM."),
  explain: flag("Lists every call before it happens: method, URL, body."),
  yes: flag("Consents; without it you are asked on the terminal."),
  json: flag("Prints one JSON document instead of words."),
  ...ownHostOptions,
};

export const assessCommand = command(
  "assess",
  "Checks VMs for updates: which patches each lacks, and whether Azure can patch its image. Installs nothing.",
  several(vmArgument),
  runOptions,
  (vmIds, given) => carryOut({ vmIds: distinct(vmIds), mode: "assess", install: {} }, given),
);

export const patchCommand = command(
  "patch",
  "Patches VMs once: assesses each, and installs patches if Azure says that it can patch its image.",
  several(vmArgument),
  {
    ...runOptions,
    ...installFlags,
  },
  (vmIds, given) => carryOut({ vmIds: distinct(vmIds), mode: "patch", install: installOf(given) }, given),
);

interface Wish {
  readonly vmIds: readonly VmId[];
  readonly mode: RunView["mode"];
  readonly install: InstallOptions;
}

/** One VM's part of a command's result. */
interface Done {
  readonly vmId: VmId;
  readonly run?: RunView;
  /** What is on record after an assessment. */
  readonly vm?: VmView;
}

async function carryOut(wish: Wish, given: Given<typeof runOptions>): Promise<number> {
  const { "dry-run": dryRun = false, explain = false, yes = false, json = false } = given;
  const terminal: Terminal = { input: process.stdin, output: process.stderr };
  const target = targetOf(given, wish.vmIds, { ...process.env });
  if (!dryRun) requireConsent(yes, terminal, "--dry-run");

  await tellWhere(target);
  await requireRightSystem(target, given, wish);
  const plans = dryRun || explain || !yes ? await plansOf(target, given, wish) : [];
  if (dryRun || explain) for (const plan of plans) (json || !dryRun ? tell : print)(callsText(plan));
  if (dryRun) {
    if (json) printDocument(wish, plans, []);
    return plans.every(({ endsWith }) => endsWith === undefined) ? 0 : 1;
  }
  const effects = plans.map((plan) => effectText(wish.mode, plan)).join("\n");
  if (!yes && !(await asksYes(effects, terminal))) {
    tell("Nothing was started.");
    return 1;
  }
  const host = await openToWork(target, given);
  try {
    const done = await work(host, wish, new StopSignals(), json ? () => undefined : printDone);
    if (typeof done === "number") return done;
    if (json) printDocument(wish, plans, done);
    return Math.max(...done.map(({ run }) => (run ? exitCodeOfRun(run) : 1)));
  } finally {
    await host.close();
  }
}

/** Options for one system only are held against each VM's own before anything is started. @throws UsageError */
async function requireRightSystem(target: Target, given: Given<typeof runOptions>, wish: Wish): Promise<void> {
  const only = onlySystemOf(wish.install);
  if (only === undefined) return;
  const host = await openToRead(target, given);
  try {
    for (const vmId of wish.vmIds) requireSystem(only, await host.client.vm(formatVmId(vmId)));
  } finally {
    await host.close();
  }
}

async function plansOf(target: Target, given: Given<typeof runOptions>, wish: Wish): Promise<DryRunPlan[]> {
  const host = await openToRead(target, given);
  try {
    return await host.client.plans(wish.vmIds.map(formatVmId), wish.mode, wish.install);
  } finally {
    await host.close();
  }
}

/** What became of each VM, in their order; the exit code when the user stopped waiting. */
async function work(
  host: OpenHost,
  wish: Wish,
  signals: StopSignals,
  done: (done: Done) => void,
): Promise<Done[] | number> {
  const runIds = await startOrGoOn(host, wish);
  const endings = await Promise.all(
    wish.vmIds.map(async (vmId): Promise<Done | { readonly stopped: number }> => {
      const runId = runIds.get(canonicalVmId(vmId));
      if (runId === undefined) return { vmId };
      const several = wish.vmIds.length > 1;
      const run = await followRun(host.client, runId, signals, several ? `${vmName(formatVmId(vmId))}: ` : "");
      if (typeof run === "string") {
        tell(`Run ${runId} is not over: ${host.goesOn}.`);
        return { stopped: exitCodeOf(run) };
      }
      await host.settled(runId);
      const ended = { vmId, run, ...(wish.mode === "assess" && (await onRecord(host, vmId))) };
      done(ended);
      return ended;
    }),
  );
  const stopped = endings.find((ending) => "stopped" in ending);
  return stopped ? stopped.stopped : endings.filter((ending) => "vmId" in ending);
}

/** What Azure lists as missing now. The run has its outcome already: trouble with this read is only told. */
async function onRecord({ client }: OpenHost, vmId: VmId): Promise<Pick<Done, "vm">> {
  try {
    return { vm: await client.vm(formatVmId(vmId)) };
  } catch (failure) {
    if (!(failure instanceof OperatorError)) throw failure;
    tell(`The missing patches could not be listed: ${failure.message}`);
    return {};
  }
}

/** The run of each VM, by its id in lower case. One that was left behind is gone on with: another would find the VM held. */
async function startOrGoOn({ client }: OpenHost, { vmIds, mode, install }: Wish): Promise<Map<string, string>> {
  const begun = await client.unfinishedRuns();
  const wanted = new Set(vmIds.map(canonicalVmId));
  const others = begun.filter((run) => !wanted.has(run.vmId.toLowerCase())).length;
  if (others > 0) tell(`${others} more runs that were begun before go on meanwhile.`);

  const goesOn = Object.keys(install).length > 0 ? [] : begun.filter((run) => run.mode === mode);
  const runIds = new Map<string, string>();
  for (const { vmId, runId } of goesOn) {
    const key = vmId.toLowerCase();
    if (!wanted.has(key) || runIds.has(key)) continue;
    runIds.set(key, runId);
    tell("A run that was begun before is not over: it is followed, and no other is started.");
  }
  const fresh = vmIds.filter((vmId) => !runIds.has(canonicalVmId(vmId)));
  if (fresh.length > 0) {
    const { runs, notStarted } = await client.start(fresh.map(formatVmId), mode, install);
    for (const { vmId, runId } of runs) runIds.set(vmId.toLowerCase(), runId);
    for (const vmId of notStarted) tell(`${vmId}: its run could not be started: ask again later`);
  }
  for (const runId of runIds.values()) tell(`Run:           ${runId}`);
  return runIds;
}

function distinct(vmIds: readonly VmId[]): readonly VmId[] {
  const byId = new Map(vmIds.map((vmId) => [canonicalVmId(vmId), vmId]));
  if (byId.size <= MOST_VMS) return [...byId.values()];
  throw new UsageError(`VM_ID...: ${byId.size} machines; name at most ${MOST_VMS}, or patch more with a sweep`);
}

const print = (words: string): void => void process.stdout.write(`${words}\n`);

function printDone({ run, vm }: Done): void {
  if (run) print(`\n${runText(run)}`);
  if (vm) print(`On record:\n${vmText(vm).replaceAll(/^/gm, "  ")}`);
}

const printDocument = ({ vmIds, mode }: Wish, plans: readonly DryRunPlan[], done: readonly Done[]): void =>
  print(
    JSON.stringify({
      schemaVersion: SCHEMA_VERSION,
      mode,
      machines: vmIds.map((vmId, index) => ({
        vmId: formatVmId(vmId),
        plan: plans[index] ?? null,
        run: done[index]?.run ?? null,
        vm: done[index]?.vm ?? null,
      })),
    }),
  );
