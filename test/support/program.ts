import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

const living = new Set<Program>();

/** For afterEach: a test that failed in the middle leaves its processes behind. */
export async function stopAll(): Promise<void> {
  await Promise.all([...living].map((process) => process.stop()));
}

/** A process with its output, the leader of a group. */
export class Program {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
  stdout = "";
  stderr = "";

  constructor(file: string, args: readonly string[], { cwd, env }: ProgramOptions) {
    this.#child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.#child.stdout.on("data", (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.#child.stderr.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    living.add(this);
    this.ended = new Promise((resolve) => {
      // A file that cannot be run has no process, and tells it by this event alone.
      this.#child.once("error", (failure) => (this.stderr += failure.message));
      this.#child.once("close", (code) => {
        living.delete(this);
        resolve({ code, stdout: this.stdout, stderr: this.stderr });
      });
    });
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

  /** To all that it started, and to itself. */
  signalGroup(name: "SIGTERM" | "SIGKILL"): void {
    const { pid } = this.#child;
    try {
      if (pid !== undefined) process.kill(-pid, name);
    } catch {
      // None of them lives any more.
    }
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
