import { connectArm, type Arm } from "../../azure/arm";
import { readCandidates } from "../../azure/resource-graph/candidates";
import { pagesOf } from "../../azure/resource-graph/pages";
import { formatScopeEntry } from "../../domain/machine/scope";
import { formatVmId, parseVmId, type VmId } from "../../domain/machine/vm-id";
import { OperatorError } from "../../errors";
import { one } from "../argument";
import { command } from "../command";
import { flag, number } from "../options";
import { ownHost } from "../target";
import { tellWhere } from "../where";
import { examineSubscription, examineVm, readRows } from "./examine";
import { patiently, retryAfterOf } from "./patience";
import { reportOf, reportText, type Examined, type Report } from "./report";
import { scopeOf, subjectArgument, type Subject } from "./subject";

/** What `--json` prints; a change of its fields is a change of this number. */
const SCHEMA_VERSION = 1;
const MOST_VMS = 50;

export const doctorCommand = command(
  "doctor",
  "Tells what stands in the way of patching a VM, or the VMs of a subscription, with a remedy for each. Only reads.",
  one(subjectArgument),
  {
    azure: flag("Your real Azure with your own login."),
    most: number(`A subscription: at most so many VMs are looked at; ${MOST_VMS} if absent.`, 1, 1000),
    json: flag("Prints one JSON document instead of words."),
  },
  async (subject, { azure = false, most = MOST_VMS, json = false }) => {
    const target = ownHost(azure, [scopeOf(subject)], { ...process.env, GOLDPATCH_SCOPE: "" });
    await tellWhere(target);
    const arm = connectArm(
      {
        ...(target.endpoint !== undefined && { endpoint: target.endpoint }),
        cloud: target.settings.GOLDPATCH_CLOUD,
      },
      undefined,
    );
    const report = await examine(arm, subject, most);
    process.stdout.write(
      `${json ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...report }) : reportText(report)}\n`,
    );
    return report.verdict === "clear" ? 0 : 1;
  },
);

async function examine(arm: Arm, subject: Subject, most: number): Promise<Report> {
  const { subscriptionId } = scopeOf(subject);
  const subscription = formatScopeEntry({ subscriptionId });
  const first = { id: subscription, findings: await examineSubscription(arm, subscriptionId) };
  if (subject.kind === "vm") {
    const vms = await examineAll(arm, [subject.vmId]);
    return reportOf(formatVmId(subject.vmId), { examined: 1, found: 1 }, [first, ...vms]);
  }
  if (first.findings.some(({ code }) => code === "SubscriptionNotFound")) {
    return reportOf(subscription, { examined: 0, found: 0 }, [first]);
  }
  const found = await findVms(arm, subscriptionId);
  const vms = await examineAll(arm, found.slice(0, most));
  return reportOf(subscription, { examined: vms.length, found: found.length }, [first, ...vms]);
}

/** @throws OperatorError when Resource Graph does not tell which VMs there are */
async function findVms(arm: Arm, subscriptionId: string): Promise<VmId[]> {
  const vmIds: VmId[] = [];
  const read = (skipToken: string | undefined) =>
    patiently(() => readCandidates(arm, [{ subscriptionId }], skipToken), retryAfterOf);
  for await (const page of pagesOf(read)) {
    if (page.kind !== "read") {
      throw new OperatorError(`the VMs of ${subscriptionId} could not be listed: ${page.message}; name one VM instead`);
    }
    vmIds.push(...page.vmIds.flatMap((id) => parseVmId(id) ?? []));
  }
  return vmIds;
}

/** Enough to be quick, few enough to leave Azure's limits to others. */
const AT_ONCE = 5;

async function examineAll(arm: Arm, vmIds: readonly VmId[]): Promise<Examined[]> {
  const examined: Examined[] = [];
  const rows = await readRows(arm, vmIds);
  for (let at = 0; at < vmIds.length; at += AT_ONCE) {
    const some = vmIds.slice(at, at + AT_ONCE);
    const findings = await Promise.all(some.map((vmId, index) => examineVm(arm, vmId, rows[at + index])));
    examined.push(...some.map((vmId, index) => ({ id: formatVmId(vmId), findings: findings[index] ?? [] })));
  }
  return examined;
}
