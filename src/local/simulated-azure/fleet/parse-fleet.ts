import type { z } from "zod";
import { fleetSchema, type Fleet } from "./fleet-schema";

interface Problem {
  readonly path: string;
  readonly value: unknown;
  readonly remedy: string;
}

/** Everything that is wrong with a fleet file, one problem a line. */
export class FleetError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ path, value, remedy }) => `${path}: ${shown(value)}: ${remedy}`).join("\n"));
    this.name = "FleetError";
    this.problems = problems;
  }
}

/**
 * Validates a fleet file and fills in its defaults.
 *
 * @throws {@link FleetError} with every problem as a `path: value: remedy` line
 */
export function parseFleet(json: unknown): Fleet {
  const parsed = fleetSchema.safeParse(json);
  if (!parsed.success) throw new FleetError(parsed.error.issues.flatMap((issue) => fromIssue(json, issue)));
  const problems = [...repeatedNames(parsed.data), ...unknownNames(parsed.data), ...impossibleTimes(parsed.data)];
  if (problems.length > 0) throw new FleetError(problems);
  return parsed.data;
}

function fromIssue(json: unknown, issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return {
        path: written(path),
        value: valueAt(json, path),
        remedy: "no such field: remove it or see fleet.schema.json",
      };
    });
  }
  const value = valueAt(json, issue.path);
  const isMissing = value === undefined && issue.code === "invalid_type";
  return [{ path: written(issue.path), value, remedy: isMissing ? `add this ${issue.expected}` : issue.message }];
}

function repeatedNames(fleet: Fleet): Problem[] {
  const problems: Problem[] = [];
  const report = (list: "images" | "vms" | "machines", keyOf: (index: number) => string) => {
    const seen = new Map<string, number>();
    fleet[list].forEach(({ name }, index) => {
      const first = seen.get(keyOf(index));
      if (first === undefined) seen.set(keyOf(index), index);
      else
        problems.push({ path: `${list}[${index}].name`, value: name, remedy: `already the name of ${list}[${first}]` });
    });
  };
  report("images", (index) => fleet.images[index]?.name ?? "");
  for (const list of ["vms", "machines"] as const) {
    report(list, (index) => {
      const one = fleet[list][index];
      return [one?.subscriptionId ?? "", one?.resourceGroup ?? "", one?.name ?? ""].join("/").toLowerCase();
    });
  }
  return problems;
}

function unknownNames(fleet: Fleet): Problem[] {
  const images = new Set(fleet.images.map(({ name }) => name));
  const vms = new Set([...fleet.vms, ...fleet.machines].map(({ name }) => name));
  const ofVms = fleet.vms.flatMap((vm, index) =>
    images.has(vm.image)
      ? []
      : [{ path: `vms[${index}].image`, value: vm.image, remedy: `name one of the images: ${[...images].join(", ")}` }],
  );
  const ofFaults = fleet.faults.flatMap((fault, index) =>
    (fault.vms ?? [])
      .filter((name) => !vms.has(name))
      .map((name) => ({ path: `faults[${index}].vms`, value: name, remedy: "name one of the vms" })),
  );
  return [...ofVms, ...ofFaults];
}

function impossibleTimes(fleet: Fleet): Problem[] {
  return fleet.vms.flatMap((vm, index) =>
    vm.createdAt !== undefined && Date.parse(vm.createdAt) > Date.parse(fleet.start)
      ? [
          {
            path: `vms[${index}].createdAt`,
            value: vm.createdAt,
            remedy: "after the fleet's start: use createAfterSeconds",
          },
        ]
      : [],
  );
}

const written = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "") || "fleet";

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = json;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function shown(value: unknown): string {
  const text = value === undefined ? "missing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
