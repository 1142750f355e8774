metadata description = 'The system topic of a subscription: what was written in it. Azure allows one a subscription.'

import { tagSet } from '../names.bicep'

param name string
param tags tagSet

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: 'global'
  tags: tags
  // Leaves dead letters.
  identity: { type: 'SystemAssigned' }
  properties: {
    source: subscription().id
    topicType: 'Microsoft.Resources.Subscriptions'
  }
}

output principalId string = topic.identity.principalId
