/** What an error of the last operation points to. */
interface Hint {
  readonly pattern: RegExp;
  readonly remedy: string;
}

/**
 * Codes that Azure, the patch extensions and Windows Update leave in an operation's error.
 * Sources: Compute: VM error messages; Update Manager: troubleshoot (HRESULTs, prerequisites of the agent).
 */
const hints: readonly Hint[] = [
  {
    pattern: /vmagentstatuscommunicationerror/i,
    remedy: "Check that the VM agent runs and reaches 168.63.129.16 and Azure storage.",
  },
  {
    pattern: /vmextensionprovisioningtimeout|vmextensionprovisioningerror|vmextensionhandlernontransienterror/i,
    remedy: "Look at the patch extension's log on the VM, and at other extensions that hang or failed.",
  },
  {
    pattern: /vmguestpatchinternalerror/i,
    remedy: "Azure calls it transient: assess again once or twice; then check the VM's agent and network.",
  },
  {
    pattern: /shutdownorunresponsive/i,
    remedy:
      "The VM was off or did not answer, or was recreated under its name within 8 hours: assess again while it runs.",
  },
  {
    pattern: /package_list_truncated/i,
    remedy: "The list of packages was too long to report whole; the numbers are complete. Nothing needs to be done.",
  },
  {
    pattern: /8024402c|8024401c|8024402f/i,
    remedy: "Windows Update was not reached: check proxy, firewall and the WSUS address.",
  },
  { pattern: /80072ee2/i, remedy: "Windows Update or WSUS timed out: check network and the WSUS server." },
  { pattern: /8024002e/i, remedy: "Windows Update is disabled by policy: allow it for the update source in use." },
  { pattern: /80070422/i, remedy: "The Windows Update service is disabled: set it to start on demand." },
  {
    pattern: /80070005/i,
    remedy: "Windows Update met an access denied: check policies and permissions of its service.",
  },
  { pattern: /8024001e/i, remedy: "The VM was shutting down meanwhile: assess again while it runs." },
];

/** What to do about an error, if it is one that is known. */
export const hintFor = (code: string | undefined, message: string | undefined): string | undefined =>
  hints.find(({ pattern }) => pattern.test(`${code ?? ""} ${message ?? ""}`))?.remedy;
