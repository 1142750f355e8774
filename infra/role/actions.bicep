metadata description = 'All that the app may do to machines, each action named by src/azure/permissions.ts with the call that needs it.'

@export()
@description('Reading machines, assessing them, following operations, reading what Resource Graph knows of patches.')
var assessActions = [
  'Microsoft.Compute/locations/operations/read'
  'Microsoft.Compute/virtualMachines/assessPatches/action'
  // The wildcard is needed here and only here: Resource Graph checks an action that Compute does not publish.
  'Microsoft.Compute/virtualMachines/patchAssessmentResults/*'
  'Microsoft.Compute/virtualMachines/patchInstallationResults/read'
  'Microsoft.Compute/virtualMachines/read'
  'Microsoft.HybridCompute/locations/updateCenterOperationResults/read'
  'Microsoft.HybridCompute/machines/assessPatches/action'
  'Microsoft.HybridCompute/machines/patchAssessmentResults/read'
  'Microsoft.HybridCompute/machines/patchAssessmentResults/softwarePatches/read'
  'Microsoft.HybridCompute/machines/patchInstallationResults/read'
  'Microsoft.HybridCompute/machines/read'
]

@export()
@description('Creating, assigning and deleting schedules, and cancelling their runs: a part of its own.')
var scheduleActions = [
  'Microsoft.Maintenance/applyUpdates/write'
  'Microsoft.Maintenance/configurationAssignments/delete'
  'Microsoft.Maintenance/configurationAssignments/maintenanceScope/InGuestPatch/write'
  'Microsoft.Maintenance/configurationAssignments/read'
  'Microsoft.Maintenance/configurationAssignments/write'
  'Microsoft.Maintenance/maintenanceConfigurations/delete'
  'Microsoft.Maintenance/maintenanceConfigurations/maintenanceScope/InGuestPatch/write'
  'Microsoft.Maintenance/maintenanceConfigurations/read'
  'Microsoft.Maintenance/maintenanceConfigurations/write'
]

@export()
@description('Making machines ready for schedules and turning periodic assessment on, which changes their model: another part. Of images in galleries Azure wants read access too.')
var prerequisiteActions = [
  'Microsoft.Compute/virtualMachines/write'
  'Microsoft.HybridCompute/machines/write'
]

@export()
@description('Installing, on top of that.')
var installActions = [
  'Microsoft.Compute/virtualMachines/installPatches/action'
  'Microsoft.HybridCompute/machines/installPatches/action'
]

@export()
@description('Starting VMs that are deallocated and deallocating them again, for policies with power startAndStop.')
var powerActions = [
  'Microsoft.Compute/virtualMachines/deallocate/action'
  'Microsoft.Compute/virtualMachines/start/action'
]

@export()
@description('What a role may do.')
func actionsOf(allowInstall bool, allowSchedules bool, allowPrerequisites bool, allowPower bool) string[] =>
  concat(
    assessActions,
    allowInstall ? installActions : [],
    allowSchedules ? scheduleActions : [],
    allowPrerequisites ? prerequisiteActions : [],
    allowPower ? powerActions : []
  )
