metadata description = 'Names that main.bicep and events.bicep share.'

@export()
@description('The subscriptions of GOLDPATCH_SCOPE, each once, in lower case.')
func subscriptionsOf(patchScope string) string[] =>
  union(map(split(patchScope, ','), entry => toLower(split(trim(entry), '/')[2])), [])

@export()
@description('Tags by name.')
type tagSet = { *: string }

@export()
var deadLetterContainer = 'dead-letters'

@export()
func resourceGroupOf(environmentName string) string => 'rg-goldpatch-${environmentName}'

@export()
func topicOf(environmentName string) string => 'evgt-goldpatch-${environmentName}'

@export()
func eventSubscriptionOf(environmentName string) string => 'goldpatch-${environmentName}'

@export()
@description('The id, among comma-separated ones of topics that exist, of the subscription\'s; empty: there is none.')
func existingTopicIn(existingTopics string, subscriptionId string) string =>
  last(flatten([
    ['']
    filter(
      map(split(existingTopics, ','), id => trim(id)),
      id => startsWith(toLower(id), '/subscriptions/${subscriptionId}/')
    )
  ])) ?? ''

@export()
@description('Name of the resource group in a topic\'s id, or else the other one.')
func resourceGroupOfTopic(topicId string, otherwise string) string =>
  empty(topicId) ? otherwise : split(topicId, '/')[4]

@export()
@description('Name of the topic in its id, or else the other one.')
func nameOfTopic(topicId string, otherwise string) string => empty(topicId) ? otherwise : split(topicId, '/')[8]

@export()
func storageAccountOf(token string) string => 'goldpatch${token}'
