import { parseDuration } from "../../domain/install/duration";
import { problemWithOptions } from "../../domain/install/options";
import { shareOf } from "../../domain/policy/amount";
import type { Policy, PolicyStage } from "../../domain/policy/policy";
import { windowMinutes } from "../../domain/window/window";
import type { PolicyProblem } from "./problem";

/** What depends on several fields, of a file whose other fields may be wrong: those are left out. */
export function crossProblems(policy: Partial<Policy>): PolicyProblem[] {
  return [
    ...installProblems(policy),
    ...windowProblems(policy),
    ...stageProblems(policy.stages ?? []),
    ...repeated("groups", "tag", policy.groups?.map(({ tag }) => tag.toLowerCase()) ?? []),
  ];
}

function installProblems({ install, scope }: Partial<Policy>): PolicyProblem[] {
  if (!install) return [];
  const problems = (scope?.operatingSystems ?? ["Windows", "Linux"]).flatMap(
    (system) => problemWithOptions(install, system) ?? [],
  );
  // The domain's words are `install.maximumDuration: "value" is …`.
  const words = problems[0]?.replace(/^.*?: "[^"]*" is /, "");
  return words === undefined ? [] : [{ path: ["install", "maximumDuration"], remedy: `write another: it is ${words}` }];
}

/** A window that no installation fits into would never be used. */
function windowProblems({ windows, install, mode, onProvision }: Partial<Policy>): PolicyProblem[] {
  const duration = install && parseDuration(install.maximumDuration);
  const installs = mode === "patch" || !["assess", "ignore"].includes(onProvision?.mode ?? "ignore");
  if (!windows || duration === undefined || !installs) return [];
  const needed = duration / 60_000;
  return windowMinutes(windows).flatMap((minutes, index) =>
    minutes >= needed
      ? []
      : [
          {
            path: ["windows", index],
            remedy: `make it longer: it is open for ${minutes} minutes, and install.maximumDuration ${install?.maximumDuration ?? ""} needs ${needed}`,
          },
        ],
  );
}

function stageProblems(stages: readonly PolicyStage[]): PolicyProblem[] {
  const shares = stages.map(({ share }) => (typeof share === "string" ? (shareOf(share) ?? 0) : 0));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const tooMuch: PolicyProblem[] =
    total > 10_000 ? [{ path: ["stages"], remedy: `let the shares add up to at most 100%, not ${total / 100}%` }] : [];
  const last = stages.length - 1;
  const misplaced = stages.flatMap(({ share, tags }, index): PolicyProblem[] => {
    const takesAll = share === undefined && tags === undefined;
    if (takesAll && index < last) {
      return [
        {
          path: ["stages", index],
          remedy: "give it a share or tags: it takes all VMs, so the stages after it have none",
        },
      ];
    }
    if (takesAll || index < last) return [];
    return [
      {
        path: ["stages", index],
        remedy: "remove share and tags, or add a stage after it: the last stage takes all VMs that are left",
      },
    ];
  });
  return [
    ...tooMuch,
    ...misplaced,
    ...repeated(
      "stages",
      "name",
      stages.map(({ name }) => name),
    ),
  ];
}

function repeated(list: string, field: string, values: readonly string[]): PolicyProblem[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    return first === index
      ? []
      : [{ path: [list, index, field], remedy: `write another: ${list}[${first}] has it too` }];
  });
}
