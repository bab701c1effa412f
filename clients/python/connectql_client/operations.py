# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

__all__ = [
    "ADOPT_MERCHANT_GQL",
    "CANCEL_PAYMENT_GQL",
    "CAPTURE_PAYMENT_GQL",
    "CLOSE_MERCHANT_GQL",
    "CREATE_ACCOUNT_SESSION_GQL",
    "CREATE_BILLING_PORTAL_LINK_GQL",
    "CREATE_CHECKOUT_GQL",
    "CREATE_DASHBOARD_LINK_GQL",
    "CREATE_MERCHANT_GQL",
    "CREATE_ONBOARDING_LINK_GQL",
    "CREATE_PAYMENT_INTENT_GQL",
    "CREATE_PAYOUT_GQL",
    "DISPUTES_GQL",
    "DISPUTE_GQL",
    "DISPUTE_LIST_CHANGED_GQL",
    "FINANCES_CHANGED_GQL",
    "FINANCES_GQL",
    "MERCHANTS_CHANGED_GQL",
    "MERCHANTS_GQL",
    "MERCHANT_CHANGED_GQL",
    "MERCHANT_GQL",
    "MERCHANT_LIST_CHANGED_GQL",
    "MERCHANT_SETTINGS_GQL",
    "MERCHANT_TIMELINE_GQL",
    "PAYMENTS_GQL",
    "PAYMENT_CHANGED_GQL",
    "PAYMENT_GQL",
    "PAYMENT_LIST_CHANGED_GQL",
    "PAYMENT_TIMELINE_GQL",
    "PAYOUTS_GQL",
    "PAYOUT_LIST_CHANGED_GQL",
    "REFRESH_MERCHANT_GQL",
    "REFUND_PAYMENT_GQL",
    "SERVICE_CHANGED_GQL",
    "SERVICE_GQL",
    "START_SERVICE_GQL",
    "UPDATE_MERCHANT_GQL",
    "VIEWER_GQL",
]

DISPUTE_GQL = """
query Dispute($by: DisputeRef!) {
  dispute(by: $by) {
    ...DisputeFields
  }
}

fragment DisputeFields on Dispute {
  ...DisputeListFields
  evidence {
    state
    version
    submissionCount
    recommended {
      field
      title
      isFile
    }
    programs {
      program
      status
      missing
    }
  }
  withdrawn {
    ...MoneyFields
  }
  fee {
    ...MoneyFields
  }
  payment {
    ...PaymentListFields
  }
}

fragment DisputeListFields on Dispute {
  id
  status
  kind
  amount {
    ...MoneyFields
  }
  reason
  explanation
  needsResponse
  dueBy
  nextAction {
    kind
    label
    deadline
  }
  stripeDisputeId
  createdAt
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PaymentListFields on Payment {
  id
  externalId
  origin
  state
  refundState
  disputeState
  summary
  amount {
    ...MoneyFields
  }
  amountReceived {
    ...MoneyFields
  }
  amountRefunded {
    ...MoneyFields
  }
  method {
    type
    brand
    last4
    country
    funding
    wallet
  }
  description
  stripePaymentIntentId
  createdAt
  updatedAt
}
"""

DISPUTES_GQL = """
query Disputes($first: Int = 20, $after: String, $filter: DisputeFilter, $orderBy: DisputeOrder = DUE_BY_ASC) {
  disputes(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    edges {
      cursor
      node {
        ...DisputeListFields
        payment {
          ...PaymentListFields
        }
      }
    }
    pageInfo {
      ...PageFields
    }
  }
}

fragment DisputeListFields on Dispute {
  id
  status
  kind
  amount {
    ...MoneyFields
  }
  reason
  explanation
  needsResponse
  dueBy
  nextAction {
    kind
    label
    deadline
  }
  stripeDisputeId
  createdAt
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PageFields on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}

fragment PaymentListFields on Payment {
  id
  externalId
  origin
  state
  refundState
  disputeState
  summary
  amount {
    ...MoneyFields
  }
  amountReceived {
    ...MoneyFields
  }
  amountRefunded {
    ...MoneyFields
  }
  method {
    type
    brand
    last4
    country
    funding
    wallet
  }
  description
  stripePaymentIntentId
  createdAt
  updatedAt
}
"""

DISPUTE_LIST_CHANGED_GQL = """
subscription DisputeListChanged($filter: DisputeFilter) {
  disputeListChanged(filter: $filter) {
    change
    disputeId
    dispute {
      ...DisputeListFields
      payment {
        ...PaymentListFields
      }
    }
  }
}

fragment DisputeListFields on Dispute {
  id
  status
  kind
  amount {
    ...MoneyFields
  }
  reason
  explanation
  needsResponse
  dueBy
  nextAction {
    kind
    label
    deadline
  }
  stripeDisputeId
  createdAt
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PaymentListFields on Payment {
  id
  externalId
  origin
  state
  refundState
  disputeState
  summary
  amount {
    ...MoneyFields
  }
  amountReceived {
    ...MoneyFields
  }
  amountRefunded {
    ...MoneyFields
  }
  method {
    type
    brand
    last4
    country
    funding
    wallet
  }
  description
  stripePaymentIntentId
  createdAt
  updatedAt
}
"""

VIEWER_GQL = """
query Viewer {
  viewer {
    subject
    role
    permissions
    merchant {
      ...MerchantFields
    }
  }
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment MerchantFields on Merchant {
  ...MerchantListFields
  contactEmail
  summaryMessages {
    ...MessageFields
  }
  account {
    id
    stripeAccountId
    livemode
    closed
  }
  dashboard {
    type
    available
    unavailableReason
    unavailableMessage {
      ...MessageFields
    }
    url
    tasks {
      kind
      title
      available
      attention
      explanation
      message {
        ...MessageFields
      }
      deadline
      url
    }
  }
  capabilities {
    name
    title
    status
    details {
      code
      resolution
      explanation
    }
  }
  requirements {
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  futureRequirements {
    dueCount
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  onboarding {
    started
    linksIssued
    lastReturnedAt
    everActiveAt
  }
  freshness {
    ...FreshnessFields
  }
}

fragment MerchantListFields on Merchant {
  id
  externalId
  displayName
  country
  createdAt
  updatedAt
  status
  statusTitle
  statusTone
  statusSince
  summary
  canAcceptPayments
  canReceivePayouts
  nextAction {
    ...NextActionFields
  }
  requirements {
    dueCount
    pendingCount
    nearestDeadline
  }
}

fragment MessageFields on Message {
  key
  parameters {
    name
    value
  }
}

fragment NextActionFields on NextAction {
  kind
  by
  label
  message {
    ...MessageFields
  }
  isActionable
  deadline
  url
}

fragment RequirementGroupFields on RequirementGroup {
  key
  title
  help
  subject
  person {
    id
    name
    role
    label
  }
  awaitingActionFrom
  urgency
  items {
    key
    awaitingActionFrom
    deadline
  }
  errors {
    code
    message
    explanation
  }
  restricts
}
"""

