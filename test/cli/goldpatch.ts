import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { packageRoot } from "../../src/local/package-root";
import { Program, type Ended } from "../support/program";

export { stopAll, type Ended } from "../support/program";

export const ROOT = packageRoot();
/** What bin/goldpatch.mjs loads after it has built it; jest has built it already. */
const COMMAND = path.join(ROOT, "dist/goldpatch.js");

type Settings = Readonly<Record<string, string>>;

const ownSettings = (name: string): boolean => name.startsWith("GOLDPATCH_");

/** The command as a process of its own, the leader of a group. */
export class Goldpatch extends Program {
  /** Its user's home: nothing of the real one is read or written. */
  readonly home: string;

  constructor(args: readonly string[], settings: Settings = {}, options: { cwd?: string } = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !ownSettings(name) && name !== "INIT_CWD");
    const home = mkdtempSync(path.join(tmpdir(), "goldpatch-home-"));
    const homes = { HOME: home, XDG_DATA_HOME: home, LOCALAPPDATA: home };
    super(process.execPath, [COMMAND, ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...Object.fromEntries(inherited), ...homes, ...settings },
    });
    this.home = home;
    void this.ended.then(() => rmSync(home, { recursive: true, force: true }));
  }
}

export const goldpatch = (args: readonly string[], settings: Settings = {}): Promise<Ended> =>
  new Goldpatch(args, settings).ended;
