import { z } from "zod";
import { canonicalVmId, parseVmId, type VmId } from "../../domain/machine/vm-id";
import { firstLine, sameText } from "../../domain/text";

/**
 * `Microsoft.Resources.ResourceWriteSuccess` in the Event Grid schema and as CloudEvents 1.0: the same `data`, other names
 * around it (Event Grid: event schema of subscriptions). Claims, evidence and httpRequest come in several shapes and
 * are not read.
 */
const writeEvent = z
  .looseObject({
    eventType: z.string().optional(),
    type: z.string().optional(),
    eventTime: z.string().optional(),
    time: z.string().optional(),
    topic: z.string().optional(),
    source: z.string().optional(),
    subject: z.string().optional(),
    data: z.looseObject({
      operationName: z.string(),
      correlationId: z.string().min(1),
      resourceUri: z.string().optional(),
      subscriptionId: z.string().optional(),
    }),
  })
  .transform(({ eventType, type, eventTime, time, topic, source, subject, data }) => ({
    type: eventType ?? type ?? "",
    time: eventTime ?? time ?? "",
    sender: topic ?? source ?? "",
    subject,
    resource: data.resourceUri ?? subject ?? "",
    subscriptionId: data.subscriptionId,
    operationName: data.operationName,
    correlationId: data.correlationId,
  }));
type WriteEvent = z.infer<typeof writeEvent>;

export type VmWrite =
  | {
      readonly kind: "vmWritten";
      readonly vmId: VmId;
      readonly correlationId: string;
      /** Milliseconds since the epoch. */
      readonly at: number;
    }
  | { readonly kind: "ignored"; readonly reason: string; readonly subject: string }
  /** It contradicts itself, which nothing does that comes from a subscription's topic. */
  | { readonly kind: "refused"; readonly reason: string; readonly subject: string };

const EVENT_TYPE = "microsoft.resources.resourcewritesuccess";
const OPERATION = "microsoft.compute/virtualmachines/write";

/** Reads an event in either schema; anything that is no write of a VM, or not of its topic, starts nothing. */
export function readVmWrite(event: unknown): VmWrite {
  const parsed = writeEvent.safeParse(event);
  if (!parsed.success) return ignored(`not a resource event: ${parsed.error.issues[0]?.path.join(".") ?? ""}`, "");
  const { type, time, resource, operationName, correlationId } = parsed.data;
  if (type.toLowerCase() !== EVENT_TYPE) return ignored(`type ${type}`, resource);
  // Extensions and run commands of a VM are writes too, with names of their own.
  if (operationName.toLowerCase() !== OPERATION) return ignored(`operation ${operationName}`, resource);
  const vmId = parseVmId(resource);
  if (vmId?.kind !== "azureVm") return ignored("the resource is no VM", resource);
  const contradiction = contradictionIn(parsed.data, vmId);
  if (contradiction !== undefined) return { ...told(contradiction, resource), kind: "refused" };
  // Date also reads years of six digits, which nothing else does.
  const at = /^\d{4}-/.test(time) ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? ignored(`time ${time}`, resource) : { kind: "vmWritten", vmId, correlationId, at };
}

/**
 * Topic (in CloudEvents: source), subject and data name the same VM in the samples of Event Grid's event schema, whose
 * topic is the subscription. Who has the webhook's key could write all of them alike; what stands against that is
 * GOLDPATCH_SCOPE, and the run's own look at the VM.
 */
function contradictionIn({ sender, subject, subscriptionId }: WriteEvent, vmId: VmId): string | undefined {
  const id = canonicalVmId(vmId);
  const topic = sender.toLowerCase().replace(/\/$/, "");
  if (topic === "" || !id.startsWith(`${topic}/`)) return `topic "${sender}": its subscription has no such VM`;
  if (subject !== undefined && !sameText(subject.replace(/\/$/, ""), id))
    return `subject "${subject}": data.resourceUri is another`;
  if (subscriptionId !== undefined && !sameText(subscriptionId, vmId.subscriptionId)) {
    return `data.subscriptionId "${subscriptionId}": the VM is in another`;
  }
  return undefined;
}

/** An event may hold anything of any length; the log need not. */
const told = (reason: string, subject: string) => ({ reason: firstLine(reason), subject: firstLine(subject) });

const ignored = (reason: string, subject: string): VmWrite => ({ ...told(reason, subject), kind: "ignored" });
