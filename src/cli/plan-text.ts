import { z } from "zod";
import type { DryRunPlan } from "../contracts/api/runs";
import { parseDuration } from "../domain/install/duration";
import { outcomeTable, type OutcomeRow } from "../domain/outcome/table";
import { isServer, saidOf } from "./machine-words";

const INSTALL = "/installpatches";

/** What planning an installation tells about its effect; the body of installPatches. */
const installBody = z.looseObject({
  rebootSetting: z.string(),
  maximumDuration: z.string(),
  windowsParameters: z.looseObject({ classificationsToInclude: z.array(z.string()).optional() }).optional(),
  linuxParameters: z.looseObject({ classificationsToInclude: z.array(z.string()).optional() }).optional(),
});

const REBOOTS: Readonly<Record<string, string>> = {
  Never: "It is not rebooted.",
  IfRequired: "It is rebooted if a patch requires it.",
  Always: "It is rebooted.",
};

/** The row of a code that this version knows. */
export const rowOf = (code: string | null | undefined): OutcomeRow | undefined =>
  Object.entries(outcomeTable).find(([known]) => known === code)?.[1];

/** Every call, as it would leave, a body indented below it. */
export function callsText({ vmId, calls, endsWith }: DryRunPlan): string {
  const lines = calls.flatMap(({ method, url, body }) => [
    `  ${method} ${url}`,
    ...(body === null ? [] : [`    ${JSON.stringify(body)}`]),
  ]);
  return [
    "Calls, in this order:",
    ...lines,
    ...(calls.length > 1
      ? ["  Between them reads are repeated, and each operation is followed with GETs of the address that Azure gives."]
      : []),
    ...(endsWith === undefined ? [] : [`  Then it ends: ${endsText(vmId, endsWith)}`]),
  ].join("\n");
}

/** What the run does to the machine, for somebody who has to consent. */
export function effectText(mode: "assess" | "patch", plan: DryRunPlan): string {
  const assess = `Azure looks for missing patches on ${plan.vmId}: an operation of some minutes, which brings Azure's patch extension onto it and installs nothing.`;
  const now =
    plan.endsWith === undefined
      ? []
      : [`As it is now, the run would end before that: ${endsText(plan.vmId, plan.endsWith)}`];
  return [assess, ...(mode === "patch" ? [installText(plan)] : []), ...now].join("\n");
}

function installText({ vmId, calls }: DryRunPlan): string {
  const call = calls.find(({ url }) => new URL(url).pathname.toLowerCase().endsWith(INSTALL));
  const parsed = installBody.safeParse(call?.body);
  const proof = isServer(vmId) ? "the assessment succeeds" : "Azure says that it can patch its image";
  if (!parsed.success) return `If ${proof}, it installs the missing patches.`;
  const { rebootSetting, maximumDuration, windowsParameters, linuxParameters } = parsed.data;
  const classes = (windowsParameters ?? linuxParameters)?.classificationsToInclude?.join(", ");
  const which = classes === undefined ? "the patches that were named" : `missing patches (${classes})`;
  const minutes = (parseDuration(maximumDuration) ?? 0) / 60_000;
  const reboot = REBOOTS[rebootSetting] ?? `Its rebootSetting is ${rebootSetting}.`;
  return `If ${proof}, it installs ${which} for ${minutes} minutes at most. ${reboot}`;
}

function endsText(vmId: string, code: string): string {
  const row = rowOf(code);
  return row ? `${row.outcome} (${code}): ${saidOf(vmId, `${row.meaning} ${row.nextStep}`)}` : code;
}
