metadata description = 'Tells of events that were never handed over.'

import { tagSet } from '../names.bicep'

param topicName string
param eventSubscriptionName string
param tags tagSet

@description('Who is told; empty: the alert is only shown.')
param actionGroupId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-${topicName}-${eventSubscriptionName}'
  location: 'global'
  tags: tags
  properties: {
    description: 'An event about a VM could not be handed to Goldpatch for a day, and lies in the container dead-letters.'
    severity: 2
    enabled: true
    scopes: [topic.id]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead letters'
          metricName: 'DeadLetteredCount'
          // A topic that exists has subscriptions of others.
          dimensions: [{ name: 'EventSubscriptionName', operator: 'Include', values: [eventSubscriptionName] }]
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: empty(actionGroupId) ? [] : [{ actionGroupId: actionGroupId }]
  }
}
