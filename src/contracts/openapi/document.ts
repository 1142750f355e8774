import { z } from "zod";
import type { RouteName } from "../names";
import { operations, type Operation, type ProblemStatus } from "./operations";
import { apiSchemas, type SchemaName } from "./schemas";

/** What is registered for a route. */
export interface RouteAddress {
  readonly method: string;
  /** Below /api. `{*x}` takes the rest of the path. */
  readonly path: string;
  readonly role: string;
}

/** Raised when a route no longer does what it did. */
const API_VERSION = "1";

/** Every route can answer these. */
const ALWAYS = [401, 403, 500] as const;
const problemTexts: Readonly<Record<ProblemStatus | (typeof ALWAYS)[number], string>> = {
  400: "The request is wrong; the detail names every field, its value and the remedy",
  401: "No key, a wrong one, or nobody signed in; without a body where the host refuses the key",
  403: "The role is missing, or Azure refuses the app's identity",
  404: "There is no such thing",
  409: "Not in the state that it is in now",
  412: "It is not what if-match or if-none-match says",
  413: "The body is too large",
  500: "The app failed",
  503: "It may not, or Azure does not answer",
};

const headerTexts = {
  etag: "The policy's hash",
  location: "Where it is told what becomes of it; of POST /api/runs for a single VM only",
  "retry-after": "Seconds until it is worth asking",
} as const;

/** The OpenAPI 3.1 document of these routes. */
export function openApiDocument(routes: Readonly<Record<RouteName, RouteAddress>>): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const name of Object.keys(routes) as RouteName[]) {
    const { method, path, role } = routes[name];
    const item = (paths[`/${path.replaceAll("{*", "{")}`] ??= {});
    item[method.toLowerCase()] = operationObject(name, operations[name], { path, role });
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Goldpatch",
      version: API_VERSION,
      description: "Patches Azure VMs that were created from customized images.",
    },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    servers: [{ url: "/api" }],
    paths,
    components: {
      schemas: componentSchemas(),
      responses: Object.fromEntries(
        Object.entries(problemTexts).map(([status, description]) => [`Problem${status}`, problemResponse(description)]),
      ),
      securitySchemes: {
        functionKey: { type: "apiKey", in: "header", name: "x-functions-key" },
        entra: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "Beside the key, where GOLDPATCH_ACCESS is entra",
        },
      },
    },
  };
}

function operationObject(name: RouteName, operation: Operation, { path, role }: Omit<RouteAddress, "method">): object {
  const { tag, summary, query, headers = {}, body, answers, problems } = operation;
  const parameters = [
    ...pathParameters(path),
    ...(query ? queryParameters(query) : []),
    ...Object.entries(headers).map(([header, description]) => ({
      ...{ name: header, in: "header", required: false, description },
      schema: { type: "string" },
    })),
  ];
  const statuses = [...problems, ...ALWAYS].toSorted((a, b) => a - b);
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: `For the role ${role}.`,
    security: [{ functionKey: [] }, { functionKey: [], entra: [role] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: body.required, content: contentOf(body.content) } }),
    responses: {
      ...Object.fromEntries(answers.map((answer) => [answer.status, successResponse(answer)])),
      ...Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }])),
    },
  };
}

const STATUS_TEXTS = { 200: "Done", 201: "Created", 202: "Accepted: the work goes on" } as const;

const successResponse = ({ status, schema, headers = [] }: Operation["answers"][number]) => ({
  description: STATUS_TEXTS[status],
  ...(headers.length > 0 && {
    headers: Object.fromEntries(
      headers.map((name) => [name, { description: headerTexts[name], schema: { type: "string" } }]),
    ),
  }),
  content: contentOf({ "application/json": schema }),
});

const problemResponse = (description: string) => ({
  description,
  headers: {
    "retry-after": { description: headerTexts["retry-after"], required: false, schema: { type: "string" } },
  },
  content: contentOf({ "application/problem+json": "Problem" }),
});

const referenceTo = (name: string): string => `#/components/schemas/${name}`;

const contentOf = (schemas: Readonly<Record<string, SchemaName>>): object =>
  Object.fromEntries(Object.entries(schemas).map(([type, name]) => [type, { schema: { $ref: referenceTo(name) } }]));

/** OpenAPI knows no parameter that spans slashes: it is told in words. */
function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\*?)(\w+)\}/g)].map(([, rest, name]) => ({
    ...{ name, in: "path", required: true, schema: { type: "string" } },
    ...(rest === "*" && { description: "ARM id without its first slash; its other slashes stay as they are" }),
  }));
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly required?: readonly string[];
}

function queryParameters(query: z.ZodObject): object[] {
  const { properties = {}, required = [] } = jsonSchemaOf(query) as ObjectSchema;
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: "query", required: required.includes(name), schema },
    ...(description !== undefined && { description }),
  }));
}

const OPTIONS = {
  io: "input",
  unrepresentable: "any",
  // The format says it; zod's pattern is a line long.
  override: ({ jsonSchema }: { readonly jsonSchema: { format?: string; pattern?: string } }) => {
    if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
  },
} as const;

const jsonSchemaOf = (schema: z.ZodType): object => z.toJSONSchema(schema, OPTIONS);

/** Each by its name; where one is part of another, by reference. */
function componentSchemas(): object {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(apiSchemas)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { ...OPTIONS, uri: referenceTo });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _id, ...schema }]) => [name, schema]),
  );
}
