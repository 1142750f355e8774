metadata description = 'Hands each write of a VM to the function vmProvisioned.'

import { deadLetterContainer } from '../names.bicep'

param topicName string
param name string
@description('The function vmProvisioned.')
param functionId string

param storageAccountId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName

  resource subscription 'eventSubscriptions' = {
    name: name
    properties: {
      destination: {
        endpointType: 'AzureFunction'
        properties: {
          resourceId: functionId
          // One at a time: each starts a run of its own.
          maxEventsPerBatch: 1
        }
      }
      eventDeliverySchema: 'EventGridSchema'
      filter: {
        includedEventTypes: ['Microsoft.Resources.ResourceWriteSuccess']
        advancedFilters: [
          {
            operatorType: 'StringIn'
            key: 'data.operationName'
            values: ['Microsoft.Compute/virtualMachines/write']
          }
        ]
      }
      retryPolicy: {
        maxDeliveryAttempts: 30
        eventTimeToLiveInMinutes: 1440
      }
      deadLetterWithResourceIdentity: {
        identity: { type: 'SystemAssigned' }
        deadLetterDestination: {
          endpointType: 'StorageBlob'
          properties: {
            resourceId: storageAccountId
            blobContainerName: deadLetterContainer
          }
        }
      }
    }
  }
}
