/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The unit of a billing period. */
export type BillingInterval =
  /** Days. */
  | 'DAY'
  /** Months. */
  | 'MONTH'
  /** A unit that this version does not know. */
  | 'UNKNOWN'
  /** Weeks. */
  | 'WEEK'
  /** Years. */
  | 'YEAR';

/** The merchant, and the components that the page shows. */
export type CreateAccountSessionInput = {
  /** The components that the page shows. Each component may be named only once. Name only the components that the page needs. */
  components: Array<EmbeddedComponentInput>;
  /** The merchant whose account the components show. */
  merchant: MerchantRef;
};

/** The merchant, and the address to return to. */
export type CreateBillingPortalLinkInput = {
  /** Whether the link opens the portal's page for canceling the subscription. */
  cancel?: boolean;
  /** The merchant who manages the subscription. */
  merchant: MerchantRef;
  /** The address to which the back link of the portal leads. Its origin must be on the platform's allow-list. */
  returnTo: string;
};

/** A task in the full Dashboard. */
export type DashboardTaskKind =
  /** Provide the information that Stripe requires. */
  | 'COMPLETE_REQUIREMENTS'
  /** View and manage finances and reports. */
  | 'MANAGE_FINANCES'
  /** Respond to disputes and issue refunds. */
  | 'RESPOND_TO_DISPUTES_AND_REFUNDS'
  /** Set the payout schedule. */
  | 'SCHEDULE_PAYOUTS';

/** The kind of next step in a dispute. */
export type DisputeActionKind =
  /** The dispute has ended. */
  | 'NONE'
  /** Refund the payment in full, which ends an inquiry, or submit evidence. */
  | 'REFUND_OR_RESPOND'
  /** Submit evidence, or accept the dispute. An appeal cannot be accepted. */
  | 'RESPOND'
  /** The merchant answers in the Stripe Dashboard: ConnectQL cannot answer this kind of dispute. */
  | 'RESPOND_IN_DASHBOARD'
  /** The bank decides. */
  | 'WAIT';

/** A part of the evidence in a dispute. The names are Stripe's. */
export type DisputeEvidenceField =
  /** Log of the customer's use of the product. This part is a text. */
  | 'ACCESS_ACTIVITY_LOG'
  /** Billing address of the customer. This part is a text. */
  | 'BILLING_ADDRESS'
  /** Cancellation policy. This part is a file. */
  | 'CANCELLATION_POLICY'
  /** How the customer was shown the cancellation policy. This part is a text. */
  | 'CANCELLATION_POLICY_DISCLOSURE'
  /** Why the subscription was not canceled. This part is a text. */
  | 'CANCELLATION_REBUTTAL'
  /** Messages from and to the customer. This part is a file. */
  | 'CUSTOMER_COMMUNICATION'
  /** E-mail address of the customer. This part is a text. */
  | 'CUSTOMER_EMAIL_ADDRESS'
  /** Name of the customer. This part is a text. */
  | 'CUSTOMER_NAME'
  /** IP address of the purchase. This part is a text. */
  | 'CUSTOMER_PURCHASE_IP'
  /** Signature of the customer. This part is a file. */
  | 'CUSTOMER_SIGNATURE'
  /** Receipt of the other payment. This part is a file. */
  | 'DUPLICATE_CHARGE_DOCUMENTATION'
  /** How this payment differs from the other one. This part is a text. */
  | 'DUPLICATE_CHARGE_EXPLANATION'
  /** Stripe's id of the other charge. This part is a text. */
  | 'DUPLICATE_CHARGE_ID'
  /** Description of the product or service. This part is a text. */
  | 'PRODUCT_DESCRIPTION'
  /** Receipt of the payment. This part is a file. */
  | 'RECEIPT'
  /** Refund policy. This part is a file. */
  | 'REFUND_POLICY'
  /** How the customer was shown the refund policy. This part is a text. */
  | 'REFUND_POLICY_DISCLOSURE'
  /** Why the customer gets no refund. This part is a text. */
  | 'REFUND_REFUSAL_EXPLANATION'
  /** Date on which the service was provided. This part is a text. */
  | 'SERVICE_DATE'
  /** Proof that the service was provided. This part is a file. */
  | 'SERVICE_DOCUMENTATION'
  /** Address to which the product was shipped. This part is a text. */
  | 'SHIPPING_ADDRESS'
  /** Carrier of the shipment. This part is a text. */
  | 'SHIPPING_CARRIER'
  /** Date of the shipment. This part is a text. */
  | 'SHIPPING_DATE'
  /** Proof of the shipment. This part is a file. */
  | 'SHIPPING_DOCUMENTATION'
  /** Tracking number of the shipment. This part is a text. */
  | 'SHIPPING_TRACKING_NUMBER'
  /** Any other document. This part is a file. */
  | 'UNCATEGORIZED_FILE'
  /** Anything else that helps. This part is a text. */
  | 'UNCATEGORIZED_TEXT';

/** Whether the bank has the merchant's answer. */
export type DisputeEvidenceState =
  /** There is no evidence. */
  | 'NONE'
  /** The deadline has passed without an answer. */
  | 'PAST_DUE'
  /** Evidence is stored at Stripe, but not submitted. The bank does not see it. */
  | 'STAGED'
  /** The evidence was submitted. It cannot be changed. */
  | 'SUBMITTED';

/** Conditions on disputes. A dispute must meet all of them. */
export type DisputeFilter = {
  /** The dispute needs a response before this time. */
  dueBefore?: string | null | undefined;
  /** The dispute has one of these kinds. */
  kind?: Array<DisputeKind> | null | undefined;
  /** The dispute belongs to this merchant. */
  merchant?: MerchantRef | null | undefined;
  /** Whether somebody should answer the dispute now. */
  needsResponse?: boolean | null | undefined;
  /** The dispute has one of these statuses. */
  status?: Array<DisputeStatus> | null | undefined;
};

/** The kind of a dispute. */
export type DisputeKind =
  /** The second round of a chargeback. */
  | 'APPEAL'
  /** The bank has taken the money back, and Stripe has charged its fee. */
  | 'CHARGEBACK'
  /** The bank says that a rule of the card network was broken. The card network can charge a fee for an answer: see `evidence.programs`. */
  | 'COMPLIANCE'
  /** The bank only asks about the payment. No money has moved, and a full refund ends the inquiry. The merchant has lost nothing. */
  | 'INQUIRY'
  /** A kind that this version of ConnectQL does not know. See the dispute in the Stripe Dashboard. */
  | 'OTHER'
  /** Stripe or the bank settled the customer's complaint before it became a chargeback. */
  | 'PREVENTED';

/** A reference to one dispute. Exactly one field must be set. */
export type DisputeRef =
  {   /** The dispute's `id`. */
  id: string | number; stripeDisputeId?: never; }
  |  { id?: never;   /** Stripe's id: `du_...` or `dp_...`. */
  stripeDisputeId: string; };

/** Whether the payer's bank questions a payment. If the payment has several disputes, the most important one determines this state. */
export type DisputeState =
  /** The bank asks a question. No money has moved. A full refund closes the inquiry. */
  | 'INQUIRY'
  /** The payer keeps the money. */
  | 'LOST'
  /** The bank took the money back. The merchant can answer until the deadline. */
  | 'NEEDS_RESPONSE'
  /** There is no dispute, or an inquiry was closed. */
  | 'NONE'
  /** Stripe or the bank settled the customer's complaint before it became a chargeback. */
  | 'PREVENTED'
  /** The bank examines the merchant's answer. */
  | 'UNDER_REVIEW'
  /** Stripe reports a status that this version of ConnectQL does not know. See the dispute in the Stripe Dashboard. */
  | 'UNKNOWN'
  /** The bank warns that a dispute may follow. No money has moved. A full refund usually avoids it. */
  | 'WARNED'
  /** The merchant won the dispute and has the money back. */
  | 'WON';

/** Stripe's status of a dispute. */
export type DisputeStatus =
  /** The dispute is in its second round (an appeal). Answer before `dueBy`. */
  | 'APPEAL_NEEDS_RESPONSE'
  /** The bank examines the answer in the second round (the appeal). */
  | 'APPEAL_UNDER_REVIEW'
  /** The payer keeps the money. */
  | 'LOST'
  /** Answer or accept the dispute before `dueBy`. */
  | 'NEEDS_RESPONSE'
  /** The customer's complaint was settled before it became a chargeback. */
  | 'PREVENTED'
  /** The bank examines the answer. */
  | 'UNDER_REVIEW'
  /** Stripe reports a value that this version of ConnectQL does not know. */
  | 'UNKNOWN'
  /** The inquiry ended without a dispute. */
  | 'WARNING_CLOSED'
  /** The bank asks about the payment (an inquiry). Refund the payment in full, or answer. */
  | 'WARNING_NEEDS_RESPONSE'
  /** The bank examines the answer to its inquiry. */
  | 'WARNING_UNDER_REVIEW'
  /** The merchant won the dispute and has the money back. */
  | 'WON';

/** An embedded component of Stripe's Connect.js. A page of the platform shows it to the merchant. */
export type EmbeddedComponent =
  /** The details of the account, which the merchant can change. */
  | 'ACCOUNT_MANAGEMENT'
  /** The onboarding form. */
  | 'ACCOUNT_ONBOARDING'
  /** Balances and payouts. */
  | 'BALANCES'
  /** The report of balances. */
  | 'BALANCE_REPORT'
  /** All disputes. */
  | 'DISPUTES_LIST'
  /** Documents, such as tax invoices for Stripe's fees. */
  | 'DOCUMENTS'
  /** An offer of instant payouts, which is shown if the account is eligible for them. */
  | 'INSTANT_PAYOUTS_PROMOTION'
  /** A banner with tasks, such as missing information. */
  | 'NOTIFICATION_BANNER'
  /** All payments, with refunds, captures and answers to disputes. */
  | 'PAYMENTS'
  /** The details of one payment. */
  | 'PAYMENT_DETAILS'
  /** The disputes of one payment. */
  | 'PAYMENT_DISPUTES'
  /** The settings of payment methods. */
  | 'PAYMENT_METHOD_SETTINGS'
  /** Balances, payouts and their schedule. */
  | 'PAYOUTS'
  /** All payouts. */
  | 'PAYOUTS_LIST'
  /** The details of one payout. */
  | 'PAYOUT_DETAILS'
  /** The report of the transactions in payouts. */
  | 'PAYOUT_RECONCILIATION_REPORT'
  /** A chart of the merchant's sales. */
  | 'REPORTING_CHART'
  /** Tax registrations. */
  | 'TAX_REGISTRATIONS'
  /** Settings of Stripe Tax. */
  | 'TAX_SETTINGS';

/** A component to show. */
export type EmbeddedComponentInput = {
  /** The component. */
  component: EmbeddedComponent;
  /** The changes that the merchant can make in the component. An empty list turns off all changes that the component could offer. If omitted, Stripe's defaults apply. */
  features?: Array<EmbeddedFeature> | null | undefined;
};

