import { parseArgs } from "node:util";
import { stopAll } from "../cli/goldpatch";
import { compare } from "./compare";
import { patchWhileKilled } from "./kill";

/** `npm run test:kill`: 200 VMs, the host killed at least 20 times, compared with the same fleet undisturbed. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      vms: { type: "string", default: "200" },
      kills: { type: "string", default: "25" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
    },
  });
  const [vms, kills, seed] = [Number(values.vms), Number(values.kills), Number(values.seed)];
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  tell(`${vms} VMs, ${kills} kills, seed ${seed}`);
  const undisturbed = await patchWhileKilled({ vms, kills: 0, seed, tell });
  tell(`undisturbed: ${undisturbed.seconds} s`);
  const killed = await patchWhileKilled({ vms, kills, seed, tell });
  const { violations, unresolved } = compare(undisturbed, killed);
  for (const violation of violations) print(`VIOLATION  ${violation}`);
  if (killed.kills < kills) print(`VIOLATION  only ${killed.kills} kills before all runs had ended: raise --vms`);
  print(
    `${vms} VMs, ${killed.kills} kills in ${killed.seconds} s (undisturbed ${undisturbed.seconds} s): ` +
      `${violations.length} violations, ${unresolved.length} IntentUnresolved${unresolved.length > 0 ? ` (${unresolved.join(", ")})` : ""}; ` +
      `seed ${seed}`,
  );
  return violations.length > 0 || killed.kills < kills ? 1 : 0;
}

const print = (line: string) => process.stdout.write(`${line}\n`);

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void stopAll().then(() => process.exit(130)));
main().then(
  (code) => process.exit(code),
  async (failure: unknown) => {
    await stopAll();
    process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
    process.exit(1);
  },
);