MERCHANT_GQL = """
query Merchant($by: MerchantRef!) {
  merchant(by: $by) {
    ...MerchantFields
  }
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment MerchantFields on Merchant {
  ...MerchantListFields
  contactEmail
  summaryMessages {
    ...MessageFields
  }
  account {
    id
    stripeAccountId
    livemode
    closed
  }
  dashboard {
    type
    available
    unavailableReason
    unavailableMessage {
      ...MessageFields
    }
    url
    tasks {
      kind
      title
      available
      attention
      explanation
      message {
        ...MessageFields
      }
      deadline
      url
    }
  }
  capabilities {
    name
    title
    status
    details {
      code
      resolution
      explanation
    }
  }
  requirements {
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  futureRequirements {
    dueCount
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  onboarding {
    started
    linksIssued
    lastReturnedAt
    everActiveAt
  }
  freshness {
    ...FreshnessFields
  }
}

fragment MerchantListFields on Merchant {
  id
  externalId
  displayName
  country
  createdAt
  updatedAt
  status
  statusTitle
  statusTone
  statusSince
  summary
  canAcceptPayments
  canReceivePayouts
  nextAction {
    ...NextActionFields
  }
  requirements {
    dueCount
    pendingCount
    nearestDeadline
  }
}

fragment MessageFields on Message {
  key
  parameters {
    name
    value
  }
}

fragment NextActionFields on NextAction {
  kind
  by
  label
  message {
    ...MessageFields
  }
  isActionable
  deadline
  url
}

fragment RequirementGroupFields on RequirementGroup {
  key
  title
  help
  subject
  person {
    id
    name
    role
    label
  }
  awaitingActionFrom
  urgency
  items {
    key
    awaitingActionFrom
    deadline
  }
  errors {
    code
    message
    explanation
  }
  restricts
}
"""

MERCHANTS_GQL = """
query Merchants($first: Int = 20, $after: String, $filter: MerchantFilter, $orderBy: MerchantOrder = CREATED_AT_DESC) {
  merchants(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount
    edges {
      cursor
      node {
        ...MerchantListFields
      }
    }
    pageInfo {
      ...PageFields
    }
  }
}

fragment MerchantListFields on Merchant {
  id
  externalId
  displayName
  country
  createdAt
  updatedAt
  status
  statusTitle
  statusTone
  statusSince
  summary
  canAcceptPayments
  canReceivePayouts
  nextAction {
    ...NextActionFields
  }
  requirements {
    dueCount
    pendingCount
    nearestDeadline
  }
}

fragment MessageFields on Message {
  key
  parameters {
    name
    value
  }
}

fragment NextActionFields on NextAction {
  kind
  by
  label
  message {
    ...MessageFields
  }
  isActionable
  deadline
  url
}

fragment PageFields on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}
"""

MERCHANT_SETTINGS_GQL = """
query MerchantSettings($by: MerchantRef!) {
  merchant(by: $by) {
    id
    displayName
    contactEmail
    country
    settings {
      ...MerchantSettingsFields
    }
  }
}

fragment MerchantSettingsFields on MerchantSettings {
  entityType
  contactPhone
  merchantCategoryCode
  doingBusinessAs
  businessUrl
  productDescription
  statementDescriptor
  statementDescriptorPrefix
  currency
  locales
  support {
    email
    phone
    url
  }
  requestedCapabilities
}
"""

MERCHANT_TIMELINE_GQL = """
query MerchantTimeline($by: MerchantRef!, $first: Int = 20, $after: String, $kinds: [TimelineKind!]) {
  merchant(by: $by) {
    id
    timeline(first: $first, after: $after, kinds: $kinds) {
      edges {
        cursor
        node {
          ...TimelineEntryFields
        }
      }
      pageInfo {
        ...PageFields
      }
    }
  }
}

fragment PageFields on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}

fragment TimelineEntryFields on TimelineEntry {
  id
  at
  kind
  statusBefore
  statusAfter
  message
  changes {
    name
    title
    before
    after
  }
  actor
}
"""

CREATE_MERCHANT_GQL = """
mutation CreateMerchant($input: CreateMerchantInput!) {
  createMerchant(input: $input) {
    __typename
    ... on CreateMerchantPayload {
      created
      merchant {
        ...MerchantFields
      }
    }
    ... on StripeUnavailableError {
      merchant {
        id
        externalId
        status
      }
    }
    ...RefusalFields
  }
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment MerchantFields on Merchant {
  ...MerchantListFields
  contactEmail
  summaryMessages {
    ...MessageFields
  }
  account {
    id
    stripeAccountId
    livemode
    closed
  }
  dashboard {
    type
    available
    unavailableReason
    unavailableMessage {
      ...MessageFields
    }
    url
    tasks {
      kind
      title
      available
      attention
      explanation
      message {
        ...MessageFields
      }
      deadline
      url
    }
  }
  capabilities {
    name
    title
    status
    details {
      code
      resolution
      explanation
    }
  }
  requirements {
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  futureRequirements {
    dueCount
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  onboarding {
    started
    linksIssued
    lastReturnedAt
    everActiveAt
  }
  freshness {
    ...FreshnessFields
  }
}

fragment MerchantListFields on Merchant {
  id
  externalId
  displayName
  country
  createdAt
  updatedAt
  status
  statusTitle
  statusTone
  statusSince
  summary
  canAcceptPayments
  canReceivePayouts
  nextAction {
    ...NextActionFields
  }
  requirements {
    dueCount
    pendingCount
    nearestDeadline
  }
}

fragment MessageFields on Message {
  key
  parameters {
    name
    value
  }
}

fragment NextActionFields on NextAction {
  kind
  by
  label
  message {
    ...MessageFields
  }
  isActionable
  deadline
  url
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment RequirementGroupFields on RequirementGroup {
  key
  title
  help
  subject
  person {
    id
    name
    role
    label
  }
  awaitingActionFrom
  urgency
  items {
    key
    awaitingActionFrom
    deadline
  }
  errors {
    code
    message
    explanation
  }
  restricts
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}
"""

