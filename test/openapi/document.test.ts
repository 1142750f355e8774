import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { operations } from "../../src/contracts/openapi/operations";
import { describeRoutes, roleOf, routes } from "../../src/functions/routes";

/** What the OpenAPI Specification 3.1.0 requires of the objects that this document has, and the fields that it knows. */
const reference = z.strictObject({ $ref: z.string().regex(/^#\/components\/(schemas|responses)\/\w+$/) });
const jsonSchema = z.union([
  reference,
  z.looseObject({ type: z.string() }),
  z.looseObject({ anyOf: z.array(z.any()) }),
]);
const content = z.record(z.string().regex(/^application\/[\w+]+$/), z.strictObject({ schema: jsonSchema }));
const header = z.strictObject({ description: z.string(), required: z.boolean().optional(), schema: jsonSchema });
const response = z.strictObject({
  description: z.string().min(1),
  headers: z.record(z.string().regex(/^[a-z-]+$/), header).optional(),
  content,
});
const parameter = z
  .strictObject({
    name: z.string().min(1),
    in: z.enum(["path", "query", "header"]),
    required: z.boolean(),
    description: z.string().optional(),
    schema: jsonSchema,
  })
  .refine((one) => one.in !== "path" || one.required, "a path's parameter is required");
const operation = z.strictObject({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string().min(1),
  description: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))).min(1),
  parameters: z.array(parameter).optional(),
  requestBody: z.strictObject({ required: z.boolean(), content }).optional(),
  responses: z.record(z.string().regex(/^[2-5]\d\d$/), z.union([reference, response])),
});
const openApi = z.strictObject({
  openapi: z.literal("3.1.0"),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  jsonSchemaDialect: z.url(),
  servers: z.array(z.strictObject({ url: z.literal("/api") })),
  paths: z.record(z.string().startsWith("/"), z.partialRecord(z.enum(["get", "post", "put", "delete"]), operation)),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), jsonSchema),
    responses: z.record(z.string().regex(/^[\w.-]+$/), response),
    securitySchemes: z.strictObject({
      functionKey: z.strictObject({ type: z.literal("apiKey"), in: z.literal("header"), name: z.string() }),
      entra: z.strictObject({
        type: z.literal("http"),
        scheme: z.literal("bearer"),
        bearerFormat: z.string(),
        description: z.string(),
      }),
    }),
  }),
});

const written = describeRoutes();
const document = openApi.parse(written);
const told = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, one]) => ({ path, method: method.toUpperCase(), ...one })),
);

describe("the OpenAPI document", () => {
  it("is docs/openapi.json: npm run docs", () => {
    expect(JSON.parse(readFileSync("docs/openapi.json", "utf8"))).toEqual(JSON.parse(JSON.stringify(written)));
  });

  it("tells every route once, under its function's name", () => {
    const registered = Object.entries(routes).map(([name, { method, path }]) => `${name} ${method} /${path}`);
    expect(told.map(({ operationId, method, path }) => `${operationId} ${method} ${path}`).toSorted()).toEqual(
      registered.map((line) => line.replace("{*", "{")).toSorted(),
    );
  });

  it("refers to nothing that it lacks, and has no part that nothing refers to", () => {
    const references = [...JSON.stringify(written).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    const referred = new Set(references.map(([, kind, name]) => `${kind ?? ""}/${name ?? ""}`));
    const { schemas, responses } = document.components;
    const parts = Object.entries({ schemas, responses }).flatMap(([kind, all]) =>
      Object.keys(all).map((name) => `${kind}/${name}`),
    );
    expect([...referred].toSorted()).toEqual(parts.toSorted());
  });

  it.each(told.map((one) => [one.operationId, one] as const))("%s: its path's parameters are told", (_, one) => {
    const named = (one.parameters ?? []).filter((each) => each.in === "path").map(({ name }) => name);
    expect(named.map((name) => `{${name}}`)).toEqual(one.path.match(/\{\w+\}/g) ?? []);
  });

  it.each(told.map((one) => [one.operationId, one] as const))(
    "%s: needs the key; the role where Entra asks",
    (_, one) => {
      const role = roleOf(one.method as "GET");
      expect(one.security).toEqual([{ functionKey: [] }, { functionKey: [], entra: [role] }]);
      expect(one.responses).toMatchObject({ 401: {}, 403: {}, 500: {} });
    },
  );

  it("has a body for whatever takes one, and none for what reads", () => {
    const withBody = told.filter(({ requestBody }) => requestBody).map(({ operationId }) => operationId);
    expect(withBody.toSorted()).toEqual(
      Object.entries(operations)
        .filter(([, { body }]) => body)
        .map(([name]) => name)
        .toSorted(),
    );
    expect(told.filter(({ method, requestBody }) => method === "GET" && requestBody)).toEqual([]);
  });
});
