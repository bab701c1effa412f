// Written by `npm run generate`. Do not edit.
export const shortSchema = `
AcceptDisputePayload dispute! created! notice!
AcceptDisputeResult| AcceptDisputePayload DisputeNotFoundError DisputeNotAnswerableError DisputeChangedError StripeRefusedError StripeUnavailableError
AccountCreation externalId! state! attempts! requestId createdAt! finishedAt code message remedy merchant
AccountCreationConnection edges[!]! pageInfo!
AccountCreationEdge cursor! node!
AccountNotAdoptableError &Error message! stripeAccountId! findings[!]!
AccountNotFetchedError &Error message! retryAfterSeconds!
AddPersonPayload merchant!
AddPersonResult| AddPersonPayload MerchantNotFoundError InvalidInputError MerchantNotReadyError StripeRefusedError StripeUnavailableError
Address country line1 line2 city town state postalCode
AdoptMerchantPayload merchant created! isAdoptable! findings[!]!
AdoptMerchantResult| AdoptMerchantPayload AccountNotAdoptableError AccountNotFetchedError ExternalIdTakenError InvalidInputError StripeRefusedError
AdoptionFinding code! severity! message! remedy!
AmountTooSmallError &Error message! fields[!]! minimum!
AppliedFee source! fee amount basisPoints flat minimum maximum
AuditEntry at! actor action! subject outcome! requestId id! role byWorker! client numbers[!]!
AuditEntryConnection edges[!]! pageInfo!
AuditEntryEdge cursor! node!
AuditNumber name! value!
Balance amounts[!]! isNegative! freshness!
BankAccountMissingError &Error message! currency! fields[!]!
CancelPaymentPayload payment!
CancelPaymentResult| CancelPaymentPayload PaymentNotFoundError PaymentNotChangeableError StripeRefusedError StripeUnavailableError
Capability name! title! status! details[!]!
CapabilityDetail code! resolution! explanation!
CapabilityImpact capability! deadline!
CapturePaymentPayload payment!
CapturePaymentResult| CapturePaymentPayload PaymentNotFoundError InvalidInputError FeeTooLargeError PaymentNotChangeableError StripeRefusedError StripeUnavailableError
Checkout status! expiresAt stripeCheckoutSessionId!
ClientVersion name! version lastUsedAt operationsInWeek! operationsInMonth! manifestAddedAt publishedOperations!
CloseMerchantPayload merchant!
CloseMerchantResult| CloseMerchantPayload MerchantNotFoundError MerchantNotReadyError StripeRefusedError StripeUnavailableError
ComponentNotAllowedError &Error message! component! allowed[!]! fields[!]!
ConnectedAccount &Node id! stripeAccountId! livemode! feesCollector! lossesCollector! requirementsCollector! appliedConfigurations[!]! closed! platformDashboardUrl createdAt!
CountryNotSupportedError &Error message! country! requestId fields[!]!
CreateAccountSessionPayload clientSecret! publishableKey stripeAccountId! expiresAt! components[!]!
CreateAccountSessionResult| CreateAccountSessionPayload MerchantNotFoundError InvalidInputError ComponentNotAllowedError MerchantNotReadyError StripeRefusedError StripeUnavailableError
CreateBillingPortalLinkPayload url!
CreateBillingPortalLinkResult| CreateBillingPortalLinkPayload MerchantNotFoundError InvalidInputError MerchantNotReadyError StripeRefusedError StripeUnavailableError
CreateCheckoutPayload payment! url! expiresAt! created!
CreateCheckoutResult| CreateCheckoutPayload MerchantNotFoundError ExternalIdTakenError InvalidInputError MerchantNotReadyError AmountTooSmallError CurrencyNotSupportedError FeeTooLargeError PaymentNotPayableError StripeRefusedError StripeUnavailableError
CreateDashboardLinkPayload url! expiresAt! merchant!
CreateDashboardLinkResult| CreateDashboardLinkPayload MerchantNotFoundError ReturnUrlNotAllowedError MerchantNotReadyError DashboardLinkRefusedError StripeUnavailableError
CreateEventEndpointPayload endpoint! secret!
CreateEventEndpointResult| CreateEventEndpointPayload InvalidInputError
CreateMerchantPayload merchant! created!
CreateMerchantResult| CreateMerchantPayload ExternalIdTakenError InvalidInputError CountryNotSupportedError StripeRefusedError StripeUnavailableError
CreateOnboardingLinkPayload url! expiresAt! merchant!
CreateOnboardingLinkResult| CreateOnboardingLinkPayload MerchantNotFoundError ReturnUrlNotAllowedError MerchantNotReadyError StripeRefusedError StripeUnavailableError
CreatePaymentIntentPayload payment! clientSecret! publishableKey stripeAccountId! stripePaymentIntentId! customerSessionClientSecret merchantDisplayName! merchantCountryCode created!
CreatePaymentIntentResult| CreatePaymentIntentPayload MerchantNotFoundError ExternalIdTakenError InvalidInputError MerchantNotReadyError AmountTooSmallError CurrencyNotSupportedError FeeTooLargeError PaymentNotPayableError StripeRefusedError StripeUnavailableError
CreatePayoutPayload payout! created!
CreatePayoutResult| CreatePayoutPayload MerchantNotFoundError ExternalIdTakenError InvalidInputError MerchantNotReadyError PayoutsBlockedError PayoutTooLargeError BankAccountMissingError StripeRefusedError StripeUnavailableError
CurrencyBalance currency! available! pending! instantAvailable! reserved!
CurrencyNotSupportedError &Error message! currency! supported[!]! fields[!]!
DashboardAccess type! available! unavailableReason unavailableMessage url tasks[!]!
DashboardLinkRefusedError &Error message! code! loginUrl! requestId
DashboardTask kind! title! available! attention! explanation! message! deadline url
DeleteEventEndpointPayload endpointId!
DeleteEventEndpointResult| DeleteEventEndpointPayload EventEndpointNotFoundError
DestinationNotEnabledError &Error message! requestId retryAfterSeconds
DismissProblemPayload dismissed[!]!
DismissProblemResult| DismissProblemPayload ProblemNotFoundError
DismissedProblem code! actor! dismissedAt! subject
Dispute &Node id! status! kind! amount reason explanation! needsResponse! dueBy nextAction! evidence! withdrawn fee stripeDisputeId! createdAt merchant! payment!
DisputeAction kind! label! deadline
DisputeChangedError &Error message! dispute!
DisputeConnection edges[!]! pageInfo!
DisputeEdge cursor! node!
DisputeEvidence state! version! submissionCount! recommended[!]! programs[!]!
DisputeListChange change! disputeId dispute
DisputeNotAnswerableError &Error message! dispute!
DisputeNotFoundError &Error message!
DisputeOpenError &Error message! payment! disputed! cost! disputeFee
DisputeWarning actionable! explanation! stripeWarningId! createdAt
Dunning overdueSince attempts! nextAttemptAt invoices[!]!
EmbeddedComponentAccess component! features[!]!
EnableDestinationPayload destinationStatus!
EnableDestinationResult| EnableDestinationPayload DestinationNotEnabledError
EraseMerchantPayload merchant! erased!
EraseMerchantResult| EraseMerchantPayload MerchantNotFoundError InvalidInputError MerchantNotErasableError
Error? message!
EventDelays events! medianMilliseconds p95Milliseconds longestMilliseconds
EventDelivery id! endpointId! eventId! state! nextAttemptAt attempts[!]!
EventDeliveryAttempt at! durationMs! status error
EventEndpoint url! description! stateSince! failingSince createdAt! id! types[!] state! previousSecretUntil deliveries[!]!
EventEndpointNotFoundError &Error message!
EventNotFoundError &Error message!
EvidenceEligibility program! status! missing[!]!
ExternalIdTakenError &Error message! externalId!
FeeTerms source! currency basisPoints! flat minimum maximum
FeeTooLargeError &Error message! fields[!]! maximum!
FormerAccount stripeAccountId! country closed! disconnected! canAcceptPayments! createdAt everActiveAt replacedAt!
Freshness syncedAt source stale!
ImportMerchantsPayload results[!]!
ImportMerchantsResult| ImportMerchantsPayload InvalidInputError
ImportResult externalId! stripeAccountId! outcome! merchant message fields[!]! findings[!]! retryAfterSeconds
InvalidField name! code! message! userMessage!
InvalidInputError &Error message! field! fields[!]!
Merchant &Node id! externalId! displayName! contactEmail! country! createdAt! updatedAt! status! statusTitle! statusTone! statusSince! erasedAt summary! summaryMessages[!]! nextAction! account formerAccounts[!]! settings dashboard! canAcceptPayments! canReceivePayouts! balance payoutSchedule payoutObstacles[!]! capabilities[!]! requirements! futureRequirements! onboarding! service freshness! feePolicy[!]! walletDomains[!]! timeline(kinds)! payments(filter,orderBy)! disputes(filter,orderBy)! payouts(filter,orderBy)!
MerchantConnection edges[!]! pageInfo! totalCount statusCounts[!]
MerchantEdge cursor! node!
MerchantListChange change! merchantId merchant
MerchantNotErasableError &Error message! obstacles[!]!
MerchantNotFoundError &Error message!
MerchantNotReadyError &Error message!
MerchantSettings entityType contactPhone merchantCategoryCode doingBusinessAs businessUrl productDescription statementDescriptor statementDescriptorPrefix currency locales[!]! support! requestedCapabilities[!]!
Message key! parameters[!]!
MessageParameter name! value!
MetadataEntry key! value!
Money minorUnits! currency! exponent! decimal!
Mutation createMerchant! adoptMerchant! importMerchants! updateMerchant! createOnboardingLink! createDashboardLink! createAccountSession! refreshMerchant! closeMerchant! eraseMerchant! addPerson! replaceAccount! setFeePolicy! createCheckout! createPaymentIntent! cancelPayment! capturePayment! refundPayment! submitDisputeEvidence! acceptDispute! createPayout! updatePayoutSchedule! startService! createBillingPortalLink! createEventEndpoint! updateEventEndpoint! deleteEventEndpoint! rotateEventEndpointSecret! sendTestEvent! replayOutgoingEvents! replayEvent! dismissProblem! enableDestination!
NextAction kind! by label! message! isActionable! deadline url
Node? id!
Onboarding stage! stageSince! started! linksIssued! lastLinkIssuedAt lastReturnedAt everActiveAt
OnboardingFunnel stages[!]!
OnboardingFunnelStage stage! count! stuckCount! medianSeconds
OutgoingEvent type! createdAt! sequence! id! subjectId payload! deliveries[!]!
OutgoingEventConnection edges[!]! pageInfo!
OutgoingEventEdge cursor! node!
PageInfo hasNextPage! hasPreviousPage! startCursor endCursor
Payment &Node id! externalId origin! state! refundState! disputeState! summary! failure amount amountReceived amountRefunded applicationFee applicationFeeRefunded appliedFee stripeFee net method checkout captureBefore description metadata[!]! refunds[!]! disputes[!]! disputeWarnings[!]! stripePaymentIntentId stripeChargeId livemode createdAt! updatedAt! freshness! merchant! timeline()!
PaymentConnection edges[!]! pageInfo!
PaymentEdge cursor! node!
PaymentEntry id! at! kind! message! actor
PaymentFailure code declineCode payerMessage! retry!
PaymentListChange change! paymentId payment
PaymentMethodSummary type! brand last4 country funding wallet
PaymentNotChangeableError &Error message! payment!
PaymentNotFoundError &Error message!
PaymentNotPayableError &Error message! payment!
PaymentSweep lastRunAt finishedAt lastFinishedAt lastSeconds nextRunAt accounts! checked! repaired! found! failed!
PaymentTimelineConnection edges[!]! pageInfo!
PaymentTimelineEdge cursor! node!
Payout &Node id! status! summary! amount arrivalDate! isLate! automatic! method! destination failure traceId reconciliation! transactionsCompleteAt statementDescriptor livemode! externalId stripePayoutId! createdAt! updatedAt! freshness! merchant! transactions()!
PayoutConnection edges[!]! pageInfo!
PayoutDestination type! name last4 country currency
PayoutEdge cursor! node!
PayoutFailure code! explanation! remedy! wasPaid! noticedAt
PayoutListChange change! payoutId payout
PayoutObstacle kind! stoppedBy endedBy since explanation! remedy! url payoutId
PayoutSchedule interval! weeklyDays[!]! monthlyDays[!]! minimumBalances[!]! delayDays statementDescriptor isEnabled! controlledBy! summary! nextPayoutEstimate
PayoutTooLargeError &Error message! fields[!]! available!
PayoutTransaction id! type! category! stripeTransactionId! stripeSourceId createdAt! amount fee net payment
PayoutTransactionConnection edges[!]! pageInfo!
PayoutTransactionEdge cursor! node!
PayoutsBlockedError &Error message! obstacles[!]!
Platform statusCounts[!]! webhooks! problems[!]! dismissedProblems[!]! creations(state)! reconciliation! events(state)! onboardingFunnel! workers[!]! stripeCalls! problemHistory(code)! clients[!]! auditLog(filter)!
PlatformProblem code! severity! message! remedy! count! since subjects[!]!
ProblemNotFoundError &Error message!
ProblemOccurrence message! count! highestCount! firstSeenAt! lastSeenAt! id! code! severity! solvedAt dismissedAt
ProblemOccurrenceConnection edges[!]! pageInfo!
ProblemOccurrenceEdge cursor! node!
Query node nodes[]! viewer! merchant merchants(filter,orderBy)! payment payments(filter,orderBy)! dispute disputes(filter,orderBy)! payout payouts(filter,orderBy)! revenue[!]! platform! outgoingEvents(types)! eventEndpoints[!]!
RecommendedEvidence field! title! isFile!
ReconciliationHealth lastRunAt finishedAt checked! drifted! repaired! failed! eventsCheckedAt eventsKnownUntil eventsBackFilled! payments!
RefreshMerchantPayload merchant!
RefreshMerchantResult| RefreshMerchantPayload MerchantNotFoundError MerchantNotReadyError StripeRefusedError StripeUnavailableError
Refund &Node id! externalId origin! amount state! explanation! reason pendingReason failureReason reference stripeRefundId createdAt
RefundPaymentPayload refund! payment! created! warning
RefundPaymentResult| RefundPaymentPayload PaymentNotFoundError ExternalIdTakenError InvalidInputError RefundTooLargeError DisputeOpenError PaymentNotChangeableError StripeRefusedError StripeUnavailableError
RefundTooLargeError &Error message! fields[!]! remaining!
ReplaceAccountPayload merchant! replaced!
ReplaceAccountResult| ReplaceAccountPayload MerchantNotFoundError InvalidInputError MerchantNotReadyError ReplacementDiffersError CountryNotSupportedError StripeRefusedError StripeUnavailableError
ReplacementDiffersError &Error message! stripeAccountId! isPending!
ReplayEventPayload event!
ReplayEventResult| ReplayEventPayload EventNotFoundError
ReplayOutgoingEventsPayload count!
ReplayOutgoingEventsResult| ReplayOutgoingEventsPayload EventEndpointNotFoundError InvalidInputError
Requirement key! title! help subject! personId person awaitingActionFrom! deadline! reasons[!]! errors[!]! restricts[!]! alternatives[[!]!]!
RequirementError code! message! explanation!
RequirementGroup key title! help subject! person awaitingActionFrom! urgency items[!]! errors[!]! restricts[!]!
RequirementItem key! awaitingActionFrom! deadline!
RequirementPerson id name role label!
RequirementSet dueCount! pendingCount! nearestDeadline transitionsAt groups[!]! entries[!]!
ReturnUrlNotAllowedError &Error message! fields[!]!
RevenueRow month! booked! returned! net!
RotateEventEndpointSecretPayload endpoint! secret!
RotateEventEndpointSecretResult| RotateEventEndpointSecretPayload EventEndpointNotFoundError InvalidInputError
SendTestEventPayload event!
SendTestEventResult| SendTestEventPayload EventEndpointNotFoundError
ServiceInvoice stripeInvoiceId! number status! total remaining attempts! nextAttemptAt dueAt createdAt hostedUrl
ServiceItem stripePriceId! quantity! unitAmount interval! intervalCount!
ServiceRunningError &Error message! merchant!
ServiceSubscription stripeSubscriptionId! status! access! graceUntil summary! collectionMethod! daysUntilDue trialEndsAt currentPeriodEndsAt cancelAt endedAt items[!]! dunning invoices[!]!
SetFeePolicyPayload merchant!
SetFeePolicyResult| SetFeePolicyPayload MerchantNotFoundError InvalidInputError
StartServicePayload url! expiresAt! created! merchant!
StartServiceResult| StartServicePayload MerchantNotFoundError InvalidInputError MerchantNotReadyError ServiceRunningError StripeRefusedError StripeUnavailableError
StatusCount status! count!
StripeCallBudget callsPerSecond! nextCallInMilliseconds! lastMinute! lastHour! lastDay! lastThrottledAt lastDelayedAt
StripeCallCounts calls! delayed! longestWaitMilliseconds! refused! throttled!
StripeEvent &Node id! stripeEventId! type! state! attempts! lastError receivedAt! handledAt merchant
StripeEventConnection edges[!]! pageInfo!
StripeEventEdge cursor! node!
StripeRefusedError &Error message! code! requestId fields[!]! remedy
StripeUnavailableError &Error message! retryAfterSeconds! merchant!
SubmitDisputeEvidencePayload dispute! created! notice!
SubmitDisputeEvidenceResult| SubmitDisputeEvidencePayload DisputeNotFoundError InvalidInputError DisputeNotAnswerableError DisputeChangedError StripeRefusedError StripeUnavailableError
Subscription merchantChanged! merchantsChanged! merchantListChanged! paymentChanged! paymentListChanged! disputeChanged! disputeListChanged! payoutChanged! payoutListChanged! platformChanged!
SupportContact email phone url address
TimelineChange name! title! before after
TimelineConnection edges[!]! pageInfo!
TimelineEdge cursor! node!
TimelineEntry id! at! kind! statusBefore statusAfter message! changes[!]! actor requestId
UpdateEventEndpointPayload endpoint!
UpdateEventEndpointResult| UpdateEventEndpointPayload EventEndpointNotFoundError InvalidInputError
UpdateMerchantPayload merchant!
UpdateMerchantResult| UpdateMerchantPayload MerchantNotFoundError InvalidInputError MerchantNotReadyError StripeRefusedError StripeUnavailableError
UpdatePayoutSchedulePayload merchant!
UpdatePayoutScheduleResult| UpdatePayoutSchedulePayload MerchantNotFoundError InvalidInputError MerchantNotReadyError StripeRefusedError StripeUnavailableError
Viewer subject! role! permissions[!]! merchant
WalletDomain domain! state! applePay googlePay link reason checkedAt
WebhookHealth lastReceivedAt backlog! failed! destinationStatus! destinationCheckedAt oldestWaitingSince delays!
Worker name! version! startedAt! reportedAt! stoppedAt isAlive!
`
