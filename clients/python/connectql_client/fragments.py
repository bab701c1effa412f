# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from datetime import date, datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    AdoptionFindingCode,
    AdoptionSeverity,
    BillingInterval,
    CapabilityStatus,
    CheckoutStatus,
    CollectionMethod,
    DashboardTaskKind,
    DashboardType,
    DeadlineStatus,
    DisputeActionKind,
    DisputeEvidenceField,
    DisputeEvidenceState,
    DisputeKind,
    DisputeState,
    DisputeStatus,
    EntityType,
    EvidenceProgram,
    EvidenceProgramStatus,
    InvalidFieldCode,
    InvoiceStatus,
    MerchantStatus,
    NextActionKind,
    Party,
    PaymentOrigin,
    PaymentRetry,
    PaymentState,
    PayoutController,
    PayoutDestinationType,
    PayoutInterval,
    PayoutMethod,
    PayoutObstacleKind,
    PayoutParty,
    PayoutStatus,
    PayoutWeekday,
    PersonRole,
    RefundReason,
    RefundState,
    RefundStatus,
    RequirementSubject,
    RequirementUrgency,
    Resolution,
    ServiceAccess,
    ServiceStatus,
    StatusTone,
    TimelineKind,
)


class FreshnessFields(BaseModel):
    synced_at: Optional[datetime] = Field(alias="syncedAt")
    source: Optional[str]
    stale: bool


class MoneyFields(BaseModel):
    minor_units: int = Field(alias="minorUnits")
    currency: str
    exponent: int
    decimal: str


class BalanceFields(BaseModel):
    amounts: list["BalanceFieldsAmounts"]
    is_negative: bool = Field(alias="isNegative")
    freshness: "BalanceFieldsFreshness"


class BalanceFieldsAmounts(BaseModel):
    currency: str
    available: "BalanceFieldsAmountsAvailable"
    pending: "BalanceFieldsAmountsPending"
    instant_available: "BalanceFieldsAmountsInstantAvailable" = Field(alias="instantAvailable")
    reserved: "BalanceFieldsAmountsReserved"


class BalanceFieldsAmountsAvailable(MoneyFields):
    pass


class BalanceFieldsAmountsPending(MoneyFields):
    pass


class BalanceFieldsAmountsInstantAvailable(MoneyFields):
    pass


class BalanceFieldsAmountsReserved(MoneyFields):
    pass


class BalanceFieldsFreshness(FreshnessFields):
    pass


class DisputeListFields(BaseModel):
    id: str
    status: DisputeStatus
    kind: DisputeKind
    amount: Optional["DisputeListFieldsAmount"]
    reason: Optional[str]
    explanation: str
    needs_response: bool = Field(alias="needsResponse")
    due_by: Optional[datetime] = Field(alias="dueBy")
    next_action: "DisputeListFieldsNextAction" = Field(alias="nextAction")
    stripe_dispute_id: str = Field(alias="stripeDisputeId")
    created_at: Optional[datetime] = Field(alias="createdAt")


class DisputeListFieldsAmount(MoneyFields):
    pass


class DisputeListFieldsNextAction(BaseModel):
    kind: DisputeActionKind
    label: str
    deadline: Optional[datetime]


class PaymentListFields(BaseModel):
    id: str
    external_id: Optional[str] = Field(alias="externalId")
    origin: PaymentOrigin
    state: PaymentState
    refund_state: RefundState = Field(alias="refundState")
    dispute_state: DisputeState = Field(alias="disputeState")
    summary: str
    amount: Optional["PaymentListFieldsAmount"]
    amount_received: Optional["PaymentListFieldsAmountReceived"] = Field(alias="amountReceived")
    amount_refunded: Optional["PaymentListFieldsAmountRefunded"] = Field(alias="amountRefunded")
    method: Optional["PaymentListFieldsMethod"]
    description: Optional[str]
    stripe_payment_intent_id: Optional[str] = Field(alias="stripePaymentIntentId")
    created_at: datetime = Field(alias="createdAt")
    updated_at: datetime = Field(alias="updatedAt")


class PaymentListFieldsAmount(MoneyFields):
    pass


class PaymentListFieldsAmountReceived(MoneyFields):
    pass


class PaymentListFieldsAmountRefunded(MoneyFields):
    pass


