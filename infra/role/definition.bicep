metadata description = 'The custom role of the app, for subscriptions.'
targetScope = 'subscription'

import { assessActions, installActions } from 'actions.bicep'

@description('GUID of the role; the same one again updates it.')
param roleGuid string

@description('Unique in the tenant.')
param roleName string

@description('Subscriptions in which the role can be assigned: /subscriptions/ID.')
param assignableScopes string[]

@description('false: the app can assess, and an installation is refused by Azure.')
param allowInstall bool

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: roleGuid
  properties: {
    roleName: roleName
    description: 'Assesses virtual machines and Arc-enabled servers and installs their patches, and nothing else.'
    type: 'CustomRole'
    permissions: [
      {
        actions: allowInstall ? concat(assessActions, installActions) : assessActions
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
    assignableScopes: assignableScopes
  }
}
