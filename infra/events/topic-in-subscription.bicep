metadata description = 'A topic lies in the subscription that it tells about, in a resource group of the app\'s name; or one that exists is used.'
targetScope = 'subscription'

import { nameOfTopic, resourceGroupOfTopic, tagSet } from '../names.bicep'

param resourceGroupName string
param topicName string

@description('Id of a topic that exists; empty: one is made.')
param existingTopicId string

param eventSubscriptionName string
param location string
param tags tagSet
param actionGroupId string

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = if (empty(existingTopicId)) {
  name: resourceGroupName
  location: location
  tags: tags
}

module topic 'topic.bicep' = if (empty(existingTopicId)) {
  scope: group
  params: {
    name: topicName
    tags: tags
  }
}

module existingTopic 'existing-topic.bicep' = if (!empty(existingTopicId)) {
  scope: resourceGroup(resourceGroupOfTopic(existingTopicId, resourceGroupName))
  params: { name: nameOfTopic(existingTopicId, topicName) }
}

module deadLetterAlert 'dead-letter-alert.bicep' = {
  scope: resourceGroup(resourceGroupOfTopic(existingTopicId, resourceGroupName))
  params: {
    topicName: nameOfTopic(existingTopicId, topicName)
    eventSubscriptionName: eventSubscriptionName
    tags: tags
    actionGroupId: actionGroupId
  }
  dependsOn: [topic]
}

output principalId string = topic.?outputs.principalId ?? existingTopic.?outputs.principalId ?? ''