UPDATE_MERCHANT_GQL = """
mutation UpdateMerchant($input: UpdateMerchantInput!) {
  updateMerchant(input: $input) {
    __typename
    ... on UpdateMerchantPayload {
      merchant {
        ...MerchantFields
        settings {
          ...MerchantSettingsFields
        }
      }
    }
    ...RefusalFields
  }
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment MerchantFields on Merchant {
  ...MerchantListFields
  contactEmail
  summaryMessages {
    ...MessageFields
  }
  account {
    id
    stripeAccountId
    livemode
    closed
  }
  dashboard {
    type
    available
    unavailableReason
    unavailableMessage {
      ...MessageFields
    }
    url
    tasks {
      kind
      title
      available
      attention
      explanation
      message {
        ...MessageFields
      }
      deadline
      url
    }
  }
  capabilities {
    name
    title
    status
    details {
      code
      resolution
      explanation
    }
  }
  requirements {
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  futureRequirements {
    dueCount
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  onboarding {
    started
    linksIssued
    lastReturnedAt
    everActiveAt
  }
  freshness {
    ...FreshnessFields
  }
}

fragment MerchantListFields on Merchant {
  id
  externalId
  displayName
  country
  createdAt
  updatedAt
  status
  statusTitle
  statusTone
  statusSince
  summary
  canAcceptPayments
  canReceivePayouts
  nextAction {
    ...NextActionFields
  }
  requirements {
    dueCount
    pendingCount
    nearestDeadline
  }
}

fragment MerchantSettingsFields on MerchantSettings {
  entityType
  contactPhone
  merchantCategoryCode
  doingBusinessAs
  businessUrl
  productDescription
  statementDescriptor
  statementDescriptorPrefix
  currency
  locales
  support {
    email
    phone
    url
  }
  requestedCapabilities
}

fragment MessageFields on Message {
  key
  parameters {
    name
    value
  }
}

fragment NextActionFields on NextAction {
  kind
  by
  label
  message {
    ...MessageFields
  }
  isActionable
  deadline
  url
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment RequirementGroupFields on RequirementGroup {
  key
  title
  help
  subject
  person {
    id
    name
    role
    label
  }
  awaitingActionFrom
  urgency
  items {
    key
    awaitingActionFrom
    deadline
  }
  errors {
    code
    message
    explanation
  }
  restricts
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}
"""

REFRESH_MERCHANT_GQL = """
mutation RefreshMerchant($input: RefreshMerchantInput!) {
  refreshMerchant(input: $input) {
    __typename
    ... on RefreshMerchantPayload {
      merchant {
        ...MerchantFields
      }
    }
    ...RefusalFields
  }
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment MerchantFields on Merchant {
  ...MerchantListFields
  contactEmail
  summaryMessages {
    ...MessageFields
  }
  account {
    id
    stripeAccountId
    livemode
    closed
  }
  dashboard {
    type
    available
    unavailableReason
    unavailableMessage {
      ...MessageFields
    }
    url
    tasks {
      kind
      title
      available
      attention
      explanation
      message {
        ...MessageFields
      }
      deadline
      url
    }
  }
  capabilities {
    name
    title
    status
    details {
      code
      resolution
      explanation
    }
  }
  requirements {
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  futureRequirements {
    dueCount
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  onboarding {
    started
    linksIssued
    lastReturnedAt
    everActiveAt
  }
  freshness {
    ...FreshnessFields
  }
}

fragment MerchantListFields on Merchant {
  id
  externalId
  displayName
  country
  createdAt
  updatedAt
  status
  statusTitle
  statusTone
  statusSince
  summary
  canAcceptPayments
  canReceivePayouts
  nextAction {
    ...NextActionFields
  }
  requirements {
    dueCount
    pendingCount
    nearestDeadline
  }
}

fragment MessageFields on Message {
  key
  parameters {
    name
    value
  }
}

fragment NextActionFields on NextAction {
  kind
  by
  label
  message {
    ...MessageFields
  }
  isActionable
  deadline
  url
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment RequirementGroupFields on RequirementGroup {
  key
  title
  help
  subject
  person {
    id
    name
    role
    label
  }
  awaitingActionFrom
  urgency
  items {
    key
    awaitingActionFrom
    deadline
  }
  errors {
    code
    message
    explanation
  }
  restricts
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}
"""

CREATE_ONBOARDING_LINK_GQL = """
mutation CreateOnboardingLink($input: CreateOnboardingLinkInput!) {
  createOnboardingLink(input: $input) {
    __typename
    ... on CreateOnboardingLinkPayload {
      url
      expiresAt
    }
    ...RefusalFields
  }
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}
"""

CREATE_DASHBOARD_LINK_GQL = """
mutation CreateDashboardLink($input: CreateDashboardLinkInput!) {
  createDashboardLink(input: $input) {
    __typename
    ... on CreateDashboardLinkPayload {
      url
      expiresAt
    }
    ...RefusalFields
  }
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}
"""

CREATE_ACCOUNT_SESSION_GQL = """
mutation CreateAccountSession($input: CreateAccountSessionInput!) {
  createAccountSession(input: $input) {
    __typename
    ... on CreateAccountSessionPayload {
      clientSecret
      publishableKey
      stripeAccountId
      expiresAt
      components {
        component
        features
      }
    }
    ...RefusalFields
  }
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}
"""

