metadata description = 'Settings of the app that a deployment may choose (src/config/setting-docs.ts tells their meaning). A misspelt one is refused.'

@export()
@sealed()
@description('Every value as text; what is absent has its default.')
type appSettings = {
  GOLDPATCH_PAUSED: string?
  GOLDPATCH_PROVISION_MODE: string?
  GOLDPATCH_NEW_VM_HOURS: string?
  GOLDPATCH_SWEEP_SCHEDULE: string?
  GOLDPATCH_SWEEP_MODE: string?
  GOLDPATCH_MAX_ACTIVE_RUNS: string?
  GOLDPATCH_READY_DEADLINE_MINUTES: string?
  GOLDPATCH_SUPPORT_DEADLINE_MINUTES: string?
  GOLDPATCH_MAX_ASSESSMENTS: string?
  GOLDPATCH_REASSESS_MINUTES: string?
  GOLDPATCH_SETTLE_SECONDS: string?
  GOLDPATCH_GRACE_MINUTES: string?
  GOLDPATCH_BUSY_RETRY_MINUTES: string?
  GOLDPATCH_WATCHDOG_SCHEDULE: string?
  GOLDPATCH_RUN_DEADLINE_HOURS: string?
  GOLDPATCH_RETENTION_DAYS: string?
  GOLDPATCH_HISTORY_DAYS: string?
  GOLDPATCH_HOOK_KEYS: string?
  GOLDPATCH_HOOK_HOSTS: string?
  GOLDPATCH_ACCESS: string?
  GOLDPATCH_CLOUD: string?
}
