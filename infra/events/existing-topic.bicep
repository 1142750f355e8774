metadata description = 'A system topic that exists; nothing of it is changed.'

param name string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: name
}

output principalId string = topic.identity.principalId
