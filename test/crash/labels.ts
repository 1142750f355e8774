import type { ArmExchange } from "../../src/embedding";
import type { Instance } from "../../src/local/functions-host";

/** Ids are hashes; what they stand for follows from the rest of the label. */
const withoutHashes = (text: string): string => text.replaceAll(/[0-9a-f]{32}/g, "…");

interface KnownFields {
  readonly state?: string;
  readonly outcome?: string | null;
  readonly code?: string | null;
  readonly steps?: readonly { readonly name: string; readonly endedAt: string | null }[];
  readonly accepted?: { readonly ended?: object };
}

/** What of the row tells how far things are: an intent's state, a run's last step or its outcome. */
function tellingOf(json: string | undefined): string {
  if (json === undefined) return "deleted";
  const { state, code, steps, accepted } = JSON.parse(json) as KnownFields;
  const step = steps?.at(-1);
  const words = [
    state,
    accepted?.ended && "ended",
    code ?? (step && `${step.name}${step.endedAt === null ? "" : " ended"}`),
  ];
  return words.filter(Boolean).join(" ");
}

export const writeLabel = (partition: string, rows: readonly { key: string; json: string | undefined }[]): string =>
  `write ${withoutHashes(partition)}: ` +
  rows.map(({ key, json }) => `${withoutHashes(key)} ${tellingOf(json)}`.trim()).join(", ");

export const commitLabel = (saved: readonly Instance[], deletedIds: readonly string[]): string =>
  `commit ${[...saved.map(instanceLabel), ...deletedIds.map((id) => `${withoutHashes(id)} deleted`)].join(", ")}`;

const instanceLabel = ({ instanceId, name, status, history, inbox }: Instance): string =>
  `${name} ${withoutHashes(instanceId)} ${status} ${history.length}+${inbox.length}`;

export function requestLabel({ method, url }: ArmExchange): string {
  const { pathname } = new URL(url, "https://management.azure.com");
  const [, vm, rest = ""] = /\/virtualMachines\/([^/]+)(\/.*)?$/i.exec(pathname) ?? [];
  if (vm !== undefined) return `${method} ${rest.slice(1) || "VM"} of ${vm}`;
  return `${method} ${pathname.includes("/operations/") ? "operation" : (pathname.split("/").at(-1) ?? "")}`;
}
