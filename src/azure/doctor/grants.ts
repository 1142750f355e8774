import { z } from "zod";
import type { Grant } from "../../domain/doctor/access";
import type { Arm } from "../arm";
import { getJson, type Read } from "./get";

/** Authorization: Permissions, List; the caller's own, at a scope and from above it. */
const API_VERSION = "2022-04-01";
/** More pages than any identity has role assignments for. */
const MOST_PAGES = 20;

const grant = z.looseObject({ actions: z.array(z.string()).default([]), notActions: z.array(z.string()).default([]) });
const page = z.looseObject({ value: z.array(grant), nextLink: z.string().nullish() });

/** What the caller may do at a scope. Deny assignments and roles that wait for activation are not told. */
export async function readGrants(arm: Arm, subscriptionId: string, scope: string): Promise<Read<Grant[]>> {
  const grants: Grant[] = [];
  let next: string | undefined = `${scope}/providers/Microsoft.Authorization/permissions?api-version=${API_VERSION}`;
  for (let pages = 0; next !== undefined && pages < MOST_PAGES; pages += 1) {
    const look: Read<z.infer<typeof page>> = await getJson(arm, subscriptionId, next, page);
    if (look.kind !== "read") return look;
    grants.push(...look.value.value);
    next = look.value.nextLink || undefined;
  }
  return { kind: "read", value: grants };
}