class PaymentListFieldsMethod(BaseModel):
    type_: str = Field(alias="type")
    brand: Optional[str]
    last_4: Optional[str] = Field(alias="last4")
    country: Optional[str]
    funding: Optional[str]
    wallet: Optional[str]


class DisputeFields(DisputeListFields):
    evidence: "DisputeFieldsEvidence"
    withdrawn: Optional["DisputeFieldsWithdrawn"]
    fee: Optional["DisputeFieldsFee"]
    payment: "DisputeFieldsPayment"


class DisputeFieldsEvidence(BaseModel):
    state: DisputeEvidenceState
    version: str
    submission_count: int = Field(alias="submissionCount")
    recommended: list["DisputeFieldsEvidenceRecommended"]
    programs: list["DisputeFieldsEvidencePrograms"]


class DisputeFieldsEvidenceRecommended(BaseModel):
    field: DisputeEvidenceField
    title: str
    is_file: bool = Field(alias="isFile")


class DisputeFieldsEvidencePrograms(BaseModel):
    program: EvidenceProgram
    status: EvidenceProgramStatus
    missing: list[str]


class DisputeFieldsWithdrawn(MoneyFields):
    pass


class DisputeFieldsFee(MoneyFields):
    pass


class DisputeFieldsPayment(PaymentListFields):
    pass


class FindingFields(BaseModel):
    code: AdoptionFindingCode
    severity: AdoptionSeverity
    message: str
    remedy: str


class InvalidFieldFields(BaseModel):
    name: str
    code: InvalidFieldCode
    message: str
    user_message: str = Field(alias="userMessage")


class InvoiceFields(BaseModel):
    stripe_invoice_id: str = Field(alias="stripeInvoiceId")
    number: Optional[str]
    status: InvoiceStatus
    total: Optional["InvoiceFieldsTotal"]
    remaining: Optional["InvoiceFieldsRemaining"]
    attempts: int
    next_attempt_at: Optional[datetime] = Field(alias="nextAttemptAt")
    due_at: Optional[datetime] = Field(alias="dueAt")
    created_at: Optional[datetime] = Field(alias="createdAt")
    hosted_url: Optional[str] = Field(alias="hostedUrl")


class InvoiceFieldsTotal(MoneyFields):
    pass


class InvoiceFieldsRemaining(MoneyFields):
    pass


class MessageFields(BaseModel):
    key: str
    parameters: list["MessageFieldsParameters"]


class MessageFieldsParameters(BaseModel):
    name: str
    value: str


class NextActionFields(BaseModel):
    kind: NextActionKind
    by: Optional[Party]
    label: str
    message: "NextActionFieldsMessage"
    is_actionable: bool = Field(alias="isActionable")
    deadline: Optional[datetime]
    url: Optional[str]


class NextActionFieldsMessage(MessageFields):
    pass


class MerchantListFields(BaseModel):
    id: str
    external_id: str = Field(alias="externalId")
    display_name: str = Field(alias="displayName")
    country: str
    created_at: datetime = Field(alias="createdAt")
    updated_at: datetime = Field(alias="updatedAt")
    status: MerchantStatus
    status_title: str = Field(alias="statusTitle")
    status_tone: StatusTone = Field(alias="statusTone")
    status_since: datetime = Field(alias="statusSince")
    summary: str
    can_accept_payments: bool = Field(alias="canAcceptPayments")
    can_receive_payouts: bool = Field(alias="canReceivePayouts")
    next_action: "MerchantListFieldsNextAction" = Field(alias="nextAction")
    requirements: "MerchantListFieldsRequirements"


class MerchantListFieldsNextAction(NextActionFields):
    pass


class MerchantListFieldsRequirements(BaseModel):
    due_count: int = Field(alias="dueCount")
    pending_count: int = Field(alias="pendingCount")
    nearest_deadline: Optional[datetime] = Field(alias="nearestDeadline")


class RequirementGroupFields(BaseModel):
    key: Optional[str]
    title: str
    help: Optional[str]
    subject: RequirementSubject
    person: Optional["RequirementGroupFieldsPerson"]
    awaiting_action_from: Party = Field(alias="awaitingActionFrom")
    urgency: Optional[RequirementUrgency]
    items: list["RequirementGroupFieldsItems"]
    errors: list["RequirementGroupFieldsErrors"]
    restricts: list[str]


