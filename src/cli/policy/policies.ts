import type { Argument } from "../argument";
import { z } from "zod";
import type { PolicyDocument, PolicyView } from "../../contracts/api/policies";
import type { HostClient } from "../host-client";
import type { Option } from "../options";
import { UsageError } from "../usage-error";

const NAME = /^[a-z0-9-]{1,63}$/;

export const policyNameArgument: Argument<string> = {
  placeholder: "NAME",
  meaning: "A stored policy's name, as goldpatch policy list prints it.",
  read: (text) => policyNameOf(text),
};

/** Instead of a file. */
export const policyOption: Option<string> = {
  placeholder: "NAME",
  meaning: "A policy that is stored on the host, instead of a file.",
  read: (text, name) => policyNameOf(text, `--${name}`),
};

function policyNameOf(text: string, field = "NAME"): string {
  if (NAME.test(text)) return text;
  throw new UsageError(`${field} "${text}": is no policy's name; goldpatch policy list tells them`);
}

const policyView = z.looseObject({ name: z.string(), hash: z.string(), mode: z.string() });
const policyDocument = policyView.extend({ text: z.string(), policy: z.looseObject({}) });

function toDocument(answer: unknown): PolicyDocument {
  policyDocument.parse(answer);
  return answer as PolicyDocument;
}

export async function storedPolicies(host: HostClient): Promise<PolicyView[]> {
  const answer = await host.request("GET", "policies");
  z.looseObject({ policies: z.array(policyView) }).parse(answer);
  return (answer as { policies: PolicyView[] }).policies;
}

export const storedPolicy = async (host: HostClient, name: string): Promise<PolicyDocument> =>
  toDocument(await host.request("GET", `policies/${name}`));

export const storePolicy = async (host: HostClient, name: string, text: string): Promise<PolicyDocument> =>
  toDocument(await host.request("PUT", `policies/${name}`, text));

export async function deletePolicy(host: HostClient, name: string): Promise<void> {
  await host.request("DELETE", `policies/${name}`);
}