/** A change that a merchant can make in an embedded component. */
export type EmbeddedFeature =
  /** Capture authorized payments. Available in PAYMENTS, PAYMENT_DETAILS and DISPUTES_LIST. */
  | 'CAPTURE_PAYMENTS'
  /** Answer and accept disputes. Available in PAYMENTS, PAYMENT_DETAILS, PAYMENT_DISPUTES and DISPUTES_LIST. */
  | 'DISPUTE_MANAGEMENT'
  /** Change the payout schedule. Available in PAYOUTS and BALANCES. */
  | 'EDIT_PAYOUT_SCHEDULE'
  /** Add and change bank accounts. Available in ACCOUNT_MANAGEMENT, ACCOUNT_ONBOARDING, NOTIFICATION_BANNER, PAYOUTS, BALANCES and INSTANT_PAYOUTS_PROMOTION. */
  | 'EXTERNAL_ACCOUNT_COLLECTION'
  /** Request instant payouts. Available in PAYOUTS, BALANCES and INSTANT_PAYOUTS_PROMOTION. */
  | 'INSTANT_PAYOUTS'
  /** Refund payments. Available in PAYMENTS, PAYMENT_DETAILS, PAYMENT_DISPUTES and DISPUTES_LIST. */
  | 'REFUND_MANAGEMENT'
  /** Request standard payouts. Available in PAYOUTS and BALANCES. */
  | 'STANDARD_PAYOUTS';

/** A card network's program, with its own rules for the evidence in a dispute. */
export type EvidenceProgram =
  /** A compliance case of Mastercard. A submission of evidence costs a fee. */
  | 'MASTERCARD_COMPLIANCE'
  /** A program that this version of ConnectQL does not know. See the dispute in the Stripe Dashboard. */
  | 'UNKNOWN'
  /** Visa's Compelling Evidence 3.0: earlier payments of the same customer show that the cardholder paid. Give this evidence in `compellingEvidence` of submitDisputeEvidence. */
  | 'VISA_COMPELLING_EVIDENCE_3'
  /** A compliance case of Visa. A submission of evidence costs 500 USD or the local equivalent. Visa returns the fee if the dispute is won. */
  | 'VISA_COMPLIANCE';

/** Whether the staged evidence meets the conditions of a program. */
export type EvidenceProgramStatus =
  /** The merchant has agreed to pay the fee. */
  | 'FEE_ACKNOWLEDGED'
  /** The evidence does not meet the conditions. */
  | 'NOT_QUALIFIED'
  /** The evidence meets the conditions. */
  | 'QUALIFIED'
  /** Parts of the evidence are missing. */
  | 'REQUIRES_ACTION'
  /** To submit the evidence, set `acknowledgesNetworkFee` to true. */
  | 'REQUIRES_FEE_ACKNOWLEDGEMENT'
  /** Stripe reports a value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** The source of a fee. */
export type FeeSource =
  /** The input of the call. */
  | 'CALL'
  /** The policy for the merchant, which setFeePolicy sets. */
  | 'MERCHANT'
  /** The policy in the platform's settings. */
  | 'PLATFORM';

/** Why a field of an input is invalid. */
export type InvalidFieldCode =
  /** This is not the id of a Stripe account. */
  | 'ACCOUNT_INVALID'
  /** This is not the merchant's current account. */
  | 'ACCOUNT_NOT_CURRENT'
  /** Stripe does not accept this part of the address. */
  | 'ADDRESS_INVALID'
  /** The amount is not possible. For example, it is too large, or too small for the currency. */
  | 'AMOUNT_INVALID'
  /** If there is an account token, Stripe accepts this value only in the token. */
  | 'BELONGS_IN_TOKEN'
  /** The account cannot give up this capability, or can give it up only together with another one. */
  | 'CANNOT_BE_GIVEN_UP'
  /** Stripe no longer lets the platform change this value. */
  | 'CANNOT_CHANGE'
  /** This is not the name of a payment capability. */
  | 'CAPABILITY_INVALID'
  /** This is not a merchant category code. */
  | 'CATEGORY_INVALID'
  /** The value contradicts another field of the input, or the object that the input names. */
  | 'CONTRADICTION'
  /** The text contains control characters. */
  | 'CONTROL_CHARACTERS'
  /** This is not an ISO 3166-1 alpha-2 code. */
  | 'COUNTRY_UNKNOWN'
  /** This is not an ISO 4217 code, or Stripe does not support the currency. */
  | 'CURRENCY_UNKNOWN'
  /** This is not the id of a customer at Stripe. */
  | 'CUSTOMER_INVALID'
  /** This is not a possible date. */
  | 'DATE_INVALID'
  /** An earlier entry of the list has the same value. */
  | 'DUPLICATE'
  /** The text is not a single valid e-mail address. */
  | 'EMAIL_INVALID'
  /** This is not a language that Stripe supports. */
  | 'LOCALE_UNKNOWN'
  /** Stripe or ConnectQL does not allow this key in the metadata. */
  | 'METADATA_INVALID'
  /** Stripe or the platform does not offer this choice to the account or to the caller. */
  | 'NOT_AVAILABLE'
  /** The input changes nothing. */
  | 'NO_CHANGES'
  /** The text begins or ends with white space. */
  | 'OUTER_SPACES'
  /** The number is too small or too large. */
  | 'OUT_OF_RANGE'
  /** This is not a phone number. */
  | 'PHONE_INVALID'
  /** Stripe refused the value. `message` has the reason. */
  | 'REFUSED_BY_STRIPE'
  /** A value is missing. */
  | 'REQUIRED'
  /** The percentage is not a possible share of the business. */
  | 'SHARE_INVALID'
  /** Banks cannot show this text on a statement. */
  | 'STATEMENT_DESCRIPTOR_INVALID'
  /** The value does not have the required form, or Stripe does not know this legal structure. */
  | 'STRUCTURE_INVALID'
  /** This is not an account token, or the token cannot be used any more. */
  | 'TOKEN_INVALID'
  /** The text has too many characters. */
  | 'TOO_LONG'
  /** The list has too many entries. */
  | 'TOO_MANY'
  /** This is not the absolute address of a public website. */
  | 'URL_INVALID'
  /** The platform's settings do not allow this address. */
  | 'URL_NOT_ALLOWED';

/** The status of an invoice at Stripe. */
export type InvoiceStatus =
  /** Stripe opens the invoice about an hour after its creation. */
  | 'DRAFT'
  /** The invoice is not paid yet. */
  | 'OPEN'
  /** The invoice is paid. */
  | 'PAID'
  /** The platform no longer expects a payment. */
  | 'UNCOLLECTIBLE'
  /** A status that this version does not know. */
  | 'UNKNOWN'
  /** The invoice is no longer valid. */
  | 'VOID';

/** The kind of a change to a list. */
export type ListChangeKind =
  /** The object matches the filter. Add it to the list, or replace it if the list already has it. */
  | 'CHANGED'
  /** The object does not match the filter or no longer exists. Remove it if the list has it. */
  | 'LEFT'
  /** Read the list now. The first message has this kind. It is sent again if changes may have been lost. */
  | 'READ';

/** A reference to one merchant. Exactly one field must be set. */
export type MerchantRef =
  {   /** The platform's own id of the merchant. */
  externalId: string; id?: never; stripeAccountId?: never; }
  |  { externalId?: never;   /** The merchant's `id`. */
  id: string | number; stripeAccountId?: never; }
  |  { externalId?: never; id?: never;   /** Stripe's id of the current account or of a former account: `acct_...`. */
  stripeAccountId: string; };

/** The status of a merchant. ConnectQL derives it from the Stripe account. */
export type MerchantStatus =
  /** Card payments have never worked, and the merchant must provide information. */
  | 'ACTION_REQUIRED'
  /** Card payments and payouts work. The merchant need not provide anything. */
  | 'ACTIVE'
  /** Card payments and payouts work, but the merchant must provide information, now or before a deadline. */
  | 'ACTIVE_DUE_SOON'
  /** The account is closed permanently. */
  | 'CLOSED'
  /** Stripe has not confirmed the account yet. */
  | 'CREATING'
  /** The account is no longer connected to the platform. */
  | 'DISCONNECTED'
  /** The platform has erased the merchant's data with eraseMerchant. Lists omit the merchant unless their filter contains this status. */
  | 'ERASED'
  /** The platform has not requested card payments for the account. */
  | 'NOT_REQUESTED'
  /** The merchant has not submitted Stripe's onboarding form yet. */
  | 'ONBOARDING'
  /** Card payments work. Payouts do not. */
  | 'PAYOUTS_BLOCKED'
  /** The merchant has provided everything, and Stripe is reviewing it. */
  | 'PENDING_REVIEW'
  /** Stripe or the platform has rejected the account. */
  | 'REJECTED'
  /** Card payments worked before and are paused until the merchant acts. */
  | 'RESTRICTED'
  /** Card payments do not work, and no information from the merchant can change that. Stripe support can explain the reason. */
  | 'RESTRICTED_BY_STRIPE'
  /** Stripe has not reported the account's capabilities yet. Call refreshMerchant. */
  | 'UNKNOWN'
  /** Stripe does not support card payments for this business. */
  | 'UNSUPPORTED';

/** An amount of money. */
export type MoneyInput = {
  /** The currency. */
  currency: string;
  /** The amount in the currency's smallest unit, as Stripe counts it: 1234 for 12.34 USD. */
  minorUnits: number;
};

/** The kind of next step. */
export type NextActionKind =
  /** The merchant contacts the platform, because only the platform can help. `by` is then PLATFORM. */
  | 'CONTACT_PLATFORM'
  /** The merchant contacts Stripe support. */
  | 'CONTACT_STRIPE'
  /** There is nothing to do. */
  | 'NONE'
  /** The merchant logs in to the Stripe Dashboard. */
  | 'OPEN_DASHBOARD'
  /** Call createOnboardingLink again to continue onboarding. */
  | 'RESUME_ONBOARDING'
  /** Call createOnboardingLink and open the link. */
  | 'START_ONBOARDING'
  /** Wait until Stripe has acted. */
  | 'WAIT_FOR_STRIPE';

/** A reference to one order: its merchant and the platform's own id. */
export type OrderRef = {
  /** The platform's own id of the order. */
  externalId: string;
  /** The merchant. */
  merchant: MerchantRef;
};

/** The party that must act. */
export type Party =
  /** The merchant. */
  | 'MERCHANT'
  /** The platform. Only the next step of a merchant can have this value. */
  | 'PLATFORM'
  /** Stripe. */
  | 'STRIPE'
  /** A party that this version of ConnectQL does not know. Only requirements can have this value. */
  | 'UNKNOWN';

/** The kind of an entry in the history of a payment. */
export type PaymentEntryKind =
  /** An attempt to pay failed. */
  | 'ATTEMPT_FAILED'
  /** Stripe booked the payment on the merchant's balance. */
  | 'BOOKED'
  /** The payment was created, or found at Stripe. */
  | 'CREATED'
  /** A dispute, or a bank's warning of one, was added or changed. */
  | 'DISPUTE_CHANGED'
  /** ConnectQL found a change at Stripe that no event had announced. */
  | 'DRIFT_REPAIRED'
  /** Stripe booked the platform's fee, or returned all or a part of it to the merchant. */
  | 'FEE_CHANGED'
  /** A refund was requested, refused, added or changed. */
  | 'REFUND_CHANGED'
  /** `state` changed. */
  | 'STATE_CHANGED';

