// All of graphql-eslint's rules for schemas and Relay, with the reason for each exception.
import plugin from '@graphql-eslint/eslint-plugin'

const { configs, parser } = plugin

// Parts of a merchant, of the platform or of an error. Client caches store these inside their parent.
const WITHOUT_ID = [
  'Address',
  'AdoptionFinding',
  'AppliedFee',
  'AuditNumber',
  'Balance',
  'Capability',
  'CapabilityDetail',
  'CapabilityImpact',
  'Checkout',
  'ClientVersion',
  'CurrencyBalance',
  'DashboardAccess',
  'DashboardTask',
  'DismissedProblem',
  'DisputeAction',
  'DisputeEvidence',
  'DisputeWarning',
  'Dunning',
  'EmbeddedComponentAccess',
  'EventDelays',
  'EventDeliveryAttempt',
  'EvidenceEligibility',
  'FeeTerms',
  'FormerAccount',
  'Freshness',
  'ImportResult',
  'InvalidField',
  'MerchantSettings',
  'Message',
  'MessageParameter',
  'MetadataEntry',
  'Money',
  'NextAction',
  'Onboarding',
  'OnboardingFunnel',
  'OnboardingFunnelStage',
  'PageInfo',
  'PaymentFailure',
  'PaymentMethodSummary',
  'PaymentSweep',
  'PayoutDestination',
  'PayoutFailure',
  'PayoutObstacle',
  'PayoutSchedule',
  'Platform',
  'PlatformProblem',
  'RecommendedEvidence',
  'ReconciliationHealth',
  'Requirement',
  'RequirementError',
  'RequirementGroup',
  'RequirementItem',
  'RequirementPerson',
  'RequirementSet',
  'RevenueRow',
  'ServiceInvoice',
  'ServiceItem',
  'ServiceSubscription',
  'StatusCount',
  'StripeCallBudget',
  'StripeCallCounts',
  'SupportContact',
  'TimelineChange',
  'Viewer',
  'WalletDomain',
  'WebhookHealth',
  'Worker',
  // Messages of subscriptions. Client caches store the object in them.
  'DisputeListChange',
  'MerchantListChange',
  'PaymentListChange',
  'PayoutListChange',
  // A record for operators. No other type refers to it.
  'AccountCreation',
]

const exceptions = {
  // The order is meant for readers: important fields come first.
  alphabetize: 'off',
  // The schema has mutations and subscriptions.
  'no-root-type': 'off',
  // StripeEvent.stripeEventId is Stripe's id and StripeEvent.id is ours.
  'no-typename-prefix': 'off',
  // The rule requires an argument that @deprecated does not have. contract/deprecations.py checks the date.
  'require-deprecation-date': 'off',
  // Expected errors are members of the result. Any other error concerns the whole operation.
  'require-nullable-result-in-root': 'off',
  // Everything has a description except @oneOf, which GraphQL defines.
  'require-description': [
    'error',
    {
      types: true,
      rootField: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
      DirectiveDefinition: false,
    },
  ],
  'strict-id-in-types': [
    'error',
    {
      acceptedIdNames: ['id'],
      acceptedIdTypes: ['ID'],
      exceptions: { types: WITHOUT_ID, suffixes: ['Connection', 'Edge', 'Payload', 'Error'] },
    },
  ],
  // Lists with the newest first support only forward paging.
  'relay-arguments': ['error', { includeBoth: false }],
  'relay-edge-types': [
    'error',
    {
      withEdgeSuffix: true,
      // Short lists that are always read whole, such as capabilities, have no pages.
      listTypeCanWrapOnlyEdgeType: false,
      // AccountCreation, PaymentEntry and TimelineEntry are not nodes; see tests/resolvers/test_schema.py.
      shouldImplementNode: false,
    },
  ],
}

export default [
  {
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': plugin },
    languageOptions: {
      parser,
      parserOptions: { graphQLConfig: { schema: `${import.meta.dirname}/../../schema.graphql` } },
    },
    rules: {
      ...configs['flat/schema-all'].rules,
      ...configs['flat/schema-relay'].rules,
      ...Object.fromEntries(Object.entries(exceptions).map(([name, rule]) => [`@graphql-eslint/${name}`, rule])),
    },
  },
]
