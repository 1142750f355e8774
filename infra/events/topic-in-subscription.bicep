metadata description = 'A topic lies in the subscription that it tells about, in a resource group of the app\'s name.'
targetScope = 'subscription'

import { tagSet } from '../names.bicep'

param resourceGroupName string
param topicName string
param location string
param tags tagSet
param actionGroupId string

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: resourceGroupName
  location: location
  tags: tags
}

module topic 'topic.bicep' = {
  scope: group
  params: {
    name: topicName
    tags: tags
    actionGroupId: actionGroupId
  }
}

output principalId string = topic.outputs.principalId
