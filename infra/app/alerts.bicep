metadata description = 'Alerts on what the app logs (src/logs.ts), and who is told.'

import { tagSet } from '../names.bicep'

param name string
param location string
param tags tagSet
param workspaceId string

@description('Who is told; empty: alerts are only shown.')
param alertEmail string

// A line may arrive with the host\'s words before it, so the event is looked for and not parsed.
var eventOf = '''
AppTraces
| extend event = extract(@'"event":"([A-Za-z]+)"', 1, Message)
'''

var alerts = [
  {
    name: 'stuck-runs'
    severity: 2
    summary: 'Runs were settled by the watchdog, because nobody followed them any more or they hung; or the watchdog itself failed.'
    query: '${eventOf}| where event in (\'runSettled\', \'watchdogFailed\', \'orchestrationRefused\')'
  }
  {
    name: 'throttled'
    severity: 3
    summary: 'Azure answered 429: too many requests.'
    query: '${eventOf}| where (event == \'operationRefused\' and Message has \'"status":429\') or (event == \'azureUnavailable\' and Message matches regex @\'\\b429\\b\')'
  }
  {
    name: 'not-started'
    severity: 2
    summary: 'A run that was asked for could not be started, or a sweep was given up.'
    query: '${eventOf}| where event in (\'startFailed\', \'runNeverBegan\', \'sweepGivenUp\')'
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alertEmail)) {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'goldpatch'
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts: {
    name: 'alert-${name}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Goldpatch: ${alert.name}'
      description: alert.summary
      severity: alert.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT15M'
      windowSize: 'PT15M'
      // The table is made by the first line that the app logs.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { minFailingPeriodsToAlert: 1, numberOfEvaluationPeriods: 1 }
          }
        ]
      }
      autoMitigate: true
      actions: { actionGroups: empty(alertEmail) ? [] : [people.id] }
    }
  }
]

output actionGroupId string = empty(alertEmail) ? '' : people.id
