metadata description = 'The custom role of the app, made once for a management group: for az deployment mg create.'
targetScope = 'managementGroup'

import { actionsOf } from 'actions.bicep'

@description('Unique in the tenant.')
param roleName string = 'Goldpatch'

@description('false: the app can assess, and an installation is refused by Azure.')
param allowInstall bool = true

@description('true: it may also create, assign and delete schedules, and cancel their runs.')
param allowSchedules bool = false

@description('true: it may also change who patches a VM, which Azure counts as writing the VM.')
param allowPrerequisites bool = false

@description('true: it may also start VMs that are deallocated and deallocate them again, for policies with power startAndStop.')
param allowPower bool = false

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, roleName)
  properties: {
    roleName: roleName
    description: 'Assesses virtual machines and Arc-enabled servers, installs their patches, and keeps the schedules of that if it may; nothing else.'
    type: 'CustomRole'
    permissions: [
      {
        actions: actionsOf(allowInstall, allowSchedules, allowPrerequisites, allowPower)
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
    assignableScopes: [managementGroup().id]
  }
}

@description('For the parameter roleGuid of main.bicep.')
output roleGuid string = role.name
