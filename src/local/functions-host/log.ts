export interface HostLogEntry {
  readonly level: string;
  /** `user` for lines of the app, otherwise the part of the host that speaks. */
  readonly category: string;
  readonly functionName?: string;
  readonly message: string;
}

export type HostLog = (entry: HostLogEntry) => void;
