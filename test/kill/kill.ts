import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunView } from "../../src/contracts/api/runs";
import type { TranscriptLine } from "../../src/local/simulated-azure";
import { Chance } from "../../src/local/simulated-azure/chance";
import { Goldpatch } from "../cli/goldpatch";
import { killFleet, killSettings } from "./kill-fleet";

export interface KillOptions {
  readonly vms: number;
  /** How often the host's process is killed; 0 leaves it alone. */
  readonly kills: number;
  /** Of the fleet's draws and of the moments of the kills. */
  readonly seed: number;
  readonly tell: (line: string) => void;
}

export interface KillResult {
  readonly kills: number;
  readonly seconds: number;
  /** By VM name. */
  readonly runs: ReadonlyMap<string, RunView>;
  /** Install requests that reached Azure, by VM name. */
  readonly installPosts: ReadonlyMap<string, number>;
}

/** Simulated seconds per second: a request's minute is then three seconds, which a busy machine keeps. */
const SPEED = 20;
const SHORTEST_LIFE_MS = 300;
const LONGEST_LIFE_MS = 2_000;
const ASK_EVERY_MS = 500;
const TOO_LONG_MS = 20 * 60_000;

/**
 * Patches a fleet with the goldpatch command, while its host is killed again and again at random moments (SIGKILL) and
 * started again on the same data. Simulated Azure is a process of its own that is not killed.
 */
export async function patchWhileKilled({ vms, kills, seed, tell }: KillOptions): Promise<KillResult> {
  const folder = mkdtempSync(path.join(tmpdir(), "goldpatch-kill-"));
  const transcript = path.join(folder, "transcript.jsonl");
  const { fleet, vmIds } = killFleet(vms);
  const fleetFile = path.join(folder, "fleet.json");
  writeFileSync(fleetFile, JSON.stringify(fleet));
  const pace = ["--speed", String(SPEED), "--port", "0"];
  const azure = new Goldpatch([
    ...["simulate", "--fleet", fleetFile, "--seed", String(seed), "--transcript", transcript],
    ...pace,
  ]);
  let host: Goldpatch | undefined;
  try {
    const endpoint = await azure.says("stdout", /^GOLDPATCH_ARM_ENDPOINT=(http:.+)$/m);
    const start = async () => {
      host = new Goldpatch(["host", "--data", path.join(folder, "data"), ...pace], killSettings(endpoint));
      return new Api(
        await host.says("stdout", /^(http:\/\/127\.0\.0\.1:\d+\/api)$/m),
        await host.says("stderr", /x-functions-key: ([^']+)'/),
      );
    };
    let api = await start();
    const began = performance.now();
    await api.patch(vmIds);
    const chance = new Chance(seed);
    let killed = 0;
    for (; killed < kills && !(await allEnded(api, vms)); killed++) {
      await sleep(chance.between(SHORTEST_LIFE_MS, LONGEST_LIFE_MS, "life", killed));
      host?.signal("SIGKILL");
      await host?.ended;
      api = await start();
      tell(`killed ${killed + 1} times after ${secondsSince(began)} s`);
    }
    while (!(await allEnded(api, vms))) {
      if (performance.now() - began > TOO_LONG_MS) throw new Error(`runs are open after ${secondsSince(began)} s`);
      await sleep(ASK_EVERY_MS);
    }
    const runs = await api.runs();
    return {
      kills: killed,
      seconds: secondsSince(began),
      runs: new Map(runs.map((run) => [nameOf(run.vmId), run])),
      installPosts: installPosts(readFileSync(transcript, "utf8")),
    };
  } finally {
    await Promise.all([host?.stop(), azure.stop()]);
    rmSync(folder, { recursive: true });
  }
}

class Api {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#headers = { "x-functions-key": key };
  }

  async patch(vmIds: readonly string[]): Promise<void> {
    const body = JSON.stringify({ vmIds, mode: "patch" });
    const answer = await fetch(`${this.#url}/runs`, { method: "POST", headers: this.#headers, body });
    if (answer.status !== 202) throw new Error(`POST runs was answered ${answer.status}: ${await answer.text()}`);
  }

  async runs(): Promise<RunView[]> {
    const answer = await fetch(`${this.#url}/runs`, { headers: this.#headers });
    return ((await answer.json()) as { runs: RunView[] }).runs;
  }
}

async function allEnded(api: Api, vms: number): Promise<boolean> {
  const runs = await api.runs();
  return runs.length === vms && runs.every(({ outcome }) => outcome !== null);
}

function installPosts(transcript: string): Map<string, number> {
  const posts = new Map<string, number>();
  for (const line of transcript.split("\n").filter(Boolean)) {
    const { path: asked, vmIds, status } = JSON.parse(line) as TranscriptLine;
    // A refusal started nothing; a request without answer may have.
    if (!asked.includes("/installPatches?") || (status !== null && status >= 400)) continue;
    for (const name of vmIds.map(nameOf)) posts.set(name, (posts.get(name) ?? 0) + 1);
  }
  return posts;
}

const nameOf = (vmId: string): string => vmId.slice(vmId.lastIndexOf("/") + 1).toLowerCase();
const secondsSince = (instant: number): number => Math.round((performance.now() - instant) / 1000);
