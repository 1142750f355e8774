metadata description = 'Goldpatch: a function app that patches virtual machines from customized images.'
targetScope = 'subscription'

import { appSettings } from 'app/settings.bicep'
import {
  eventSubscriptionOf
  existingTopicIn
  resourceGroupOf
  storageAccountOf
  subscriptionsOf
  tagSet
  topicOf
} from 'names.bicep'

@description('Part of every name: one deployment, one environment.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('Region of the app; machines may be anywhere.')
param location string

@description('GOLDPATCH_SCOPE: comma-separated subscriptions (/subscriptions/ID) and resource groups (/subscriptions/ID/resourceGroups/NAME) that may be touched.')
@minLength(51)
param patchScope string

@description('false: the role lacks installPatches, and events start assessments only.')
param allowInstall bool = true

@description('true: the role may start VMs that are deallocated and deallocate them again, for policies with power startAndStop.')
param allowPower bool = false
@description('true: the role may also create, assign and delete schedules, and cancel their runs.')
param allowSchedules bool = false

@description('true: the role may also change who patches a VM, as schedules need it; Azure counts it as writing the VM.')
param allowPrerequisites bool = false

@description('GUID of a role that exists, as role/in-management-group.bicep makes one; empty: a role of this deployment\'s own.')
param roleGuid string = ''

@description('Where orchestrations are kept: the storage account, or a Durable Task Scheduler. The package must be made for the same.')
@allowed(['storage', 'dts'])
param durableBackend string = 'storage'

@description('Node.js major version that Azure Functions offers in the region.')
param nodeVersion string = '22'

@description('Which Azure the app works in; empty: the one that it is deployed to.')
@allowed(['', 'AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'])
param cloud string = ''

@description('Other settings of the app, such as { GOLDPATCH_SWEEP_MODE: \'patch\' }.')
param settings appSettings = {}

@description('Application (client) id of an app registration with the roles Goldpatch.Reader and Goldpatch.Operator, for callers to sign in with; empty: function keys alone open the API.')
param authClientId string = ''

@description('Comma-separated ids of system topics that exist for subscriptions of the scope, of which Azure allows one each; they need a system-assigned identity. Empty: one is made for each.')
param existingTopics string = ''

@description('Who is told of alerts; empty: they are only shown.')
param alertEmail string = ''

@description('Days that logs are kept.')
param logRetentionDays int = 90

@description('Instances at most. Orchestrations in a storage account use 16 at most.')
param maximumInstances int = 40

@description('Instances that always wait for orchestrations; a storage account wakes a sleeping app late.')
param alwaysReadyInstances int = durableBackend == 'storage' ? 1 : 0

@description('A network, such as 10.60.0.0/26, in which storage is reached by private endpoints; empty: storage answers everywhere, to Entra sign-in only.')
param privateNetworkPrefix string = ''

@description('Tags of every resource.')
param tags tagSet = {}

var subscriptionIds = subscriptionsOf(patchScope)
var allTags = union(tags, { 'azd-env-name': environmentName })
var token = uniqueString(subscription().id, environmentName, location)
var ownRoleGuid = guid(subscription().id, 'goldpatch', environmentName)
var inCloud = { GOLDPATCH_CLOUD: empty(cloud) ? environment().name : cloud }
var provision = { GOLDPATCH_PROVISION_MODE: allowInstall ? 'patch' : 'assess' }

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: resourceGroupOf(environmentName)
  location: location
  tags: allTags
}

module app 'app/app.bicep' = {
  scope: group
  params: {
    location: location
    tags: allTags
    token: token
    durableBackend: durableBackend
    nodeVersion: nodeVersion
    patchScope: patchScope
    settings: union(provision, inCloud, settings)
    authClientId: authClientId
    alertEmail: alertEmail
    logRetentionDays: logRetentionDays
    maximumInstances: maximumInstances
    alwaysReadyInstances: alwaysReadyInstances
    privateNetworkPrefix: privateNetworkPrefix
  }
}

module role 'role/definition.bicep' = if (empty(roleGuid)) {
  // A role is made where it can be assigned.
  scope: subscription(subscriptionIds[0])
  params: {
    roleGuid: ownRoleGuid
    roleName: 'Goldpatch ${environmentName}'
    assignableScopes: map(subscriptionIds, id => '/subscriptions/${id}')
    allowInstall: allowInstall
    allowPower: allowPower
    allowSchedules: allowSchedules
    allowPrerequisites: allowPrerequisites
  }
}

module roleAssignments 'role/assignment.bicep' = [
  for subscriptionId in subscriptionIds: {
    scope: subscription(subscriptionId)
    params: {
      roleGuid: empty(roleGuid) ? ownRoleGuid : roleGuid
      // Part of the assignment's name: an assignment that outlived its identity must not be in a new one's way.
      #disable-next-line what-if-short-circuiting
      principalId: app.outputs.principalId
    }
    dependsOn: [role]
  }
]

module topics 'events/topic-in-subscription.bicep' = [
  for subscriptionId in subscriptionIds: {
    scope: subscription(subscriptionId)
    params: {
      resourceGroupName: group.name
      topicName: topicOf(environmentName)
      existingTopicId: existingTopicIn(existingTopics, subscriptionId)
      eventSubscriptionName: eventSubscriptionOf(environmentName)
      location: location
      tags: allTags
      actionGroupId: app.outputs.actionGroupId
    }
  }
]

module deadLetterAccess 'events/dead-letter-access.bicep' = [
  for (subscriptionId, index) in subscriptionIds: {
    scope: group
    params: {
      storageAccountName: storageAccountOf(token)
      subscriptionId: subscriptionId
      principalId: topics[index].outputs.principalId
    }
  }
]

@description('For events.bicep, once the code is there.')
output functionAppId string = app.outputs.functionAppId
output storageAccountId string = app.outputs.storageAccountId
output functionAppName string = app.outputs.functionAppName
output resourceGroupName string = group.name
output apiUrl string = 'https://${app.outputs.hostName}/api'
