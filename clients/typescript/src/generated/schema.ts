// Written by `npm run generate`. Do not edit.
export const shortSchema = `
AcceptDispute+ dispute created notice + DisputeNotFoundError DisputeNotAnswerableError DisputeChangedError StripeRefusedError StripeUnavailableError
AccountCreation externalId state attempts requestId? createdAt finishedAt? code? message? remedy? merchant?
AccountCreation*
AccountNotAdoptable! stripeAccountId findings[]
AccountNotFetched! retryAfterSeconds
AddPerson+ merchant + MerchantNotFoundError InvalidInputError MerchantNotReadyError StripeRefusedError StripeUnavailableError
Address country? line1? line2? city? town? state? postalCode?
AdoptMerchant+ merchant? created isAdoptable findings[] + AccountNotAdoptableError AccountNotFetchedError ExternalIdTakenError InvalidInputError StripeRefusedError
AdoptionFinding code severity message remedy
AmountTooSmall! fields[] minimum
AppliedFee source fee? amount? basisPoints? flat? minimum? maximum?
AuditEntry at actor? action subject? outcome requestId? id role? byWorker client? numbers[]
AuditEntry*
AuditNumber name value
Balance amounts[] isNegative freshness
BankAccountMissing! currency fields[]
CancelPayment+ payment + PaymentNotFoundError PaymentNotChangeableError StripeRefusedError StripeUnavailableError
Capability name title status details[]
CapabilityDetail code resolution explanation
CapabilityImpact capability deadline
CapturePayment+ payment + PaymentNotFoundError InvalidInputError FeeTooLargeError PaymentNotChangeableError StripeRefusedError StripeUnavailableError
Checkout status expiresAt? stripeCheckoutSessionId
ClientVersion name version? lastUsedAt? operationsInWeek operationsInMonth manifestAddedAt? publishedOperations
CloseMerchant+ merchant + MerchantNotFoundError MerchantNotReadyError StripeRefusedError StripeUnavailableError
ComponentNotAllowed! component allowed[] fields[]
ConnectedAccount &Node id stripeAccountId livemode feesCollector lossesCollector requirementsCollector appliedConfigurations[] closed platformDashboardUrl? createdAt
CountryNotSupported! country requestId? fields[]
CreateAccountSession+ clientSecret publishableKey? stripeAccountId expiresAt components[] + MerchantNotFoundError InvalidInputError ComponentNotAllowedError MerchantNotReadyError StripeRefusedError StripeUnavailableError
CreateBillingPortalLink+ url + MerchantNotFoundError InvalidInputError MerchantNotReadyError StripeRefusedError StripeUnavailableError
CreateCheckout+ payment url expiresAt created + MerchantNotFoundError ExternalIdTakenError InvalidInputError MerchantNotReadyError AmountTooSmallError CurrencyNotSupportedError FeeTooLargeError PaymentNotPayableError StripeRefusedError StripeUnavailableError
CreateDashboardLink+ url expiresAt merchant + MerchantNotFoundError ReturnUrlNotAllowedError MerchantNotReadyError DashboardLinkRefusedError StripeUnavailableError
CreateEventEndpoint+ endpoint secret + InvalidInputError
CreateMerchant+ merchant created + ExternalIdTakenError InvalidInputError CountryNotSupportedError StripeRefusedError StripeUnavailableError
CreateOnboardingLink+ url expiresAt merchant + MerchantNotFoundError ReturnUrlNotAllowedError MerchantNotReadyError StripeRefusedError StripeUnavailableError
CreatePaymentIntent+ payment clientSecret publishableKey? stripeAccountId stripePaymentIntentId customerSessionClientSecret? merchantDisplayName merchantCountryCode? created + MerchantNotFoundError ExternalIdTakenError InvalidInputError MerchantNotReadyError AmountTooSmallError CurrencyNotSupportedError FeeTooLargeError PaymentNotPayableError StripeRefusedError StripeUnavailableError
CreatePayout+ payout created + MerchantNotFoundError ExternalIdTakenError InvalidInputError MerchantNotReadyError PayoutsBlockedError PayoutTooLargeError BankAccountMissingError StripeRefusedError StripeUnavailableError
CurrencyBalance currency available pending instantAvailable reserved
CurrencyNotSupported! currency supported[] fields[]
DashboardAccess type available unavailableReason? unavailableMessage? url? tasks[]
DashboardLinkRefused! code loginUrl requestId?
DashboardTask kind title available attention explanation message deadline? url?
DeleteEventEndpoint+ endpointId + EventEndpointNotFoundError
DestinationNotEnabled! requestId? retryAfterSeconds?
DismissProblem+ dismissed[] + ProblemNotFoundError
DismissedProblem code actor dismissedAt subject?
Dispute &Node id status kind amount? reason? explanation needsResponse dueBy? nextAction evidence withdrawn? fee? stripeDisputeId createdAt? merchant payment
DisputeAction kind label deadline?
DisputeChanged! dispute
Dispute*
DisputeEvidence state version submissionCount recommended[] programs[]
DisputeListChange change disputeId? dispute?
DisputeNotAnswerable! dispute
DisputeNotFound!
DisputeOpen! payment disputed cost disputeFee?
DisputeWarning actionable explanation stripeWarningId createdAt?
Dunning overdueSince? attempts nextAttemptAt? invoices[]
EmbeddedComponentAccess component features[]
EnableDestination+ destinationStatus + DestinationNotEnabledError
EraseMerchant+ merchant erased + MerchantNotFoundError InvalidInputError MerchantNotErasableError
Error? message
EventDelays events medianMilliseconds? p95Milliseconds? longestMilliseconds?
EventDelivery id endpointId eventId state nextAttemptAt? attempts[]
EventDeliveryAttempt at durationMs status? error?
EventEndpoint url description stateSince failingSince? createdAt id types[]? state previousSecretUntil? deliveries[]
EventEndpointNotFound!
EventNotFound!
EvidenceEligibility program status missing[]
ExternalIdTaken! externalId
FeeTerms source currency? basisPoints flat? minimum? maximum?
FeeTooLarge! fields[] maximum
FormerAccount stripeAccountId country? closed disconnected canAcceptPayments createdAt? everActiveAt? replacedAt
Freshness syncedAt? source? stale
ImportMerchants+ results[] + InvalidInputError
ImportResult externalId stripeAccountId outcome merchant? message? fields[] findings[] retryAfterSeconds?
InvalidField name code message userMessage
InvalidInput! field fields[]
Merchant &Node id externalId displayName contactEmail country createdAt updatedAt status statusTitle statusTone statusSince erasedAt? summary summaryMessages[] nextAction account? formerAccounts[] settings? dashboard canAcceptPayments canReceivePayouts balance? payoutSchedule? payoutObstacles[] capabilities[] requirements futureRequirements onboarding service? freshness feePolicy[] walletDomains[] timeline(kinds) payments(filter,orderBy) disputes(filter,orderBy) payouts(filter,orderBy)
Merchant* totalCount? statusCounts[]?
MerchantListChange change merchantId? merchant?
MerchantNotErasable! obstacles[]
MerchantNotFound!
MerchantNotReady!
MerchantSettings entityType? contactPhone? merchantCategoryCode? doingBusinessAs? businessUrl? productDescription? statementDescriptor? statementDescriptorPrefix? currency? locales[] support requestedCapabilities[]
Message key parameters[]
MessageParameter name value
MetadataEntry key value
Money minorUnits currency exponent decimal
Mutation createMerchant adoptMerchant importMerchants updateMerchant createOnboardingLink createDashboardLink createAccountSession refreshMerchant closeMerchant eraseMerchant addPerson replaceAccount setFeePolicy createCheckout createPaymentIntent cancelPayment capturePayment refundPayment submitDisputeEvidence acceptDispute createPayout updatePayoutSchedule startService createBillingPortalLink createEventEndpoint updateEventEndpoint deleteEventEndpoint rotateEventEndpointSecret sendTestEvent replayOutgoingEvents replayEvent dismissProblem enableDestination
NextAction kind by? label message isActionable deadline? url?
Node? id
Onboarding stage stageSince started linksIssued lastLinkIssuedAt? lastReturnedAt? everActiveAt?
OnboardingFunnel stages[]
OnboardingFunnelStage stage count stuckCount medianSeconds?
OutgoingEvent type createdAt sequence id subjectId? payload deliveries[]
OutgoingEvent*
PageInfo hasNextPage hasPreviousPage startCursor? endCursor?
Payment &Node id externalId? origin state refundState disputeState summary failure? amount? amountReceived? amountRefunded? applicationFee? applicationFeeRefunded? appliedFee? stripeFee? net? method? checkout? captureBefore? description? metadata[] refunds[] disputes[] disputeWarnings[] stripePaymentIntentId? stripeChargeId? livemode? createdAt updatedAt freshness merchant timeline()
Payment*
PaymentEntry id at kind message actor?
PaymentFailure code? declineCode? payerMessage retry
PaymentListChange change paymentId? payment?
PaymentMethodSummary type brand? last4? country? funding? wallet?
PaymentNotChangeable! payment
PaymentNotFound!
PaymentNotPayable! payment
PaymentSweep lastRunAt? finishedAt? lastFinishedAt? lastSeconds? nextRunAt? accounts checked repaired found failed
PaymentTimeline*
Payout &Node id status summary amount? arrivalDate isLate automatic method destination? failure? traceId? reconciliation transactionsCompleteAt? statementDescriptor? livemode externalId? stripePayoutId createdAt updatedAt freshness merchant transactions()
Payout*
PayoutDestination type name? last4? country? currency?
PayoutFailure code explanation remedy wasPaid noticedAt?
PayoutListChange change payoutId? payout?
PayoutObstacle kind stoppedBy? endedBy? since? explanation remedy url? payoutId?
PayoutSchedule interval weeklyDays[] monthlyDays[] minimumBalances[] delayDays? statementDescriptor? isEnabled controlledBy summary nextPayoutEstimate?
PayoutTooLarge! fields[] available
PayoutTransaction id type category stripeTransactionId stripeSourceId? createdAt amount? fee? net? payment?
PayoutTransaction*
PayoutsBlocked! obstacles[]
Platform statusCounts[] webhooks problems[] dismissedProblems[] creations(state) reconciliation events(state,merchant) onboardingFunnel workers[] stripeCalls problemHistory(code) clients[] auditLog(filter)
PlatformProblem code severity message remedy count since? subjects[]
ProblemNotFound!
ProblemOccurrence message count highestCount firstSeenAt lastSeenAt id code severity solvedAt? dismissedAt?
ProblemOccurrence*
Query node? nodes[?] viewer merchant? merchants(filter,orderBy) payment? payments(filter,orderBy) dispute? disputes(filter,orderBy) payout? payouts(filter,orderBy) revenue[] platform outgoingEvents(types) eventEndpoints[]
RecommendedEvidence field title isFile
ReconciliationHealth lastRunAt? finishedAt? checked drifted repaired failed eventsCheckedAt? eventsKnownUntil? eventsBackFilled payments
RefreshMerchant+ merchant + MerchantNotFoundError MerchantNotReadyError StripeRefusedError StripeUnavailableError
Refund &Node id externalId? origin amount? state explanation reason? pendingReason? failureReason? reference? stripeRefundId? createdAt?
RefundPayment+ refund payment created warning? warningCode? + PaymentNotFoundError ExternalIdTakenError InvalidInputError RefundTooLargeError DisputeOpenError PaymentNotChangeableError StripeRefusedError StripeUnavailableError
RefundTooLarge! fields[] remaining
ReplaceAccount+ merchant replaced + MerchantNotFoundError InvalidInputError MerchantNotReadyError ReplacementDiffersError CountryNotSupportedError StripeRefusedError StripeUnavailableError
ReplacementDiffers! stripeAccountId isPending
ReplayEvent+ event + EventNotFoundError
ReplayOutgoingEvents+ count + EventEndpointNotFoundError InvalidInputError
Requirement key title help? subject personId? person? awaitingActionFrom deadline reasons[] errors[] restricts[] alternatives[[]]
RequirementError code message explanation
RequirementGroup key? title help? subject person? awaitingActionFrom urgency? items[] errors[] restricts[]
RequirementItem key awaitingActionFrom deadline
RequirementPerson id? name? role? label
RequirementSet dueCount pendingCount nearestDeadline? transitionsAt? groups[] entries[]
ReturnUrlNotAllowed! fields[]
RevenueRow month booked returned net
RotateEventEndpointSecret+ endpoint secret + EventEndpointNotFoundError InvalidInputError
SendTestEvent+ event + EventEndpointNotFoundError
ServiceInvoice stripeInvoiceId number? status total? remaining? attempts nextAttemptAt? dueAt? createdAt? hostedUrl?
ServiceItem stripePriceId quantity unitAmount? interval intervalCount
ServiceRunning! merchant
ServiceSubscription stripeSubscriptionId status access graceUntil? summary collectionMethod daysUntilDue? trialEndsAt? currentPeriodEndsAt? cancelAt? endedAt? items[] dunning? invoices[]
SetFeePolicy+ merchant + MerchantNotFoundError InvalidInputError
StartService+ url expiresAt created merchant + MerchantNotFoundError InvalidInputError MerchantNotReadyError ServiceRunningError StripeRefusedError StripeUnavailableError
StatusCount status count
StripeCallBudget callsPerSecond nextCallInMilliseconds lastMinute lastHour lastDay lastThrottledAt? lastDelayedAt?
StripeCallCounts calls delayed longestWaitMilliseconds refused throttled
StripeEvent &Node id stripeEventId type state attempts lastError? receivedAt handledAt? merchant?
StripeEvent*
StripeRefused! code requestId? fields[] remedy?
StripeUnavailable! retryAfterSeconds merchant
SubmitDisputeEvidence+ dispute created notice + DisputeNotFoundError InvalidInputError DisputeNotAnswerableError DisputeChangedError StripeRefusedError StripeUnavailableError
Subscription merchantChanged merchantsChanged merchantListChanged paymentChanged paymentListChanged disputeChanged disputeListChanged payoutChanged payoutListChanged platformChanged
SupportContact email? phone? url? address?
TimelineChange name title before? after?
Timeline*
TimelineEntry id at kind statusBefore? statusAfter? message changes[] actor? requestId?
UpdateEventEndpoint+ endpoint + EventEndpointNotFoundError InvalidInputError
UpdateMerchant+ merchant + MerchantNotFoundError InvalidInputError MerchantNotReadyError StripeRefusedError StripeUnavailableError
UpdatePayoutSchedule+ merchant + MerchantNotFoundError InvalidInputError MerchantNotReadyError StripeRefusedError StripeUnavailableError
Viewer subject role permissions[] merchant?
WalletDomain domain state applePay? googlePay? link? reason? checkedAt?
WebhookHealth lastReceivedAt? backlog failed destinationStatus destinationCheckedAt? oldestWaitingSince? delays
Worker name version startedAt reportedAt stoppedAt? isAlive
`