MERCHANT_CHANGED_GQL = """
subscription MerchantChanged($by: MerchantRef!) {
  merchantChanged(by: $by) {
    ...MerchantFields
  }
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment MerchantFields on Merchant {
  ...MerchantListFields
  contactEmail
  summaryMessages {
    ...MessageFields
  }
  account {
    id
    stripeAccountId
    livemode
    closed
  }
  dashboard {
    type
    available
    unavailableReason
    unavailableMessage {
      ...MessageFields
    }
    url
    tasks {
      kind
      title
      available
      attention
      explanation
      message {
        ...MessageFields
      }
      deadline
      url
    }
  }
  capabilities {
    name
    title
    status
    details {
      code
      resolution
      explanation
    }
  }
  requirements {
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  futureRequirements {
    dueCount
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  onboarding {
    started
    linksIssued
    lastReturnedAt
    everActiveAt
  }
  freshness {
    ...FreshnessFields
  }
}

fragment MerchantListFields on Merchant {
  id
  externalId
  displayName
  country
  createdAt
  updatedAt
  status
  statusTitle
  statusTone
  statusSince
  summary
  canAcceptPayments
  canReceivePayouts
  nextAction {
    ...NextActionFields
  }
  requirements {
    dueCount
    pendingCount
    nearestDeadline
  }
}

fragment MessageFields on Message {
  key
  parameters {
    name
    value
  }
}

fragment NextActionFields on NextAction {
  kind
  by
  label
  message {
    ...MessageFields
  }
  isActionable
  deadline
  url
}

fragment RequirementGroupFields on RequirementGroup {
  key
  title
  help
  subject
  person {
    id
    name
    role
    label
  }
  awaitingActionFrom
  urgency
  items {
    key
    awaitingActionFrom
    deadline
  }
  errors {
    code
    message
    explanation
  }
  restricts
}
"""

MERCHANT_LIST_CHANGED_GQL = """
subscription MerchantListChanged($filter: MerchantFilter) {
  merchantListChanged(filter: $filter) {
    change
    merchantId
    merchant {
      ...MerchantListFields
    }
  }
}

fragment MerchantListFields on Merchant {
  id
  externalId
  displayName
  country
  createdAt
  updatedAt
  status
  statusTitle
  statusTone
  statusSince
  summary
  canAcceptPayments
  canReceivePayouts
  nextAction {
    ...NextActionFields
  }
  requirements {
    dueCount
    pendingCount
    nearestDeadline
  }
}

fragment MessageFields on Message {
  key
  parameters {
    name
    value
  }
}

fragment NextActionFields on NextAction {
  kind
  by
  label
  message {
    ...MessageFields
  }
  isActionable
  deadline
  url
}
"""

PAYMENT_GQL = """
query Payment($by: PaymentRef!) {
  payment(by: $by) {
    ...PaymentFields
  }
}

fragment DisputeListFields on Dispute {
  id
  status
  kind
  amount {
    ...MoneyFields
  }
  reason
  explanation
  needsResponse
  dueBy
  nextAction {
    kind
    label
    deadline
  }
  stripeDisputeId
  createdAt
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PaymentFields on Payment {
  ...PaymentListFields
  failure {
    code
    declineCode
    payerMessage
    retry
  }
  applicationFee {
    ...MoneyFields
  }
  applicationFeeRefunded {
    ...MoneyFields
  }
  stripeFee {
    ...MoneyFields
  }
  net {
    ...MoneyFields
  }
  checkout {
    status
    expiresAt
    stripeCheckoutSessionId
  }
  captureBefore
  metadata {
    key
    value
  }
  refunds {
    ...RefundFields
  }
  disputes {
    ...DisputeListFields
  }
  disputeWarnings {
    actionable
    explanation
    stripeWarningId
    createdAt
  }
  stripeChargeId
  livemode
  freshness {
    ...FreshnessFields
  }
}

fragment PaymentListFields on Payment {
  id
  externalId
  origin
  state
  refundState
  disputeState
  summary
  amount {
    ...MoneyFields
  }
  amountReceived {
    ...MoneyFields
  }
  amountRefunded {
    ...MoneyFields
  }
  method {
    type
    brand
    last4
    country
    funding
    wallet
  }
  description
  stripePaymentIntentId
  createdAt
  updatedAt
}

fragment RefundFields on Refund {
  id
  externalId
  origin
  amount {
    ...MoneyFields
  }
  state
  explanation
  reason
  createdAt
}
"""

PAYMENTS_GQL = """
query Payments($first: Int = 20, $after: String, $filter: PaymentFilter, $orderBy: PaymentOrder = CREATED_AT_DESC) {
  payments(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    edges {
      cursor
      node {
        ...PaymentListFields
      }
    }
    pageInfo {
      ...PageFields
    }
  }
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PageFields on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}

fragment PaymentListFields on Payment {
  id
  externalId
  origin
  state
  refundState
  disputeState
  summary
  amount {
    ...MoneyFields
  }
  amountReceived {
    ...MoneyFields
  }
  amountRefunded {
    ...MoneyFields
  }
  method {
    type
    brand
    last4
    country
    funding
    wallet
  }
  description
  stripePaymentIntentId
  createdAt
  updatedAt
}
"""

PAYMENT_TIMELINE_GQL = """
query PaymentTimeline($by: PaymentRef!, $first: Int = 20, $after: String) {
  payment(by: $by) {
    id
    timeline(first: $first, after: $after) {
      edges {
        cursor
        node {
          id
          at
          kind
          message
          actor
        }
      }
      pageInfo {
        ...PageFields
      }
    }
  }
}

fragment PageFields on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}
"""

CREATE_CHECKOUT_GQL = """
mutation CreateCheckout($input: CreateCheckoutInput!) {
  createCheckout(input: $input) {
    __typename
    ... on CreateCheckoutPayload {
      created
      url
      expiresAt
      payment {
        ...PaymentFields
      }
    }
    ...RefusalFields
  }
}

fragment DisputeListFields on Dispute {
  id
  status
  kind
  amount {
    ...MoneyFields
  }
  reason
  explanation
  needsResponse
  dueBy
  nextAction {
    kind
    label
    deadline
  }
  stripeDisputeId
  createdAt
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PaymentFields on Payment {
  ...PaymentListFields
  failure {
    code
    declineCode
    payerMessage
    retry
  }
  applicationFee {
    ...MoneyFields
  }
  applicationFeeRefunded {
    ...MoneyFields
  }
  stripeFee {
    ...MoneyFields
  }
  net {
    ...MoneyFields
  }
  checkout {
    status
    expiresAt
    stripeCheckoutSessionId
  }
  captureBefore
  metadata {
    key
    value
  }
  refunds {
    ...RefundFields
  }
  disputes {
    ...DisputeListFields
  }
  disputeWarnings {
    actionable
    explanation
    stripeWarningId
    createdAt
  }
  stripeChargeId
  livemode
  freshness {
    ...FreshnessFields
  }
}

fragment PaymentListFields on Payment {
  id
  externalId
  origin
  state
  refundState
  disputeState
  summary
  amount {
    ...MoneyFields
  }
  amountReceived {
    ...MoneyFields
  }
  amountRefunded {
    ...MoneyFields
  }
  method {
    type
    brand
    last4
    country
    funding
    wallet
  }
  description
  stripePaymentIntentId
  createdAt
  updatedAt
}

fragment RefundFields on Refund {
  id
  externalId
  origin
  amount {
    ...MoneyFields
  }
  state
  explanation
  reason
  createdAt
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}
"""

