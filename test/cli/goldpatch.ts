import { spawn, type ChildProcessByStdio } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Readable } from "node:stream";
import { packageRoot } from "../../src/local/package-root";

export const ROOT = packageRoot();
/** What bin/goldpatch.mjs loads after it has built it; jest has built it already. */
const COMMAND = path.join(ROOT, "dist/goldpatch.js");

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Settings = Readonly<Record<string, string>>;

const ownSettings = (name: string): boolean => name.startsWith("GOLDPATCH_");

const living = new Set<Goldpatch>();

/** For afterEach: a test that failed in the middle leaves its processes behind. */
export async function stopAll(): Promise<void> {
  await Promise.all([...living].map((process) => process.stop()));
}

/** The command as a process of its own, the leader of a group. */
export class Goldpatch {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
  /** Its user's home: nothing of the real one is read or written. */
  readonly home = mkdtempSync(path.join(tmpdir(), "goldpatch-home-"));
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], settings: Settings = {}, options: { cwd?: string } = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !ownSettings(name) && name !== "INIT_CWD");
    const home = { HOME: this.home, XDG_DATA_HOME: this.home, LOCALAPPDATA: this.home };
    this.#child = spawn(process.execPath, [COMMAND, ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...Object.fromEntries(inherited), ...home, ...settings },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child.stdout.on("data", (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.#child.stderr.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    living.add(this);
    this.ended = new Promise((resolve) =>
      this.#child.once("close", (code) => {
        living.delete(this);
        rmSync(this.home, { recursive: true, force: true });
        resolve({ code, stdout: this.stdout, stderr: this.stderr });
      }),
    );
  }

  /** Waits until the output has what the pattern captures, and answers that. */
  async says(stream: "stdout" | "stderr", pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this[stream]);
      if (found) return found[1] ?? found[0];
      const more = new Promise<"more">((resolve) => this.#child[stream].once("data", () => resolve("more")));
      if ((await Promise.race([more, this.ended])) !== "more" && !pattern.test(this[stream])) {
        throw new Error(`it ended without saying ${String(pattern)}: ${this.stderr}`);
      }
    }
  }

  signal(name: "SIGTERM" | "SIGINT" | "SIGKILL"): void {
    this.#child.kill(name);
  }

  async stop(): Promise<Ended> {
    this.signal("SIGTERM");
    return this.ended;
  }

  /** Whether any process of its group still lives. */
  get leftSomethingBehind(): boolean {
    const { pid } = this.#child;
    if (pid === undefined) return false;
    try {
      process.kill(-pid, 0);
      return true;
    } catch {
      return false;
    }
  }
}

export const goldpatch = (args: readonly string[], settings: Settings = {}): Promise<Ended> =>
  new Goldpatch(args, settings).ended;
