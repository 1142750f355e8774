import { z } from "zod";
import { parseVmId, type VmId } from "../../domain/machine/vm-id";
import { firstLine } from "../../domain/text";

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
    subject: z.string().optional(),
    data: z.looseObject({
      operationName: z.string(),
      correlationId: z.string().min(1),
      resourceUri: z.string().optional(),
    }),
  })
  .transform(({ eventType, type, eventTime, time, subject, data }) => ({
    type: eventType ?? type ?? "",
    time: eventTime ?? time ?? "",
    resource: data.resourceUri ?? subject ?? "",
    operationName: data.operationName,
    correlationId: data.correlationId,
  }));

export type VmWrite =
  | {
      readonly kind: "vmWritten";
      readonly vmId: VmId;
      readonly correlationId: string;
      /** Milliseconds since the epoch. */
      readonly at: number;
    }
  | { readonly kind: "ignored"; readonly reason: string; readonly subject: string };

const EVENT_TYPE = "microsoft.resources.resourcewritesuccess";
const OPERATION = "microsoft.compute/virtualmachines/write";

/** Reads an event in either schema; anything that is no write of a VM is ignored with the reason. */
export function readVmWrite(event: unknown): VmWrite {
  const parsed = writeEvent.safeParse(event);
  if (!parsed.success) return ignored(`not a resource event: ${parsed.error.issues[0]?.path.join(".") ?? ""}`, "");
  const { type, time, resource, operationName, correlationId } = parsed.data;
  if (type.toLowerCase() !== EVENT_TYPE) return ignored(`type ${type}`, resource);
  // Extensions and run commands of a VM are writes too, with names of their own.
  if (operationName.toLowerCase() !== OPERATION) return ignored(`operation ${operationName}`, resource);
  const vmId = parseVmId(resource);
  if (!vmId) return ignored("the resource is no VM", resource);
  // Date also reads years of six digits, which nothing else does.
  const at = /^\d{4}-/.test(time) ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? ignored(`time ${time}`, resource) : { kind: "vmWritten", vmId, correlationId, at };
}

/** An event may hold anything of any length; the log need not. */
const ignored = (reason: string, subject: string): VmWrite => ({
  kind: "ignored",
  reason: firstLine(reason),
  subject: firstLine(subject),
});