REFUND_PAYMENT_GQL = """
mutation RefundPayment($input: RefundPaymentInput!) {
  refundPayment(input: $input) {
    __typename
    ... on RefundPaymentPayload {
      created
      warning
      warningCode
      refund {
        ...RefundFields
      }
      payment {
        ...PaymentFields
      }
    }
    ... on DisputeOpenError {
      payment {
        ...PaymentFields
      }
    }
    ... on PaymentNotChangeableError {
      payment {
        ...PaymentFields
      }
    }
    ...RefusalFields
  }
}

fragment DisputeListFields on Dispute {
  id
  status
  kind
  amount {
    ...MoneyFields
  }
  reason
  explanation
  needsResponse
  dueBy
  nextAction {
    kind
    label
    deadline
  }
  stripeDisputeId
  createdAt
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PaymentFields on Payment {
  ...PaymentListFields
  failure {
    code
    declineCode
    payerMessage
    retry
  }
  applicationFee {
    ...MoneyFields
  }
  applicationFeeRefunded {
    ...MoneyFields
  }
  stripeFee {
    ...MoneyFields
  }
  net {
    ...MoneyFields
  }
  checkout {
    status
    expiresAt
    stripeCheckoutSessionId
  }
  captureBefore
  metadata {
    key
    value
  }
  refunds {
    ...RefundFields
  }
  disputes {
    ...DisputeListFields
  }
  disputeWarnings {
    actionable
    explanation
    stripeWarningId
    createdAt
  }
  stripeChargeId
  livemode
  freshness {
    ...FreshnessFields
  }
}

fragment PaymentListFields on Payment {
  id
  externalId
  origin
  state
  refundState
  disputeState
  summary
  amount {
    ...MoneyFields
  }
  amountReceived {
    ...MoneyFields
  }
  amountRefunded {
    ...MoneyFields
  }
  method {
    type
    brand
    last4
    country
    funding
    wallet
  }
  description
  stripePaymentIntentId
  createdAt
  updatedAt
}

fragment RefundFields on Refund {
  id
  externalId
  origin
  amount {
    ...MoneyFields
  }
  state
  explanation
  reason
  createdAt
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}
"""

CAPTURE_PAYMENT_GQL = """
mutation CapturePayment($input: CapturePaymentInput!) {
  capturePayment(input: $input) {
    __typename
    ... on CapturePaymentPayload {
      payment {
        ...PaymentFields
      }
    }
    ... on PaymentNotChangeableError {
      payment {
        ...PaymentFields
      }
    }
    ...RefusalFields
  }
}

fragment DisputeListFields on Dispute {
  id
  status
  kind
  amount {
    ...MoneyFields
  }
  reason
  explanation
  needsResponse
  dueBy
  nextAction {
    kind
    label
    deadline
  }
  stripeDisputeId
  createdAt
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PaymentFields on Payment {
  ...PaymentListFields
  failure {
    code
    declineCode
    payerMessage
    retry
  }
  applicationFee {
    ...MoneyFields
  }
  applicationFeeRefunded {
    ...MoneyFields
  }
  stripeFee {
    ...MoneyFields
  }
  net {
    ...MoneyFields
  }
  checkout {
    status
    expiresAt
    stripeCheckoutSessionId
  }
  captureBefore
  metadata {
    key
    value
  }
  refunds {
    ...RefundFields
  }
  disputes {
    ...DisputeListFields
  }
  disputeWarnings {
    actionable
    explanation
    stripeWarningId
    createdAt
  }
  stripeChargeId
  livemode
  freshness {
    ...FreshnessFields
  }
}

fragment PaymentListFields on Payment {
  id
  externalId
  origin
  state
  refundState
  disputeState
  summary
  amount {
    ...MoneyFields
  }
  amountReceived {
    ...MoneyFields
  }
  amountRefunded {
    ...MoneyFields
  }
  method {
    type
    brand
    last4
    country
    funding
    wallet
  }
  description
  stripePaymentIntentId
  createdAt
  updatedAt
}

fragment RefundFields on Refund {
  id
  externalId
  origin
  amount {
    ...MoneyFields
  }
  state
  explanation
  reason
  createdAt
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}
"""

CANCEL_PAYMENT_GQL = """
mutation CancelPayment($input: CancelPaymentInput!) {
  cancelPayment(input: $input) {
    __typename
    ... on CancelPaymentPayload {
      payment {
        ...PaymentFields
      }
    }
    ... on PaymentNotChangeableError {
      payment {
        ...PaymentFields
      }
    }
    ...RefusalFields
  }
}

fragment DisputeListFields on Dispute {
  id
  status
  kind
  amount {
    ...MoneyFields
  }
  reason
  explanation
  needsResponse
  dueBy
  nextAction {
    kind
    label
    deadline
  }
  stripeDisputeId
  createdAt
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PaymentFields on Payment {
  ...PaymentListFields
  failure {
    code
    declineCode
    payerMessage
    retry
  }
  applicationFee {
    ...MoneyFields
  }
  applicationFeeRefunded {
    ...MoneyFields
  }
  stripeFee {
    ...MoneyFields
  }
  net {
    ...MoneyFields
  }
  checkout {
    status
    expiresAt
    stripeCheckoutSessionId
  }
  captureBefore
  metadata {
    key
    value
  }
  refunds {
    ...RefundFields
  }
  disputes {
    ...DisputeListFields
  }
  disputeWarnings {
    actionable
    explanation
    stripeWarningId
    createdAt
  }
  stripeChargeId
  livemode
  freshness {
    ...FreshnessFields
  }
}

fragment PaymentListFields on Payment {
  id
  externalId
  origin
  state
  refundState
  disputeState
  summary
  amount {
    ...MoneyFields
  }
  amountReceived {
    ...MoneyFields
  }
  amountRefunded {
    ...MoneyFields
  }
  method {
    type
    brand
    last4
    country
    funding
    wallet
  }
  description
  stripePaymentIntentId
  createdAt
  updatedAt
}

fragment RefundFields on Refund {
  id
  externalId
  origin
  amount {
    ...MoneyFields
  }
  state
  explanation
  reason
  createdAt
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}
"""

