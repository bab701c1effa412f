// Input of Relay's compiler, whose output relay.js imports.
import { graphql } from 'relay-runtime'

graphql`
  query operationsMerchantQuery($externalId: String!) {
    merchant(by: { externalId: $externalId }) {
      id
      __typename
      externalId
      displayName
      status
      account {
        id
        livemode
      }
      nextAction {
        kind
      }
      requirements {
        dueCount
      }
      ...operations_merchant
    }
  }
`

graphql`
  query operationsEntriesQuery($externalId: String!) {
    merchant(by: { externalId: $externalId }) {
      requirements {
        entries {
          key
        }
      }
      timeline(first: 1) {
        edges {
          node {
            id
            kind
          }
        }
      }
    }
  }
`

graphql`
  query operationsMerchantsQuery {
    ...operations_merchants
  }
`

graphql`
  fragment operations_merchants on Query
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" })
  @refetchable(queryName: "operationsMerchantsNextQuery") {
    merchants(first: $first, after: $after, orderBy: CREATED_AT_ASC)
      @connection(key: "operations_merchants") {
      edges {
        node {
          id
          externalId
        }
      }
    }
  }
`

graphql`
  fragment operations_merchant on Merchant @refetchable(queryName: "operationsMerchantAgainQuery") {
    contactEmail
  }
`

graphql`
  mutation operationsRenameMutation($externalId: String!, $displayName: String!) {
    updateMerchant(input: { merchant: { externalId: $externalId }, displayName: $displayName }) {
      __typename
      ... on UpdateMerchantPayload {
        merchant {
          displayName
        }
      }
      ... on Error {
        message
      }
    }
  }
`

graphql`
  mutation operationsCreateMutation($input: CreateMerchantInput!) {
    createMerchant(input: $input) {
      __typename
      ... on CreateMerchantPayload {
        created
        merchant {
          id
          externalId
          status
        }
      }
      ... on Error {
        message
      }
      ... on InvalidInputError {
        field
      }
      ... on ExternalIdTakenError {
        externalId
      }
      ... on CountryNotSupportedError {
        country
      }
      ... on StripeRefusedError {
        code
      }
      ... on StripeUnavailableError {
        retryAfterSeconds
      }
    }
  }
`

graphql`
  subscription operationsChangedSubscription($externalId: String!) {
    merchantChanged(by: { externalId: $externalId }) {
      displayName
    }
  }
`
