metadata description = 'The custom role of the app, for subscriptions.'
targetScope = 'subscription'

import { actionsFor } from 'actions.bicep'

@description('GUID of the role; the same one again updates it.')
param roleGuid string

@description('Unique in the tenant.')
param roleName string

@description('Subscriptions in which the role can be assigned: /subscriptions/ID.')
param assignableScopes string[]

@description('false: the app can assess, and an installation is refused by Azure.')
param allowInstall bool

@description('true: the app may start VMs that are deallocated and deallocate them again, for policies with power startAndStop.')
param allowPower bool

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleGuid
  properties: {
    roleName: roleName
    description: 'Assesses virtual machines and installs their patches, and nothing else.'
    type: 'CustomRole'
    permissions: [
      {
        actions: actionsFor(allowInstall, allowPower)
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
    assignableScopes: assignableScopes
  }
}