PAYMENT_CHANGED_GQL = """
subscription PaymentChanged($by: PaymentRef!) {
  paymentChanged(by: $by) {
    ...PaymentFields
  }
}

fragment DisputeListFields on Dispute {
  id
  status
  kind
  amount {
    ...MoneyFields
  }
  reason
  explanation
  needsResponse
  dueBy
  nextAction {
    kind
    label
    deadline
  }
  stripeDisputeId
  createdAt
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PaymentFields on Payment {
  ...PaymentListFields
  failure {
    code
    declineCode
    payerMessage
    retry
  }
  applicationFee {
    ...MoneyFields
  }
  applicationFeeRefunded {
    ...MoneyFields
  }
  stripeFee {
    ...MoneyFields
  }
  net {
    ...MoneyFields
  }
  checkout {
    status
    expiresAt
    stripeCheckoutSessionId
  }
  captureBefore
  metadata {
    key
    value
  }
  refunds {
    ...RefundFields
  }
  disputes {
    ...DisputeListFields
  }
  disputeWarnings {
    actionable
    explanation
    stripeWarningId
    createdAt
  }
  stripeChargeId
  livemode
  freshness {
    ...FreshnessFields
  }
}

fragment PaymentListFields on Payment {
  id
  externalId
  origin
  state
  refundState
  disputeState
  summary
  amount {
    ...MoneyFields
  }
  amountReceived {
    ...MoneyFields
  }
  amountRefunded {
    ...MoneyFields
  }
  method {
    type
    brand
    last4
    country
    funding
    wallet
  }
  description
  stripePaymentIntentId
  createdAt
  updatedAt
}

fragment RefundFields on Refund {
  id
  externalId
  origin
  amount {
    ...MoneyFields
  }
  state
  explanation
  reason
  createdAt
}
"""

PAYMENT_LIST_CHANGED_GQL = """
subscription PaymentListChanged($filter: PaymentFilter) {
  paymentListChanged(filter: $filter) {
    change
    paymentId
    payment {
      ...PaymentListFields
    }
  }
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PaymentListFields on Payment {
  id
  externalId
  origin
  state
  refundState
  disputeState
  summary
  amount {
    ...MoneyFields
  }
  amountReceived {
    ...MoneyFields
  }
  amountRefunded {
    ...MoneyFields
  }
  method {
    type
    brand
    last4
    country
    funding
    wallet
  }
  description
  stripePaymentIntentId
  createdAt
  updatedAt
}
"""

FINANCES_GQL = """
query Finances($by: MerchantRef!) {
  merchant(by: $by) {
    id
    canReceivePayouts
    balance {
      ...BalanceFields
    }
    payoutSchedule {
      ...PayoutScheduleFields
    }
    payoutObstacles {
      ...PayoutObstacleFields
    }
  }
}

fragment BalanceFields on Balance {
  amounts {
    currency
    available {
      ...MoneyFields
    }
    pending {
      ...MoneyFields
    }
    instantAvailable {
      ...MoneyFields
    }
    reserved {
      ...MoneyFields
    }
  }
  isNegative
  freshness {
    ...FreshnessFields
  }
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment PayoutScheduleFields on PayoutSchedule {
  interval
  weeklyDays
  monthlyDays
  delayDays
  minimumBalances {
    ...MoneyFields
  }
  isEnabled
  controlledBy
  summary
  nextPayoutEstimate
}
"""

PAYOUTS_GQL = """
query Payouts($first: Int = 20, $after: String, $filter: PayoutFilter, $orderBy: PayoutOrder = CREATED_AT_DESC) {
  payouts(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    edges {
      cursor
      node {
        ...PayoutFields
      }
    }
    pageInfo {
      ...PageFields
    }
  }
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PageFields on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}

fragment PayoutFields on Payout {
  id
  status
  summary
  amount {
    ...MoneyFields
  }
  arrivalDate
  isLate
  automatic
  method
  destination {
    type
    name
    last4
    country
    currency
  }
  failure {
    code
    explanation
    remedy
    wasPaid
    noticedAt
  }
  traceId
  statementDescriptor
  externalId
  stripePayoutId
  createdAt
  updatedAt
}
"""

FINANCES_CHANGED_GQL = """
subscription FinancesChanged($by: MerchantRef!) {
  merchantChanged(by: $by) {
    id
    canReceivePayouts
    balance {
      ...BalanceFields
    }
    payoutSchedule {
      ...PayoutScheduleFields
    }
    payoutObstacles {
      ...PayoutObstacleFields
    }
  }
}

fragment BalanceFields on Balance {
  amounts {
    currency
    available {
      ...MoneyFields
    }
    pending {
      ...MoneyFields
    }
    instantAvailable {
      ...MoneyFields
    }
    reserved {
      ...MoneyFields
    }
  }
  isNegative
  freshness {
    ...FreshnessFields
  }
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment PayoutScheduleFields on PayoutSchedule {
  interval
  weeklyDays
  monthlyDays
  delayDays
  minimumBalances {
    ...MoneyFields
  }
  isEnabled
  controlledBy
  summary
  nextPayoutEstimate
}
"""

PAYOUT_LIST_CHANGED_GQL = """
subscription PayoutListChanged($filter: PayoutFilter) {
  payoutListChanged(filter: $filter) {
    change
    payoutId
    payout {
      ...PayoutFields
    }
  }
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PayoutFields on Payout {
  id
  status
  summary
  amount {
    ...MoneyFields
  }
  arrivalDate
  isLate
  automatic
  method
  destination {
    type
    name
    last4
    country
    currency
  }
  failure {
    code
    explanation
    remedy
    wasPaid
    noticedAt
  }
  traceId
  statementDescriptor
  externalId
  stripePayoutId
  createdAt
  updatedAt
}
"""

SERVICE_GQL = """
query Service($by: MerchantRef!) {
  merchant(by: $by) {
    id
    service {
      ...ServiceFields
    }
  }
}

fragment InvoiceFields on ServiceInvoice {
  stripeInvoiceId
  number
  status
  total {
    ...MoneyFields
  }
  remaining {
    ...MoneyFields
  }
  attempts
  nextAttemptAt
  dueAt
  createdAt
  hostedUrl
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment ServiceFields on ServiceSubscription {
  stripeSubscriptionId
  status
  access
  graceUntil
  summary
  collectionMethod
  daysUntilDue
  trialEndsAt
  currentPeriodEndsAt
  cancelAt
  endedAt
  items {
    stripePriceId
    quantity
    unitAmount {
      ...MoneyFields
    }
    interval
    intervalCount
  }
  dunning {
    overdueSince
    attempts
    nextAttemptAt
    invoices {
      ...InvoiceFields
    }
  }
  invoices {
    ...InvoiceFields
  }
}
"""

