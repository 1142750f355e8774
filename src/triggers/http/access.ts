import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { z } from "zod";
import { firstLine } from "../../domain/text";
import type { Logs } from "../../logs";
import { problem } from "./answers";

/** What a caller may do: look, or start and stop work. The values of the app roles in Entra. */
export type Role = "Goldpatch.Reader" | "Goldpatch.Operator";

export interface AccessSettings {
  /** `key`: the function key alone, which the Functions host checks. `entra`: an app role as well. */
  readonly access: "key" | "entra";
  /** Whether App Service authentication stands before the app, and so whose header the principal is. */
  readonly platformSignsIn: boolean;
}

/**
 * App Service removes this header from what comes in from outside and sets it itself, base64 of JSON
 * (learn.microsoft.com/azure/app-service/configure-authentication-user-identities). Without it in front of the app
 * anybody could write the header.
 */
const PRINCIPAL_HEADER = "x-ms-client-principal";
/** A principal with hundreds of groups has a few kilobytes. */
const LONGEST_PRINCIPAL = 64 * 1024;

const principal = z.object({
  auth_typ: z.literal("aad"),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
  role_typ: z.string().nullish(),
});

/** App roles come under the name that the principal gives, or under the token's own. */
const ROLE_CLAIM = "roles";

/** The answer to a caller who may not; undefined for one who may. An operator may all that a reader may. */
function refusalOf(
  { access, platformSignsIn }: AccessSettings,
  request: HttpRequest,
  role: Role,
): HttpResponseInit | undefined {
  if (access === "key") return undefined;
  if (!platformSignsIn) {
    return forbidden(
      'GOLDPATCH_ACCESS is "entra", and App Service authentication is off: switch it on, or set GOLDPATCH_ACCESS to key',
    );
  }
  const roles = rolesIn(request.headers.get(PRINCIPAL_HEADER));
  if (!roles) return problem(401, "Not signed in", "sign in with Entra and send its token as authorization: Bearer");
  return roles.has(role) || roles.has("Goldpatch.Operator")
    ? undefined
    : forbidden(`role: "${role}" is missing: let it be assigned to you in the app's enterprise application`);
}

const forbidden = (detail: string): HttpResponseInit => problem(403, "Not allowed", detail);

/** Undefined when nobody is signed in with Entra. */
function rolesIn(header: string | null): ReadonlySet<string> | undefined {
  if (header === null || header.length > LONGEST_PRINCIPAL) return undefined;
  const parsed = principal.safeParse(jsonIn(header));
  if (!parsed.success) return undefined;
  const { claims, role_typ } = parsed.data;
  return new Set(claims.filter(({ typ }) => typ === ROLE_CLAIM || typ === role_typ).map(({ val }) => val));
}

function jsonIn(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
  } catch {
    return undefined;
  }
}

type Answer<Engine> = (request: HttpRequest, engine: Engine) => Promise<HttpResponseInit>;

/** The route, for callers with the role. What fails in it is told to the log alone. */
export const guarded =
  <Engine>(settings: AccessSettings, logs: Logs, route: string, role: Role, answer: Answer<Engine>): Answer<Engine> =>
  async (request, engine) => {
    const refusal = refusalOf(settings, request, role);
    if (refusal) {
      logs.accessRefused({ route, role, status: refusal.status ?? 0 });
      return refusal;
    }
    try {
      return await answer(request, engine);
    } catch (failure) {
      logs.requestFailed({ route, failure: firstLine(String(failure)) });
      return problem(500, "The request failed", `${route}: failed inside the app: ask again, then look at its log`);
    }
  };
