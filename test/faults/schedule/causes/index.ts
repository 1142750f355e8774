import type { Draw } from "../draw";
import type { VmCause } from "./cause";
import { endsEarly } from "./ends-early";
import { events } from "./events";
import { following } from "./following";
import { graph } from "./graph";
import { machine } from "./machine";
import { starting } from "./starting";

/** Kinds as often as they should come: runs that end before anything is sent teach little. */
const KINDS = [
  endsEarly,
  ...[machine, machine],
  ...[starting, starting, starting],
  ...[following, following, following],
  ...[graph, graph],
  events,
] as const;

/** Any of the list. Within a kind each is as likely as any other, so that rare ones meet. */
export const vmCause = (draw: Draw): VmCause => draw.pick(draw.pick(KINDS, "kind"), "which");
