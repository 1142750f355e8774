import { z } from "zod";
import { policyDefaults } from "../../domain/policy/defaults";
import { powerModes, provisionModes, type Policy } from "../../domain/policy/policy";
import { installOptions, runMode } from "../run";
import { amount, duration, name, whole } from "./fields";
import { scope } from "./scope";
import { exposure, groups, MOST_CONCURRENT, stages } from "./stages";
import { blackouts, schedule, timeZone, windows } from "./times";
import { hooks, verdict, verify } from "./verify";

const onProvision = z
  .strictObject({
    mode: z
      .enum(provisionModes)
      .default(policyDefaults.onProvision.mode)
      .describe("patch, assess, ignore, or setting: what GOLDPATCH_PROVISION_MODE says."),
    inWindows: z
      .boolean()
      .default(policyDefaults.onProvision.inWindows)
      .describe("false: a new VM, which has no users yet, needs no window. Blackouts hold all the same."),
  })
  .prefault({})
  .describe("What is done with a VM of the scope when it has been created. Of stored policies only.");

const assess = z
  .strictObject({
    attempts: whole(1, 10)
      .exactOptional()
      .describe("Assessments before an unclear support state ends a run; GOLDPATCH_MAX_ASSESSMENTS if absent."),
    pause: duration("PT1M", "P1D")
      .exactOptional()
      .describe("Before an unclear support state is assessed again; GOLDPATCH_REASSESS_MINUTES if absent."),
    deadline: duration("PT1M", "P1D")
      .exactOptional()
      .describe(
        "How long an assessment's row may take to show in Resource Graph; GOLDPATCH_SUPPORT_DEADLINE_MINUTES if absent.",
      ),
  })
  .prefault({})
  .describe("Assessments.");

const { shape: options } = installOptions;
const install = installOptions
  .extend({
    rebootSetting: options.rebootSetting.describe(
      "IfRequired, Never or Always; if absent IfRequired for VMs younger than a day, else Never.",
    ),
    maximumDuration: z
      .string()
      .default(policyDefaults.maximumDuration)
      .describe("ISO 8601 duration up to PT4H: from PT25M for Windows, PT20M for Linux."),
    windows: options.windows.describe(
      "What is installed on Windows, with the words of the Compute API; Critical and Security if absent.",
    ),
    linux: options.linux.describe(
      "What is installed on Linux, with the words of the Compute API; Critical and Security if absent.",
    ),
  })
  .prefault({})
  .describe("Installations, with the words of the Compute API.");

/** What a policy file may hold. What depends on several fields is looked at by checkPolicy. */
export const policySchema = z
  .strictObject({
    version: z.literal(1, "write 1: it is the only version of policy files").describe("Version of this format: 1."),
    name: name.describe("Name of the policy: lower-case letters, digits and hyphens."),
    description: z.string().max(500, "say it in 500 characters").exactOptional().describe("For whoever reads it."),
    mode: runMode.default(policyDefaults.mode).describe("What sweeps do: assess only, or patch."),
    timeZone: timeZone
      .default(policyDefaults.timeZone)
      .describe("Zone of the IANA database whose clocks schedule, windows and blackouts are on."),
    scope: scope.describe("Which VMs; only those that GOLDPATCH_SCOPE holds too."),
    onProvision,
    schedule: schedule.exactOptional(),
    windows,
    blackouts,
    assess,
    install,
    concurrency: whole(1, MOST_CONCURRENT)
      .default(policyDefaults.concurrency)
      .describe("VMs in flight at the same time; GOLDPATCH_MAX_ACTIVE_RUNS holds too."),
    failureBudget: amount(0)
      .default(policyDefaults.failureBudget)
      .describe(
        "How many VMs of a sweep may fail, or which share of them, rounded down; one more stops it. The same of an image version's VMs: one more holds its others back.",
      ),
    stages,
    groups,
    exposure,
    verify,
    verdict,
    power: z
      .enum(powerModes)
      .default(policyDefaults.power)
      .describe("A VM that does not run: skip it, or start it and stop it again afterwards (startAndStop)."),
    hooks,
  })
  .describe("A policy of Goldpatch: which VMs are patched, when, and how carefully");

/** The published JSON Schema of policy files. */
export const policyJsonSchema = (): Record<string, unknown> =>
  z.toJSONSchema(policySchema, { io: "input", unrepresentable: "any" });

/** The schema fills in all that the domain wants to know. */
export const policyOf = (parsed: z.output<typeof policySchema>): Policy => parsed;
