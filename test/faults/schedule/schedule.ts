import type { SettingName } from "../../../src/config";
import { fleetOf } from "../../support/fleet";
import type { Slowness } from "../slow-store";
import { vmCause } from "./causes";
import type { Misbehaviour } from "./deliveries";
import { Draw } from "./draw";
import { merged, type Json } from "./merge";
import { requestFault } from "./request-faults";

/** What is asked of the app from outside. Times are seconds after the fleet's start. */
export type Request = { readonly atSeconds: number } & (
  | { readonly kind: "run"; readonly mode: "assess" | "patch"; readonly vms: readonly string[]; readonly install: Json }
  /** Cancels the runs that the request of this number started. */
  | { readonly kind: "cancel"; readonly request: number }
  | { readonly kind: "stop" | "unstop" }
);

/** One course of events, all of it drawn from the seed. */
export interface Schedule {
  readonly seed: number;
  readonly fleet: object;
  /** The causes of each VM, by name. */
  readonly causes: Readonly<Record<string, readonly string[]>>;
  readonly settings: Readonly<Partial<Record<SettingName, string>>>;
  /** In the order of time. */
  readonly requests: readonly Request[];
  readonly misbehaviour: Misbehaviour;
  readonly slowness: Slowness;
}

/** The same seed gives the same schedule. */
export function scheduleOf(seed: number): Schedule {
  const draw = new Draw(seed);
  const vms = Array.from({ length: draw.pick([1, 1, 2, 2, 3, 4], "vms") }, (_, index) => vmOf(seed, index));
  const faults = Array.from({ length: draw.pick([0, 0, 1, 2, 3, 5], "faults") }, (_, index) =>
    requestFault(new Draw(seed, "fault", index)),
  );
  const names = vms.filter(({ fields }) => fields["resourceGroup"] === undefined).map(({ name }) => name);
  return {
    seed,
    fleet: fleetOf(
      vms.map(({ fields }) => fields),
      { faults, clockSkewSeconds: draw.pick([0, 0, 0, 0, 45, -45, 600, -3600], "skew") },
    ),
    causes: Object.fromEntries(vms.map(({ name, causes }) => [name, causes])),
    settings: settingsOf(draw),
    requests: requestsOf(draw, names),
    misbehaviour: misbehaviourOf(draw),
    slowness: {
      probability: draw.pick([0, 0, 0.01, 0.05], "slowness"),
      mostSeconds: draw.pick([2, 20, 90, 200], "slowest"),
    },
  };
}

function vmOf(seed: number, index: number) {
  const draw = new Draw(seed, "vm", index);
  const name = `vm-${index}`;
  const count = draw.pick([0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 6], "causes");
  const causes = Array.from({ length: count }, (_, cause) => vmCause(new Draw(seed, "vm", index, "draws", cause)));
  const fields = causes.reduce<Json>(
    (vm, cause, number) => merged(vm, cause.of(new Draw(seed, "vm", index, "cause", number))),
    { name, image: draw.pick(["win", "lin"], "image") },
  );
  return { name, causes: causes.map((cause) => cause.name), fields: possible(fields) };
}

/** A VM is deleted or recreated, not both. */
function possible(fields: Json): Json {
  const { deletedAfterSeconds: _deleted, ...rest } = fields;
  return fields["recreatedAfterSeconds"] === undefined ? fields : rest;
}

/** The group of the fleet; a VM outside it has events of its own. */
const SCOPE = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-test";

