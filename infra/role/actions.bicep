metadata description = 'All that the app may do to machines, each action named by src/azure/permissions.ts with the call that needs it.'

@description('Reading machines, assessing them, following operations, reading what Resource Graph knows of patches.')
var assessActions = [
  'Microsoft.Compute/locations/operations/read'
  'Microsoft.Compute/virtualMachines/assessPatches/action'
  // The wildcard is needed here and only here: Resource Graph checks an action that Compute does not publish.
  'Microsoft.Compute/virtualMachines/patchAssessmentResults/*'
  'Microsoft.Compute/virtualMachines/patchInstallationResults/read'
  'Microsoft.Compute/virtualMachines/read'
]

@description('Installing, on top of that.')
var installActions = ['Microsoft.Compute/virtualMachines/installPatches/action']

@description('Starting VMs that are deallocated and deallocating them again, on top of that: for policies with power startAndStop.')
var powerActions = [
  'Microsoft.Compute/virtualMachines/deallocate/action'
  'Microsoft.Compute/virtualMachines/start/action'
]

@export()
@description('What a role lets the app do.')
func actionsFor(allowInstall bool, allowPower bool) string[] =>
  concat(assessActions, allowInstall ? installActions : [], allowPower ? powerActions : [])
