import { number } from "./options";

/** Where Azure Functions Core Tools listen too. */
const HOST_PORT = 7071;
/** The port of the examples of GOLDPATCH_ARM_ENDPOINT. */
const AZURE_PORT = 8484;
const TRIED = 20;

export const portOption = (usual: number) =>
  number(`Port on 127.0.0.1, exactly this one (0: any); ${usual} or the next that is free if absent.`, 0, 65_535);

export const hostPortOption = portOption(HOST_PORT);
export const azurePortOption = portOption(AZURE_PORT);

const usualPorts = (first: number) => Array.from({ length: TRIED }, (_, more) => first + more);

export const hostPorts = (given: number | undefined): readonly number[] =>
  given === undefined ? usualPorts(HOST_PORT) : [given];
export const azurePorts = (given: number | undefined): readonly number[] =>
  given === undefined ? usualPorts(AZURE_PORT) : [given];

/** For whoever looks at the usual address. */
export function portNotice(url: string, [wanted]: readonly number[]): string | undefined {
  const { port } = new URL(url);
  return wanted === undefined || wanted === 0 || port === String(wanted)
    ? undefined
    : `Port ${wanted} is taken, using ${port}.`;
}