/** Conditions on payments. A payment must meet all of them. */
export type PaymentFilter = {
  /** The payment was created before this time. */
  createdBefore?: string | null | undefined;
  /** The payment was created at this time or later. */
  createdFrom?: string | null | undefined;
  /** The payment has this currency. */
  currency?: string | null | undefined;
  /** The payment has one of these dispute states. */
  disputeState?: Array<DisputeState> | null | undefined;
  /** The maximum amount, in minor units of `currency`, which must also be set. */
  maximumAmount?: number | null | undefined;
  /** The payment belongs to this merchant. */
  merchant?: MerchantRef | null | undefined;
  /** The minimum amount, in minor units of `currency`, which must also be set. */
  minimumAmount?: number | null | undefined;
  /** The payment was created in this place. */
  origin?: PaymentOrigin | null | undefined;
  /** The payment has one of these refund states. */
  refundState?: Array<RefundState> | null | undefined;
  /** A text to search for. It must be exactly the payment's external id, the payer's e-mail address, the last four digits of the card, or a Stripe id: of the payment, or of its page, charge, refund, dispute or early fraud warning. At most 255 characters. If the text is empty or only white space, all payments match. */
  search?: string | null | undefined;
  /** The payment has one of these states. */
  state?: Array<PaymentState> | null | undefined;
};

/** The place where a payment or refund was created. */
export type PaymentOrigin =
  /** ConnectQL. */
  | 'API'
  /** Stripe: the Dashboard, a payment link or another service. */
  | 'STRIPE';

/** A reference to one payment. Exactly one field must be set. */
export type PaymentRef =
  {   /** The payment's `id`. */
  id: string | number; order?: never; stripePaymentIntentId?: never; }
  |  { id?: never;   /** The payment's merchant and `externalId`. */
  order: OrderRef; stripePaymentIntentId?: never; }
  |  { id?: never; order?: never;   /** Stripe's id: `pi_...`. */
  stripePaymentIntentId: string; };

/** Whether the payer can try again with the same payment method. */
export type PaymentRetry =
  /** The payer must confirm the payment with the bank. */
  | 'AFTER_AUTHENTICATION'
  /** Check first that the payment has not succeeded already. */
  | 'AFTER_CHECK'
  /** The payer must correct the details first. */
  | 'AFTER_CORRECTION'
  /** The payer can try again later. */
  | 'LATER'
  /** The payment method does not work. Another one can work. */
  | 'NO'
  /** The payer can try again at once. */
  | 'NOW';

/** Whether a payment is paid. Refunds and disputes do not change this state. */
export type PaymentState =
  /** The last attempt failed. The payer may try again. */
  | 'ATTEMPT_FAILED'
  /** The amount is reserved, not charged. Capture it before `captureBefore`. */
  | 'AUTHORIZED'
  /** The payer has not paid yet. */
  | 'AWAITING_CUSTOMER'
  /** The payment was canceled. */
  | 'CANCELED'
  /** The payment page expired before the payer paid. */
  | 'EXPIRED'
  /** The payment failed, and cannot be tried again. A payment that has succeeded can also fail later, if the bank takes the money back. */
  | 'FAILED'
  /** The bank processes the payment. This can take days. */
  | 'PROCESSING'
  /** The payer must authenticate the payment, pay a voucher or make a bank transfer. */
  | 'REQUIRES_ACTION'
  /** The payer has paid. */
  | 'SUCCEEDED'
  /** Stripe has not confirmed the payment yet, or reports a status that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** The kind of destination. */
export type PayoutDestinationType =
  /** A bank account. */
  | 'BANK_ACCOUNT'
  /** A debit card. */
  | 'CARD'
  /** A value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** Conditions on payouts. A payout must meet all of them. */
export type PayoutFilter = {
  /** Stripe created the payout before this time. */
  createdBefore?: string | null | undefined;
  /** Stripe created the payout at this time or later. */
  createdFrom?: string | null | undefined;
  /** The payout belongs to this merchant. */
  merchant?: MerchantRef | null | undefined;
  /** The payout has one of these states. */
  status?: Array<PayoutStatus> | null | undefined;
};

/** How often Stripe pays out. */
export type PayoutInterval =
  /** On every business day. */
  | 'DAILY'
  /** Only on request. */
  | 'MANUAL'
  /** On the days of `monthlyDays`. */
  | 'MONTHLY'
  /** A value that this version of ConnectQL does not know. */
  | 'UNKNOWN'
  /** On the days of `weeklyDays`. */
  | 'WEEKLY';

/** The speed of a payout. */
export type PayoutMethod =
  /** The payout takes some minutes, and Stripe charges a fee. */
  | 'INSTANT'
  /** The payout takes some business days. */
  | 'STANDARD'
  /** A value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** A reason why money does not reach the merchant's bank account. New versions can add values. */
export type PayoutObstacleKind =
  /** The account is closed. */
  | 'ACCOUNT_CLOSED'
  /** The account is no longer connected to the platform. */
  | 'ACCOUNT_DISCONNECTED'
  /** Stripe has not confirmed the account or its capabilities yet. */
  | 'ACCOUNT_NOT_READY'
  /** Stripe or the platform has rejected the account. */
  | 'ACCOUNT_REJECTED'
  /** The balance is negative, so new payments fill it first. */
  | 'BALANCE_NEGATIVE'
  /** The available money is not more than the minimum balance that the schedule leaves in the balance. */
  | 'BELOW_MINIMUM'
  /** Card payments or payouts are off until the merchant provides information. */
  | 'INFORMATION_NEEDED'
  /** Stripe has not settled the payments yet. */
  | 'MONEY_PENDING'
  /** Stripe holds money back as a reserve. */
  | 'MONEY_RESERVED'
  /** The platform has not requested card payments. */
  | 'NOT_REQUESTED'
  /** Stripe does not offer card payments or payouts to this business. */
  | 'NOT_SUPPORTED'
  /** There is no money to pay out. */
  | 'NO_MONEY'
  /** Stripe has disabled payouts, and the reason is not a payout that the bank returned. */
  | 'PAYOUTS_DISABLED'
  /** The bank returned a payout or refused a debit, and no payout in the same currency has arrived since then. */
  | 'PAYOUT_FAILED'
  /** A payout has not arrived three days after its `arrivalDate`. */
  | 'PAYOUT_LATE'
  /** Stripe has restricted card payments or payouts. The reason may be a legal one, which is not shown. */
  | 'RESTRICTED'
  /** Money is available, but the schedule is manual, so Stripe pays it out only on request. */
  | 'SCHEDULE_MANUAL'
  /** Card payments or payouts are off while Stripe reviews information. */
  | 'UNDER_REVIEW';

/** A party that can stop a payout, or let it go on. */
export type PayoutParty =
  /** The bank of the merchant. */
  | 'BANK'
  /** The merchant. */
  | 'MERCHANT'
  /** The platform. */
  | 'PLATFORM'
  /** Stripe. */
  | 'STRIPE';

/** Whether Stripe knows all transactions inside a payout. */
export type PayoutReconciliation =
  /** Stripe knows all transactions. */
  | 'COMPLETED'
  /** Stripe is still collecting the transactions. */
  | 'IN_PROGRESS'
  /** The payout is manual, so it contains no transactions. */
  | 'NOT_APPLICABLE'
  /** A value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** A reference to one payout. Exactly one field must be set. */
export type PayoutRef =
  {   /** The payout's `id`. */
  id: string | number; stripePayoutId?: never; }
  |  { id?: never;   /** Stripe's id: `po_...`. */
  stripePayoutId: string; };

/** The state of a payout. */
export type PayoutStatus =
  /** The payout was canceled, and the money is back in the balance. */
  | 'CANCELED'
  /** The bank returned the payout, and the money is back in the balance. If the payout is a debit, the bank refused it, and the balance stays negative. */
  | 'FAILED'
  /** The payout is on its way to the bank. */
  | 'IN_TRANSIT'
  /** The payout should have arrived. It can still fail for about five business days. */
  | 'PAID'
  /** Stripe has created the payout and will send it soon. */
  | 'PENDING'
  /** A value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** A kind of change that merchants may make only if the platform's settings allow it. */
export type Permission =
  /** Calling submitDisputeEvidence and acceptDispute. */
  | 'ANSWER_DISPUTES'
  /** Calling createCheckout, createPaymentIntent, capturePayment and cancelPayment. */
  | 'CHARGE'
  /** Calling createPayout and updatePayoutSchedule. */
  | 'PAY_OUT'
  /** Calling refundPayment. */
  | 'REFUND';

/** The reason for a refund. */
export type RefundCause =
  /** The customer paid twice. */
  | 'DUPLICATE'
  /** The payment was fraud. Stripe then blocks the card and the e-mail address. */
  | 'FRAUDULENT'
  /** The customer asked for the refund. */
  | 'REQUESTED_BY_CUSTOMER';

/** The payment, and the amount to refund. */
export type RefundPaymentInput = {
  /** The amount to refund, in the payment's currency. The default and the maximum are the amount that has not been refunded yet. */
  amount?: MoneyInput | null | undefined;
  /** Allows a partial refund during an inquiry of the payer's bank. After a partial refund, the bank can still open a dispute. */
  duringInquiry?: boolean;
  /** The platform's own id of the refund: 1 to 255 characters, unique among the refunds of the payment. */
  externalId: string;
  /** The payment. Its state must be SUCCEEDED. */
  payment: PaymentRef;
  /** The reason, stored at Stripe. */
  reason?: RefundCause | null | undefined;
};

/** The reason for a refund. */
export type RefundReason =
  /** The customer paid twice. */
  | 'DUPLICATE'
  /** The authorization expired before a capture. */
  | 'EXPIRED_UNCAPTURED_CHARGE'
  /** The payment was fraud. Stripe blocks the card and the e-mail address. */
  | 'FRAUDULENT'
  /** The customer asked for it. */
  | 'REQUESTED_BY_CUSTOMER'
  /** Stripe reports a value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** Whether the money of a payment goes back to the customer. */
export type RefundState =
  /** The refund failed. Its `explanation` says whether to pay the customer in another way. */
  | 'FAILED'
  /** The whole charged amount was refunded. */
  | 'FULL'
  /** There is no refund. */
  | 'NONE'
  /** A part of the charged amount was refunded. */
  | 'PARTIAL'
  /** A refund is not complete yet. */
  | 'PENDING';

/** Stripe's status of a refund. */
export type RefundStatus =
  /** The refund was canceled before it was sent. */
  | 'CANCELED'
  /** The refund failed. Read the `explanation` before you pay the customer in another way. */
  | 'FAILED'
  /** The refund is not complete yet. `pendingReason` has the cause, if Stripe names one. */
  | 'PENDING'
  /** The customer must act to get the money. */
  | 'REQUIRES_ACTION'
  /** The refund was sent to the customer's bank. It may still fail. */
  | 'SUCCEEDED'
  /** Stripe reports a value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** The risk of a refund. */
export type RefundWarningCode =
  /** The payer's bank has warned that it may dispute the payment, and usually only a full refund avoids that. */
  | 'DISPUTE_EXPECTED'
  /** The payer's bank asks about the payment. If the bank turns its question into a dispute, the refund can fail, or the payer can get the money twice. */
  | 'INQUIRY'
  /** The payer's bank asks about the payment, and only a full refund prevents a dispute. */
  | 'PARTIAL_DURING_INQUIRY';

/** The subject of a requirement. */
export type RequirementSubject =
  /** The business or the account. */
  | 'ACCOUNT'
  /** The bank account for payouts. */
  | 'BANK_ACCOUNT'
  /** Another subject. */
  | 'OTHER'
  /** A person of the business; see `person`. */
  | 'PERSON'
  /** The acceptance of Stripe's terms. */
  | 'TERMS_OF_SERVICE';