class RequirementGroupFieldsPerson(BaseModel):
    id: Optional[str]
    name: Optional[str]
    role: Optional[PersonRole]
    label: str


class RequirementGroupFieldsItems(BaseModel):
    key: str
    awaiting_action_from: Party = Field(alias="awaitingActionFrom")
    deadline: DeadlineStatus


class RequirementGroupFieldsErrors(BaseModel):
    code: str
    message: str
    explanation: str


class MerchantFields(MerchantListFields):
    contact_email: str = Field(alias="contactEmail")
    summary_messages: list["MerchantFieldsSummaryMessages"] = Field(alias="summaryMessages")
    account: Optional["MerchantFieldsAccount"]
    dashboard: "MerchantFieldsDashboard"
    capabilities: list["MerchantFieldsCapabilities"]
    requirements: "MerchantFieldsRequirements"
    future_requirements: "MerchantFieldsFutureRequirements" = Field(alias="futureRequirements")
    onboarding: "MerchantFieldsOnboarding"
    freshness: "MerchantFieldsFreshness"


class MerchantFieldsSummaryMessages(MessageFields):
    pass


class MerchantFieldsAccount(BaseModel):
    id: str
    stripe_account_id: str = Field(alias="stripeAccountId")
    livemode: bool
    closed: bool


class MerchantFieldsDashboard(BaseModel):
    type_: DashboardType = Field(alias="type")
    available: bool
    unavailable_reason: Optional[str] = Field(alias="unavailableReason")
    unavailable_message: Optional["MerchantFieldsDashboardUnavailableMessage"] = Field(
        alias="unavailableMessage"
    )
    url: Optional[str]
    tasks: list["MerchantFieldsDashboardTasks"]


class MerchantFieldsDashboardUnavailableMessage(MessageFields):
    pass


class MerchantFieldsDashboardTasks(BaseModel):
    kind: DashboardTaskKind
    title: str
    available: bool
    attention: int
    explanation: str
    message: "MerchantFieldsDashboardTasksMessage"
    deadline: Optional[datetime]
    url: Optional[str]


class MerchantFieldsDashboardTasksMessage(MessageFields):
    pass


class MerchantFieldsCapabilities(BaseModel):
    name: str
    title: str
    status: CapabilityStatus
    details: list["MerchantFieldsCapabilitiesDetails"]


class MerchantFieldsCapabilitiesDetails(BaseModel):
    code: str
    resolution: Resolution
    explanation: str


class MerchantFieldsRequirements(BaseModel):
    transitions_at: Optional[datetime] = Field(alias="transitionsAt")
    groups: list["MerchantFieldsRequirementsGroups"]


class MerchantFieldsRequirementsGroups(RequirementGroupFields):
    pass


class MerchantFieldsFutureRequirements(BaseModel):
    due_count: int = Field(alias="dueCount")
    transitions_at: Optional[datetime] = Field(alias="transitionsAt")
    groups: list["MerchantFieldsFutureRequirementsGroups"]


class MerchantFieldsFutureRequirementsGroups(RequirementGroupFields):
    pass


class MerchantFieldsOnboarding(BaseModel):
    started: bool
    links_issued: int = Field(alias="linksIssued")
    last_returned_at: Optional[datetime] = Field(alias="lastReturnedAt")
    ever_active_at: Optional[datetime] = Field(alias="everActiveAt")


class MerchantFieldsFreshness(FreshnessFields):
    pass


class MerchantSettingsFields(BaseModel):
    entity_type: Optional[EntityType] = Field(alias="entityType")
    contact_phone: Optional[str] = Field(alias="contactPhone")
    merchant_category_code: Optional[str] = Field(alias="merchantCategoryCode")
    doing_business_as: Optional[str] = Field(alias="doingBusinessAs")
    business_url: Optional[str] = Field(alias="businessUrl")
    product_description: Optional[str] = Field(alias="productDescription")
    statement_descriptor: Optional[str] = Field(alias="statementDescriptor")
    statement_descriptor_prefix: Optional[str] = Field(alias="statementDescriptorPrefix")
    currency: Optional[str]
    locales: list[str]
    support: "MerchantSettingsFieldsSupport"
    requested_capabilities: list[str] = Field(alias="requestedCapabilities")


