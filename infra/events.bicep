metadata description = 'Event subscriptions. Azure accepts them only once the function is there: after the code is deployed.'
targetScope = 'subscription'

import {
  eventSubscriptionOf
  existingTopicIn
  nameOfTopic
  resourceGroupOf
  resourceGroupOfTopic
  subscriptionsOf
  topicOf
} from 'names.bicep'

@description('As given to main.bicep.')
param environmentName string

@description('As given to main.bicep.')
param patchScope string

@description('As given to main.bicep.')
param existingTopics string = ''

@description('functionAppId of main.bicep.')
param functionAppId string

@description('storageAccountId of main.bicep.')
param storageAccountId string

module subscriptions 'events/subscription.bicep' = [
  for subscriptionId in subscriptionsOf(patchScope): {
    scope: resourceGroup(
      subscriptionId,
      resourceGroupOfTopic(existingTopicIn(existingTopics, subscriptionId), resourceGroupOf(environmentName))
    )
    params: {
      topicName: nameOfTopic(existingTopicIn(existingTopics, subscriptionId), topicOf(environmentName))
      name: eventSubscriptionOf(environmentName)
      functionId: '${functionAppId}/functions/vmProvisioned'
      storageAccountId: storageAccountId
    }
  }
]