/** The urgency of a group of requirements, in terms that people understand. */
export type RequirementUrgency =
  /** Nothing needs to be done yet. */
  | 'LATER'
  /** A capability does not work until the group is complete. */
  | 'NOW'
  /** The deadline has passed, and the group affects a capability that has worked before. */
  | 'OVERDUE'
  /** A capability stops working unless the group is complete before the deadline. */
  | 'SOON';

/** The role of a caller. */
export type Role =
  /** A merchant. May see only itself. */
  | 'MERCHANT'
  /** Staff of the platform. May see everything. */
  | 'OPERATOR'
  /** A server of the platform. May see all merchants, but neither `platform` nor `revenue`. */
  | 'SERVICE';

/** The access to the platform's product that a subscription gives. */
export type ServiceAccess =
  /** The subscription is paid, or in its free trial. */
  | 'FULL'
  /** A payment is overdue, but the access continues until `graceUntil`. By default, this is 14 days after the first payment became overdue. The platform can set another number of days (`CONNECTQL_SERVICE_GRACE_DAYS`). */
  | 'GRACE'
  /** The subscription gives no access. */
  | 'NONE';

/** The status of a subscription at Stripe. */
export type ServiceStatus =
  /** The subscription is paid. */
  | 'ACTIVE'
  /** The subscription has ended. This status is final. */
  | 'CANCELED'
  /** The first payment is not complete. It must be completed within 23 hours. */
  | 'INCOMPLETE'
  /** The first payment was never completed. This status is final. */
  | 'INCOMPLETE_EXPIRED'
  /** A payment is overdue: a renewal failed, or an invoice that was sent by e-mail is past its due date. */
  | 'PAST_DUE'
  /** The subscription is paused. Stripe creates no invoices for it. */
  | 'PAUSED'
  /** The free trial runs until `trialEndsAt`. */
  | 'TRIALING'
  /** Stripe reports a status that this version does not know. */
  | 'UNKNOWN'
  /** All attempts to collect the payment failed. New invoices stay drafts. */
  | 'UNPAID';

/** The subscription to begin. */
export type StartServiceInput = {
  /** The address to which the back link of the page leads. Its origin must be on the platform's allow-list. */
  cancelUrl: string;
  /** The merchant who subscribes. */
  merchant: MerchantRef;
  /** The id of a recurring price on the platform's account: `price_...`. The default is the first price in the platform's setting `CONNECTQL_SERVICE_PRICES`. Merchants may choose only prices that are in this setting. */
  price?: string | null | undefined;
  /** The quantity: 1 to 999,999. */
  quantity?: number;
  /** The address to which Stripe sends the browser after the merchant has subscribed. Its origin must be on the platform's allow-list. ConnectQL may receive the subscription's events later, so the merchant's `service` may not show the subscription yet. */
  successUrl: string;
  /** A free trial of 1 to 730 days. Merchants must omit it. */
  trialDays?: number | null | undefined;
};

/** The tone of a status, for colors. */
export type StatusTone =
  /** Payments or payouts do not work. */
  | 'CRITICAL'
  /** Neither good nor bad. */
  | 'NEUTRAL'
  /** All is well. */
  | 'POSITIVE'
  /** Stripe must act first. */
  | 'WAITING'
  /** Something needs attention. */
  | 'WARNING';

export type ErrandPartsFragment = { key: string | null, title: string, help: string | null, subject: RequirementSubject, urgency: RequirementUrgency | null, awaitingActionFrom: Party, restricts: Array<string>, person: { name: string | null, label: string } | null, items: Array<{ key: string }>, errors: Array<{ code: string, explanation: string }> };

export type BalancePartsFragment = { isNegative: boolean, amounts: Array<{ currency: string, available: { minorUnits: number, currency: string, exponent: number, decimal: string }, pending: { minorUnits: number, currency: string, exponent: number, decimal: string }, reserved: { minorUnits: number, currency: string, exponent: number, decimal: string } }>, freshness: { syncedAt: string | null } };

export type InvoicePartsFragment = { stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { minorUnits: number, currency: string, exponent: number, decimal: string } | null };

