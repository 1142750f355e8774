import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { policyBody } from "../../contracts/api/policies";
import { problemLine, readPolicy } from "../../policy-file/read-policy";
import type { PolicyCondition, PolicyPorts, SweepPorts, TriggerPorts } from "../ports";
import { badRequest, problem } from "./answers";
import { LARGEST_BODY_BYTES, readTextBody } from "./body";

interface Ports {
  readonly app: Pick<TriggerPorts, "refusal">;
  readonly sweeps: Pick<SweepPorts, "troubleWith">;
  readonly policies: PolicyPorts;
}

/** GET /api/policies: by name, with what their schedules do next. */
export const listPolicies =
  ({ policies }: Ports) =>
  async (): Promise<HttpResponseInit> => ({ status: 200, jsonBody: { policies: await policies.list() } });

/** GET /api/policies/{name}: the text as it was sent, and what it says with all defaults. */
export const getPolicy =
  ({ policies }: Ports) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => {
    const name = nameIn(request);
    const policy = await policies.policy(name);
    return policy ? { status: 200, headers: etagOf(policy.hash), jsonBody: policy } : unknownPolicy(name);
  };

/** PUT /api/policies/{name}: keeps a policy that the app carries out whole, or says all that is wrong with it. */
export const putPolicy =
  ({ app, sweeps, policies }: Ports) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => {
    const name = nameIn(request);
    const condition = conditionOf(request);
    if (condition === undefined) return badRequest(CONDITION);
    const text = await readTextBody(request);
    if (text === undefined) return problem(413, "Body too large", `body: more than ${LARGEST_BODY_BYTES} bytes`);
    const body = policyBody.safeParse(text);
    if (!body.success) return badRequest(`body: ${body.error.issues[0]?.message ?? ""}`);
    const reading = readPolicy(text);
    if (reading.kind === "problems") return badRequest(`policy: ${reading.problems.map(problemLine).join("; ")}`);
    const { policy, hash } = reading;
    const misnamed =
      policy.name === name ? [] : [`name: "${policy.name}": the address says "${name}": write the same name twice`];
    const trouble = [...misnamed, ...sweeps.troubleWith(policy)];
    if (trouble.length > 0) return badRequest(`policy: ${trouble.join("; ")}: nothing was stored`);
    if (app.refusal !== undefined) return problem(503, "Policies are refused", app.refusal);

    const put = await policies.put({ policy, hash, text }, condition);
    switch (put.kind) {
      case "changedMeanwhile":
        return changedMeanwhile(name);
      case "tooMany":
        return problem(409, "Too many policies", `name: "${name}": ${put.most} policies are stored: delete one first`);
      default: {
        const location = new URL(`/api/policies/${name}`, request.url).href;
        const status = put.kind === "created" ? 201 : 200;
        return { status, headers: { location, ...etagOf(hash) }, jsonBody: put.policy };
      }
    }
  };

/** DELETE /api/policies/{name}: sweeps that were started by it go on, for they keep their own copy. */
export const deletePolicy =
  ({ app, policies }: Ports) =>
  async (request: HttpRequest): Promise<HttpResponseInit> => {
    const name = nameIn(request);
    const condition = conditionOf(request);
    if (condition === undefined) return badRequest(CONDITION);
    if (app.refusal !== undefined) return problem(503, "Policies are refused", app.refusal);
    const removed = await policies.remove(name, condition);
    if (removed === "unknown") return unknownPolicy(name);
    return removed === "removed" ? { status: 200, jsonBody: { name, deleted: true } } : changedMeanwhile(name);
  };

const nameIn = (request: HttpRequest): string => request.params["name"] ?? "";

const etagOf = (hash: string) => ({ etag: `"${hash}"` });

const CONDITION =
  "if-match: send the ETag of GET /api/policies/{name}, or if-none-match: * for a new policy, or neither";

/** What must be there before it is changed; undefined when the headers say nothing that is known. */
function conditionOf(request: HttpRequest): PolicyCondition | undefined {
  const [match, none] = [request.headers.get("if-match"), request.headers.get("if-none-match")];
  if (match === null && none === null) return null;
  if (match === null) return none === "*" ? "absent" : undefined;
  const [, hash] = /^"([0-9a-f]{64})"$/.exec(match) ?? [];
  return none === null ? hash : undefined;
}

const unknownPolicy = (name: string): HttpResponseInit =>
  problem(
    404,
    "Unknown policy",
    `name: ${JSON.stringify(name)}: no such policy is stored: GET /api/policies lists them`,
  );

const changedMeanwhile = (name: string): HttpResponseInit =>
  problem(412, "Policy changed", `name: "${name}": it is not what if-match or if-none-match says: read it again`);