START_SERVICE_GQL = """
mutation StartService($input: StartServiceInput!) {
  startService(input: $input) {
    __typename
    ... on StartServicePayload {
      created
      url
      expiresAt
    }
    ...RefusalFields
  }
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}
"""

CREATE_BILLING_PORTAL_LINK_GQL = """
mutation CreateBillingPortalLink($input: CreateBillingPortalLinkInput!) {
  createBillingPortalLink(input: $input) {
    __typename
    ... on CreateBillingPortalLinkPayload {
      url
    }
    ...RefusalFields
  }
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}
"""

SERVICE_CHANGED_GQL = """
subscription ServiceChanged($by: MerchantRef!) {
  merchantChanged(by: $by) {
    id
    service {
      ...ServiceFields
    }
  }
}

fragment InvoiceFields on ServiceInvoice {
  stripeInvoiceId
  number
  status
  total {
    ...MoneyFields
  }
  remaining {
    ...MoneyFields
  }
  attempts
  nextAttemptAt
  dueAt
  createdAt
  hostedUrl
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment ServiceFields on ServiceSubscription {
  stripeSubscriptionId
  status
  access
  graceUntil
  summary
  collectionMethod
  daysUntilDue
  trialEndsAt
  currentPeriodEndsAt
  cancelAt
  endedAt
  items {
    stripePriceId
    quantity
    unitAmount {
      ...MoneyFields
    }
    interval
    intervalCount
  }
  dunning {
    overdueSince
    attempts
    nextAttemptAt
    invoices {
      ...InvoiceFields
    }
  }
  invoices {
    ...InvoiceFields
  }
}
"""

ADOPT_MERCHANT_GQL = """
mutation AdoptMerchant($input: AdoptMerchantInput!) {
  adoptMerchant(input: $input) {
    __typename
    ... on AdoptMerchantPayload {
      created
      isAdoptable
      findings {
        ...FindingFields
      }
      merchant {
        ...MerchantFields
      }
    }
    ... on AccountNotAdoptableError {
      findings {
        ...FindingFields
      }
    }
    ...RefusalFields
  }
}

fragment FindingFields on AdoptionFinding {
  code
  severity
  message
  remedy
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment MerchantFields on Merchant {
  ...MerchantListFields
  contactEmail
  summaryMessages {
    ...MessageFields
  }
  account {
    id
    stripeAccountId
    livemode
    closed
  }
  dashboard {
    type
    available
    unavailableReason
    unavailableMessage {
      ...MessageFields
    }
    url
    tasks {
      kind
      title
      available
      attention
      explanation
      message {
        ...MessageFields
      }
      deadline
      url
    }
  }
  capabilities {
    name
    title
    status
    details {
      code
      resolution
      explanation
    }
  }
  requirements {
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  futureRequirements {
    dueCount
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  onboarding {
    started
    linksIssued
    lastReturnedAt
    everActiveAt
  }
  freshness {
    ...FreshnessFields
  }
}

fragment MerchantListFields on Merchant {
  id
  externalId
  displayName
  country
  createdAt
  updatedAt
  status
  statusTitle
  statusTone
  statusSince
  summary
  canAcceptPayments
  canReceivePayouts
  nextAction {
    ...NextActionFields
  }
  requirements {
    dueCount
    pendingCount
    nearestDeadline
  }
}

fragment MessageFields on Message {
  key
  parameters {
    name
    value
  }
}

fragment NextActionFields on NextAction {
  kind
  by
  label
  message {
    ...MessageFields
  }
  isActionable
  deadline
  url
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment RequirementGroupFields on RequirementGroup {
  key
  title
  help
  subject
  person {
    id
    name
    role
    label
  }
  awaitingActionFrom
  urgency
  items {
    key
    awaitingActionFrom
    deadline
  }
  errors {
    code
    message
    explanation
  }
  restricts
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}
"""

CLOSE_MERCHANT_GQL = """
mutation CloseMerchant($input: CloseMerchantInput!) {
  closeMerchant(input: $input) {
    __typename
    ... on CloseMerchantPayload {
      merchant {
        ...MerchantFields
      }
    }
    ...RefusalFields
  }
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment MerchantFields on Merchant {
  ...MerchantListFields
  contactEmail
  summaryMessages {
    ...MessageFields
  }
  account {
    id
    stripeAccountId
    livemode
    closed
  }
  dashboard {
    type
    available
    unavailableReason
    unavailableMessage {
      ...MessageFields
    }
    url
    tasks {
      kind
      title
      available
      attention
      explanation
      message {
        ...MessageFields
      }
      deadline
      url
    }
  }
  capabilities {
    name
    title
    status
    details {
      code
      resolution
      explanation
    }
  }
  requirements {
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  futureRequirements {
    dueCount
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  onboarding {
    started
    linksIssued
    lastReturnedAt
    everActiveAt
  }
  freshness {
    ...FreshnessFields
  }
}

fragment MerchantListFields on Merchant {
  id
  externalId
  displayName
  country
  createdAt
  updatedAt
  status
  statusTitle
  statusTone
  statusSince
  summary
  canAcceptPayments
  canReceivePayouts
  nextAction {
    ...NextActionFields
  }
  requirements {
    dueCount
    pendingCount
    nearestDeadline
  }
}

fragment MessageFields on Message {
  key
  parameters {
    name
    value
  }
}

fragment NextActionFields on NextAction {
  kind
  by
  label
  message {
    ...MessageFields
  }
  isActionable
  deadline
  url
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment RequirementGroupFields on RequirementGroup {
  key
  title
  help
  subject
  person {
    id
    name
    role
    label
  }
  awaitingActionFrom
  urgency
  items {
    key
    awaitingActionFrom
    deadline
  }
  errors {
    code
    message
    explanation
  }
  restricts
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}
"""

