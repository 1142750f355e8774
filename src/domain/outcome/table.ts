/** How every run ends: one of these, exactly once. */
export const outcomeNames = [
  "patched",
  "patchedWithWarnings",
  "assessed",
  "upToDate",
  "unsupported",
  "undetermined",
  "notReady",
  "busy",
  "failed",
  "skipped",
  "cancelled",
] as const;
export type OutcomeName = (typeof outcomeNames)[number];

/** Whether another run can end better: soon by itself (transient), after a wait (wait), or only once somebody acted (permanent). */
export type RetryClass = "none" | "transient" | "wait" | "permanent";

export interface OutcomeRow {
  readonly outcome: OutcomeName;
  /** What was observed. */
  readonly meaning: string;
  readonly retry: RetryClass;
  /** What the operator does next. */
  readonly nextStep: string;
}

const row = (outcome: OutcomeName, retry: RetryClass, meaning: string, nextStep: string): OutcomeRow => ({
  outcome,
  retry,
  meaning,
  nextStep,
});

/** The one table from observation (code) to outcome. docs/outcomes.md is generated from it. */
export const outcomeTable = {
  Patched: row(
    "patched",
    "none",
    "All requested patches were installed; the VM runs and its agent is ready.",
    "Nothing.",
  ),

  SomePatchesFailed: row(
    "patchedWithWarnings",
    "wait",
    "Patches were installed, others failed.",
    "Read the failed patches in the evidence, mend their cause on the VM, run again.",
  ),
  PatchesPending: row(
    "patchedWithWarnings",
    "wait",
    "The installation ended with patches still pending.",
    "Run again; a longer maximumDuration helps when the list is long.",
  ),
  WindowExceeded: row(
    "patchedWithWarnings",
    "wait",
    "The installation took longer than maximumDuration allows; the rest was not started.",
    "Run again with a longer maximumDuration (at most PT4H).",
  ),
  RebootPending: row(
    "patchedWithWarnings",
    "permanent",
    "Patches were installed and take effect only after a reboot.",
    "Reboot the VM, or run again with rebootSetting IfRequired.",
  ),
  RebootFailed: row(
    "patchedWithWarnings",
    "permanent",
    "The reboot after the installation failed.",
    "Look at the VM's boot diagnostics; restart it.",
  ),
  AzureReportedFailure: row(
    "patchedWithWarnings",
    "wait",
    "Patches were installed, and yet Azure reported the installation as failed.",
    "Read the error in the evidence, then assess again.",
  ),
  NotWellAfterInstall: row(
    "patchedWithWarnings",
    "permanent",
    "Patches were installed, but the VM was not running with a ready agent within the grace time.",
    "Look at the VM's boot diagnostics and agent before you patch others of this image.",
  ),
  ProbeFailed: row(
    "patchedWithWarnings",
    "permanent",
    "Patches were installed and the VM runs with a ready agent, but the policy's probe did not succeed within verify.within.",
    "Look at the service on the VM that the probe asks before you patch others of this image.",
  ),
  LeftRunning: row(
    "patchedWithWarnings",
    "permanent",
    "All requested patches were installed on a VM that the run had started, and the VM could not be deallocated again.",
    "Deallocate the VM; the evidence says what kept the run from it.",
  ),

  Supported: row(
    "assessed",
    "none",
    "Assessed only, as asked; Azure can patch this VM.",
    'Run with mode "patch" to install.',
  ),

  NothingPending: row(
    "upToDate",
    "none",
    "No patch is pending in the requested scope; nothing was started.",
    "Nothing.",
  ),
  NothingInstalled: row(
    "upToDate",
    "none",
    "The installation succeeded with nothing to install.",
    "Nothing; look at excluded and not selected patches if you expected some.",
  ),

  UnsupportedImage: row(
    "unsupported",
    "permanent",
    "Azure reports that it cannot patch this image.",
    "Rebuild the image from an operating system that Azure Update Manager supports, or patch by other means.",
  ),
  PatchingRefused: row(
    "unsupported",
    "permanent",
    "Azure refused the operation because the image is not supported for guest patching.",
    "Rebuild the image from an operating system that Azure Update Manager supports, or patch by other means.",
  ),

  NoReadiness: row(
    "undetermined",
    "permanent",
    "The fresh assessment carries no support state.",
    "Check that the identity may read patchAssessmentResults; then assess again.",
  ),
  SupportStateLate: row(
    "undetermined",
    "wait",
    "Resource Graph showed no fresh support state before the deadline.",
    "Assess again later; check that the identity may read patchAssessmentResults.",
  ),
  SupportUnableToDetermine: row(
    "undetermined",
    "wait",
    "Azure said UnableToDetermine for every assessment.",
    "Check the VM's update source and network (Windows Update, WSUS or repositories), then assess again.",
  ),
  SupportUnknown: row(
    "undetermined",
    "wait",
    "Azure said Unknown for every assessment.",
    "Assess again later; check the VM's agent and patch extension.",
  ),
  AssessmentFailed: row(
    "undetermined",
    "wait",
    "Every assessment failed.",
    "Read the error in the evidence; check the VM's agent, patch extension and network.",
  ),
  AssessmentOverdue: row(
    "undetermined",
    "wait",
    "The assessment was still running at its deadline.",
    "Look at the VM's agent and patch extension; run again once it is idle.",
  ),
  IntentUnresolved: row(
    "undetermined",
    "permanent",
    "An install was sent, the answer was lost, and Azure shows no trace of it. It was not sent again.",
    "Look at the VM's update history in Azure, then run again.",
  ),

  VmNotFound: row("notReady", "permanent", "Azure knows no such VM.", "Check the id; the VM may have been deleted."),
  VmReplaced: row(
    "notReady",
    "wait",
    "The VM was deleted and recreated under the same name during the run.",
    "Run again for the new VM.",
  ),
  VmBeingDeleted: row("notReady", "permanent", "The VM is being deleted.", "Nothing."),
  ProvisioningFailed: row(
    "notReady",
    "permanent",
    "The VM's provisioning failed.",
    "Read the VM's provisioning error, redeploy it, run again.",
  ),
  ProvisioningUnfinished: row(
    "notReady",
    "wait",
    "The VM was still being provisioned at the readiness deadline.",
    "Wait for the deployment, then run again.",
  ),
  VmStopped: row("notReady", "permanent", "The VM is stopped.", "Start the VM, then run again."),
  VmDeallocated: row("notReady", "permanent", "The VM is deallocated.", "Start the VM, then run again."),
  NotRunning: row(
    "notReady",
    "permanent",
    "Azure refused because the VM is not running.",
    "Start the VM, then run again.",
  ),
  VmNotStarted: row(
    "notReady",
    "wait",
    "The VM was not running at the readiness deadline.",
    "Look at the VM's boot diagnostics, then run again.",
  ),
  ExtensionOperationsDisabled: row(
    "notReady",
    "permanent",
    "osProfile.allowExtensionOperations is false, so Azure cannot reach into the VM.",
    "Allow extension operations on the VM, then run again.",
  ),
  ExtensionFailed: row(
    "notReady",
    "permanent",
    "An extension on the VM is in a failed state and blocks the operation.",
    "Repair or remove the extension named in the evidence, then run again.",
  ),
  AgentMissing: row(
    "notReady",
    "permanent",
    "The VM agent never reported.",
    "Install the VM agent in the image (Linux: 2.2.53.1 or newer), or allow it to reach 168.63.129.16.",
  ),
  AgentNotReady: row(
    "notReady",
    "wait",
    "The VM agent was not ready at the readiness deadline.",
    "Restart the VM agent, then run again.",
  ),
  AgentStale: row(
    "notReady",
    "wait",
    "The VM agent's last report is old.",
    "Restart the VM agent or the VM, then run again.",
  ),
  AgentUnreachable: row(
    "notReady",
    "permanent",
    "Azure could not reach the VM agent during the operation.",
    "Check that the agent runs and reaches Azure storage, then run again.",
  ),
  ArcDisconnected: row(
    "notReady",
    "permanent",
    "The Arc-enabled server is Disconnected: Azure hears nothing of its agent.",
    "On the server, start it and its Connected Machine agent, see what azcmagent check finds, then run again.",
  ),
  ArcExpired: row(
    "notReady",
    "permanent",
    "The Arc-enabled server was disconnected for so long that its registration is Expired.",
    "On the server, run azcmagent disconnect --force-local-only, connect it anew, then run again.",
  ),
  ArcNotYetConnected: row(
    "notReady",
    "wait",
    "The Arc-enabled server was not Connected with an agent that reports at the readiness deadline.",
    "On the server, see what azcmagent show says, then run again.",
  ),
  OsTypeUnknown: row(
    "notReady",
    "permanent",
    "Azure does not say whether the VM is Windows or Linux.",
    "Check osType of the VM's OS disk, or of the Arc-enabled server.",
  ),

  HeldByRun: row("busy", "wait", "Another run works on this VM.", "Wait for the run named in the evidence."),
  OperationInProgress: row(
    "busy",
    "wait",
    "An operation that is not ours kept the VM busy.",
    "Wait until it ends (its activity id is in the evidence), then run again.",
  ),

  InstallFailed: row(
    "failed",
    "wait",
    "Azure reported that the installation failed, and no patch as installed.",
    "Read the error in the evidence, mend its cause on the VM, run again.",
  ),
  NothingInstalledSomeFailed: row(
    "failed",
    "wait",
    "No patch was installed and some failed.",
    "Read the failed patches in the evidence, mend their cause on the VM, run again.",
  ),
  InstallStillRunning: row(
    "failed",
    "wait",
    "Azure was still installing at the deadline. The VM stays reserved until it is seen idle.",
    "Look at the VM; run again once it is idle.",
  ),
  FinalStateUnreadable: row(
    "failed",
    "wait",
    "An installation was started and its final state cannot be read.",
    "Look at the VM's update history in Azure.",
  ),
  PermissionMissing: row(
    "failed",
    "permanent",
    "Azure refused: the identity lacks a permission.",
    "Grant the action named in the evidence to the app's identity.",
  ),
  RequestRefused: row(
    "failed",
    "permanent",
    "Azure refused the request as invalid.",
    "Mend the install options named in the evidence.",
  ),
  AzureUnavailable: row(
    "failed",
    "transient",
    "Azure did not answer usefully within the time allowed.",
    "Run again later.",
  ),
  AfterVmRefused: row(
    "failed",
    "permanent",
    "The policy's hook after the VM did not agree, so the VM counts as failed whatever its run did: the evidence says that.",
    "Ask the hook's service why, then look at the VM.",
  ),
  OrchestrationEnded: row(
    "failed",
    "transient",
    "The run's orchestration was over before the run had an outcome. Nothing was installed.",
    "Find out who or what ended it (the reason is in the evidence), then run again.",
  ),
  OrchestrationHung: row(
    "failed",
    "transient",
    "The run's orchestration hung, so the watchdog ended it. Nothing was installed.",
    "Check that all instances of the app have the same version, then run again; report it if it comes back.",
  ),
  InternalError: row(
    "failed",
    "transient",
    "The run broke before anything was installed.",
    "Read the evidence, run again; report it if it comes back.",
  ),

  NotNew: row(
    "skipped",
    "none",
    "A write event for a VM that was not created recently.",
    "Nothing; sweeps cover this VM.",
  ),
  AlreadyHandled: row("skipped", "none", "This VM was handled after an earlier event.", "Nothing."),
  MarketplaceImage: row(
    "skipped",
    "none",
    "The VM comes from a marketplace image.",
    "Nothing; use Azure's automatic guest patching for it.",
  ),
  ScaleSetMember: row(
    "skipped",
    "none",
    "The VM belongs to a scale set, which Azure Update Manager does not patch.",
    "Upgrade the scale set's image instead.",
  ),
  ManagedVm: row("skipped", "none", "The VM is managed by another Azure service.", "Patch it through that service."),
  TaggedOff: row("skipped", "none", "The VM carries the tag goldpatch: off.", "Remove the tag to have it patched."),
  LeftByPolicy: row(
    "skipped",
    "none",
    "The policy that selects the new VM says onProvision: ignore.",
    "Nothing. Change the policy to have new VMs assessed or patched.",
  ),
  Paused: row("skipped", "wait", "GOLDPATCH_PAUSED is on.", "Turn the setting off, then run again."),
  Stopped: row("skipped", "wait", "The stop switch is on.", "Remove it (DELETE /api/stop), then run again."),
  OutOfScope: row(
    "skipped",
    "permanent",
    "The VM lies outside GOLDPATCH_SCOPE.",
    "Add its subscription or resource group to GOLDPATCH_SCOPE.",
  ),
  OutsideWindow: row(
    "skipped",
    "wait",
    "The policy does not allow the operation at this time: no window, a blackout, or too little time left.",
    "Nothing; the next sweep takes the VM. Make the windows longer if it happens often.",
  ),
  SweepPaused: row(
    "skipped",
    "wait",
    "The sweep was paused before the operation was sent.",
    "Nothing; the next sweep takes the VM.",
  ),
  SweepStopped: row(
    "skipped",
    "wait",
    "The sweep stopped itself before the operation was sent: the evidence says why.",
    "Look at the VMs of the sweep that failed, mend the cause, then sweep again.",
  ),
  BeforeVmRefused: row(
    "skipped",
    "wait",
    "The policy's hook before the VM did not agree: nothing was sent to the VM.",
    "Ask the hook's service why (the evidence says what it answered), then sweep again.",
  ),
  ImageHeldBack: row(
    "skipped",
    "wait",
    "Other VMs of this image version went first: they are Unsupported, did not tell, or failed once they were patched.",
    "Look at the VMs named in the evidence, then sweep again.",
  ),
  LeaseLost: row("skipped", "wait", "Another run took the VM over before anything was sent.", "Look at that run."),

  CancelledBeforeInstall: row("cancelled", "none", "Cancelled as asked, before an install was sent.", "Nothing."),
  SweepCancelled: row("cancelled", "none", "Its sweep was cancelled before the operation was sent.", "Nothing."),
} as const satisfies Record<string, OutcomeRow>;

export type OutcomeCode = keyof typeof outcomeTable;

export const outcomeCodes = Object.keys(outcomeTable) as [OutcomeCode, ...OutcomeCode[]];

export const outcomeOf = (code: OutcomeCode): OutcomeRow => outcomeTable[code];
