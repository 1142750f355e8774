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
func storageAccountOf(token string) string => 'goldpatch${token}'
