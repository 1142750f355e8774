metadata description = 'The custom role of the app, for subscriptions.'
targetScope = 'subscription'

import { actionsOf } from 'actions.bicep'

@description('GUID of the role; the same one again updates it.')
param roleGuid string

@description('Unique in the tenant.')
param roleName string

@description('Subscriptions in which the role can be assigned: /subscriptions/ID.')
param assignableScopes string[]

@description('false: the app can assess, and an installation is refused by Azure.')
param allowInstall bool

@description('true: it may also create, assign and delete schedules, and cancel their runs.')
param allowSchedules bool = false

@description('true: it may also change who patches a VM, which Azure counts as writing the VM.')
param allowPrerequisites bool = false

@description('true: it may also start VMs that are deallocated and deallocate them again, for policies with power startAndStop.')
param allowPower bool = false

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleGuid
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
    assignableScopes: assignableScopes
  }
}
