import { formatVmId } from "../domain/machine/vm-id";
import { commandOn } from "./command";
import { flag } from "./options";
import { openToRead } from "./own-host";
import { speedOption } from "./simulated-clock";
import { targetOf, targetOptions } from "./target";
import { vmArgument } from "./vm-argument";
import { vmText } from "./vm-text";
import { tellWhere } from "./where";

/** What `--json` prints; a change of its fields is a change of this number. */
const SCHEMA_VERSION = 1;

export const supportCommand = commandOn(
  "support",
  "Tells what Azure has on record about one VM's support state, where that is from and how old it is. Starts nothing.",
  vmArgument,
  { ...targetOptions, json: flag("Prints one JSON document instead of words."), speed: speedOption },
  async (vmId, { json, ...given }) => {
    const target = targetOf(given, vmId, { ...process.env });
    await tellWhere(target);
    const host = await openToRead(target, given);
    try {
      const vm = await host.client.vm(formatVmId(vmId));
      process.stdout.write(`${json ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, vm }) : vmText(vm)}\n`);
      return 0;
    } finally {
      await host.close();
    }
  },
);