CREATE_PAYMENT_INTENT_GQL = """
mutation CreatePaymentIntent($input: CreatePaymentIntentInput!) {
  createPaymentIntent(input: $input) {
    __typename
    ... on CreatePaymentIntentPayload {
      created
      clientSecret
      publishableKey
      stripeAccountId
      payment {
        ...PaymentFields
      }
    }
    ...RefusalFields
  }
}

fragment DisputeListFields on Dispute {
  id
  status
  kind
  amount {
    ...MoneyFields
  }
  reason
  explanation
  needsResponse
  dueBy
  nextAction {
    kind
    label
    deadline
  }
  stripeDisputeId
  createdAt
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PaymentFields on Payment {
  ...PaymentListFields
  failure {
    code
    declineCode
    payerMessage
    retry
  }
  applicationFee {
    ...MoneyFields
  }
  applicationFeeRefunded {
    ...MoneyFields
  }
  stripeFee {
    ...MoneyFields
  }
  net {
    ...MoneyFields
  }
  checkout {
    status
    expiresAt
    stripeCheckoutSessionId
  }
  captureBefore
  metadata {
    key
    value
  }
  refunds {
    ...RefundFields
  }
  disputes {
    ...DisputeListFields
  }
  disputeWarnings {
    actionable
    explanation
    stripeWarningId
    createdAt
  }
  stripeChargeId
  livemode
  freshness {
    ...FreshnessFields
  }
}

fragment PaymentListFields on Payment {
  id
  externalId
  origin
  state
  refundState
  disputeState
  summary
  amount {
    ...MoneyFields
  }
  amountReceived {
    ...MoneyFields
  }
  amountRefunded {
    ...MoneyFields
  }
  method {
    type
    brand
    last4
    country
    funding
    wallet
  }
  description
  stripePaymentIntentId
  createdAt
  updatedAt
}

fragment RefundFields on Refund {
  id
  externalId
  origin
  amount {
    ...MoneyFields
  }
  state
  explanation
  reason
  createdAt
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}
"""

CREATE_PAYOUT_GQL = """
mutation CreatePayout($input: CreatePayoutInput!) {
  createPayout(input: $input) {
    __typename
    ... on CreatePayoutPayload {
      created
      payout {
        ...PayoutFields
      }
    }
    ...RefusalFields
  }
}

fragment InvalidFieldFields on InvalidField {
  name
  code
  message
  userMessage
}

fragment MoneyFields on Money {
  minorUnits
  currency
  exponent
  decimal
}

fragment PayoutFields on Payout {
  id
  status
  summary
  amount {
    ...MoneyFields
  }
  arrivalDate
  isLate
  automatic
  method
  destination {
    type
    name
    last4
    country
    currency
  }
  failure {
    code
    explanation
    remedy
    wasPaid
    noticedAt
  }
  traceId
  statementDescriptor
  externalId
  stripePayoutId
  createdAt
  updatedAt
}

fragment PayoutObstacleFields on PayoutObstacle {
  kind
  stoppedBy
  endedBy
  since
  explanation
  remedy
  url
  payoutId
}

fragment RefusalFields on Error {
  __typename
  message
  ... on InvalidInputError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ExternalIdTakenError {
    externalId
  }
  ... on CountryNotSupportedError {
    country
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ReturnUrlNotAllowedError {
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DashboardLinkRefusedError {
    code
    loginUrl
    requestId
  }
  ... on StripeRefusedError {
    code
    requestId
    remedy
    fields {
      ...InvalidFieldFields
    }
  }
  ... on StripeUnavailableError {
    retryAfterSeconds
  }
  ... on AmountTooSmallError {
    minimum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on CurrencyNotSupportedError {
    currency
    supported
    fields {
      ...InvalidFieldFields
    }
  }
  ... on FeeTooLargeError {
    maximum {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on RefundTooLargeError {
    remaining {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on DisputeOpenError {
    disputed {
      ...MoneyFields
    }
    cost {
      ...MoneyFields
    }
    disputeFee {
      ...MoneyFields
    }
  }
  ... on PayoutTooLargeError {
    available {
      ...MoneyFields
    }
    fields {
      ...InvalidFieldFields
    }
  }
  ... on PayoutsBlockedError {
    obstacles {
      ...PayoutObstacleFields
    }
  }
  ... on BankAccountMissingError {
    currency
    fields {
      ...InvalidFieldFields
    }
  }
  ... on ComponentNotAllowedError {
    component
    allowed
    fields {
      ...InvalidFieldFields
    }
  }
}
"""

MERCHANTS_CHANGED_GQL = """
subscription MerchantsChanged($filter: MerchantFilter, $presentFirst: Boolean = true) {
  merchantsChanged(filter: $filter, presentFirst: $presentFirst) {
    ...MerchantFields
  }
}

fragment FreshnessFields on Freshness {
  syncedAt
  source
  stale
}

fragment MerchantFields on Merchant {
  ...MerchantListFields
  contactEmail
  summaryMessages {
    ...MessageFields
  }
  account {
    id
    stripeAccountId
    livemode
    closed
  }
  dashboard {
    type
    available
    unavailableReason
    unavailableMessage {
      ...MessageFields
    }
    url
    tasks {
      kind
      title
      available
      attention
      explanation
      message {
        ...MessageFields
      }
      deadline
      url
    }
  }
  capabilities {
    name
    title
    status
    details {
      code
      resolution
      explanation
    }
  }
  requirements {
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  futureRequirements {
    dueCount
    transitionsAt
    groups {
      ...RequirementGroupFields
    }
  }
  onboarding {
    started
    linksIssued
    lastReturnedAt
    everActiveAt
  }
  freshness {
    ...FreshnessFields
  }
}

fragment MerchantListFields on Merchant {
  id
  externalId
  displayName
  country
  createdAt
  updatedAt
  status
  statusTitle
  statusTone
  statusSince
  summary
  canAcceptPayments
  canReceivePayouts
  nextAction {
    ...NextActionFields
  }
  requirements {
    dueCount
    pendingCount
    nearestDeadline
  }
}

fragment MessageFields on Message {
  key
  parameters {
    name
    value
  }
}

fragment NextActionFields on NextAction {
  kind
  by
  label
  message {
    ...MessageFields
  }
  isActionable
  deadline
  url
}

fragment RequirementGroupFields on RequirementGroup {
  key
  title
  help
  subject
  person {
    id
    name
    role
    label
  }
  awaitingActionFrom
  urgency
  items {
    key
    awaitingActionFrom
    deadline
  }
  errors {
    code
    message
    explanation
  }
  restricts
}
"""
