// The rules of graphql-eslint for schemas and Relay, all of them, and why some are bent.
import plugin from '@graphql-eslint/eslint-plugin'

const { configs, parser } = plugin

// Part of a merchant or of the platform, and nothing without it: a client's cache keeps these inside of it.
const WITHOUT_ID = [
  'Capability',
  'CapabilityDetail',
  'CapabilityImpact',
  'DashboardAccess',
  'DashboardTask',
  'Freshness',
  'NextAction',
  'Onboarding',
  'PageInfo',
  'Platform',
  'PlatformProblem',
  'ReconciliationHealth',
  'Requirement',
  'RequirementError',
  'RequirementSet',
  'StatusCount',
  'Viewer',
  'WebhookHealth',
  // A record for operators, found through its external id; nothing refers to it.
  'AccountCreation',
]

const bent = {
  // The order is for the reader: what matters first.
  alphabetize: 'off',
  // There are mutations and subscriptions.
  'no-root-type': 'off',
  // StripeEvent.stripeEventId is Stripe's id, StripeEvent.id is ours.
  'no-typename-prefix': 'off',
  // It wants an argument that @deprecated does not have; contract/deprecations.py asks for the date.
  'require-deprecation-date': 'off',
  // What is refused is a member of the result. An error besides that concerns the whole operation.
  'require-nullable-result-in-root': 'off',
  // All has a description, but for @oneOf, which is GraphQL's own.
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
  // What is listed with the newest first is read in that direction alone.
  'relay-arguments': ['error', { includeBoth: false }],
  'relay-edge-types': [
    'error',
    {
      withEdgeSuffix: true,
      // Short lists that are always read whole, like capabilities, have no pages.
      listTypeCanWrapOnlyEdgeType: false,
      // AccountCreation and TimelineEntry are not fetched alone; tests/resolvers/test_schema.py knows these two.
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
      ...Object.fromEntries(Object.entries(bent).map(([name, rule]) => [`@graphql-eslint/${name}`, rule])),
    },
  },
]
