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

type alert = {
  name: string
  severity: 2 | 3 | 4
  summary: string
  @description('Names of events; any of them counts.')
  events: string[]
  @description('Silence alerts, not speech.')
  silence: bool?
  window: 'PT15M' | 'PT45M' | 'PT1H'
}

var alerts alert[] = [
  {
    name: 'stuck-runs'
    severity: 2
    summary: 'Runs were settled by the watchdog, because nobody followed them any more or they hung; or the watchdog itself failed.'
    events: ['runSettled', 'watchdogFailed', 'orchestrationRefused']
    window: 'PT15M'
  }
  {
    name: 'throttled'
    severity: 3
    summary: 'Azure answered 429: too many requests.'
    events: ['azureThrottled']
    window: 'PT15M'
  }
  {
    name: 'not-started'
    severity: 2
    summary: 'A run that was asked for could not be started, or a sweep was given up.'
    events: ['startFailed', 'runNeverBegan', 'sweepGivenUp']
    window: 'PT15M'
  }
  {
    name: 'watchdog-silent'
    severity: 2
    summary: 'The watchdog has not ended a tick for three quarters of an hour; it is to come every quarter of an hour at least. The app does not run, or its lines do not arrive.'
    events: ['watchdogTicked']
    silence: true
    window: 'PT45M'
  }
  {
    name: 'budget-exhausted'
    severity: 4
    summary: 'More runs were asked for than GOLDPATCH_MAX_ACTIVE_RUNS lets work at a time; the others wait. Nothing is wrong, unless they wait too long.'
    events: ['activeRunsExhausted']
    window: 'PT1H'
  }
  {
    name: 'trust'
    severity: 3
    summary: 'Somebody without a role called the API, or an event arrived that contradicts itself.'
    events: ['accessRefused', 'eventRefused']
    window: 'PT1H'
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
      windowSize: alert.window
      // The table is made by the first line that the app logs.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: '${eventOf}| where event in (\'${join(alert.events, '\', \'')}\')'
            timeAggregation: 'Count'
            operator: alert.?silence ?? false ? 'LessThan' : 'GreaterThan'
            threshold: alert.?silence ?? false ? 1 : 0
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
