import { z } from "zod";
import { policyDefaults } from "../../domain/policy/defaults";
import { type hookMoments } from "../../domain/policy/policy";
import { duration, httpsUrl, name, whole } from "./fields";

const PLACES = ["subscriptionId", "resourceGroup", "vmName"] as const;

const probeUrl = httpsUrl.refine(
  (text) =>
    [...text.matchAll(/\{([^}]*)\}?/g)].every(
      ([place, word]) => place.endsWith("}") && PLACES.some((known) => known === word),
    ),
  `write only the places ${PLACES.map((place) => `{${place}}`).join(", ")}`,
);

const probe = z
  .strictObject({
    url: probeUrl.describe(
      "https address that answers with a 2xx status when the VM is well. {subscriptionId}, {resourceGroup} and {vmName} stand for the VM's, after the host name.",
    ),
    timeout: duration("PT1S", "PT5M").default(policyDefaults.probe.timeout).describe("How long one call may take."),
  })
  .describe("An https call that must succeed as well. Without it the VM's own state is enough.");

export const verify = z
  .strictObject({
    within: duration("PT1M", "PT24H")
      .default(policyDefaults.verify.within)
      .describe(
        "How long after its installation a VM may take to run with a ready agent, a boot time as expected, and a probe that succeeds.",
      ),
    probe: probe.exactOptional(),
  })
  .prefault({})
  .describe("When a VM counts as verified.");

export const verdict = z
  .strictObject({
    tries: whole(1, 3)
      .default(policyDefaults.verdict.tries)
      .describe("VMs of an image version that may go first, one after the other, until one of them tells the verdict."),
    deadline: duration("PT10M", "P2D")
      .default(policyDefaults.verdict.deadline)
      .describe("How long the others wait for it."),
    agreeing: whole(2, 10)
      .default(policyDefaults.verdict.agreeing)
      .describe("VMs that must be Unsupported before the rest of their image version is held back."),
    expiresAfterDays: whole(1, 365)
      .default(policyDefaults.verdict.expiresAfterDays)
      .describe("Days after which a verdict is asked for again."),
  })
  .prefault({})
  .describe("An image version of which nobody knows whether it can be patched: one VM goes first.");

const hook = z.strictObject({
  url: httpsUrl.describe("https address that is called; anything but a 2xx answer in time means no."),
  key: name.describe("Name of the key that signs the call. The key itself is the app's, never a policy's."),
  deadline: duration("PT1S", "PT1H").default(policyDefaults.hook.deadline).describe("How long the answer may take."),
});

const meanings: Readonly<Record<(typeof hookMoments)[number], string>> = {
  beforeVm: "Before a VM's first operation; no means that the VM is skipped.",
  afterVm: "After a VM has ended; no means that it counts as failed.",
  beforeStage: "Before a stage; no means that the sweep stops.",
  afterStage: "After a stage; no means that the sweep stops.",
};
const moment = (at: (typeof hookMoments)[number]) => hook.describe(meanings[at]).exactOptional();

export const hooks = z
  .strictObject({
    beforeVm: moment("beforeVm"),
    afterVm: moment("afterVm"),
    beforeStage: moment("beforeStage"),
    afterStage: moment("afterStage"),
  })
  .prefault({})
  .describe("Calls to your own services. They fail closed: no answer is a no.");
