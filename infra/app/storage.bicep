metadata description = 'The storage account: deployment package, host, orchestrations, runs, dead letters. No account keys.'

import { deadLetterContainer, tagSet } from '../names.bicep'

param name string
param location string
param tags tagSet

@description('The app\'s identity, which may use it.')
param identityId string

param principalId string

@description('Orchestrations are kept here, not in a Durable Task Scheduler.')
param holdsOrchestrations bool

@description('Reachable through private endpoints only, but for Event Grid, which leaves dead letters.')
param private bool

var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

// The host wants to own its blobs; queues carry orchestrations and nothing else.
var roles = union([blobDataOwner, tableDataContributor], holdsOrchestrations ? [queueDataContributor] : [])

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: private ? 'Deny' : 'Allow'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: true, days: 7 }
    }

    resource package 'containers' = {
      name: 'app-package'
    }

    resource deadLetters 'containers' = {
      name: deadLetterContainer
    }
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(account.id, identityId, role)
    scope: account
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

output id string = account.id
output tablesEndpoint string = account.properties.primaryEndpoints.table
output packageContainer string = '${account.properties.primaryEndpoints.blob}${account::blobs::package.name}'