export type MerchantPartsFragment = { id: string, externalId: string, displayName: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, summaryMessages: Array<{ key: string, parameters: Array<{ name: string, value: string }> }>, nextAction: { kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { key: string, parameters: Array<{ name: string, value: string }> } }, requirements: { dueCount: number, nearestDeadline: string | null, groups: Array<{ key: string | null, title: string, help: string | null, subject: RequirementSubject, urgency: RequirementUrgency | null, awaitingActionFrom: Party, restricts: Array<string>, person: { name: string | null, label: string } | null, items: Array<{ key: string }>, errors: Array<{ code: string, explanation: string }> }> }, futureRequirements: { transitionsAt: string | null, groups: Array<{ key: string | null, title: string, help: string | null, subject: RequirementSubject, urgency: RequirementUrgency | null, awaitingActionFrom: Party, restricts: Array<string>, person: { name: string | null, label: string } | null, items: Array<{ key: string }>, errors: Array<{ code: string, explanation: string }> }> }, dashboard: { available: boolean, unavailableReason: string | null, url: string | null, unavailableMessage: { key: string, parameters: Array<{ name: string, value: string }> } | null, tasks: Array<{ kind: DashboardTaskKind, title: string, available: boolean, attention: number, explanation: string, deadline: string | null, url: string | null, message: { key: string, parameters: Array<{ name: string, value: string }> } }> }, onboarding: { started: boolean, everActiveAt: string | null }, balance: { isNegative: boolean, amounts: Array<{ currency: string, available: { minorUnits: number, currency: string, exponent: number, decimal: string }, pending: { minorUnits: number, currency: string, exponent: number, decimal: string }, reserved: { minorUnits: number, currency: string, exponent: number, decimal: string } }>, freshness: { syncedAt: string | null } } | null, payoutSchedule: { interval: PayoutInterval, summary: string, nextPayoutEstimate: string | null } | null, payoutObstacles: Array<{ kind: PayoutObstacleKind, stoppedBy: PayoutParty | null, endedBy: PayoutParty | null, since: string | null, explanation: string, remedy: string, url: string | null, payoutId: string | null }>, service: { stripeSubscriptionId: string, status: ServiceStatus, access: ServiceAccess, graceUntil: string | null, summary: string, trialEndsAt: string | null, currentPeriodEndsAt: string | null, cancelAt: string | null, endedAt: string | null, items: Array<{ stripePriceId: string, quantity: number, interval: BillingInterval, intervalCount: number, unitAmount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, dunning: { overdueSince: string | null, attempts: number, nextAttemptAt: string | null, invoices: Array<{ stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }> } | null, invoices: Array<{ stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }> } | null, freshness: { syncedAt: string | null, stale: boolean } };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { viewer: { role: Role, permissions: Array<Permission>, merchant: { id: string, externalId: string, displayName: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, summaryMessages: Array<{ key: string, parameters: Array<{ name: string, value: string }> }>, nextAction: { kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { key: string, parameters: Array<{ name: string, value: string }> } }, requirements: { dueCount: number, nearestDeadline: string | null, groups: Array<{ key: string | null, title: string, help: string | null, subject: RequirementSubject, urgency: RequirementUrgency | null, awaitingActionFrom: Party, restricts: Array<string>, person: { name: string | null, label: string } | null, items: Array<{ key: string }>, errors: Array<{ code: string, explanation: string }> }> }, futureRequirements: { transitionsAt: string | null, groups: Array<{ key: string | null, title: string, help: string | null, subject: RequirementSubject, urgency: RequirementUrgency | null, awaitingActionFrom: Party, restricts: Array<string>, person: { name: string | null, label: string } | null, items: Array<{ key: string }>, errors: Array<{ code: string, explanation: string }> }> }, dashboard: { available: boolean, unavailableReason: string | null, url: string | null, unavailableMessage: { key: string, parameters: Array<{ name: string, value: string }> } | null, tasks: Array<{ kind: DashboardTaskKind, title: string, available: boolean, attention: number, explanation: string, deadline: string | null, url: string | null, message: { key: string, parameters: Array<{ name: string, value: string }> } }> }, onboarding: { started: boolean, everActiveAt: string | null }, balance: { isNegative: boolean, amounts: Array<{ currency: string, available: { minorUnits: number, currency: string, exponent: number, decimal: string }, pending: { minorUnits: number, currency: string, exponent: number, decimal: string }, reserved: { minorUnits: number, currency: string, exponent: number, decimal: string } }>, freshness: { syncedAt: string | null } } | null, payoutSchedule: { interval: PayoutInterval, summary: string, nextPayoutEstimate: string | null } | null, payoutObstacles: Array<{ kind: PayoutObstacleKind, stoppedBy: PayoutParty | null, endedBy: PayoutParty | null, since: string | null, explanation: string, remedy: string, url: string | null, payoutId: string | null }>, service: { stripeSubscriptionId: string, status: ServiceStatus, access: ServiceAccess, graceUntil: string | null, summary: string, trialEndsAt: string | null, currentPeriodEndsAt: string | null, cancelAt: string | null, endedAt: string | null, items: Array<{ stripePriceId: string, quantity: number, interval: BillingInterval, intervalCount: number, unitAmount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, dunning: { overdueSince: string | null, attempts: number, nextAttemptAt: string | null, invoices: Array<{ stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }> } | null, invoices: Array<{ stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }> } | null, freshness: { syncedAt: string | null, stale: boolean } } | null } };

export type MerchantChangedSubscriptionVariables = Exact<{
  by: MerchantRef;
}>;


export type MerchantChangedSubscription = { merchantChanged: { id: string, externalId: string, displayName: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, summaryMessages: Array<{ key: string, parameters: Array<{ name: string, value: string }> }>, nextAction: { kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { key: string, parameters: Array<{ name: string, value: string }> } }, requirements: { dueCount: number, nearestDeadline: string | null, groups: Array<{ key: string | null, title: string, help: string | null, subject: RequirementSubject, urgency: RequirementUrgency | null, awaitingActionFrom: Party, restricts: Array<string>, person: { name: string | null, label: string } | null, items: Array<{ key: string }>, errors: Array<{ code: string, explanation: string }> }> }, futureRequirements: { transitionsAt: string | null, groups: Array<{ key: string | null, title: string, help: string | null, subject: RequirementSubject, urgency: RequirementUrgency | null, awaitingActionFrom: Party, restricts: Array<string>, person: { name: string | null, label: string } | null, items: Array<{ key: string }>, errors: Array<{ code: string, explanation: string }> }> }, dashboard: { available: boolean, unavailableReason: string | null, url: string | null, unavailableMessage: { key: string, parameters: Array<{ name: string, value: string }> } | null, tasks: Array<{ kind: DashboardTaskKind, title: string, available: boolean, attention: number, explanation: string, deadline: string | null, url: string | null, message: { key: string, parameters: Array<{ name: string, value: string }> } }> }, onboarding: { started: boolean, everActiveAt: string | null }, balance: { isNegative: boolean, amounts: Array<{ currency: string, available: { minorUnits: number, currency: string, exponent: number, decimal: string }, pending: { minorUnits: number, currency: string, exponent: number, decimal: string }, reserved: { minorUnits: number, currency: string, exponent: number, decimal: string } }>, freshness: { syncedAt: string | null } } | null, payoutSchedule: { interval: PayoutInterval, summary: string, nextPayoutEstimate: string | null } | null, payoutObstacles: Array<{ kind: PayoutObstacleKind, stoppedBy: PayoutParty | null, endedBy: PayoutParty | null, since: string | null, explanation: string, remedy: string, url: string | null, payoutId: string | null }>, service: { stripeSubscriptionId: string, status: ServiceStatus, access: ServiceAccess, graceUntil: string | null, summary: string, trialEndsAt: string | null, currentPeriodEndsAt: string | null, cancelAt: string | null, endedAt: string | null, items: Array<{ stripePriceId: string, quantity: number, interval: BillingInterval, intervalCount: number, unitAmount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, dunning: { overdueSince: string | null, attempts: number, nextAttemptAt: string | null, invoices: Array<{ stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }> } | null, invoices: Array<{ stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }> } | null, freshness: { syncedAt: string | null, stale: boolean } } };

export type MoneyPartsFragment = { minorUnits: number, currency: string, exponent: number, decimal: string };

export type MessagePartsFragment = { key: string, parameters: Array<{ name: string, value: string }> };

type RefusalParts_AccountNotAdoptableError_Fragment = { __typename: 'AccountNotAdoptableError', message: string };

type RefusalParts_AccountNotFetchedError_Fragment = { __typename: 'AccountNotFetchedError', message: string };

type RefusalParts_AmountTooSmallError_Fragment = { __typename: 'AmountTooSmallError', message: string };

type RefusalParts_BankAccountMissingError_Fragment = { __typename: 'BankAccountMissingError', message: string };

type RefusalParts_ComponentNotAllowedError_Fragment = { __typename: 'ComponentNotAllowedError', message: string };

type RefusalParts_CountryNotSupportedError_Fragment = { __typename: 'CountryNotSupportedError', message: string };

type RefusalParts_CurrencyNotSupportedError_Fragment = { __typename: 'CurrencyNotSupportedError', message: string };

type RefusalParts_DashboardLinkRefusedError_Fragment = { __typename: 'DashboardLinkRefusedError', message: string };

type RefusalParts_DestinationNotEnabledError_Fragment = { __typename: 'DestinationNotEnabledError', message: string };

type RefusalParts_DisputeChangedError_Fragment = { __typename: 'DisputeChangedError', message: string };

type RefusalParts_DisputeNotAnswerableError_Fragment = { __typename: 'DisputeNotAnswerableError', message: string };

type RefusalParts_DisputeNotFoundError_Fragment = { __typename: 'DisputeNotFoundError', message: string };

type RefusalParts_DisputeOpenError_Fragment = { __typename: 'DisputeOpenError', message: string, disputed: { minorUnits: number, currency: string, exponent: number, decimal: string }, cost: { minorUnits: number, currency: string, exponent: number, decimal: string }, disputeFee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null };

type RefusalParts_EventEndpointNotFoundError_Fragment = { __typename: 'EventEndpointNotFoundError', message: string };

type RefusalParts_EventNotFoundError_Fragment = { __typename: 'EventNotFoundError', message: string };

type RefusalParts_ExternalIdTakenError_Fragment = { __typename: 'ExternalIdTakenError', message: string };

type RefusalParts_FeeTooLargeError_Fragment = { __typename: 'FeeTooLargeError', message: string };

type RefusalParts_InvalidInputError_Fragment = { __typename: 'InvalidInputError', message: string, fields: Array<{ name: string, code: InvalidFieldCode, userMessage: string }> };

type RefusalParts_MerchantNotErasableError_Fragment = { __typename: 'MerchantNotErasableError', message: string };

type RefusalParts_MerchantNotFoundError_Fragment = { __typename: 'MerchantNotFoundError', message: string };

type RefusalParts_MerchantNotReadyError_Fragment = { __typename: 'MerchantNotReadyError', message: string };

type RefusalParts_PaymentNotChangeableError_Fragment = { __typename: 'PaymentNotChangeableError', message: string, payment: { id: string, externalId: string | null, description: string | null, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { type: string, brand: string | null, last4: string | null, wallet: string | null } | null } };

type RefusalParts_PaymentNotFoundError_Fragment = { __typename: 'PaymentNotFoundError', message: string };

type RefusalParts_PaymentNotPayableError_Fragment = { __typename: 'PaymentNotPayableError', message: string };

type RefusalParts_PayoutTooLargeError_Fragment = { __typename: 'PayoutTooLargeError', message: string };

type RefusalParts_PayoutsBlockedError_Fragment = { __typename: 'PayoutsBlockedError', message: string };

type RefusalParts_ProblemNotFoundError_Fragment = { __typename: 'ProblemNotFoundError', message: string };

type RefusalParts_RefundTooLargeError_Fragment = { __typename: 'RefundTooLargeError', message: string, remaining: { minorUnits: number, currency: string, exponent: number, decimal: string }, fields: Array<{ name: string, code: InvalidFieldCode, userMessage: string }> };

type RefusalParts_ReplacementDiffersError_Fragment = { __typename: 'ReplacementDiffersError', message: string };

type RefusalParts_ReturnUrlNotAllowedError_Fragment = { __typename: 'ReturnUrlNotAllowedError', message: string };

type RefusalParts_ServiceRunningError_Fragment = { __typename: 'ServiceRunningError', message: string };

type RefusalParts_StripeRefusedError_Fragment = { __typename: 'StripeRefusedError', remedy: string | null, message: string, fields: Array<{ name: string, code: InvalidFieldCode, userMessage: string }> };

type RefusalParts_StripeUnavailableError_Fragment = { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string };

export type RefusalPartsFragment =
  | RefusalParts_AccountNotAdoptableError_Fragment
  | RefusalParts_AccountNotFetchedError_Fragment
  | RefusalParts_AmountTooSmallError_Fragment
  | RefusalParts_BankAccountMissingError_Fragment
  | RefusalParts_ComponentNotAllowedError_Fragment
  | RefusalParts_CountryNotSupportedError_Fragment
  | RefusalParts_CurrencyNotSupportedError_Fragment
  | RefusalParts_DashboardLinkRefusedError_Fragment
  | RefusalParts_DestinationNotEnabledError_Fragment
  | RefusalParts_DisputeChangedError_Fragment
  | RefusalParts_DisputeNotAnswerableError_Fragment
  | RefusalParts_DisputeNotFoundError_Fragment
  | RefusalParts_DisputeOpenError_Fragment
  | RefusalParts_EventEndpointNotFoundError_Fragment
  | RefusalParts_EventNotFoundError_Fragment
  | RefusalParts_ExternalIdTakenError_Fragment
  | RefusalParts_FeeTooLargeError_Fragment
  | RefusalParts_InvalidInputError_Fragment
  | RefusalParts_MerchantNotErasableError_Fragment
  | RefusalParts_MerchantNotFoundError_Fragment
  | RefusalParts_MerchantNotReadyError_Fragment
  | RefusalParts_PaymentNotChangeableError_Fragment
  | RefusalParts_PaymentNotFoundError_Fragment
  | RefusalParts_PaymentNotPayableError_Fragment
  | RefusalParts_PayoutTooLargeError_Fragment
  | RefusalParts_PayoutsBlockedError_Fragment
  | RefusalParts_ProblemNotFoundError_Fragment
  | RefusalParts_RefundTooLargeError_Fragment
  | RefusalParts_ReplacementDiffersError_Fragment
  | RefusalParts_ReturnUrlNotAllowedError_Fragment
  | RefusalParts_ServiceRunningError_Fragment
  | RefusalParts_StripeRefusedError_Fragment
  | RefusalParts_StripeUnavailableError_Fragment
;

export type DisputeRowFragment = { id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, createdAt: string | null, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { kind: DisputeActionKind, label: string, deadline: string | null } };

export type DisputePartsFragment = { stripeDisputeId: string, id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, createdAt: string | null, withdrawn: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, fee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, evidence: { state: DisputeEvidenceState, submissionCount: number, recommended: Array<{ field: DisputeEvidenceField, title: string, isFile: boolean }>, programs: Array<{ program: EvidenceProgram, status: EvidenceProgramStatus, missing: Array<string> }> }, payment: { id: string, externalId: string | null, description: string | null, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { type: string, brand: string | null, last4: string | null, wallet: string | null } | null }, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { kind: DisputeActionKind, label: string, deadline: string | null } };

export type DisputesQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: DisputeFilter | null | undefined;
}>;


export type DisputesQuery = { disputes: { edges: Array<{ node: { id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, createdAt: string | null, evidence: { state: DisputeEvidenceState, recommended: Array<{ field: DisputeEvidenceField, title: string, isFile: boolean }> }, payment: { id: string, externalId: string | null, description: string | null }, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { kind: DisputeActionKind, label: string, deadline: string | null } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DisputeListChangedSubscriptionVariables = Exact<{
  filter?: DisputeFilter | null | undefined;
}>;


export type DisputeListChangedSubscription = { disputeListChanged: { change: ListChangeKind, disputeId: string | null, dispute: { id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, createdAt: string | null, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { kind: DisputeActionKind, label: string, deadline: string | null } } | null } };

export type DisputeQueryVariables = Exact<{
  by: DisputeRef;
}>;


export type DisputeQuery = { dispute: { stripeDisputeId: string, id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, createdAt: string | null, withdrawn: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, fee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, evidence: { state: DisputeEvidenceState, submissionCount: number, recommended: Array<{ field: DisputeEvidenceField, title: string, isFile: boolean }>, programs: Array<{ program: EvidenceProgram, status: EvidenceProgramStatus, missing: Array<string> }> }, payment: { id: string, externalId: string | null, description: string | null, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { type: string, brand: string | null, last4: string | null, wallet: string | null } | null }, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { kind: DisputeActionKind, label: string, deadline: string | null } } | null };

export type DisputeChangedSubscriptionVariables = Exact<{
  by: DisputeRef;
}>;


export type DisputeChangedSubscription = { disputeChanged: { stripeDisputeId: string, id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, createdAt: string | null, withdrawn: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, fee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, evidence: { state: DisputeEvidenceState, submissionCount: number, recommended: Array<{ field: DisputeEvidenceField, title: string, isFile: boolean }>, programs: Array<{ program: EvidenceProgram, status: EvidenceProgramStatus, missing: Array<string> }> }, payment: { id: string, externalId: string | null, description: string | null, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { type: string, brand: string | null, last4: string | null, wallet: string | null } | null }, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { kind: DisputeActionKind, label: string, deadline: string | null } } };

export type AccountSessionMutationVariables = Exact<{
  input: CreateAccountSessionInput;
}>;


export type AccountSessionMutation = { createAccountSession:
    | { __typename: 'ComponentNotAllowedError' }
    | { __typename: 'CreateAccountSessionPayload', clientSecret: string }
    | { __typename: 'InvalidInputError' }
    | { __typename: 'MerchantNotFoundError' }
    | { __typename: 'MerchantNotReadyError' }
    | { __typename: 'StripeRefusedError' }
    | { __typename: 'StripeUnavailableError' }
   };

export type PaymentRowFragment = { id: string, externalId: string | null, description: string | null, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { type: string, brand: string | null, last4: string | null, wallet: string | null } | null };

export type RefundPartsFragment = { id: string, state: RefundStatus, explanation: string, reason: RefundReason | null, reference: string | null, createdAt: string | null, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null };

export type PaymentPartsFragment = { origin: PaymentOrigin, captureBefore: string | null, stripePaymentIntentId: string | null, id: string, externalId: string | null, description: string | null, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, createdAt: string, amountReceived: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, appliedFee: { source: FeeSource, basisPoints: number | null, flat: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, fee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null } | null, stripeFee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, failure: { code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, refunds: Array<{ id: string, state: RefundStatus, explanation: string, reason: RefundReason | null, reference: string | null, createdAt: string | null, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, createdAt: string | null, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ stripeWarningId: string, actionable: boolean, explanation: string, createdAt: string | null }>, timeline: { edges: Array<{ node: { id: string, at: string, kind: PaymentEntryKind, message: string, actor: string | null } }> }, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { type: string, brand: string | null, last4: string | null, wallet: string | null } | null };

export type PaymentsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: PaymentFilter | null | undefined;
}>;


export type PaymentsQuery = { payments: { edges: Array<{ node: { id: string, externalId: string | null, description: string | null, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { type: string, brand: string | null, last4: string | null, wallet: string | null } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type PaymentListChangedSubscriptionVariables = Exact<{
  filter?: PaymentFilter | null | undefined;
}>;


export type PaymentListChangedSubscription = { paymentListChanged: { change: ListChangeKind, paymentId: string | null, payment: { id: string, externalId: string | null, description: string | null, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { type: string, brand: string | null, last4: string | null, wallet: string | null } | null } | null } };

export type PaymentQueryVariables = Exact<{
  by: PaymentRef;
}>;


export type PaymentQuery = { payment: { origin: PaymentOrigin, captureBefore: string | null, stripePaymentIntentId: string | null, id: string, externalId: string | null, description: string | null, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, createdAt: string, amountReceived: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, appliedFee: { source: FeeSource, basisPoints: number | null, flat: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, fee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null } | null, stripeFee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, failure: { code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, refunds: Array<{ id: string, state: RefundStatus, explanation: string, reason: RefundReason | null, reference: string | null, createdAt: string | null, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, createdAt: string | null, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ stripeWarningId: string, actionable: boolean, explanation: string, createdAt: string | null }>, timeline: { edges: Array<{ node: { id: string, at: string, kind: PaymentEntryKind, message: string, actor: string | null } }> }, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { type: string, brand: string | null, last4: string | null, wallet: string | null } | null } | null };

export type PaymentChangedSubscriptionVariables = Exact<{
  by: PaymentRef;
}>;


export type PaymentChangedSubscription = { paymentChanged: { origin: PaymentOrigin, captureBefore: string | null, stripePaymentIntentId: string | null, id: string, externalId: string | null, description: string | null, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, createdAt: string, amountReceived: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, appliedFee: { source: FeeSource, basisPoints: number | null, flat: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, fee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null } | null, stripeFee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, failure: { code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, refunds: Array<{ id: string, state: RefundStatus, explanation: string, reason: RefundReason | null, reference: string | null, createdAt: string | null, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, createdAt: string | null, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ stripeWarningId: string, actionable: boolean, explanation: string, createdAt: string | null }>, timeline: { edges: Array<{ node: { id: string, at: string, kind: PaymentEntryKind, message: string, actor: string | null } }> }, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { type: string, brand: string | null, last4: string | null, wallet: string | null } | null } };

export type RefundPaymentMutationVariables = Exact<{
  input: RefundPaymentInput;
}>;


export type RefundPaymentMutation = { refundPayment:
    | { __typename: 'DisputeOpenError', message: string, disputed: { minorUnits: number, currency: string, exponent: number, decimal: string }, cost: { minorUnits: number, currency: string, exponent: number, decimal: string }, disputeFee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }
    | { __typename: 'ExternalIdTakenError', message: string }
    | { __typename: 'InvalidInputError', message: string, fields: Array<{ name: string, code: InvalidFieldCode, userMessage: string }> }
    | { __typename: 'PaymentNotChangeableError', message: string, payment: { id: string, externalId: string | null, description: string | null, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { type: string, brand: string | null, last4: string | null, wallet: string | null } | null } }
    | { __typename: 'PaymentNotFoundError', message: string }
    | { __typename: 'RefundPaymentPayload', created: boolean, warning: string | null, warningCode: RefundWarningCode | null, refund: { id: string, state: RefundStatus, explanation: string, reason: RefundReason | null, reference: string | null, createdAt: string | null, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }, payment: { origin: PaymentOrigin, captureBefore: string | null, stripePaymentIntentId: string | null, id: string, externalId: string | null, description: string | null, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, createdAt: string, amountReceived: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, appliedFee: { source: FeeSource, basisPoints: number | null, flat: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, fee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null } | null, stripeFee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, failure: { code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, refunds: Array<{ id: string, state: RefundStatus, explanation: string, reason: RefundReason | null, reference: string | null, createdAt: string | null, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, createdAt: string | null, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ stripeWarningId: string, actionable: boolean, explanation: string, createdAt: string | null }>, timeline: { edges: Array<{ node: { id: string, at: string, kind: PaymentEntryKind, message: string, actor: string | null } }> }, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { type: string, brand: string | null, last4: string | null, wallet: string | null } | null } }
    | { __typename: 'RefundTooLargeError', message: string, remaining: { minorUnits: number, currency: string, exponent: number, decimal: string }, fields: Array<{ name: string, code: InvalidFieldCode, userMessage: string }> }
    | { __typename: 'StripeRefusedError', remedy: string | null, message: string, fields: Array<{ name: string, code: InvalidFieldCode, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type PayoutRowFragment = { id: string, status: PayoutStatus, summary: string, arrivalDate: string, isLate: boolean, automatic: boolean, method: PayoutMethod, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, destination: { type: PayoutDestinationType, name: string | null, last4: string | null } | null, failure: { code: string, explanation: string, remedy: string, wasPaid: boolean, noticedAt: string | null } | null };

export type PayoutPartsFragment = { traceId: string | null, reconciliation: PayoutReconciliation, transactionsCompleteAt: string | null, statementDescriptor: string | null, stripePayoutId: string, id: string, status: PayoutStatus, summary: string, arrivalDate: string, isLate: boolean, automatic: boolean, method: PayoutMethod, createdAt: string, transactions: { edges: Array<{ node: { id: string, category: string, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, fee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, payment: { id: string, externalId: string | null, description: string | null } | null } }>, pageInfo: { hasNextPage: boolean } }, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, destination: { type: PayoutDestinationType, name: string | null, last4: string | null } | null, failure: { code: string, explanation: string, remedy: string, wasPaid: boolean, noticedAt: string | null } | null };

export type PayoutsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  filter?: PayoutFilter | null | undefined;
}>;


export type PayoutsQuery = { payouts: { edges: Array<{ node: { id: string, status: PayoutStatus, summary: string, arrivalDate: string, isLate: boolean, automatic: boolean, method: PayoutMethod, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, destination: { type: PayoutDestinationType, name: string | null, last4: string | null } | null, failure: { code: string, explanation: string, remedy: string, wasPaid: boolean, noticedAt: string | null } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type PayoutListChangedSubscriptionVariables = Exact<{
  filter?: PayoutFilter | null | undefined;
}>;


export type PayoutListChangedSubscription = { payoutListChanged: { change: ListChangeKind, payoutId: string | null, payout: { id: string, status: PayoutStatus, summary: string, arrivalDate: string, isLate: boolean, automatic: boolean, method: PayoutMethod, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, destination: { type: PayoutDestinationType, name: string | null, last4: string | null } | null, failure: { code: string, explanation: string, remedy: string, wasPaid: boolean, noticedAt: string | null } | null } | null } };

export type PayoutQueryVariables = Exact<{
  by: PayoutRef;
}>;


export type PayoutQuery = { payout: { traceId: string | null, reconciliation: PayoutReconciliation, transactionsCompleteAt: string | null, statementDescriptor: string | null, stripePayoutId: string, id: string, status: PayoutStatus, summary: string, arrivalDate: string, isLate: boolean, automatic: boolean, method: PayoutMethod, createdAt: string, transactions: { edges: Array<{ node: { id: string, category: string, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, fee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, payment: { id: string, externalId: string | null, description: string | null } | null } }>, pageInfo: { hasNextPage: boolean } }, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, destination: { type: PayoutDestinationType, name: string | null, last4: string | null } | null, failure: { code: string, explanation: string, remedy: string, wasPaid: boolean, noticedAt: string | null } | null } | null };

export type PayoutChangedSubscriptionVariables = Exact<{
  by: PayoutRef;
}>;


export type PayoutChangedSubscription = { payoutChanged: { traceId: string | null, reconciliation: PayoutReconciliation, transactionsCompleteAt: string | null, statementDescriptor: string | null, stripePayoutId: string, id: string, status: PayoutStatus, summary: string, arrivalDate: string, isLate: boolean, automatic: boolean, method: PayoutMethod, createdAt: string, transactions: { edges: Array<{ node: { id: string, category: string, createdAt: string, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, fee: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, payment: { id: string, externalId: string | null, description: string | null } | null } }>, pageInfo: { hasNextPage: boolean } }, amount: { minorUnits: number, currency: string, exponent: number, decimal: string } | null, destination: { type: PayoutDestinationType, name: string | null, last4: string | null } | null, failure: { code: string, explanation: string, remedy: string, wasPaid: boolean, noticedAt: string | null } | null } };

export type StartServiceMutationVariables = Exact<{
  input: StartServiceInput;
}>;


export type StartServiceMutation = { startService:
    | { __typename: 'InvalidInputError', message: string, fields: Array<{ name: string, code: InvalidFieldCode, userMessage: string }> }
    | { __typename: 'MerchantNotFoundError', message: string }
    | { __typename: 'MerchantNotReadyError', message: string }
    | { __typename: 'ServiceRunningError', message: string }
    | { __typename: 'StartServicePayload', url: string }
    | { __typename: 'StripeRefusedError', remedy: string | null, message: string, fields: Array<{ name: string, code: InvalidFieldCode, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type BillingPortalMutationVariables = Exact<{
  input: CreateBillingPortalLinkInput;
}>;


export type BillingPortalMutation = { createBillingPortalLink:
    | { __typename: 'CreateBillingPortalLinkPayload', url: string }
    | { __typename: 'InvalidInputError', message: string, fields: Array<{ name: string, code: InvalidFieldCode, userMessage: string }> }
    | { __typename: 'MerchantNotFoundError', message: string }
    | { __typename: 'MerchantNotReadyError', message: string }
    | { __typename: 'StripeRefusedError', remedy: string | null, message: string, fields: Array<{ name: string, code: InvalidFieldCode, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export const MessagePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MessageParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}}]} as unknown as DocumentNode<MessagePartsFragment, unknown>;
export const ErrandPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ErrandParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RequirementGroup"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"help"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"urgency"}},{"kind":"Field","name":{"kind":"Name","value":"awaitingActionFrom"}},{"kind":"Field","name":{"kind":"Name","value":"restricts"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"items"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}}]}}]}}]} as unknown as DocumentNode<ErrandPartsFragment, unknown>;
export const MoneyPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}}]} as unknown as DocumentNode<MoneyPartsFragment, unknown>;
export const BalancePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BalanceParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Balance"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isNegative"}},{"kind":"Field","name":{"kind":"Name","value":"amounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"available"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pending"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"reserved"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"freshness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"syncedAt"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}}]} as unknown as DocumentNode<BalancePartsFragment, unknown>;
export const InvoicePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"InvoiceParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ServiceInvoice"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripeInvoiceId"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"dueAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"hostedUrl"}},{"kind":"Field","name":{"kind":"Name","value":"total"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remaining"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}}]} as unknown as DocumentNode<InvoicePartsFragment, unknown>;
export const MerchantPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MerchantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Merchant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusTitle"}},{"kind":"Field","name":{"kind":"Name","value":"statusTone"}},{"kind":"Field","name":{"kind":"Name","value":"statusSince"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"summaryMessages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"canAcceptPayments"}},{"kind":"Field","name":{"kind":"Name","value":"canReceivePayouts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"by"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"isActionable"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"message"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"requirements"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dueCount"}},{"kind":"Field","name":{"kind":"Name","value":"nearestDeadline"}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ErrandParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"futureRequirements"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transitionsAt"}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ErrandParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dashboard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"unavailableReason"}},{"kind":"Field","name":{"kind":"Name","value":"unavailableMessage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"tasks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"attention"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"message"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"onboarding"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"started"}},{"kind":"Field","name":{"kind":"Name","value":"everActiveAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BalanceParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"payoutSchedule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"interval"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"nextPayoutEstimate"}}]}},{"kind":"Field","name":{"kind":"Name","value":"payoutObstacles"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"stoppedBy"}},{"kind":"Field","name":{"kind":"Name","value":"endedBy"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"payoutId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripeSubscriptionId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"access"}},{"kind":"Field","name":{"kind":"Name","value":"graceUntil"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"trialEndsAt"}},{"kind":"Field","name":{"kind":"Name","value":"currentPeriodEndsAt"}},{"kind":"Field","name":{"kind":"Name","value":"cancelAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"items"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripePriceId"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"interval"}},{"kind":"Field","name":{"kind":"Name","value":"intervalCount"}},{"kind":"Field","name":{"kind":"Name","value":"unitAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dunning"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"overdueSince"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"invoices"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"InvoiceParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"invoices"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"InvoiceParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"freshness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"syncedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MessageParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ErrandParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RequirementGroup"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"help"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"urgency"}},{"kind":"Field","name":{"kind":"Name","value":"awaitingActionFrom"}},{"kind":"Field","name":{"kind":"Name","value":"restricts"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"items"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BalanceParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Balance"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isNegative"}},{"kind":"Field","name":{"kind":"Name","value":"amounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"available"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pending"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"reserved"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"freshness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"syncedAt"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"InvoiceParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ServiceInvoice"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripeInvoiceId"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"dueAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"hostedUrl"}},{"kind":"Field","name":{"kind":"Name","value":"total"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remaining"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}}]} as unknown as DocumentNode<MerchantPartsFragment, unknown>;
export const PaymentRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}}]} as unknown as DocumentNode<PaymentRowFragment, unknown>;
export const RefusalPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefusalParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"userMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StripeRefusedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"userMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StripeUnavailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RefundTooLargeError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"remaining"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"userMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DisputeOpenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"disputed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cost"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disputeFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentNotChangeableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}}]} as unknown as DocumentNode<RefusalPartsFragment, unknown>;
export const DisputeRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"needsResponse"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}}]} as unknown as DocumentNode<DisputeRowFragment, unknown>;
export const DisputePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DisputeRow"}},{"kind":"Field","name":{"kind":"Name","value":"stripeDisputeId"}},{"kind":"Field","name":{"kind":"Name","value":"withdrawn"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"evidence"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"submissionCount"}},{"kind":"Field","name":{"kind":"Name","value":"recommended"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"isFile"}}]}},{"kind":"Field","name":{"kind":"Name","value":"programs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"program"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"missing"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"needsResponse"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}}]} as unknown as DocumentNode<DisputePartsFragment, unknown>;
export const RefundPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefundParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Refund"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}}]} as unknown as DocumentNode<RefundPartsFragment, unknown>;
export const PaymentPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}},{"kind":"Field","name":{"kind":"Name","value":"origin"}},{"kind":"Field","name":{"kind":"Name","value":"captureBefore"}},{"kind":"Field","name":{"kind":"Name","value":"stripePaymentIntentId"}},{"kind":"Field","name":{"kind":"Name","value":"amountReceived"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"applicationFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"applicationFeeRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"appliedFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"basisPoints"}},{"kind":"Field","name":{"kind":"Name","value":"flat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"stripeFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"net"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"declineCode"}},{"kind":"Field","name":{"kind":"Name","value":"payerMessage"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}}]}},{"kind":"Field","name":{"kind":"Name","value":"refunds"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefundParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disputes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DisputeRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disputeWarnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripeWarningId"}},{"kind":"Field","name":{"kind":"Name","value":"actionable"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"timeline"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefundParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Refund"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"needsResponse"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]}}]} as unknown as DocumentNode<PaymentPartsFragment, unknown>;
export const PayoutRowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PayoutRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"arrivalDate"}},{"kind":"Field","name":{"kind":"Name","value":"isLate"}},{"kind":"Field","name":{"kind":"Name","value":"automatic"}},{"kind":"Field","name":{"kind":"Name","value":"method"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"destination"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"wasPaid"}},{"kind":"Field","name":{"kind":"Name","value":"noticedAt"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}}]} as unknown as DocumentNode<PayoutRowFragment, unknown>;
export const PayoutPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PayoutParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PayoutRow"}},{"kind":"Field","name":{"kind":"Name","value":"traceId"}},{"kind":"Field","name":{"kind":"Name","value":"reconciliation"}},{"kind":"Field","name":{"kind":"Name","value":"transactionsCompleteAt"}},{"kind":"Field","name":{"kind":"Name","value":"statementDescriptor"}},{"kind":"Field","name":{"kind":"Name","value":"stripePayoutId"}},{"kind":"Field","name":{"kind":"Name","value":"transactions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"category"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"net"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PayoutRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"arrivalDate"}},{"kind":"Field","name":{"kind":"Name","value":"isLate"}},{"kind":"Field","name":{"kind":"Name","value":"automatic"}},{"kind":"Field","name":{"kind":"Name","value":"method"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"destination"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"wasPaid"}},{"kind":"Field","name":{"kind":"Name","value":"noticedAt"}}]}}]}}]} as unknown as DocumentNode<PayoutPartsFragment, unknown>;
export const MeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"permissions"}},{"kind":"Field","name":{"kind":"Name","value":"merchant"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MerchantParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MessageParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ErrandParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RequirementGroup"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"help"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"urgency"}},{"kind":"Field","name":{"kind":"Name","value":"awaitingActionFrom"}},{"kind":"Field","name":{"kind":"Name","value":"restricts"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"items"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BalanceParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Balance"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isNegative"}},{"kind":"Field","name":{"kind":"Name","value":"amounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"available"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pending"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"reserved"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"freshness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"syncedAt"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"InvoiceParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ServiceInvoice"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripeInvoiceId"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"dueAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"hostedUrl"}},{"kind":"Field","name":{"kind":"Name","value":"total"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remaining"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MerchantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Merchant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusTitle"}},{"kind":"Field","name":{"kind":"Name","value":"statusTone"}},{"kind":"Field","name":{"kind":"Name","value":"statusSince"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"summaryMessages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"canAcceptPayments"}},{"kind":"Field","name":{"kind":"Name","value":"canReceivePayouts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"by"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"isActionable"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"message"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"requirements"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dueCount"}},{"kind":"Field","name":{"kind":"Name","value":"nearestDeadline"}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ErrandParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"futureRequirements"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transitionsAt"}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ErrandParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dashboard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"unavailableReason"}},{"kind":"Field","name":{"kind":"Name","value":"unavailableMessage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"tasks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"attention"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"message"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"onboarding"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"started"}},{"kind":"Field","name":{"kind":"Name","value":"everActiveAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BalanceParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"payoutSchedule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"interval"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"nextPayoutEstimate"}}]}},{"kind":"Field","name":{"kind":"Name","value":"payoutObstacles"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"stoppedBy"}},{"kind":"Field","name":{"kind":"Name","value":"endedBy"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"payoutId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripeSubscriptionId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"access"}},{"kind":"Field","name":{"kind":"Name","value":"graceUntil"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"trialEndsAt"}},{"kind":"Field","name":{"kind":"Name","value":"currentPeriodEndsAt"}},{"kind":"Field","name":{"kind":"Name","value":"cancelAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"items"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripePriceId"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"interval"}},{"kind":"Field","name":{"kind":"Name","value":"intervalCount"}},{"kind":"Field","name":{"kind":"Name","value":"unitAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dunning"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"overdueSince"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"invoices"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"InvoiceParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"invoices"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"InvoiceParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"freshness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"syncedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}}]}}]}}]} as unknown as DocumentNode<MeQuery, MeQueryVariables>;
export const MerchantChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"MerchantChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"MerchantRef"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"merchantChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MerchantParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MessageParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ErrandParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RequirementGroup"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"help"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"urgency"}},{"kind":"Field","name":{"kind":"Name","value":"awaitingActionFrom"}},{"kind":"Field","name":{"kind":"Name","value":"restricts"}},{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"items"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"BalanceParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Balance"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isNegative"}},{"kind":"Field","name":{"kind":"Name","value":"amounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"available"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pending"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"reserved"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"freshness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"syncedAt"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"InvoiceParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ServiceInvoice"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripeInvoiceId"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"dueAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"hostedUrl"}},{"kind":"Field","name":{"kind":"Name","value":"total"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"remaining"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MerchantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Merchant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"statusTitle"}},{"kind":"Field","name":{"kind":"Name","value":"statusTone"}},{"kind":"Field","name":{"kind":"Name","value":"statusSince"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"summaryMessages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"canAcceptPayments"}},{"kind":"Field","name":{"kind":"Name","value":"canReceivePayouts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"by"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"isActionable"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"message"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"requirements"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dueCount"}},{"kind":"Field","name":{"kind":"Name","value":"nearestDeadline"}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ErrandParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"futureRequirements"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"transitionsAt"}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ErrandParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dashboard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"unavailableReason"}},{"kind":"Field","name":{"kind":"Name","value":"unavailableMessage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"tasks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"available"}},{"kind":"Field","name":{"kind":"Name","value":"attention"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"message"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"onboarding"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"started"}},{"kind":"Field","name":{"kind":"Name","value":"everActiveAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"BalanceParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"payoutSchedule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"interval"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"nextPayoutEstimate"}}]}},{"kind":"Field","name":{"kind":"Name","value":"payoutObstacles"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"stoppedBy"}},{"kind":"Field","name":{"kind":"Name","value":"endedBy"}},{"kind":"Field","name":{"kind":"Name","value":"since"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"payoutId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"service"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripeSubscriptionId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"access"}},{"kind":"Field","name":{"kind":"Name","value":"graceUntil"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"trialEndsAt"}},{"kind":"Field","name":{"kind":"Name","value":"currentPeriodEndsAt"}},{"kind":"Field","name":{"kind":"Name","value":"cancelAt"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"items"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripePriceId"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"interval"}},{"kind":"Field","name":{"kind":"Name","value":"intervalCount"}},{"kind":"Field","name":{"kind":"Name","value":"unitAmount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dunning"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"overdueSince"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"nextAttemptAt"}},{"kind":"Field","name":{"kind":"Name","value":"invoices"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"InvoiceParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"invoices"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"InvoiceParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"freshness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"syncedAt"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}}]}}]}}]} as unknown as DocumentNode<MerchantChangedSubscription, MerchantChangedSubscriptionVariables>;
export const DisputesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Disputes"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DisputeFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"disputes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DisputeRow"}},{"kind":"Field","name":{"kind":"Name","value":"evidence"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"recommended"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"isFile"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"needsResponse"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]}}]} as unknown as DocumentNode<DisputesQuery, DisputesQueryVariables>;
export const DisputeListChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"DisputeListChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"DisputeFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"disputeListChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"change"}},{"kind":"Field","name":{"kind":"Name","value":"disputeId"}},{"kind":"Field","name":{"kind":"Name","value":"dispute"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DisputeRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"needsResponse"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]}}]} as unknown as DocumentNode<DisputeListChangedSubscription, DisputeListChangedSubscriptionVariables>;
export const DisputeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Dispute"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DisputeRef"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dispute"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DisputeParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"needsResponse"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DisputeRow"}},{"kind":"Field","name":{"kind":"Name","value":"stripeDisputeId"}},{"kind":"Field","name":{"kind":"Name","value":"withdrawn"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"evidence"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"submissionCount"}},{"kind":"Field","name":{"kind":"Name","value":"recommended"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"isFile"}}]}},{"kind":"Field","name":{"kind":"Name","value":"programs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"program"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"missing"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}}]}}]}}]} as unknown as DocumentNode<DisputeQuery, DisputeQueryVariables>;
export const DisputeChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"DisputeChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DisputeRef"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"disputeChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DisputeParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"needsResponse"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DisputeRow"}},{"kind":"Field","name":{"kind":"Name","value":"stripeDisputeId"}},{"kind":"Field","name":{"kind":"Name","value":"withdrawn"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"evidence"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"submissionCount"}},{"kind":"Field","name":{"kind":"Name","value":"recommended"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"isFile"}}]}},{"kind":"Field","name":{"kind":"Name","value":"programs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"program"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"missing"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}}]}}]}}]} as unknown as DocumentNode<DisputeChangedSubscription, DisputeChangedSubscriptionVariables>;
export const AccountSessionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AccountSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateAccountSessionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createAccountSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateAccountSessionPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"clientSecret"}}]}}]}}]}}]} as unknown as DocumentNode<AccountSessionMutation, AccountSessionMutationVariables>;
export const PaymentsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Payments"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"payments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}}]} as unknown as DocumentNode<PaymentsQuery, PaymentsQueryVariables>;
export const PaymentListChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"PaymentListChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentListChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"change"}},{"kind":"Field","name":{"kind":"Name","value":"paymentId"}},{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}}]} as unknown as DocumentNode<PaymentListChangedSubscription, PaymentListChangedSubscriptionVariables>;
export const PaymentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Payment"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentRef"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"payment"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefundParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Refund"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"needsResponse"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}},{"kind":"Field","name":{"kind":"Name","value":"origin"}},{"kind":"Field","name":{"kind":"Name","value":"captureBefore"}},{"kind":"Field","name":{"kind":"Name","value":"stripePaymentIntentId"}},{"kind":"Field","name":{"kind":"Name","value":"amountReceived"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"applicationFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"applicationFeeRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"appliedFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"basisPoints"}},{"kind":"Field","name":{"kind":"Name","value":"flat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"stripeFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"net"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"declineCode"}},{"kind":"Field","name":{"kind":"Name","value":"payerMessage"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}}]}},{"kind":"Field","name":{"kind":"Name","value":"refunds"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefundParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disputes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DisputeRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disputeWarnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripeWarningId"}},{"kind":"Field","name":{"kind":"Name","value":"actionable"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"timeline"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}}]}}]}}]}}]}}]} as unknown as DocumentNode<PaymentQuery, PaymentQueryVariables>;
export const PaymentChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"PaymentChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentRef"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"paymentChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefundParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Refund"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"needsResponse"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}},{"kind":"Field","name":{"kind":"Name","value":"origin"}},{"kind":"Field","name":{"kind":"Name","value":"captureBefore"}},{"kind":"Field","name":{"kind":"Name","value":"stripePaymentIntentId"}},{"kind":"Field","name":{"kind":"Name","value":"amountReceived"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"applicationFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"applicationFeeRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"appliedFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"basisPoints"}},{"kind":"Field","name":{"kind":"Name","value":"flat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"stripeFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"net"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"declineCode"}},{"kind":"Field","name":{"kind":"Name","value":"payerMessage"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}}]}},{"kind":"Field","name":{"kind":"Name","value":"refunds"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefundParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disputes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DisputeRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disputeWarnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripeWarningId"}},{"kind":"Field","name":{"kind":"Name","value":"actionable"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"timeline"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}}]}}]}}]}}]}}]} as unknown as DocumentNode<PaymentChangedSubscription, PaymentChangedSubscriptionVariables>;
export const RefundPaymentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RefundPayment"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RefundPaymentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"refundPayment"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RefundPaymentPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"created"}},{"kind":"Field","name":{"kind":"Name","value":"warning"}},{"kind":"Field","name":{"kind":"Name","value":"warningCode"}},{"kind":"Field","name":{"kind":"Name","value":"refund"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefundParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentParts"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefusalParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefundParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Refund"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"DisputeRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Dispute"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"needsResponse"}},{"kind":"Field","name":{"kind":"Name","value":"dueBy"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nextAction"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"label"}},{"kind":"Field","name":{"kind":"Name","value":"deadline"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}},{"kind":"Field","name":{"kind":"Name","value":"origin"}},{"kind":"Field","name":{"kind":"Name","value":"captureBefore"}},{"kind":"Field","name":{"kind":"Name","value":"stripePaymentIntentId"}},{"kind":"Field","name":{"kind":"Name","value":"amountReceived"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"applicationFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"applicationFeeRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"appliedFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"source"}},{"kind":"Field","name":{"kind":"Name","value":"basisPoints"}},{"kind":"Field","name":{"kind":"Name","value":"flat"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"stripeFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"net"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"declineCode"}},{"kind":"Field","name":{"kind":"Name","value":"payerMessage"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}}]}},{"kind":"Field","name":{"kind":"Name","value":"refunds"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefundParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disputes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"DisputeRow"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disputeWarnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stripeWarningId"}},{"kind":"Field","name":{"kind":"Name","value":"actionable"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"timeline"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"actor"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefusalParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"userMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StripeRefusedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"userMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StripeUnavailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RefundTooLargeError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"remaining"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"userMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DisputeOpenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"disputed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cost"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disputeFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentNotChangeableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}}]}}]}}]}}]} as unknown as DocumentNode<RefundPaymentMutation, RefundPaymentMutationVariables>;
export const PayoutsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Payouts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PayoutFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"payouts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PayoutRow"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PayoutRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"arrivalDate"}},{"kind":"Field","name":{"kind":"Name","value":"isLate"}},{"kind":"Field","name":{"kind":"Name","value":"automatic"}},{"kind":"Field","name":{"kind":"Name","value":"method"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"destination"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"wasPaid"}},{"kind":"Field","name":{"kind":"Name","value":"noticedAt"}}]}}]}}]} as unknown as DocumentNode<PayoutsQuery, PayoutsQueryVariables>;
export const PayoutListChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"PayoutListChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"PayoutFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"payoutListChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"change"}},{"kind":"Field","name":{"kind":"Name","value":"payoutId"}},{"kind":"Field","name":{"kind":"Name","value":"payout"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PayoutRow"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PayoutRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"arrivalDate"}},{"kind":"Field","name":{"kind":"Name","value":"isLate"}},{"kind":"Field","name":{"kind":"Name","value":"automatic"}},{"kind":"Field","name":{"kind":"Name","value":"method"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"destination"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"wasPaid"}},{"kind":"Field","name":{"kind":"Name","value":"noticedAt"}}]}}]}}]} as unknown as DocumentNode<PayoutListChangedSubscription, PayoutListChangedSubscriptionVariables>;
export const PayoutDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Payout"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PayoutRef"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"payout"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PayoutParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PayoutRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"arrivalDate"}},{"kind":"Field","name":{"kind":"Name","value":"isLate"}},{"kind":"Field","name":{"kind":"Name","value":"automatic"}},{"kind":"Field","name":{"kind":"Name","value":"method"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"destination"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"wasPaid"}},{"kind":"Field","name":{"kind":"Name","value":"noticedAt"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PayoutParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PayoutRow"}},{"kind":"Field","name":{"kind":"Name","value":"traceId"}},{"kind":"Field","name":{"kind":"Name","value":"reconciliation"}},{"kind":"Field","name":{"kind":"Name","value":"transactionsCompleteAt"}},{"kind":"Field","name":{"kind":"Name","value":"statementDescriptor"}},{"kind":"Field","name":{"kind":"Name","value":"stripePayoutId"}},{"kind":"Field","name":{"kind":"Name","value":"transactions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"category"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"net"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}}]} as unknown as DocumentNode<PayoutQuery, PayoutQueryVariables>;
export const PayoutChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"PayoutChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"by"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PayoutRef"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"payoutChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"Variable","name":{"kind":"Name","value":"by"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PayoutParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PayoutRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"arrivalDate"}},{"kind":"Field","name":{"kind":"Name","value":"isLate"}},{"kind":"Field","name":{"kind":"Name","value":"automatic"}},{"kind":"Field","name":{"kind":"Name","value":"method"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"destination"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failure"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"wasPaid"}},{"kind":"Field","name":{"kind":"Name","value":"noticedAt"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PayoutParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payout"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PayoutRow"}},{"kind":"Field","name":{"kind":"Name","value":"traceId"}},{"kind":"Field","name":{"kind":"Name","value":"reconciliation"}},{"kind":"Field","name":{"kind":"Name","value":"transactionsCompleteAt"}},{"kind":"Field","name":{"kind":"Name","value":"statementDescriptor"}},{"kind":"Field","name":{"kind":"Name","value":"stripePayoutId"}},{"kind":"Field","name":{"kind":"Name","value":"transactions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"category"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"net"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}}]} as unknown as DocumentNode<PayoutChangedSubscription, PayoutChangedSubscriptionVariables>;
export const StartServiceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"StartService"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"StartServiceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startService"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StartServicePayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefusalParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefusalParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"userMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StripeRefusedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"userMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StripeUnavailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RefundTooLargeError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"remaining"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"userMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DisputeOpenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"disputed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cost"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disputeFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentNotChangeableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}}]}}]}}]}}]} as unknown as DocumentNode<StartServiceMutation, StartServiceMutationVariables>;
export const BillingPortalDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"BillingPortal"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateBillingPortalLinkInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createBillingPortalLink"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CreateBillingPortalLinkPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RefusalParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MoneyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Money"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"minorUnits"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"exponent"}},{"kind":"Field","name":{"kind":"Name","value":"decimal"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PaymentRow"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Payment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"refundState"}},{"kind":"Field","name":{"kind":"Name","value":"disputeState"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"amount"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"amountRefunded"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"method"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"brand"}},{"kind":"Field","name":{"kind":"Name","value":"last4"}},{"kind":"Field","name":{"kind":"Name","value":"wallet"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RefusalParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInputError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"userMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StripeRefusedError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"remedy"}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"userMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StripeUnavailableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAfterSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RefundTooLargeError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"remaining"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"userMessage"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"DisputeOpenError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"disputed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cost"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"disputeFee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MoneyParts"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PaymentNotChangeableError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"payment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PaymentRow"}}]}}]}}]}}]} as unknown as DocumentNode<BillingPortalMutation, BillingPortalMutationVariables>;