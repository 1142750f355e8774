import { IMAGE_ID_FORM, parseImageId } from "../domain/machine/image-id";
import { parseScopeEntry } from "../domain/machine/scope";
import { ARC_ID_FORM, formatVmId, parseVmId, VM_ID_FORM, type VmId } from "../domain/machine/vm-id";
import { one, type Argument } from "./argument";
import { command } from "./command";
import { imageText } from "./image-text";
import { flag, type Given } from "./options";
import { openToRead } from "./own-host";
import { speedOption } from "./simulated-clock";
import { targetIn, targetOf, targetOptions, type Target } from "./target";
import { UsageError } from "./usage-error";
import { vmText } from "./vm-text";
import { tellWhere } from "./where";

/** What `--json` prints; a change of its fields is a change of this number. */
const SCHEMA_VERSION = 1;

/** What the support state is asked of: one machine, or an image version, or all versions of an image. */
type Subject = { readonly kind: "vm"; readonly vmId: VmId } | { readonly kind: "image"; readonly imageId: string };

const subjectArgument: Argument<Subject> = {
  placeholder: "VM_ID|IMAGE_ID",
  meaning: `A VM, ${VM_ID_FORM}, an Arc-enabled server, ${ARC_ID_FORM}, or an image, ${IMAGE_ID_FORM}; without its version all versions are meant.`,
  read(text) {
    const vmId = parseVmId(text);
    if (vmId) return { kind: "vm", vmId };
    const imageId = parseImageId(text);
    if (imageId !== undefined) return { kind: "image", imageId };
    throw new UsageError(
      `VM_ID|IMAGE_ID "${text}": is none of these; write ${VM_ID_FORM}, ${ARC_ID_FORM}, or ${IMAGE_ID_FORM}`,
    );
  },
};

export const supportCommand = command(
  "support",
  "Tells what Azure has on record about the support state of a machine, or of all VMs of an image. Starts nothing.",
  one(subjectArgument),
  { ...targetOptions, json: flag("Prints one JSON document instead of words."), speed: speedOption },
  async (subject, { json, ...given }) => {
    const target =
      subject.kind === "vm"
        ? targetOf(given, [subject.vmId], { ...process.env })
        : targetOfImage(subject.imageId, given);
    await tellWhere(target);
    const host = await openToRead(target, given);
    try {
      if (subject.kind === "vm") {
        const vm = await host.client.vm(formatVmId(subject.vmId));
        print(json ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, vm }) : vmText(vm));
      } else {
        const image = await host.client.image(subject.imageId);
        print(json ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, image }) : imageText(image));
      }
      return 0;
    } finally {
      await host.close();
    }
  },
);

/** An own host looks through GOLDPATCH_SCOPE or, without it, through the subscription of the image. */
function targetOfImage(imageId: string, given: Given<typeof targetOptions>): Target {
  const home = parseScopeEntry(imageId.split("/").slice(0, 3).join("/"));
  if (!home && given.host === undefined && !process.env["GOLDPATCH_SCOPE"]?.trim()) {
    throw new UsageError(`IMAGE_ID "${imageId}": lies in no subscription; set GOLDPATCH_SCOPE to where its VMs are`);
  }
  return targetIn(given, home ? [home] : [], { ...process.env });
}

const print = (words: string): void => void process.stdout.write(`${words}\n`);
