import { z } from "zod";
import type { Arm } from "../arm";
import { getJson, type Read } from "./get";

/** Resource Manager: Providers, Get. */
const API_VERSION = "2021-04-01";

const provider = z.looseObject({ registrationState: z.string() });

/** `Registered`, `NotRegistered`, `Registering`, `Unregistering` or `Unregistered`. */
export async function readRegistration(arm: Arm, subscriptionId: string, namespace: string): Promise<Read<string>> {
  const path = `/subscriptions/${subscriptionId}/providers/${namespace}?api-version=${API_VERSION}`;
  const look = await getJson(arm, subscriptionId, path, provider);
  return look.kind === "read" ? { kind: "read", value: look.value.registrationState } : look;
}
