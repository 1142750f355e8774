import type { Draw } from "../draw";
import type { Json } from "../merge";

/** What may be the matter with a VM: its name, and the fields of a fleet file that say so. */
export interface VmCause {
  readonly name: string;
  readonly of: (draw: Draw) => Json;
}

export const cause = (name: string, of: (draw: Draw) => Json): VmCause => ({ name, of });

export const eitherOperation = (draw: Draw): "assess" | "install" =>
  draw.pick(["assess", "install", "install"], "operation");
