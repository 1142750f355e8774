metadata description = 'The function app on a Flex Consumption plan, with its own identity and no keys of storage.'

import { tagSet } from '../names.bicep'
import { appSettings } from 'settings.bicep'

param name string
param location string
param tags tagSet

@description('Node.js major version.')
param nodeVersion string

param identityId string
param identityClientId string
param storageAccountName string

@description('GOLDPATCH_TABLES_ENDPOINT.')
param tablesEndpoint string

@description('Address of the container that holds the deployment package.')
param packageContainer string

param insightsConnectionString string

@description('Endpoint of a Durable Task Scheduler; empty: orchestrations are kept in the storage account.')
param schedulerEndpoint string

param taskHub string

@description('GOLDPATCH_SCOPE.')
param patchScope string

@description('Other settings of the app.')
param settings appSettings

@description('Application (client) id in Entra of who may call the API; empty: function keys alone open it.')
param authClientId string

@description('Subnet of the app; empty: no network of its own.')
param subnetId string

@minValue(1)
@maxValue(1000)
param maximumInstances int

@description('Instances that always wait for orchestrations.')
@minValue(0)
param alwaysReadyInstances int

var storageConnection = {
  AzureWebJobsStorage__accountName: storageAccountName
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__credential: 'managedidentity'
}

var schedulerConnection = empty(schedulerEndpoint)
  ? {}
  : {
      DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId};TaskHub=${taskHub}'
    }

// An event and a batch of events have at most 1 MB (Event Grid: quotas and limits). Without it, Azure lets 100 MB in.
var requestBodyLimit = 2097152

var access = empty(authClientId) ? {} : { GOLDPATCH_ACCESS: 'entra' }

var own = {
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  AZURE_CLIENT_ID: identityClientId
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: string(requestBodyLimit)
  GOLDPATCH_SCOPE: patchScope
  GOLDPATCH_TABLES_ENDPOINT: tablesEndpoint
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: 'func-${name}'
  location: location
  // azd finds the app of azure.yaml by this tag.
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    clientCertEnabled: false
    httpsOnly: true
    // Settings may be Key Vault references, such as GOLDPATCH_HOOK_KEYS.
    keyVaultReferenceIdentity: identityId
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainer
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReadyInstances == 0 ? [] : [{ name: 'durable', instanceCount: alwaysReadyInstances }]
      }
    }
  }

  resource environment 'config' = {
    name: 'appsettings'
    properties: union(settings, storageConnection, schedulerConnection, own, access)
  }

  resource signIn 'config' = if (!empty(authClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: { enabled: true }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'Return401'
        // Event Grid and the durable engine come here without a token, with keys of their own.
        excludedPaths: ['/runtime/webhooks/*']
      }
      httpSettings: { requireHttps: true }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: authClientId
            openIdIssuer: '${az.environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: { allowedAudiences: [authClientId, 'api://${authClientId}'] }
        }
      }
      // Callers bring their tokens; none is kept.
      login: { tokenStore: { enabled: false } }
    }
  }

  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noDeploymentPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output id string = app.id
output name string = app.name
output hostName string = app.properties.defaultHostName
