metadata description = 'The custom role of the app, made once for a management group: for az deployment mg create.'
targetScope = 'managementGroup'

import { assessActions, installActions } from 'actions.bicep'

@description('Unique in the tenant.')
param roleName string = 'Goldpatch'

@description('false: the app can assess, and an installation is refused by Azure.')
param allowInstall bool = true

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, roleName)
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
    assignableScopes: [managementGroup().id]
  }
}

@description('For the parameter roleGuid of main.bicep.')
output roleGuid string = role.name
