metadata description = 'Durable Task Scheduler, which keeps orchestrations in place of the storage account.'

import { tagSet } from '../names.bicep'

param name string
param location string
param tags tagSet

@description('The app\'s identity, which may use it.')
param identityId string

param principalId string

@description('hubName of host.json.')
param taskHub string

var durableTaskDataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'Consumption' }
    // Only Entra sign-in opens it; an empty list would let nobody in.
    ipAllowlist: ['0.0.0.0/0']
  }

  resource hub 'taskHubs' = {
    name: taskHub
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(scheduler.id, identityId, durableTaskDataContributor)
  scope: scheduler::hub
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', durableTaskDataContributor)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

output endpoint string = scheduler.properties.endpoint
