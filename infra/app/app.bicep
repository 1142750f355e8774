metadata description = 'Everything in the resource group of the app.'

import { storageAccountOf, tagSet } from '../names.bicep'
import { appSettings } from 'settings.bicep'

param location string
param tags tagSet

@description('Tells apart the names that must be unique in Azure.')
param token string

@allowed(['storage', 'dts'])
param durableBackend string

param nodeVersion string
param patchScope string
param settings appSettings
param alertEmail string
param logRetentionDays int
param authClientId string
param maximumInstances int
param alwaysReadyInstances int
param privateNetworkPrefix string

var name = 'goldpatch-${token}'
var storageAccountName = storageAccountOf(token)
var taskHub = 'goldpatch'
var private = !empty(privateNetworkPrefix)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${name}'
  location: location
  tags: tags
}

module storage 'storage.bicep' = {
  params: {
    name: storageAccountName
    location: location
    tags: tags
    identityId: identity.id
    principalId: identity.properties.principalId
    holdsOrchestrations: durableBackend == 'storage'
    private: private
  }
}

module monitoring 'monitoring.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    identityId: identity.id
    principalId: identity.properties.principalId
    retentionDays: logRetentionDays
  }
}

module alerts 'alerts.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    alertEmail: alertEmail
  }
}

module scheduler 'scheduler.bicep' = if (durableBackend == 'dts') {
  params: {
    name: 'dts-${name}'
    location: location
    tags: tags
    identityId: identity.id
    principalId: identity.properties.principalId
    taskHub: taskHub
  }
}

module network 'network.bicep' = if (private) {
  params: {
    name: name
    location: location
    tags: tags
    storageAccountId: storage.outputs.id
    addressPrefix: privateNetworkPrefix
  }
}

module functionApp 'function-app.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    nodeVersion: nodeVersion
    identityId: identity.id
    identityClientId: identity.properties.clientId
    storageAccountName: storageAccountName
    tablesEndpoint: storage.outputs.tablesEndpoint
    packageContainer: storage.outputs.packageContainer
    insightsConnectionString: monitoring.outputs.connectionString
    schedulerEndpoint: scheduler.?outputs.endpoint ?? ''
    taskHub: taskHub
    patchScope: patchScope
    settings: settings
    authClientId: authClientId
    subnetId: network.?outputs.appSubnetId ?? ''
    maximumInstances: maximumInstances
    alwaysReadyInstances: alwaysReadyInstances
  }
}

output principalId string = identity.properties.principalId
output functionAppId string = functionApp.outputs.id
output functionAppName string = functionApp.outputs.name
output hostName string = functionApp.outputs.hostName
output storageAccountId string = storage.outputs.id
output actionGroupId string = alerts.outputs.actionGroupId
