import type { Argument } from "../argument";
import { z } from "zod";
import type { SweepPlan, SweepView } from "../../contracts/api/sweeps";
import type { HostClient } from "../host-client";
import { UsageError } from "../usage-error";

const ID = /^policy-[\w-]{1,90}$/;

export const sweepArgument: Argument<string> = {
  placeholder: "ID",
  meaning: "A sweep's id, as goldpatch sweep start and list print it.",
  read: sweepIdOf,
};

export function sweepIdOf(text: string): string {
  if (ID.test(text)) return text;
  throw new UsageError(`ID "${text}": is no sweep's id; goldpatch sweep list tells them`);
}

const sweepBody = z.looseObject({ sweepId: z.string(), state: z.string(), stages: z.array(z.looseObject({})) });

/** What was answered, if it is a sweep. */
function toSweep(answer: unknown): SweepView {
  sweepBody.parse(answer);
  return answer as SweepView;
}

/** @param body a policy's text, or a stored one's name */
export const startSweep = async (
  host: HostClient,
  body: { readonly policy: string } | { readonly policyName: string },
): Promise<SweepView> => toSweep(await host.request("POST", "sweeps", JSON.stringify(body)));

/** What a sweep would do; nothing is started. */
export async function planSweep(
  host: HostClient,
  body: { readonly policy: string } | { readonly policyName: string },
): Promise<SweepPlan> {
  const answer = await host.request("POST", "sweeps", JSON.stringify({ ...body, dryRun: true }));
  z.looseObject({ dryRun: z.literal(true), stages: z.array(z.looseObject({})) }).parse(answer);
  return answer as SweepPlan;
}

export async function sweepsOf(host: HostClient): Promise<SweepView[]> {
  const answer = await host.request("GET", "sweeps");
  return z
    .looseObject({ sweeps: z.array(z.unknown()) })
    .parse(answer)
    .sweeps.map(toSweep);
}

export const sweepOf = async (host: HostClient, sweepId: string): Promise<SweepView> =>
  toSweep(await host.request("GET", `sweeps/${sweepId}`));

export const changeSweep = async (
  host: HostClient,
  sweepId: string,
  action: "pause" | "resume" | "cancel" | "approve",
  body?: object,
): Promise<SweepView> =>
  toSweep(await host.request("POST", `sweeps/${sweepId}/${action}`, body && JSON.stringify(body)));
