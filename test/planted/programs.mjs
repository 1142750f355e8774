import { spawn } from "node:child_process";

const running = new Set();

/**
 * Runs a file with this very Node and gathers what it prints. A program that takes too long ends with all it started.
 * @returns {Promise<{ status: number | null, output: string, timedOut: boolean }>}
 */
export function runNode(file, args, { cwd, timeoutMs }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], {
      cwd,
      // A group of its own, so that nothing it starts is left behind.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, FORCE_COLOR: "0" },
    });
    running.add(child);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child);
    }, timeoutMs);
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ status, output: Buffer.concat(chunks).toString("utf8"), timedOut });
    });
  });
}

export function killAll() {
  for (const child of running) killGroup(child);
}

function killGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