/** Defaults and the least that makes sense, mixed. */
function settingsOf(draw: Draw): Schedule["settings"] {
  const drawn: [SettingName, string][] = [
    ["GOLDPATCH_SCOPE", SCOPE],
    ["GOLDPATCH_MAX_ACTIVE_RUNS", draw.pick(["50", "50", "50", "2", "1"], "slots")],
    ["GOLDPATCH_READY_DEADLINE_MINUTES", draw.pick(["30", "30", "5", "60"], "ready")],
    ["GOLDPATCH_SUPPORT_DEADLINE_MINUTES", draw.pick(["20", "20", "5", "60"], "support")],
    ["GOLDPATCH_MAX_ASSESSMENTS", draw.pick(["3", "3", "1", "2"], "assessments")],
    ["GOLDPATCH_REASSESS_MINUTES", draw.pick(["5", "1"], "reassess")],
    ["GOLDPATCH_SETTLE_SECONDS", draw.pick(["90", "90", "10", "300"], "settle")],
    ["GOLDPATCH_GRACE_MINUTES", draw.pick(["15", "1"], "grace")],
    ["GOLDPATCH_BUSY_RETRY_MINUTES", draw.pick(["30", "5", "120"], "busy")],
    ["GOLDPATCH_PROVISION_MODE", draw.pick(["patch", "patch", "assess"], "provision")],
    ["GOLDPATCH_PAUSED", String(draw.happens(0.02, "paused"))],
  ];
  if (draw.happens(0.15, "sweep")) {
    drawn.push(
      ["GOLDPATCH_SWEEP_SCHEDULE", "0 0,40 6,7 1 12 *"],
      ["GOLDPATCH_SWEEP_MODE", draw.pick(["patch", "assess"], "sweep mode")],
    );
  }
  return Object.fromEntries(drawn);
}

const INSTALLS = [
  { rebootSetting: "IfRequired" },
  { rebootSetting: "IfRequired" },
  { rebootSetting: "Never" },
  { rebootSetting: "Always", maximumDuration: "PT1H" },
  {},
] as const;

function requestsOf(draw: Draw, names: readonly string[]): Request[] {
  if (names.length === 0) return [];
  const runs = Array.from({ length: draw.pick([1, 1, 1, 2, 3], "runs") }, (_, index): Request => {
    const vms = names.filter((name, vm) => index === 0 || vm === 0 || draw.happens(0.5, "asked", index, name));
    return {
      kind: "run",
      atSeconds: index === 0 ? draw.pick([0, 10, 200], "first") : draw.between(0, 7200, "run", index),
      mode: draw.pick(["patch", "patch", "patch", "assess"], "mode", index),
      vms,
      install: draw.pick(INSTALLS, "install", index),
    };
  });
  const cancels = runs.flatMap(({ atSeconds }, request): Request[] =>
    draw.happens(0.2, "cancel", request)
      ? [{ kind: "cancel", request, atSeconds: atSeconds + draw.between(0, 2400, "cancel at", request) }]
      : [],
  );
  const stopAt = draw.between(0, 3000, "stop at");
  const stops: Request[] = draw.happens(0.12, "stop")
    ? [
        { kind: "stop", atSeconds: stopAt },
        { kind: "unstop", atSeconds: stopAt + draw.between(1, 2400, "unstop at") },
      ]
    : [];
  return inOrder([...runs, ...cancels, ...stops]);
}

/** By time; a cancellation still names its request by number. */
function inOrder(requests: readonly Request[]): Request[] {
  const sorted = [...requests].sort((one, other) => one.atSeconds - other.atSeconds);
  const place = (index: number) => sorted.findIndex((request) => request === requests[index]);
  return sorted.map((request) =>
    request.kind === "cancel" ? { ...request, request: place(request.request) } : request,
  );
}

function misbehaviourOf(draw: Draw): Misbehaviour {
  if (draw.happens(0.5, "host in order")) return {};
  const some = (least: number, most: number, name: string) =>
    draw.happens(0.5, name) ? draw.between(least, most, name, "per mille") / 1000 : 0;
  return {
    repeated: some(10, 100, "repeated"),
    doubled: some(10, 100, "doubled"),
    killedBefore: some(5, 30, "killedBefore"),
    killedAfter: some(5, 30, "killedAfter"),
  };
}
