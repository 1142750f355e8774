metadata description = 'Hands the events before and after each run of a schedule to the function maintenanceEvent. Once for each schedule, in its resource group, after the code is deployed.'

@description('Name of the maintenance configuration.')
param scheduleName string

@description('functionAppId of main.bicep, with /functions/maintenanceEvent behind it.')
param functionId string

@description('Unique for the schedule.')
param eventSubscriptionName string = 'goldpatch'

resource schedule 'Microsoft.Maintenance/maintenanceConfigurations@2023-04-01' existing = {
  name: scheduleName
}

resource subscription 'Microsoft.EventGrid/eventSubscriptions@2025-02-15' = {
  name: eventSubscriptionName
  scope: schedule
  properties: {
    destination: {
      endpointType: 'AzureFunction'
      properties: {
        resourceId: functionId
        maxEventsPerBatch: 1
      }
    }
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: ['Microsoft.Maintenance.PreMaintenanceEvent', 'Microsoft.Maintenance.PostMaintenanceEvent']
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      // A run can be cancelled for half an hour; its results are looked for without the event too.
      eventTimeToLiveInMinutes: 240
    }
  }
}