class MerchantSettingsFieldsSupport(BaseModel):
    email: Optional[str]
    phone: Optional[str]
    url: Optional[str]


class PageFields(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    has_previous_page: bool = Field(alias="hasPreviousPage")
    start_cursor: Optional[str] = Field(alias="startCursor")
    end_cursor: Optional[str] = Field(alias="endCursor")


class RefundFields(BaseModel):
    id: str
    external_id: Optional[str] = Field(alias="externalId")
    origin: PaymentOrigin
    amount: Optional["RefundFieldsAmount"]
    state: RefundStatus
    explanation: str
    reason: Optional[RefundReason]
    created_at: Optional[datetime] = Field(alias="createdAt")


class RefundFieldsAmount(MoneyFields):
    pass


class PaymentFields(PaymentListFields):
    failure: Optional["PaymentFieldsFailure"]
    application_fee: Optional["PaymentFieldsApplicationFee"] = Field(alias="applicationFee")
    application_fee_refunded: Optional["PaymentFieldsApplicationFeeRefunded"] = Field(
        alias="applicationFeeRefunded"
    )
    stripe_fee: Optional["PaymentFieldsStripeFee"] = Field(alias="stripeFee")
    net: Optional["PaymentFieldsNet"]
    checkout: Optional["PaymentFieldsCheckout"]
    capture_before: Optional[datetime] = Field(alias="captureBefore")
    metadata: list["PaymentFieldsMetadata"]
    refunds: list["PaymentFieldsRefunds"]
    disputes: list["PaymentFieldsDisputes"]
    dispute_warnings: list["PaymentFieldsDisputeWarnings"] = Field(alias="disputeWarnings")
    stripe_charge_id: Optional[str] = Field(alias="stripeChargeId")
    livemode: Optional[bool]
    freshness: "PaymentFieldsFreshness"


class PaymentFieldsFailure(BaseModel):
    code: Optional[str]
    decline_code: Optional[str] = Field(alias="declineCode")
    payer_message: str = Field(alias="payerMessage")
    retry: PaymentRetry


class PaymentFieldsApplicationFee(MoneyFields):
    pass


class PaymentFieldsApplicationFeeRefunded(MoneyFields):
    pass


class PaymentFieldsStripeFee(MoneyFields):
    pass


class PaymentFieldsNet(MoneyFields):
    pass


class PaymentFieldsCheckout(BaseModel):
    status: CheckoutStatus
    expires_at: Optional[datetime] = Field(alias="expiresAt")
    stripe_checkout_session_id: str = Field(alias="stripeCheckoutSessionId")


class PaymentFieldsMetadata(BaseModel):
    key: str
    value: str


class PaymentFieldsRefunds(RefundFields):
    pass


class PaymentFieldsDisputes(DisputeListFields):
    pass


class PaymentFieldsDisputeWarnings(BaseModel):
    actionable: bool
    explanation: str
    stripe_warning_id: str = Field(alias="stripeWarningId")
    created_at: Optional[datetime] = Field(alias="createdAt")


class PaymentFieldsFreshness(FreshnessFields):
    pass


class PayoutFields(BaseModel):
    id: str
    status: PayoutStatus
    summary: str
    amount: Optional["PayoutFieldsAmount"]
    arrival_date: date = Field(alias="arrivalDate")
    is_late: bool = Field(alias="isLate")
    automatic: bool
    method: PayoutMethod
    destination: Optional["PayoutFieldsDestination"]
    failure: Optional["PayoutFieldsFailure"]
    trace_id: Optional[str] = Field(alias="traceId")
    statement_descriptor: Optional[str] = Field(alias="statementDescriptor")
    external_id: Optional[str] = Field(alias="externalId")
    stripe_payout_id: str = Field(alias="stripePayoutId")
    created_at: datetime = Field(alias="createdAt")
    updated_at: datetime = Field(alias="updatedAt")


class PayoutFieldsAmount(MoneyFields):
    pass


class PayoutFieldsDestination(BaseModel):
    type_: PayoutDestinationType = Field(alias="type")
    name: Optional[str]
    last_4: Optional[str] = Field(alias="last4")
    country: Optional[str]
    currency: Optional[str]


class PayoutFieldsFailure(BaseModel):
    code: str
    explanation: str
    remedy: str
    was_paid: bool = Field(alias="wasPaid")
    noticed_at: Optional[datetime] = Field(alias="noticedAt")


class PayoutObstacleFields(BaseModel):
    kind: PayoutObstacleKind
    stopped_by: Optional[PayoutParty] = Field(alias="stoppedBy")
    ended_by: Optional[PayoutParty] = Field(alias="endedBy")
    since: Optional[datetime]
    explanation: str
    remedy: str
    url: Optional[str]
    payout_id: Optional[str] = Field(alias="payoutId")


class PayoutScheduleFields(BaseModel):
    interval: PayoutInterval
    weekly_days: list[PayoutWeekday] = Field(alias="weeklyDays")
    monthly_days: list[int] = Field(alias="monthlyDays")
    delay_days: Optional[int] = Field(alias="delayDays")
    minimum_balances: list["PayoutScheduleFieldsMinimumBalances"] = Field(alias="minimumBalances")
    is_enabled: bool = Field(alias="isEnabled")
    controlled_by: PayoutController = Field(alias="controlledBy")
    summary: str
    next_payout_estimate: Optional[date] = Field(alias="nextPayoutEstimate")


class PayoutScheduleFieldsMinimumBalances(MoneyFields):
    pass


class ServiceFields(BaseModel):
    stripe_subscription_id: str = Field(alias="stripeSubscriptionId")
    status: ServiceStatus
    access: ServiceAccess
    grace_until: Optional[datetime] = Field(alias="graceUntil")
    summary: str
    collection_method: CollectionMethod = Field(alias="collectionMethod")
    days_until_due: Optional[int] = Field(alias="daysUntilDue")
    trial_ends_at: Optional[datetime] = Field(alias="trialEndsAt")
    current_period_ends_at: Optional[datetime] = Field(alias="currentPeriodEndsAt")
    cancel_at: Optional[datetime] = Field(alias="cancelAt")
    ended_at: Optional[datetime] = Field(alias="endedAt")
    items: list["ServiceFieldsItems"]
    dunning: Optional["ServiceFieldsDunning"]
    invoices: list["ServiceFieldsInvoices"]


class ServiceFieldsItems(BaseModel):
    stripe_price_id: str = Field(alias="stripePriceId")
    quantity: int
    unit_amount: Optional["ServiceFieldsItemsUnitAmount"] = Field(alias="unitAmount")
    interval: BillingInterval
    interval_count: int = Field(alias="intervalCount")


class ServiceFieldsItemsUnitAmount(MoneyFields):
    pass


class ServiceFieldsDunning(BaseModel):
    overdue_since: Optional[datetime] = Field(alias="overdueSince")
    attempts: int
    next_attempt_at: Optional[datetime] = Field(alias="nextAttemptAt")
    invoices: list["ServiceFieldsDunningInvoices"]


class ServiceFieldsDunningInvoices(InvoiceFields):
    pass


class ServiceFieldsInvoices(InvoiceFields):
    pass


class TimelineEntryFields(BaseModel):
    id: str
    at: datetime
    kind: TimelineKind
    status_before: Optional[MerchantStatus] = Field(alias="statusBefore")
    status_after: Optional[MerchantStatus] = Field(alias="statusAfter")
    message: str
    changes: list["TimelineEntryFieldsChanges"]
    actor: Optional[str]


class TimelineEntryFieldsChanges(BaseModel):
    name: str
    title: str
    before: Optional[str]
    after: Optional[str]


FreshnessFields.model_rebuild()
MoneyFields.model_rebuild()
BalanceFields.model_rebuild()
DisputeListFields.model_rebuild()
PaymentListFields.model_rebuild()
DisputeFields.model_rebuild()
FindingFields.model_rebuild()
InvalidFieldFields.model_rebuild()
InvoiceFields.model_rebuild()
MessageFields.model_rebuild()
NextActionFields.model_rebuild()
MerchantListFields.model_rebuild()
RequirementGroupFields.model_rebuild()
MerchantFields.model_rebuild()
MerchantSettingsFields.model_rebuild()
PageFields.model_rebuild()
RefundFields.model_rebuild()
PaymentFields.model_rebuild()
PayoutFields.model_rebuild()
PayoutObstacleFields.model_rebuild()
PayoutScheduleFields.model_rebuild()
ServiceFields.model_rebuild()
TimelineEntryFields.model_rebuild()
