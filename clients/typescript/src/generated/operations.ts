// Written by `npm run generate`. Do not edit.
import type { TypedDocumentNode as Document } from '@graphql-typed-document-node/core'
import { fragment, operation } from '../documents.ts'
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** A postal address. Stripe checks whether its parts belong together. */
export type AddressInput = {
  /** The country. */
  country: string;
  /** The street and the number: 1 to 255 characters. */
  line1?: string | null | undefined;
  /** The apartment, floor or company: 1 to 255 characters. */
  line2?: string | null | undefined;
  /** The city: 1 to 255 characters. */
  city?: string | null | undefined;
  /** The district of the city, in Japan: 1 to 255 characters. */
  town?: string | null | undefined;
  /** The state, province or county: 1 to 255 characters. */
  state?: string | null | undefined;
  /** The postal code: 1 to 20 characters. */
  postalCode?: string | null | undefined;
};

/** The unit of a billing period. */
export type BillingInterval =
  /** Days. */
  | 'DAY'
  /** Weeks. */
  | 'WEEK'
  /** Months. */
  | 'MONTH'
  /** Years. */
  | 'YEAR'
  /** A unit that this version does not know. */
  | 'UNKNOWN';

/** The business as a legal entity. ConnectQL sends these values to Stripe and stores them only until Stripe answers, in encrypted form. This API never returns them. */
export type BusinessInput = {
  /** The registered name: 1 to 255 characters. */
  registeredName?: string | null | undefined;
  /** The legal structure, with the name that Stripe uses, such as `private_company` or `sole_proprietorship`. */
  structure?: string | null | undefined;
  /** The phone number with the country code, 6 to 15 digits: `+49 30 1234567`. */
  phone?: string | null | undefined;
  /** The registered address. */
  address?: AddressInput | null | undefined;
};

/** The payment to cancel. */
export type CancelPaymentInput = {
  /** The payment to cancel. */
  payment: PaymentRef;
};

/** The status of a capability. */
export type CapabilityStatus =
  /** The capability works. */
  | 'ACTIVE'
  /** Stripe is reviewing the capability. */
  | 'PENDING'
  /** The capability does not work. `details` lists the reasons. */
  | 'RESTRICTED'
  /** Stripe has rejected the capability. */
  | 'REJECTED'
  /** Stripe does not offer the capability to this business. */
  | 'UNSUPPORTED'
  /** A value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** When the payer's money is charged. */
export type CaptureMode =
  /** As soon as the payer has confirmed the payment. */
  | 'AUTOMATIC'
  /** When capturePayment is called. Until then, the amount is only reserved. A card reserves it for about 7 days. Most payment methods other than cards do not support this mode, so the payer does not see them. */
  | 'MANUAL';

/** The authorized payment, and the amount to charge. */
export type CapturePaymentInput = {
  /** The payment. Its state must be AUTHORIZED. */
  payment: PaymentRef;
  /** The amount to charge. The default and the maximum are the authorized amount. Stripe releases the rest, so a payment can be charged only once. */
  amount?: MoneyInput | null | undefined;
  /** The platform's fee, from 0 to the charged amount. If omitted, the terms in the payment's `appliedFee` are applied to the charged amount. A fee without terms stays the same, but is at most the charged amount. Merchants must omit it. */
  fee?: MoneyInput | null | undefined;
};

/** A line of an order. */
export type CheckoutLineInput = {
  /** The name of the product on the payment page: 1 to 250 characters. */
  name: string;
  /** The number of pieces: 1 to 999,999. */
  quantity: number;
  /** The price of one piece. All lines must have the same currency. Stripe charges ISK and UGX in steps of 100 minor units, and currencies with three decimals in steps of 10. */
  unitAmount: MoneyInput;
  /** A text below the name: 1 to 500 characters. */
  description?: string | null | undefined;
};

/** The status of a payment page. */
export type CheckoutStatus =
  /** The payer can use the page. */
  | 'OPEN'
  /** The payer has used the page. Read the payment's `state`: it can still be unpaid. */
  | 'COMPLETE'
  /** The page can no longer be used. */
  | 'EXPIRED'
  /** Stripe reports a value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** The information that Stripe's onboarding form asks for. */
export type CollectRequirements =
  /** Only information that is due now. This makes the form as short as possible. */
  | 'CURRENTLY_DUE'
  /** Information that is due now or later. The merchant then has to return to the form less often. */
  | 'EVENTUALLY_DUE';

/** How Stripe collects the invoices of a subscription. */
export type CollectionMethod =
  /** Stripe charges the merchant's card. */
  | 'CHARGE_AUTOMATICALLY'
  /** Stripe sends each invoice by e-mail, with a date on which it is due. */
  | 'SEND_INVOICE'
  /** A method that this version does not know. */
  | 'UNKNOWN';

/** The merchant, and the components that the page shows. */
export type CreateAccountSessionInput = {
  /** The merchant whose account the components show. */
  merchant: MerchantRef;
  /** The components that the page shows. Each component may be named only once. Name only the components that the page needs. */
  components: Array<EmbeddedComponentInput>;
};

/** The merchant, and the address to return to. */
export type CreateBillingPortalLinkInput = {
  /** The merchant who manages the subscription. */
  merchant: MerchantRef;
  /** The address to which the back link of the portal leads. Its origin must be on the platform's allow-list. */
  returnTo: string;
  /** Whether the link opens the portal's page for canceling the subscription. */
  cancel?: boolean;
};

/** The order to pay, and the addresses to return to. */
export type CreateCheckoutInput = {
  /** The merchant who is paid. */
  merchant: MerchantRef;
  /** The platform's own id of the order: 1 to 255 characters, unique among all payments of the merchant, whether createCheckout or createPaymentIntent created them. */
  externalId: string;
  /** When the money is charged. */
  capture?: CaptureMode;
  /** The platform's fee, from 0 to the amount, in the same currency. If omitted, it is calculated with the platform's fee policy. Merchants must omit it. */
  fee?: MoneyInput | null | undefined;
  /** The text that follows the merchant's prefix on card statements. It may contain only Latin characters, at least one of them a letter, and none of < > \ ' " *. The prefix, two separating characters and this text may together have at most 22 characters. */
  statementDescriptorSuffix?: string | null | undefined;
  /** At most 48 entries, stored at Stripe. */
  metadata?: Array<MetadataInput> | null | undefined;
  /** The lines of the order, from 1 to 100. Their total must be at least Stripe's minimum (about 0.50 USD), and may have at most 12 digits in minor units. */
  lines: Array<CheckoutLineInput>;
  /** The web address to which Stripe sends the browser after the payment. Its origin must be on the platform's allow-list. Stripe replaces `{CHECKOUT_SESSION_ID}` in the address with the id of the session. A visit to this address does not prove that the payment succeeded: read the payment or subscribe to it. */
  successUrl: string;
  /** The web address to which the back link of the payment page leads. Its origin must be on the platform's allow-list. */
  cancelUrl: string;
  /** The customer's e-mail address, with which Stripe fills in the form on the page: at most 254 characters. ConnectQL stores only a hash of it. */
  customerEmail?: string | null | undefined;
  /** The number of minutes until the page expires if nobody pays: 30 to 1440. The default is 1440 (24 hours). */
  expiresInMinutes?: number | null | undefined;
  /** The language of the page, such as `de`. The default is the browser's language. */
  locale?: string | null | undefined;
};

/** The merchant, and the address to redirect to if the link has expired. */
export type CreateDashboardLinkInput = {
  /** The merchant whose Dashboard to open. */
  merchant: MerchantRef;
  /** The address to which a browser is redirected if the link has expired and the browser cannot get a new one: a web address whose origin is on the platform's allow-list, or an address with an app's scheme that the platform has registered, such as `com.example.app:///connect`. ConnectQL adds the parameter `dashboard`. Its value is `expired`, or `web_view` if ConnectQL recognizes a web view. For the browser that requested the link, ConnectQL also adds `merchant` (the external id) and `status`. It first removes any of these parameters and `onboarding` from the address. The Dashboard has no link back to this address. */
  returnTo: string;
};

/** The merchant to create. */
export type CreateMerchantInput = {
  /** The phone number at which Stripe reaches the merchant, with the country code, 6 to 15 digits: `+49 30 1234567`. */
  contactPhone?: string | null | undefined;
  /** The kind of business as a merchant category code: four digits, such as `5734`. If it is never given, Stripe's onboarding form asks for it. */
  merchantCategoryCode?: string | null | undefined;
  /** The name under which customers know the business: 1 to 255 characters. */
  doingBusinessAs?: string | null | undefined;
  /** The text on the bank statements of customers: 5 to 22 Latin characters with at least one letter, without `< > \ ' " *`. */
  statementDescriptor?: string | null | undefined;
  /** The prefix on bank statements for payments that have their own statement descriptor suffix: 2 to 10 Latin characters with at least one letter. */
  statementDescriptorPrefix?: string | null | undefined;
  /** The currency of the account's balance. If it is never given, Stripe uses the currency of the country. Stripe refuses a change after the account was activated. */
  currency?: string | null | undefined;
  /** The languages of the merchant, the preferred one first. At most 10 of the languages that Stripe supports, such as `de` or `en-GB`. */
  locales?: Array<string> | null | undefined;
  /** The contact that the merchant's customers see. */
  support?: SupportContactInput | null | undefined;
  /** The business as a legal entity. */
  business?: BusinessInput | null | undefined;
  /** The person who is the merchant. It can be given only with the entity type `INDIVIDUAL`. For other businesses, Stripe's form asks for the persons. */
  individual?: IndividualInput | null | undefined;
  /** The platform's own id of the merchant: 1 to 255 characters. */
  externalId: string;
  /** The name of the merchant: 1 to 255 characters. */
  displayName: string;
  /** The e-mail address to which Stripe writes to the merchant: at most 254 characters. */
  contactEmail: string;
  /** The country of the business. If it changes later at Stripe, ConnectQL shows the new country. updateMerchant cannot change it. */
  country: string;
  /** The legal form. If omitted, Stripe's onboarding form asks for it. */
  entityType?: EntityType | null | undefined;
  /** The website. If omitted, Stripe's onboarding form asks for it. */
  businessUrl?: string | null | undefined;
  /** A description of the products or services: 1 to 2,000 characters. */
  productDescription?: string | null | undefined;
  /** The payment capabilities to request, with the names that Stripe uses; at most 50. `card_payments` is always requested. */
  capabilities?: Array<string> | null | undefined;
  /** The id of an account token (`POST /v2/core/account_tokens`), created in the merchant's browser with the platform's publishable key. Stripe requires a token if the platform is in certain countries, such as France. The token is a secret. It can be used only once, and only for a few minutes. Stripe takes `display_name`, `contact_email` and `entity_type` from the token, so `entityType`, `contactPhone`, `business` and `individual` must be omitted. A repeated call uses the token of the first attempt. */
  accountToken?: string | null | undefined;
};

/** The merchant to onboard and the address to return to. */
export type CreateOnboardingLinkInput = {
  /** The merchant to onboard. */
  merchant: MerchantRef;
  /** The address to which the browser returns: a web address whose origin is on the platform's allow-list, or an address with an app's scheme that the platform has registered, such as `com.example.app:///connect`. ConnectQL adds the parameter `onboarding`. Its value is `returned` after a visit to the form, `expired` if the merchant needs a new link, or `web_view` if ConnectQL recognizes a web view, where Stripe's form does not work. For the browser that requested the link, ConnectQL also adds `merchant` (the external id) and `status`. It first removes any parameters with these three names. After a return, the form may still be incomplete, so read the merchant. */
  returnTo: string;
  /** The information that the form asks for. */
  collect?: CollectRequirements;
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

/** The Stripe Dashboard that an account has. */
export type DashboardType =
  /** The full Stripe Dashboard, which ConnectQL requests for every merchant. */
  | 'FULL'
  /** The Express Dashboard. */
  | 'EXPRESS'
  /** No Dashboard. */
  | 'NONE'
  /** Stripe reports no value, or a value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** The urgency of a requirement, in Stripe's terms. */
export type DeadlineStatus =
  /** A capability is restricted until the requirement is met. In a new account all requirements are past due. */
  | 'PAST_DUE'
  /** The requirement is due now. Until it is met, Stripe can restrict a capability. */
  | 'CURRENTLY_DUE'
  /** The requirement will be due later. */
  | 'EVENTUALLY_DUE'
  /** A value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** The kind of next step in a dispute. */
export type DisputeActionKind =
  /** Submit evidence, or accept the dispute. An appeal cannot be accepted. */
  | 'RESPOND'
  /** Refund the payment in full, which ends an inquiry, or submit evidence. */
  | 'REFUND_OR_RESPOND'
  /** The merchant answers in the Stripe Dashboard: ConnectQL cannot answer this kind of dispute. */
  | 'RESPOND_IN_DASHBOARD'
  /** The bank decides. */
  | 'WAIT'
  /** The dispute has ended. */
  | 'NONE';

/** A part of the evidence in a dispute. The names are Stripe's. */
export type DisputeEvidenceField =
  /** Log of the customer's use of the product. This part is a text. */
  | 'ACCESS_ACTIVITY_LOG'
  /** Billing address of the customer. This part is a text. */
  | 'BILLING_ADDRESS'
  /** How the customer was shown the cancellation policy. This part is a text. */
  | 'CANCELLATION_POLICY_DISCLOSURE'
  /** Why the subscription was not canceled. This part is a text. */
  | 'CANCELLATION_REBUTTAL'
  /** E-mail address of the customer. This part is a text. */
  | 'CUSTOMER_EMAIL_ADDRESS'
  /** Name of the customer. This part is a text. */
  | 'CUSTOMER_NAME'
  /** IP address of the purchase. This part is a text. */
  | 'CUSTOMER_PURCHASE_IP'
  /** How this payment differs from the other one. This part is a text. */
  | 'DUPLICATE_CHARGE_EXPLANATION'
  /** Stripe's id of the other charge. This part is a text. */
  | 'DUPLICATE_CHARGE_ID'
  /** Description of the product or service. This part is a text. */
  | 'PRODUCT_DESCRIPTION'
  /** How the customer was shown the refund policy. This part is a text. */
  | 'REFUND_POLICY_DISCLOSURE'
  /** Why the customer gets no refund. This part is a text. */
  | 'REFUND_REFUSAL_EXPLANATION'
  /** Date on which the service was provided. This part is a text. */
  | 'SERVICE_DATE'
  /** Address to which the product was shipped. This part is a text. */
  | 'SHIPPING_ADDRESS'
  /** Carrier of the shipment. This part is a text. */
  | 'SHIPPING_CARRIER'
  /** Date of the shipment. This part is a text. */
  | 'SHIPPING_DATE'
  /** Tracking number of the shipment. This part is a text. */
  | 'SHIPPING_TRACKING_NUMBER'
  /** Anything else that helps. This part is a text. */
  | 'UNCATEGORIZED_TEXT'
  /** Cancellation policy. This part is a file. */
  | 'CANCELLATION_POLICY'
  /** Messages from and to the customer. This part is a file. */
  | 'CUSTOMER_COMMUNICATION'
  /** Signature of the customer. This part is a file. */
  | 'CUSTOMER_SIGNATURE'
  /** Receipt of the other payment. This part is a file. */
  | 'DUPLICATE_CHARGE_DOCUMENTATION'
  /** Receipt of the payment. This part is a file. */
  | 'RECEIPT'
  /** Refund policy. This part is a file. */
  | 'REFUND_POLICY'
  /** Proof that the service was provided. This part is a file. */
  | 'SERVICE_DOCUMENTATION'
  /** Proof of the shipment. This part is a file. */
  | 'SHIPPING_DOCUMENTATION'
  /** Any other document. This part is a file. */
  | 'UNCATEGORIZED_FILE';

/** Whether the bank has the merchant's answer. */
export type DisputeEvidenceState =
  /** There is no evidence. */
  | 'NONE'
  /** Evidence is stored at Stripe, but not submitted. The bank does not see it. */
  | 'STAGED'
  /** The evidence was submitted. It cannot be changed. */
  | 'SUBMITTED'
  /** The deadline has passed without an answer. */
  | 'PAST_DUE';

/** Conditions on disputes. A dispute must meet all of them. */
export type DisputeFilter = {
  /** The dispute has one of these statuses. */
  status?: Array<DisputeStatus> | null | undefined;
  /** The dispute has one of these kinds. */
  kind?: Array<DisputeKind> | null | undefined;
  /** Whether somebody should answer the dispute now. */
  needsResponse?: boolean | null | undefined;
  /** The dispute needs a response before this time. */
  dueBefore?: string | null | undefined;
  /** The dispute belongs to this merchant. */
  merchant?: MerchantRef | null | undefined;
};

/** The kind of a dispute. */
export type DisputeKind =
  /** The bank only asks about the payment. No money has moved, and a full refund ends the inquiry. The merchant has lost nothing. */
  | 'INQUIRY'
  /** The bank has taken the money back, and Stripe has charged its fee. */
  | 'CHARGEBACK'
  /** The second round of a chargeback. */
  | 'APPEAL'
  /** The bank says that a rule of the card network was broken. The card network can charge a fee for an answer: see `evidence.programs`. */
  | 'COMPLIANCE'
  /** Stripe or the bank settled the customer's complaint before it became a chargeback. */
  | 'PREVENTED'
  /** A kind that this version of ConnectQL does not know. See the dispute in the Stripe Dashboard. */
  | 'OTHER';

/** The order of disputes. */
export type DisputeOrder =
  /** The disputes that need a response come first, ordered by their deadline (earliest first). All others follow. When a dispute is answered, its place in this order changes. */
  | 'DUE_BY_ASC'
  /** Newest first. */
  | 'CREATED_AT_DESC';

/** A reference to one dispute. Exactly one field must be set. */
export type DisputeRef =
  {   /** The dispute's `id`. */
  id: string | number; stripeDisputeId?: never; }
  |  { id?: never;   /** Stripe's id: `du_...` or `dp_...`. */
  stripeDisputeId: string; };

/** Whether the payer's bank questions a payment. If the payment has several disputes, the most important one determines this state. */
export type DisputeState =
  /** There is no dispute, or an inquiry was closed. */
  | 'NONE'
  /** The bank asks a question. No money has moved. A full refund closes the inquiry. */
  | 'INQUIRY'
  /** The bank took the money back. The merchant can answer until the deadline. */
  | 'NEEDS_RESPONSE'
  /** The bank examines the merchant's answer. */
  | 'UNDER_REVIEW'
  /** The merchant won the dispute and has the money back. */
  | 'WON'
  /** The payer keeps the money. */
  | 'LOST'
  /** Stripe or the bank settled the customer's complaint before it became a chargeback. */
  | 'PREVENTED'
  /** The bank warns that a dispute may follow. No money has moved. A full refund usually avoids it. */
  | 'WARNED'
  /** Stripe reports a status that this version of ConnectQL does not know. See the dispute in the Stripe Dashboard. */
  | 'UNKNOWN';

/** Stripe's status of a dispute. */
export type DisputeStatus =
  /** The bank asks about the payment (an inquiry). Refund the payment in full, or answer. */
  | 'WARNING_NEEDS_RESPONSE'
  /** The bank examines the answer to its inquiry. */
  | 'WARNING_UNDER_REVIEW'
  /** The inquiry ended without a dispute. */
  | 'WARNING_CLOSED'
  /** Answer or accept the dispute before `dueBy`. */
  | 'NEEDS_RESPONSE'
  /** The bank examines the answer. */
  | 'UNDER_REVIEW'
  /** The dispute is in its second round (an appeal). Answer before `dueBy`. */
  | 'APPEAL_NEEDS_RESPONSE'
  /** The bank examines the answer in the second round (the appeal). */
  | 'APPEAL_UNDER_REVIEW'
  /** The merchant won the dispute and has the money back. */
  | 'WON'
  /** The payer keeps the money. */
  | 'LOST'
  /** The customer's complaint was settled before it became a chargeback. */
  | 'PREVENTED'
  /** Stripe reports a value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** An embedded component of Stripe's Connect.js. A page of the platform shows it to the merchant. */
export type EmbeddedComponent =
  /** The details of the account, which the merchant can change. */
  | 'ACCOUNT_MANAGEMENT'
  /** The onboarding form. */
  | 'ACCOUNT_ONBOARDING'
  /** The report of balances. */
  | 'BALANCE_REPORT'
  /** Balances and payouts. */
  | 'BALANCES'
  /** All disputes. */
  | 'DISPUTES_LIST'
  /** Documents, such as tax invoices for Stripe's fees. */
  | 'DOCUMENTS'
  /** An offer of instant payouts, which is shown if the account is eligible for them. */
  | 'INSTANT_PAYOUTS_PROMOTION'
  /** A banner with tasks, such as missing information. */
  | 'NOTIFICATION_BANNER'
  /** The details of one payment. */
  | 'PAYMENT_DETAILS'
  /** The disputes of one payment. */
  | 'PAYMENT_DISPUTES'
  /** The settings of payment methods. */
  | 'PAYMENT_METHOD_SETTINGS'
  /** All payments, with refunds, captures and answers to disputes. */
  | 'PAYMENTS'
  /** The details of one payout. */
  | 'PAYOUT_DETAILS'
  /** The report of the transactions in payouts. */
  | 'PAYOUT_RECONCILIATION_REPORT'
  /** Balances, payouts and their schedule. */
  | 'PAYOUTS'
  /** All payouts. */
  | 'PAYOUTS_LIST'
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

/** The legal form of a business. */
export type EntityType =
  /** An individual. */
  | 'INDIVIDUAL'
  /** A company. */
  | 'COMPANY'
  /** A non-profit organization. */
  | 'NON_PROFIT'
  /** A government body. */
  | 'GOVERNMENT_ENTITY';

/** A card network's program, with its own rules for the evidence in a dispute. */
export type EvidenceProgram =
  /** Visa's Compelling Evidence 3.0: earlier payments of the same customer show that the cardholder paid. Give this evidence in `compellingEvidence` of submitDisputeEvidence. */
  | 'VISA_COMPELLING_EVIDENCE_3'
  /** A compliance case of Visa. A submission of evidence costs 500 USD or the local equivalent. Visa returns the fee if the dispute is won. */
  | 'VISA_COMPLIANCE'
  /** A compliance case of Mastercard. A submission of evidence costs a fee. */
  | 'MASTERCARD_COMPLIANCE'
  /** A program that this version of ConnectQL does not know. See the dispute in the Stripe Dashboard. */
  | 'UNKNOWN';

/** Whether the staged evidence meets the conditions of a program. */
export type EvidenceProgramStatus =
  /** The evidence meets the conditions. */
  | 'QUALIFIED'
  /** The evidence does not meet the conditions. */
  | 'NOT_QUALIFIED'
  /** Parts of the evidence are missing. */
  | 'REQUIRES_ACTION'
  /** To submit the evidence, set `acknowledgesNetworkFee` to true. */
  | 'REQUIRES_FEE_ACKNOWLEDGEMENT'
  /** The merchant has agreed to pay the fee. */
  | 'FEE_ACKNOWLEDGED'
  /** Stripe reports a value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** The person who is the merchant, if the entity type is `INDIVIDUAL`. ConnectQL sends these values to Stripe and stores them only until Stripe answers, in encrypted form. This API never returns them. */
export type IndividualInput = {
  /** The given name: 1 to 255 characters. */
  givenName?: string | null | undefined;
  /** The family name: 1 to 255 characters. */
  surname?: string | null | undefined;
  /** The e-mail address: at most 254 characters. */
  email?: string | null | undefined;
  /** The phone number with the country code, 6 to 15 digits: `+49 30 1234567`. */
  phone?: string | null | undefined;
  /** The date of birth, from 1900 until 13 years ago. */
  dateOfBirth?: string | null | undefined;
  /** The home address. */
  address?: AddressInput | null | undefined;
};

/** Why a field of an input is invalid. */
export type InvalidFieldCode =
  /** A value is missing. */
  | 'REQUIRED'
  /** The text has too many characters. */
  | 'TOO_LONG'
  /** The list has too many entries. */
  | 'TOO_MANY'
  /** The text begins or ends with white space. */
  | 'OUTER_SPACES'
  /** The text contains control characters. */
  | 'CONTROL_CHARACTERS'
  /** The input changes nothing. */
  | 'NO_CHANGES'
  /** The text is not a single valid e-mail address. */
  | 'EMAIL_INVALID'
  /** This is not the absolute address of a public website. */
  | 'URL_INVALID'
  /** The platform's settings do not allow this address. */
  | 'URL_NOT_ALLOWED'
  /** This is not the merchant's current account. */
  | 'ACCOUNT_NOT_CURRENT'
  /** This is not an ISO 3166-1 alpha-2 code. */
  | 'COUNTRY_UNKNOWN'
  /** This is not the name of a payment capability. */
  | 'CAPABILITY_INVALID'
  /** This is not a phone number. */
  | 'PHONE_INVALID'
  /** This is not a merchant category code. */
  | 'CATEGORY_INVALID'
  /** Banks cannot show this text on a statement. */
  | 'STATEMENT_DESCRIPTOR_INVALID'
  /** This is not an ISO 4217 code, or Stripe does not support the currency. */
  | 'CURRENCY_UNKNOWN'
  /** The amount is not possible. For example, it is too large, or too small for the currency. */
  | 'AMOUNT_INVALID'
  /** This is not a language that Stripe supports. */
  | 'LOCALE_UNKNOWN'
  /** The value does not have the required form, or Stripe does not know this legal structure. */
  | 'STRUCTURE_INVALID'
  /** This is not a possible date. */
  | 'DATE_INVALID'
  /** Stripe does not accept this part of the address. */
  | 'ADDRESS_INVALID'
  /** The percentage is not a possible share of the business. */
  | 'SHARE_INVALID'
  /** The value contradicts another field of the input, or the object that the input names. */
  | 'CONTRADICTION'
  /** The account cannot give up this capability, or can give it up only together with another one. */
  | 'CANNOT_BE_GIVEN_UP'
  /** Stripe no longer lets the platform change this value. */
  | 'CANNOT_CHANGE'
  /** This is not the id of a Stripe account. */
  | 'ACCOUNT_INVALID'
  /** This is not the id of a customer at Stripe. */
  | 'CUSTOMER_INVALID'
  /** Stripe or ConnectQL does not allow this key in the metadata. */
  | 'METADATA_INVALID'
  /** The number is too small or too large. */
  | 'OUT_OF_RANGE'
  /** An earlier entry of the list has the same value. */
  | 'DUPLICATE'
  /** This is not an account token, or the token cannot be used any more. */
  | 'TOKEN_INVALID'
  /** If there is an account token, Stripe accepts this value only in the token. */
  | 'BELONGS_IN_TOKEN'
  /** Stripe or the platform does not offer this choice to the account or to the caller. */
  | 'NOT_AVAILABLE'
  /** Stripe refused the value. `message` has the reason. */
  | 'REFUSED_BY_STRIPE';

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
  /** The invoice is no longer valid. */
  | 'VOID'
  /** A status that this version does not know. */
  | 'UNKNOWN';

/** The kind of a change to a list. */
export type ListChangeKind =
  /** Read the list now. The first message has this kind. It is sent again if changes may have been lost. */
  | 'READ'
  /** The object matches the filter. Add it to the list, or replace it if the list already has it. */
  | 'CHANGED'
  /** The object does not match the filter or no longer exists. Remove it if the list has it. */
  | 'LEFT';

/** Conditions on merchants. A merchant must meet all of them. */
export type MerchantFilter = {
  /** The merchant has one of these statuses; at most 16. */
  status?: Array<MerchantStatus> | null | undefined;
  /** This party must act now. It is the field `by` of the merchant's `nextAction`. */
  awaitingActionFrom?: Party | null | undefined;
  /** The merchant's country is one of these; at most 50. */
  country?: Array<string> | null | undefined;
  /** Whether the Stripe account is in live mode. A merchant without an account matches neither value. */
  livemode?: boolean | null | undefined;
  /** The next deadline, or the next date on which future requirements take effect, has passed or is at most this many days away: 0 to 3,650. */
  dueWithinDays?: number | null | undefined;
  /** The status has not changed for at least this number of days: 0 to 3,650. Together with `status: [PENDING_REVIEW]`, this finds reviews that take too long. */
  statusForDays?: number | null | undefined;
  /** The status has changed within this number of days: 0 to 3,650. */
  statusChangedWithinDays?: number | null | undefined;
  /** The onboarding has reached one of these stages; at most 7. */
  onboardingStage?: Array<OnboardingStage> | null | undefined;
  /** The stage of the onboarding has not changed for at least this number of days: 0 to 3,650. Together with `onboardingStage`, this finds merchants that are stuck. */
  onboardingStageForDays?: number | null | undefined;
  /** A merchant matches if each word of this text is the beginning of a word in its display name, e-mail address or external id. The order of the words does not matter. Case and accents are ignored: `muller` finds `Müller`, and `strasse` finds `Straße`. Words consist of letters and digits. The id of a Stripe account (`acct_…`) finds the account's merchant. At most 255 characters. A text without letters and digits, such as an empty text, does not exclude any merchant. */
  search?: string | null | undefined;
};

/** The order of merchants. Merchants with the same value are in the order of their creation, or newest first if the order is descending. */
export type MerchantOrder =
  /** Newest first. */
  | 'CREATED_AT_DESC'
  /** Oldest first. */
  | 'CREATED_AT_ASC'
  /** By display name, ignoring case. */
  | 'DISPLAY_NAME_ASC'
  /** Nearest deadline first. Merchants without a deadline come last. */
  | 'NEXT_DEADLINE_ASC'
  /** By status, in the order of `MerchantStatus`. */
  | 'STATUS_ASC'
  /** By the time of the last status change, earliest first. */
  | 'STATUS_SINCE_ASC'
  /** By the time of the last status change, latest first. */
  | 'STATUS_SINCE_DESC'
  /** By country code. */
  | 'COUNTRY_ASC';

/** A reference to one merchant. Exactly one field must be set. */
export type MerchantRef =
  {   /** The merchant's `id`. */
  id: string | number; externalId?: never; stripeAccountId?: never; }
  |  { id?: never;   /** The platform's own id of the merchant. */
  externalId: string; stripeAccountId?: never; }
  |  { id?: never; externalId?: never;   /** Stripe's id of the current account or of a former account: `acct_...`. */
  stripeAccountId: string; };

/** The status of a merchant. ConnectQL derives it from the Stripe account. */
export type MerchantStatus =
  /** Stripe has not confirmed the account yet. */
  | 'CREATING'
  /** The merchant has not submitted Stripe's onboarding form yet. */
  | 'ONBOARDING'
  /** Card payments have never worked, and the merchant must provide information. */
  | 'ACTION_REQUIRED'
  /** The merchant has provided everything, and Stripe is reviewing it. */
  | 'PENDING_REVIEW'
  /** Card payments and payouts work. The merchant need not provide anything. */
  | 'ACTIVE'
  /** Card payments and payouts work, but the merchant must provide information, now or before a deadline. */
  | 'ACTIVE_DUE_SOON'
  /** Card payments work. Payouts do not. */
  | 'PAYOUTS_BLOCKED'
  /** Card payments worked before and are paused until the merchant acts. */
  | 'RESTRICTED'
  /** Card payments do not work, and no information from the merchant can change that. Stripe support can explain the reason. */
  | 'RESTRICTED_BY_STRIPE'
  /** Stripe or the platform has rejected the account. */
  | 'REJECTED'
  /** Stripe does not support card payments for this business. */
  | 'UNSUPPORTED'
  /** The platform has not requested card payments for the account. */
  | 'NOT_REQUESTED'
  /** The account is no longer connected to the platform. */
  | 'DISCONNECTED'
  /** The account is closed permanently. */
  | 'CLOSED'
  /** Stripe has not reported the account's capabilities yet. Call refreshMerchant. */
  | 'UNKNOWN'
  /** The platform has erased the merchant's data with eraseMerchant. Lists omit the merchant unless their filter contains this status. */
  | 'ERASED';

/** An entry of Stripe's metadata. */
export type MetadataInput = {
  /** 1 to 40 characters, without square brackets. `payment_id` and `external_id` are reserved. */
  key: string;
  /** 1 to 500 characters. */
  value: string;
};

/** An amount of money. */
export type MoneyInput = {
  /** The amount in the currency's smallest unit, as Stripe counts it: 1234 for 12.34 USD. */
  minorUnits: number;
  /** The currency. */
  currency: string;
};

/** The kind of next step. */
export type NextActionKind =
  /** Call createOnboardingLink and open the link. */
  | 'START_ONBOARDING'
  /** Call createOnboardingLink again to continue onboarding. */
  | 'RESUME_ONBOARDING'
  /** The merchant logs in to the Stripe Dashboard. */
  | 'OPEN_DASHBOARD'
  /** Wait until Stripe has acted. */
  | 'WAIT_FOR_STRIPE'
  /** The merchant contacts Stripe support. */
  | 'CONTACT_STRIPE'
  /** The merchant contacts the platform, because only the platform can help. `by` is then PLATFORM. */
  | 'CONTACT_PLATFORM'
  /** There is nothing to do. */
  | 'NONE';

/** The stage of a merchant's onboarding, in the usual order. */
export type OnboardingStage =
  /** No link to Stripe's form has been issued. A merchant that fills out the form in embedded components stays here until it submits the form. */
  | 'CREATED'
  /** A link to the form has been issued. No browser has returned from the form yet. */
  | 'LINK_ISSUED'
  /** A browser has returned from the form, which is not submitted yet. */
  | 'FORM_LEFT'
  /** The form was submitted, and Stripe needs further information from the merchant. */
  | 'INFORMATION_NEEDED'
  /** Stripe is reviewing the information. */
  | 'IN_REVIEW'
  /** Card payments have worked. `status` tells whether they work now. */
  | 'ACTIVATED'
  /** Card payments have never worked, and the merchant cannot continue. `status` tells the reason. */
  | 'STOPPED';

/** A reference to one order: its merchant and the platform's own id. */
export type OrderRef = {
  /** The merchant. */
  merchant: MerchantRef;
  /** The platform's own id of the order. */
  externalId: string;
};

/** The party that must act. */
export type Party =
  /** The merchant. */
  | 'MERCHANT'
  /** Stripe. */
  | 'STRIPE'
  /** The platform. Only the next step of a merchant can have this value. */
  | 'PLATFORM'
  /** A party that this version of ConnectQL does not know. Only requirements can have this value. */
  | 'UNKNOWN';

/** The kind of an entry in the history of a payment. */
export type PaymentEntryKind =
  /** The payment was created, or found at Stripe. */
  | 'CREATED'
  /** `state` changed. */
  | 'STATE_CHANGED'
  /** An attempt to pay failed. */
  | 'ATTEMPT_FAILED'
  /** Stripe booked the payment on the merchant's balance. */
  | 'BOOKED'
  /** Stripe booked the platform's fee, or returned all or a part of it to the merchant. */
  | 'FEE_CHANGED'
  /** A refund was requested, refused, added or changed. */
  | 'REFUND_CHANGED'
  /** A dispute, or a bank's warning of one, was added or changed. */
  | 'DISPUTE_CHANGED'
  /** ConnectQL found a change at Stripe that no event had announced. */
  | 'DRIFT_REPAIRED';

/** Conditions on payments. A payment must meet all of them. */
export type PaymentFilter = {
  /** The payment has one of these states. */
  state?: Array<PaymentState> | null | undefined;
  /** The payment has one of these refund states. */
  refundState?: Array<RefundState> | null | undefined;
  /** The payment has one of these dispute states. */
  disputeState?: Array<DisputeState> | null | undefined;
  /** The payment was created in this place. */
  origin?: PaymentOrigin | null | undefined;
  /** The payment was created at this time or later. */
  createdFrom?: string | null | undefined;
  /** The payment was created before this time. */
  createdBefore?: string | null | undefined;
  /** The payment has this currency. */
  currency?: string | null | undefined;
  /** The minimum amount, in minor units of `currency`, which must also be set. */
  minimumAmount?: number | null | undefined;
  /** The maximum amount, in minor units of `currency`, which must also be set. */
  maximumAmount?: number | null | undefined;
  /** A text to search for. It must be exactly the payment's external id, the payer's e-mail address, the last four digits of the card, or a Stripe id: of the payment, or of its page, charge, refund, dispute or early fraud warning. At most 255 characters. If the text is empty or only white space, all payments match. */
  search?: string | null | undefined;
  /** The payment belongs to this merchant. */
  merchant?: MerchantRef | null | undefined;
};

/** The order of payments. */
export type PaymentOrder =
  /** Newest first. */
  | 'CREATED_AT_DESC'
  /** Oldest first. */
  | 'CREATED_AT_ASC';

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
  /** The payer can try again at once. */
  | 'NOW'
  /** The payer can try again later. */
  | 'LATER'
  /** The payer must correct the details first. */
  | 'AFTER_CORRECTION'
  /** The payer must confirm the payment with the bank. */
  | 'AFTER_AUTHENTICATION'
  /** Check first that the payment has not succeeded already. */
  | 'AFTER_CHECK'
  /** The payment method does not work. Another one can work. */
  | 'NO';

/** Whether a payment is paid. Refunds and disputes do not change this state. */
export type PaymentState =
  /** The payer has not paid yet. */
  | 'AWAITING_CUSTOMER'
  /** The payer must authenticate the payment, pay a voucher or make a bank transfer. */
  | 'REQUIRES_ACTION'
  /** The bank processes the payment. This can take days. */
  | 'PROCESSING'
  /** The amount is reserved, not charged. Capture it before `captureBefore`. */
  | 'AUTHORIZED'
  /** The payer has paid. */
  | 'SUCCEEDED'
  /** The last attempt failed. The payer may try again. */
  | 'ATTEMPT_FAILED'
  /** The payment failed, and cannot be tried again. A payment that has succeeded can also fail later, if the bank takes the money back. */
  | 'FAILED'
  /** The payment was canceled. */
  | 'CANCELED'
  /** The payment page expired before the payer paid. */
  | 'EXPIRED'
  /** Stripe has not confirmed the payment yet, or reports a status that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** The party that sets the schedule. */
export type PayoutController =
  /** The merchant, in its full Stripe Dashboard. */
  | 'MERCHANT'
  /** The platform, because the account has no full Dashboard. */
  | 'PLATFORM';

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
  /** The payout has one of these states. */
  status?: Array<PayoutStatus> | null | undefined;
  /** Stripe created the payout at this time or later. */
  createdFrom?: string | null | undefined;
  /** Stripe created the payout before this time. */
  createdBefore?: string | null | undefined;
  /** The payout belongs to this merchant. */
  merchant?: MerchantRef | null | undefined;
};

/** How often Stripe pays out. */
export type PayoutInterval =
  /** On every business day. */
  | 'DAILY'
  /** On the days of `weeklyDays`. */
  | 'WEEKLY'
  /** On the days of `monthlyDays`. */
  | 'MONTHLY'
  /** Only on request. */
  | 'MANUAL'
  /** A value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** The speed of a payout. */
export type PayoutMethod =
  /** The payout takes some business days. */
  | 'STANDARD'
  /** The payout takes some minutes, and Stripe charges a fee. */
  | 'INSTANT'
  /** A value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** A reason why money does not reach the merchant's bank account. New versions can add values. */
export type PayoutObstacleKind =
  /** Stripe has not confirmed the account or its capabilities yet. */
  | 'ACCOUNT_NOT_READY'
  /** The account is closed. */
  | 'ACCOUNT_CLOSED'
  /** The account is no longer connected to the platform. */
  | 'ACCOUNT_DISCONNECTED'
  /** Stripe or the platform has rejected the account. */
  | 'ACCOUNT_REJECTED'
  /** Stripe does not offer card payments or payouts to this business. */
  | 'NOT_SUPPORTED'
  /** The platform has not requested card payments. */
  | 'NOT_REQUESTED'
  /** Card payments or payouts are off until the merchant provides information. */
  | 'INFORMATION_NEEDED'
  /** Card payments or payouts are off while Stripe reviews information. */
  | 'UNDER_REVIEW'
  /** Stripe has restricted card payments or payouts. The reason may be a legal one, which is not shown. */
  | 'RESTRICTED'
  /** The bank returned a payout or refused a debit, and no payout in the same currency has arrived since then. */
  | 'PAYOUT_FAILED'
  /** A payout has not arrived three days after its `arrivalDate`. */
  | 'PAYOUT_LATE'
  /** Stripe has disabled payouts, and the reason is not a payout that the bank returned. */
  | 'PAYOUTS_DISABLED'
  /** The balance is negative, so new payments fill it first. */
  | 'BALANCE_NEGATIVE'
  /** Stripe holds money back as a reserve. */
  | 'MONEY_RESERVED'
  /** Money is available, but the schedule is manual, so Stripe pays it out only on request. */
  | 'SCHEDULE_MANUAL'
  /** The available money is not more than the minimum balance that the schedule leaves in the balance. */
  | 'BELOW_MINIMUM'
  /** Stripe has not settled the payments yet. */
  | 'MONEY_PENDING'
  /** There is no money to pay out. */
  | 'NO_MONEY';

/** The order of payouts. */
export type PayoutOrder =
  /** Newest first. */
  | 'CREATED_AT_DESC'
  /** Oldest first. */
  | 'CREATED_AT_ASC';

/** A party that can stop a payout, or let it go on. */
export type PayoutParty =
  /** The merchant. */
  | 'MERCHANT'
  /** Stripe. */
  | 'STRIPE'
  /** The platform. */
  | 'PLATFORM'
  /** The bank of the merchant. */
  | 'BANK';

/** The state of a payout. */
export type PayoutStatus =
  /** Stripe has created the payout and will send it soon. */
  | 'PENDING'
  /** The payout is on its way to the bank. */
  | 'IN_TRANSIT'
  /** The payout should have arrived. It can still fail for about five business days. */
  | 'PAID'
  /** The bank returned the payout, and the money is back in the balance. If the payout is a debit, the bank refused it, and the balance stays negative. */
  | 'FAILED'
  /** The payout was canceled, and the money is back in the balance. */
  | 'CANCELED'
  /** A value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** A day of the week on which Stripe pays out. */
export type PayoutWeekday =
  /** Monday. */
  | 'MONDAY'
  /** Tuesday. */
  | 'TUESDAY'
  /** Wednesday. */
  | 'WEDNESDAY'
  /** Thursday. */
  | 'THURSDAY'
  /** Friday. */
  | 'FRIDAY';

/** A kind of change that merchants may make only if the platform's settings allow it. */
export type Permission =
  /** Calling createCheckout, createPaymentIntent, capturePayment and cancelPayment. */
  | 'CHARGE'
  /** Calling refundPayment. */
  | 'REFUND'
  /** Calling submitDisputeEvidence and acceptDispute. */
  | 'ANSWER_DISPUTES'
  /** Calling createPayout and updatePayoutSchedule. */
  | 'PAY_OUT';

/** The role of a person in the business. */
export type PersonRole =
  /** The sole trader, or the person who opens the account. */
  | 'ACCOUNT_HOLDER'
  /** The person who represents the business. */
  | 'REPRESENTATIVE'
  /** An owner of the business. */
  | 'OWNER'
  /** A director of the business. */
  | 'DIRECTOR'
  /** A person who runs the business. */
  | 'EXECUTIVE'
  /** The person who authorizes the representative. */
  | 'AUTHORIZER'
  /** The parent or guardian of the representative. */
  | 'LEGAL_GUARDIAN';

/** The merchant to refresh. */
export type RefreshMerchantInput = {
  /** The merchant to refresh. */
  merchant: MerchantRef;
};

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
  /** The payment. Its state must be SUCCEEDED. */
  payment: PaymentRef;
  /** The platform's own id of the refund: 1 to 255 characters, unique among the refunds of the payment. */
  externalId: string;
  /** The amount to refund, in the payment's currency. The default and the maximum are the amount that has not been refunded yet. */
  amount?: MoneyInput | null | undefined;
  /** The reason, stored at Stripe. */
  reason?: RefundCause | null | undefined;
  /** Allows a partial refund during an inquiry of the payer's bank. After a partial refund, the bank can still open a dispute. */
  duringInquiry?: boolean;
};

/** The reason for a refund. */
export type RefundReason =
  /** The customer paid twice. */
  | 'DUPLICATE'
  /** The payment was fraud. Stripe blocks the card and the e-mail address. */
  | 'FRAUDULENT'
  /** The customer asked for it. */
  | 'REQUESTED_BY_CUSTOMER'
  /** The authorization expired before a capture. */
  | 'EXPIRED_UNCAPTURED_CHARGE'
  /** Stripe reports a value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** Whether the money of a payment goes back to the customer. */
export type RefundState =
  /** There is no refund. */
  | 'NONE'
  /** A refund is not complete yet. */
  | 'PENDING'
  /** A part of the charged amount was refunded. */
  | 'PARTIAL'
  /** The whole charged amount was refunded. */
  | 'FULL'
  /** The refund failed. Its `explanation` says whether to pay the customer in another way. */
  | 'FAILED';

/** Stripe's status of a refund. */
export type RefundStatus =
  /** The refund is not complete yet. `pendingReason` has the cause, if Stripe names one. */
  | 'PENDING'
  /** The customer must act to get the money. */
  | 'REQUIRES_ACTION'
  /** The refund was sent to the customer's bank. It may still fail. */
  | 'SUCCEEDED'
  /** The refund failed. Read the `explanation` before you pay the customer in another way. */
  | 'FAILED'
  /** The refund was canceled before it was sent. */
  | 'CANCELED'
  /** Stripe reports a value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** The risk of a refund. */
export type RefundWarningCode =
  /** The payer's bank asks about the payment. If the bank turns its question into a dispute, the refund can fail, or the payer can get the money twice. */
  | 'INQUIRY'
  /** The payer's bank asks about the payment, and only a full refund prevents a dispute. */
  | 'PARTIAL_DURING_INQUIRY'
  /** The payer's bank has warned that it may dispute the payment, and usually only a full refund avoids that. */
  | 'DISPUTE_EXPECTED';

/** The subject of a requirement. */
export type RequirementSubject =
  /** The business or the account. */
  | 'ACCOUNT'
  /** A person of the business; see `person`. */
  | 'PERSON'
  /** The bank account for payouts. */
  | 'BANK_ACCOUNT'
  /** The acceptance of Stripe's terms. */
  | 'TERMS_OF_SERVICE'
  /** Another subject. */
  | 'OTHER';

/** The urgency of a group of requirements, in terms that people understand. */
export type RequirementUrgency =
  /** The deadline has passed, and the group affects a capability that has worked before. */
  | 'OVERDUE'
  /** A capability does not work until the group is complete. */
  | 'NOW'
  /** A capability stops working unless the group is complete before the deadline. */
  | 'SOON'
  /** Nothing needs to be done yet. */
  | 'LATER';

/** The way to make a capability work. */
export type Resolution =
  /** The merchant provides the information in `requirements`. */
  | 'PROVIDE_INFO'
  /** The merchant contacts Stripe support. */
  | 'CONTACT_STRIPE'
  /** The merchant can do nothing at present. */
  | 'NO_RESOLUTION'
  /** A value that this version of ConnectQL does not know. */
  | 'UNKNOWN';

/** The role of a caller. */
export type Role =
  /** Staff of the platform. May see everything. */
  | 'OPERATOR'
  /** A server of the platform. May see all merchants, but neither `platform` nor `revenue`. */
  | 'SERVICE'
  /** A merchant. May see only itself. */
  | 'MERCHANT';

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
  /** The first payment is not complete. It must be completed within 23 hours. */
  | 'INCOMPLETE'
  /** The first payment was never completed. This status is final. */
  | 'INCOMPLETE_EXPIRED'
  /** The free trial runs until `trialEndsAt`. */
  | 'TRIALING'
  /** The subscription is paid. */
  | 'ACTIVE'
  /** A payment is overdue: a renewal failed, or an invoice that was sent by e-mail is past its due date. */
  | 'PAST_DUE'
  /** All attempts to collect the payment failed. New invoices stay drafts. */
  | 'UNPAID'
  /** The subscription is paused. Stripe creates no invoices for it. */
  | 'PAUSED'
  /** The subscription has ended. This status is final. */
  | 'CANCELED'
  /** Stripe reports a status that this version does not know. */
  | 'UNKNOWN';

/** The subscription to begin. */
export type StartServiceInput = {
  /** The merchant who subscribes. */
  merchant: MerchantRef;
  /** The id of a recurring price on the platform's account: `price_...`. The default is the first price in the platform's setting `CONNECTQL_SERVICE_PRICES`. Merchants may choose only prices that are in this setting. */
  price?: string | null | undefined;
  /** The quantity: 1 to 999,999. */
  quantity?: number;
  /** A free trial of 1 to 730 days. Merchants must omit it. */
  trialDays?: number | null | undefined;
  /** The address to which Stripe sends the browser after the merchant has subscribed. Its origin must be on the platform's allow-list. ConnectQL may receive the subscription's events later, so the merchant's `service` may not show the subscription yet. */
  successUrl: string;
  /** The address to which the back link of the page leads. Its origin must be on the platform's allow-list. */
  cancelUrl: string;
};

/** The tone of a status, for colors. */
export type StatusTone =
  /** All is well. */
  | 'POSITIVE'
  /** Neither good nor bad. */
  | 'NEUTRAL'
  /** Stripe must act first. */
  | 'WAITING'
  /** Something needs attention. */
  | 'WARNING'
  /** Payments or payouts do not work. */
  | 'CRITICAL';

/** The contact that the merchant's customers see, such as on receipts. */
export type SupportContactInput = {
  /** The e-mail address: at most 254 characters. */
  email?: string | null | undefined;
  /** The phone number with the country code, 6 to 15 digits: `+49 30 1234567`. */
  phone?: string | null | undefined;
  /** The address of a public page about support. */
  url?: string | null | undefined;
  /** The postal address. */
  address?: AddressInput | null | undefined;
};

/** The kind of a timeline entry. */
export type TimelineKind =
  /** The merchant was created, or a replacement of its account began or ended. `message` tells which. */
  | 'CREATED'
  /** Details such as the name or the country were changed, by updateMerchant or at Stripe. setFeePolicy also adds an entry of this kind. */
  | 'UPDATED'
  /** A link was issued, to the onboarding form or into the Dashboard. `message` names the page. */
  | 'LINK_ISSUED'
  /** A browser returned from Stripe's onboarding form. */
  | 'RETURNED'
  /** refreshMerchant fetched the account. */
  | 'REFRESHED'
  /** The merchant's status changed. */
  | 'STATUS_CHANGED'
  /** The requirements or their dates changed. */
  | 'REQUIREMENTS_CHANGED'
  /** A capability changed. */
  | 'CAPABILITY_CHANGED'
  /** ConnectQL found a change at Stripe for which it had received no event. */
  | 'DRIFT_REPAIRED'
  /** The account was closed. */
  | 'CLOSED'
  /** The account was disconnected from the platform. */
  | 'DISCONNECTED'
  /** The subscription to the platform's product began, ended, or changed its status, its access, its prices or its cancellation. A paid renewal has no entry. */
  | 'SERVICE_CHANGED'
  /** A payout was requested with createPayout, or Stripe refused a requested payout. */
  | 'PAYOUT_REQUESTED'
  /** Another payout schedule was requested with updatePayoutSchedule. */
  | 'PAYOUT_SCHEDULE_CHANGED';

/** The changes to a merchant. Omitted fields keep their values. */
export type UpdateMerchantInput = {
  /** The phone number at which Stripe reaches the merchant, with the country code, 6 to 15 digits: `+49 30 1234567`. */
  contactPhone?: string | null | undefined;
  /** The kind of business as a merchant category code: four digits, such as `5734`. If it is never given, Stripe's onboarding form asks for it. */
  merchantCategoryCode?: string | null | undefined;
  /** The name under which customers know the business: 1 to 255 characters. */
  doingBusinessAs?: string | null | undefined;
  /** The text on the bank statements of customers: 5 to 22 Latin characters with at least one letter, without `< > \ ' " *`. */
  statementDescriptor?: string | null | undefined;
  /** The prefix on bank statements for payments that have their own statement descriptor suffix: 2 to 10 Latin characters with at least one letter. */
  statementDescriptorPrefix?: string | null | undefined;
  /** The currency of the account's balance. If it is never given, Stripe uses the currency of the country. Stripe refuses a change after the account was activated. */
  currency?: string | null | undefined;
  /** The languages of the merchant, the preferred one first. At most 10 of the languages that Stripe supports, such as `de` or `en-GB`. */
  locales?: Array<string> | null | undefined;
  /** The contact that the merchant's customers see. */
  support?: SupportContactInput | null | undefined;
  /** The business as a legal entity. */
  business?: BusinessInput | null | undefined;
  /** The person who is the merchant. It can be given only with the entity type `INDIVIDUAL`. For other businesses, Stripe's form asks for the persons. */
  individual?: IndividualInput | null | undefined;
  /** The merchant to change. */
  merchant: MerchantRef;
  /** The new name: 1 to 255 characters. */
  displayName?: string | null | undefined;
  /** The new e-mail address to which Stripe writes to the merchant: at most 254 characters. */
  contactEmail?: string | null | undefined;
  /** The new website. */
  businessUrl?: string | null | undefined;
  /** A description of the products or services: 1 to 2,000 characters. */
  productDescription?: string | null | undefined;
  /** Additional payment capabilities to request, at most 50. Existing capabilities stay. */
  capabilities?: Array<string> | null | undefined;
  /** Payment capabilities that the account no longer requests, at most 50. Stripe refuses to remove a capability that another one needs. Without `card_payments`, the merchant accepts no cards and the status is NOT_REQUESTED. */
  giveUpCapabilities?: Array<string> | null | undefined;
  /** The id of an account token with the new details (see `accountToken` of CreateMerchantInput). `displayName`, `contactEmail`, `contactPhone`, `business` and `individual` belong in the token and must be omitted. */
  accountToken?: string | null | undefined;
};

export type DisputeQueryVariables = Exact<{
  by: DisputeRef;
}>;


export type DisputeQuery = { dispute: { __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, evidence: { __typename: 'DisputeEvidence', state: DisputeEvidenceState, version: string, submissionCount: number, recommended: Array<{ __typename: 'RecommendedEvidence', field: DisputeEvidenceField, title: string, isFile: boolean }>, programs: Array<{ __typename: 'EvidenceEligibility', program: EvidenceProgram, status: EvidenceProgramStatus, missing: Array<string> }> }, withdrawn: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, fee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, payment: { __typename: 'Payment', id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } } | null };

export type DisputesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: DisputeFilter | null | undefined;
  orderBy?: DisputeOrder;
}>;


export type DisputesQuery = { disputes: { __typename: 'DisputeConnection', edges: Array<{ __typename: 'DisputeEdge', cursor: string, node: { __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, payment: { __typename: 'Payment', id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type DisputeListChangedSubscriptionVariables = Exact<{
  filter?: DisputeFilter | null | undefined;
}>;


export type DisputeListChangedSubscription = { disputeListChanged: { __typename: 'DisputeListChange', change: ListChangeKind, disputeId: string | null, dispute: { __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, payment: { __typename: 'Payment', id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } } | null } };

export type MoneyFieldsFragment = { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string };

export type MessageFieldsFragment = { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> };

export type NextActionFieldsFragment = { __typename: 'NextAction', kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } };

export type FreshnessFieldsFragment = { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean };

export type MerchantListFieldsFragment = { __typename: 'Merchant', id: string, externalId: string, displayName: string, country: string, createdAt: string, updatedAt: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, nextAction: { __typename: 'NextAction', kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } }, requirements: { __typename: 'RequirementSet', dueCount: number, pendingCount: number, nearestDeadline: string | null } };

export type MerchantFieldsFragment = { __typename: 'Merchant', contactEmail: string, id: string, externalId: string, displayName: string, country: string, createdAt: string, updatedAt: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, summaryMessages: Array<{ __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> }>, account: { __typename: 'ConnectedAccount', id: string, stripeAccountId: string, livemode: boolean, closed: boolean } | null, dashboard: { __typename: 'DashboardAccess', type: DashboardType, available: boolean, unavailableReason: string | null, url: string | null, unavailableMessage: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } | null, tasks: Array<{ __typename: 'DashboardTask', kind: DashboardTaskKind, title: string, available: boolean, attention: number, explanation: string, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } }> }, capabilities: Array<{ __typename: 'Capability', name: string, title: string, status: CapabilityStatus, details: Array<{ __typename: 'CapabilityDetail', code: string, resolution: Resolution, explanation: string }> }>, requirements: { __typename: 'RequirementSet', transitionsAt: string | null, dueCount: number, pendingCount: number, nearestDeadline: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, futureRequirements: { __typename: 'RequirementSet', dueCount: number, transitionsAt: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, onboarding: { __typename: 'Onboarding', started: boolean, linksIssued: number, lastReturnedAt: string | null, everActiveAt: string | null }, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, nextAction: { __typename: 'NextAction', kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } } };

export type RequirementGroupFieldsFragment = { __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> };

export type MerchantSettingsFieldsFragment = { __typename: 'MerchantSettings', entityType: EntityType | null, contactPhone: string | null, merchantCategoryCode: string | null, doingBusinessAs: string | null, businessUrl: string | null, productDescription: string | null, statementDescriptor: string | null, statementDescriptorPrefix: string | null, currency: string | null, locales: Array<string>, requestedCapabilities: Array<string>, support: { __typename: 'SupportContact', email: string | null, phone: string | null, url: string | null } };

export type TimelineEntryFieldsFragment = { __typename: 'TimelineEntry', id: string, at: string, kind: TimelineKind, statusBefore: MerchantStatus | null, statusAfter: MerchantStatus | null, message: string, actor: string | null, changes: Array<{ __typename: 'TimelineChange', name: string, title: string, before: string | null, after: string | null }> };

export type PaymentListFieldsFragment = { __typename: 'Payment', id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null };

export type RefundFieldsFragment = { __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null };

export type PaymentFieldsFragment = { __typename: 'Payment', captureBefore: string | null, stripeChargeId: string | null, livemode: boolean | null, id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, failure: { __typename: 'PaymentFailure', code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, applicationFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, stripeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, checkout: { __typename: 'Checkout', status: CheckoutStatus, expiresAt: string | null, stripeCheckoutSessionId: string } | null, metadata: Array<{ __typename: 'MetadataEntry', key: string, value: string }>, refunds: Array<{ __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ __typename: 'DisputeWarning', actionable: boolean, explanation: string, stripeWarningId: string, createdAt: string | null }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null };

export type DisputeListFieldsFragment = { __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } };

export type DisputeFieldsFragment = { __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, evidence: { __typename: 'DisputeEvidence', state: DisputeEvidenceState, version: string, submissionCount: number, recommended: Array<{ __typename: 'RecommendedEvidence', field: DisputeEvidenceField, title: string, isFile: boolean }>, programs: Array<{ __typename: 'EvidenceEligibility', program: EvidenceProgram, status: EvidenceProgramStatus, missing: Array<string> }> }, withdrawn: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, fee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, payment: { __typename: 'Payment', id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } };

export type PayoutFieldsFragment = { __typename: 'Payout', id: string, status: PayoutStatus, summary: string, arrivalDate: string, isLate: boolean, automatic: boolean, method: PayoutMethod, traceId: string | null, statementDescriptor: string | null, externalId: string | null, stripePayoutId: string, createdAt: string, updatedAt: string, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, destination: { __typename: 'PayoutDestination', type: PayoutDestinationType, name: string | null, last4: string | null, country: string | null, currency: string | null } | null, failure: { __typename: 'PayoutFailure', code: string, explanation: string, remedy: string, wasPaid: boolean, noticedAt: string | null } | null };

export type PayoutObstacleFieldsFragment = { __typename: 'PayoutObstacle', kind: PayoutObstacleKind, stoppedBy: PayoutParty | null, endedBy: PayoutParty | null, since: string | null, explanation: string, remedy: string, url: string | null, payoutId: string | null };

export type BalanceFieldsFragment = { __typename: 'Balance', isNegative: boolean, amounts: Array<{ __typename: 'CurrencyBalance', currency: string, available: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, pending: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, instantAvailable: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, reserved: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean } };

export type PayoutScheduleFieldsFragment = { __typename: 'PayoutSchedule', interval: PayoutInterval, weeklyDays: Array<PayoutWeekday>, monthlyDays: Array<number>, delayDays: number | null, isEnabled: boolean, controlledBy: PayoutController, summary: string, nextPayoutEstimate: string | null, minimumBalances: Array<{ __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }> };

export type InvoiceFieldsFragment = { __typename: 'ServiceInvoice', stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null };

export type ServiceFieldsFragment = { __typename: 'ServiceSubscription', stripeSubscriptionId: string, status: ServiceStatus, access: ServiceAccess, graceUntil: string | null, summary: string, collectionMethod: CollectionMethod, daysUntilDue: number | null, trialEndsAt: string | null, currentPeriodEndsAt: string | null, cancelAt: string | null, endedAt: string | null, items: Array<{ __typename: 'ServiceItem', stripePriceId: string, quantity: number, interval: BillingInterval, intervalCount: number, unitAmount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, dunning: { __typename: 'Dunning', overdueSince: string | null, attempts: number, nextAttemptAt: string | null, invoices: Array<{ __typename: 'ServiceInvoice', stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }> } | null, invoices: Array<{ __typename: 'ServiceInvoice', stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }> };

export type PageFieldsFragment = { __typename: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null };

export type InvalidFieldFieldsFragment = { __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string };

type RefusalFields_AccountNotAdoptableError_Fragment = { __typename: 'AccountNotAdoptableError', message: string };

type RefusalFields_AccountNotFetchedError_Fragment = { __typename: 'AccountNotFetchedError', message: string };

type RefusalFields_AmountTooSmallError_Fragment = { __typename: 'AmountTooSmallError', message: string, minimum: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> };

type RefusalFields_BankAccountMissingError_Fragment = { __typename: 'BankAccountMissingError', currency: string, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> };

type RefusalFields_ComponentNotAllowedError_Fragment = { __typename: 'ComponentNotAllowedError', component: EmbeddedComponent, allowed: Array<EmbeddedComponent>, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> };

type RefusalFields_CountryNotSupportedError_Fragment = { __typename: 'CountryNotSupportedError', country: string, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> };

type RefusalFields_CurrencyNotSupportedError_Fragment = { __typename: 'CurrencyNotSupportedError', currency: string, supported: Array<string>, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> };

type RefusalFields_DashboardLinkRefusedError_Fragment = { __typename: 'DashboardLinkRefusedError', code: string, loginUrl: string, requestId: string | null, message: string };

type RefusalFields_DestinationNotEnabledError_Fragment = { __typename: 'DestinationNotEnabledError', message: string };

type RefusalFields_DisputeChangedError_Fragment = { __typename: 'DisputeChangedError', message: string };

type RefusalFields_DisputeNotAnswerableError_Fragment = { __typename: 'DisputeNotAnswerableError', message: string };

type RefusalFields_DisputeNotFoundError_Fragment = { __typename: 'DisputeNotFoundError', message: string };

type RefusalFields_DisputeOpenError_Fragment = { __typename: 'DisputeOpenError', message: string, disputed: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, cost: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, disputeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null };

type RefusalFields_EventEndpointNotFoundError_Fragment = { __typename: 'EventEndpointNotFoundError', message: string };

type RefusalFields_EventNotFoundError_Fragment = { __typename: 'EventNotFoundError', message: string };

type RefusalFields_ExternalIdTakenError_Fragment = { __typename: 'ExternalIdTakenError', externalId: string, message: string };

type RefusalFields_FeeTooLargeError_Fragment = { __typename: 'FeeTooLargeError', message: string, maximum: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> };

type RefusalFields_InvalidInputError_Fragment = { __typename: 'InvalidInputError', message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> };

type RefusalFields_MerchantNotErasableError_Fragment = { __typename: 'MerchantNotErasableError', message: string };

type RefusalFields_MerchantNotFoundError_Fragment = { __typename: 'MerchantNotFoundError', message: string };

type RefusalFields_MerchantNotReadyError_Fragment = { __typename: 'MerchantNotReadyError', message: string };

type RefusalFields_PaymentNotChangeableError_Fragment = { __typename: 'PaymentNotChangeableError', message: string };

type RefusalFields_PaymentNotFoundError_Fragment = { __typename: 'PaymentNotFoundError', message: string };

type RefusalFields_PaymentNotPayableError_Fragment = { __typename: 'PaymentNotPayableError', message: string };

type RefusalFields_PayoutTooLargeError_Fragment = { __typename: 'PayoutTooLargeError', message: string, available: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> };

type RefusalFields_PayoutsBlockedError_Fragment = { __typename: 'PayoutsBlockedError', message: string, obstacles: Array<{ __typename: 'PayoutObstacle', kind: PayoutObstacleKind, stoppedBy: PayoutParty | null, endedBy: PayoutParty | null, since: string | null, explanation: string, remedy: string, url: string | null, payoutId: string | null }> };

type RefusalFields_ProblemNotFoundError_Fragment = { __typename: 'ProblemNotFoundError', message: string };

type RefusalFields_RefundTooLargeError_Fragment = { __typename: 'RefundTooLargeError', message: string, remaining: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> };

type RefusalFields_ReplacementDiffersError_Fragment = { __typename: 'ReplacementDiffersError', message: string };

type RefusalFields_ReturnUrlNotAllowedError_Fragment = { __typename: 'ReturnUrlNotAllowedError', message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> };

type RefusalFields_ServiceRunningError_Fragment = { __typename: 'ServiceRunningError', message: string };

type RefusalFields_StripeRefusedError_Fragment = { __typename: 'StripeRefusedError', code: string, requestId: string | null, remedy: string | null, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> };

type RefusalFields_StripeUnavailableError_Fragment = { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string };

export type RefusalFieldsFragment =
  | RefusalFields_AccountNotAdoptableError_Fragment
  | RefusalFields_AccountNotFetchedError_Fragment
  | RefusalFields_AmountTooSmallError_Fragment
  | RefusalFields_BankAccountMissingError_Fragment
  | RefusalFields_ComponentNotAllowedError_Fragment
  | RefusalFields_CountryNotSupportedError_Fragment
  | RefusalFields_CurrencyNotSupportedError_Fragment
  | RefusalFields_DashboardLinkRefusedError_Fragment
  | RefusalFields_DestinationNotEnabledError_Fragment
  | RefusalFields_DisputeChangedError_Fragment
  | RefusalFields_DisputeNotAnswerableError_Fragment
  | RefusalFields_DisputeNotFoundError_Fragment
  | RefusalFields_DisputeOpenError_Fragment
  | RefusalFields_EventEndpointNotFoundError_Fragment
  | RefusalFields_EventNotFoundError_Fragment
  | RefusalFields_ExternalIdTakenError_Fragment
  | RefusalFields_FeeTooLargeError_Fragment
  | RefusalFields_InvalidInputError_Fragment
  | RefusalFields_MerchantNotErasableError_Fragment
  | RefusalFields_MerchantNotFoundError_Fragment
  | RefusalFields_MerchantNotReadyError_Fragment
  | RefusalFields_PaymentNotChangeableError_Fragment
  | RefusalFields_PaymentNotFoundError_Fragment
  | RefusalFields_PaymentNotPayableError_Fragment
  | RefusalFields_PayoutTooLargeError_Fragment
  | RefusalFields_PayoutsBlockedError_Fragment
  | RefusalFields_ProblemNotFoundError_Fragment
  | RefusalFields_RefundTooLargeError_Fragment
  | RefusalFields_ReplacementDiffersError_Fragment
  | RefusalFields_ReturnUrlNotAllowedError_Fragment
  | RefusalFields_ServiceRunningError_Fragment
  | RefusalFields_StripeRefusedError_Fragment
  | RefusalFields_StripeUnavailableError_Fragment
;

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { __typename: 'Viewer', subject: string, role: Role, permissions: Array<Permission>, merchant: { __typename: 'Merchant', contactEmail: string, id: string, externalId: string, displayName: string, country: string, createdAt: string, updatedAt: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, summaryMessages: Array<{ __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> }>, account: { __typename: 'ConnectedAccount', id: string, stripeAccountId: string, livemode: boolean, closed: boolean } | null, dashboard: { __typename: 'DashboardAccess', type: DashboardType, available: boolean, unavailableReason: string | null, url: string | null, unavailableMessage: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } | null, tasks: Array<{ __typename: 'DashboardTask', kind: DashboardTaskKind, title: string, available: boolean, attention: number, explanation: string, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } }> }, capabilities: Array<{ __typename: 'Capability', name: string, title: string, status: CapabilityStatus, details: Array<{ __typename: 'CapabilityDetail', code: string, resolution: Resolution, explanation: string }> }>, requirements: { __typename: 'RequirementSet', transitionsAt: string | null, dueCount: number, pendingCount: number, nearestDeadline: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, futureRequirements: { __typename: 'RequirementSet', dueCount: number, transitionsAt: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, onboarding: { __typename: 'Onboarding', started: boolean, linksIssued: number, lastReturnedAt: string | null, everActiveAt: string | null }, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, nextAction: { __typename: 'NextAction', kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } } } | null } };

export type MerchantQueryVariables = Exact<{
  by: MerchantRef;
}>;


export type MerchantQuery = { merchant: { __typename: 'Merchant', contactEmail: string, id: string, externalId: string, displayName: string, country: string, createdAt: string, updatedAt: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, summaryMessages: Array<{ __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> }>, account: { __typename: 'ConnectedAccount', id: string, stripeAccountId: string, livemode: boolean, closed: boolean } | null, dashboard: { __typename: 'DashboardAccess', type: DashboardType, available: boolean, unavailableReason: string | null, url: string | null, unavailableMessage: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } | null, tasks: Array<{ __typename: 'DashboardTask', kind: DashboardTaskKind, title: string, available: boolean, attention: number, explanation: string, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } }> }, capabilities: Array<{ __typename: 'Capability', name: string, title: string, status: CapabilityStatus, details: Array<{ __typename: 'CapabilityDetail', code: string, resolution: Resolution, explanation: string }> }>, requirements: { __typename: 'RequirementSet', transitionsAt: string | null, dueCount: number, pendingCount: number, nearestDeadline: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, futureRequirements: { __typename: 'RequirementSet', dueCount: number, transitionsAt: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, onboarding: { __typename: 'Onboarding', started: boolean, linksIssued: number, lastReturnedAt: string | null, everActiveAt: string | null }, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, nextAction: { __typename: 'NextAction', kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } } } | null };

export type MerchantsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: MerchantFilter | null | undefined;
  orderBy?: MerchantOrder;
}>;


export type MerchantsQuery = { merchants: { __typename: 'MerchantConnection', totalCount: number | null, edges: Array<{ __typename: 'MerchantEdge', cursor: string, node: { __typename: 'Merchant', id: string, externalId: string, displayName: string, country: string, createdAt: string, updatedAt: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, nextAction: { __typename: 'NextAction', kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } }, requirements: { __typename: 'RequirementSet', dueCount: number, pendingCount: number, nearestDeadline: string | null } } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type MerchantSettingsQueryVariables = Exact<{
  by: MerchantRef;
}>;


export type MerchantSettingsQuery = { merchant: { __typename: 'Merchant', id: string, displayName: string, contactEmail: string, country: string, settings: { __typename: 'MerchantSettings', entityType: EntityType | null, contactPhone: string | null, merchantCategoryCode: string | null, doingBusinessAs: string | null, businessUrl: string | null, productDescription: string | null, statementDescriptor: string | null, statementDescriptorPrefix: string | null, currency: string | null, locales: Array<string>, requestedCapabilities: Array<string>, support: { __typename: 'SupportContact', email: string | null, phone: string | null, url: string | null } } | null } | null };

export type MerchantTimelineQueryVariables = Exact<{
  by: MerchantRef;
  first?: number | null | undefined;
  after?: string | null | undefined;
  kinds?: Array<TimelineKind> | TimelineKind | null | undefined;
}>;


export type MerchantTimelineQuery = { merchant: { __typename: 'Merchant', id: string, timeline: { __typename: 'TimelineConnection', edges: Array<{ __typename: 'TimelineEdge', cursor: string, node: { __typename: 'TimelineEntry', id: string, at: string, kind: TimelineKind, statusBefore: MerchantStatus | null, statusAfter: MerchantStatus | null, message: string, actor: string | null, changes: Array<{ __typename: 'TimelineChange', name: string, title: string, before: string | null, after: string | null }> } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } } | null };

export type CreateMerchantMutationVariables = Exact<{
  input: CreateMerchantInput;
}>;


export type CreateMerchantMutation = { createMerchant:
    | { __typename: 'CreateMerchantPayload', created: boolean, merchant: { __typename: 'Merchant', contactEmail: string, id: string, externalId: string, displayName: string, country: string, createdAt: string, updatedAt: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, summaryMessages: Array<{ __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> }>, account: { __typename: 'ConnectedAccount', id: string, stripeAccountId: string, livemode: boolean, closed: boolean } | null, dashboard: { __typename: 'DashboardAccess', type: DashboardType, available: boolean, unavailableReason: string | null, url: string | null, unavailableMessage: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } | null, tasks: Array<{ __typename: 'DashboardTask', kind: DashboardTaskKind, title: string, available: boolean, attention: number, explanation: string, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } }> }, capabilities: Array<{ __typename: 'Capability', name: string, title: string, status: CapabilityStatus, details: Array<{ __typename: 'CapabilityDetail', code: string, resolution: Resolution, explanation: string }> }>, requirements: { __typename: 'RequirementSet', transitionsAt: string | null, dueCount: number, pendingCount: number, nearestDeadline: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, futureRequirements: { __typename: 'RequirementSet', dueCount: number, transitionsAt: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, onboarding: { __typename: 'Onboarding', started: boolean, linksIssued: number, lastReturnedAt: string | null, everActiveAt: string | null }, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, nextAction: { __typename: 'NextAction', kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } } } }
    | { __typename: 'ExternalIdTakenError', externalId: string, message: string }
    | { __typename: 'InvalidInputError', message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'CountryNotSupportedError', country: string, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'StripeRefusedError', code: string, requestId: string | null, remedy: string | null, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string, merchant: { __typename: 'Merchant', id: string, externalId: string, status: MerchantStatus } }
   };

export type UpdateMerchantMutationVariables = Exact<{
  input: UpdateMerchantInput;
}>;


export type UpdateMerchantMutation = { updateMerchant:
    | { __typename: 'UpdateMerchantPayload', merchant: { __typename: 'Merchant', contactEmail: string, id: string, externalId: string, displayName: string, country: string, createdAt: string, updatedAt: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, settings: { __typename: 'MerchantSettings', entityType: EntityType | null, contactPhone: string | null, merchantCategoryCode: string | null, doingBusinessAs: string | null, businessUrl: string | null, productDescription: string | null, statementDescriptor: string | null, statementDescriptorPrefix: string | null, currency: string | null, locales: Array<string>, requestedCapabilities: Array<string>, support: { __typename: 'SupportContact', email: string | null, phone: string | null, url: string | null } } | null, summaryMessages: Array<{ __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> }>, account: { __typename: 'ConnectedAccount', id: string, stripeAccountId: string, livemode: boolean, closed: boolean } | null, dashboard: { __typename: 'DashboardAccess', type: DashboardType, available: boolean, unavailableReason: string | null, url: string | null, unavailableMessage: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } | null, tasks: Array<{ __typename: 'DashboardTask', kind: DashboardTaskKind, title: string, available: boolean, attention: number, explanation: string, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } }> }, capabilities: Array<{ __typename: 'Capability', name: string, title: string, status: CapabilityStatus, details: Array<{ __typename: 'CapabilityDetail', code: string, resolution: Resolution, explanation: string }> }>, requirements: { __typename: 'RequirementSet', transitionsAt: string | null, dueCount: number, pendingCount: number, nearestDeadline: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, futureRequirements: { __typename: 'RequirementSet', dueCount: number, transitionsAt: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, onboarding: { __typename: 'Onboarding', started: boolean, linksIssued: number, lastReturnedAt: string | null, everActiveAt: string | null }, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, nextAction: { __typename: 'NextAction', kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } } } }
    | { __typename: 'MerchantNotFoundError', message: string }
    | { __typename: 'InvalidInputError', message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'MerchantNotReadyError', message: string }
    | { __typename: 'StripeRefusedError', code: string, requestId: string | null, remedy: string | null, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type RefreshMerchantMutationVariables = Exact<{
  input: RefreshMerchantInput;
}>;


export type RefreshMerchantMutation = { refreshMerchant:
    | { __typename: 'RefreshMerchantPayload', merchant: { __typename: 'Merchant', contactEmail: string, id: string, externalId: string, displayName: string, country: string, createdAt: string, updatedAt: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, summaryMessages: Array<{ __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> }>, account: { __typename: 'ConnectedAccount', id: string, stripeAccountId: string, livemode: boolean, closed: boolean } | null, dashboard: { __typename: 'DashboardAccess', type: DashboardType, available: boolean, unavailableReason: string | null, url: string | null, unavailableMessage: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } | null, tasks: Array<{ __typename: 'DashboardTask', kind: DashboardTaskKind, title: string, available: boolean, attention: number, explanation: string, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } }> }, capabilities: Array<{ __typename: 'Capability', name: string, title: string, status: CapabilityStatus, details: Array<{ __typename: 'CapabilityDetail', code: string, resolution: Resolution, explanation: string }> }>, requirements: { __typename: 'RequirementSet', transitionsAt: string | null, dueCount: number, pendingCount: number, nearestDeadline: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, futureRequirements: { __typename: 'RequirementSet', dueCount: number, transitionsAt: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, onboarding: { __typename: 'Onboarding', started: boolean, linksIssued: number, lastReturnedAt: string | null, everActiveAt: string | null }, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, nextAction: { __typename: 'NextAction', kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } } } }
    | { __typename: 'MerchantNotFoundError', message: string }
    | { __typename: 'MerchantNotReadyError', message: string }
    | { __typename: 'StripeRefusedError', code: string, requestId: string | null, remedy: string | null, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type CreateOnboardingLinkMutationVariables = Exact<{
  input: CreateOnboardingLinkInput;
}>;


export type CreateOnboardingLinkMutation = { createOnboardingLink:
    | { __typename: 'CreateOnboardingLinkPayload', url: string, expiresAt: string }
    | { __typename: 'MerchantNotFoundError', message: string }
    | { __typename: 'ReturnUrlNotAllowedError', message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'MerchantNotReadyError', message: string }
    | { __typename: 'StripeRefusedError', code: string, requestId: string | null, remedy: string | null, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type CreateDashboardLinkMutationVariables = Exact<{
  input: CreateDashboardLinkInput;
}>;


export type CreateDashboardLinkMutation = { createDashboardLink:
    | { __typename: 'CreateDashboardLinkPayload', url: string, expiresAt: string }
    | { __typename: 'MerchantNotFoundError', message: string }
    | { __typename: 'ReturnUrlNotAllowedError', message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'MerchantNotReadyError', message: string }
    | { __typename: 'DashboardLinkRefusedError', code: string, loginUrl: string, requestId: string | null, message: string }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type CreateAccountSessionMutationVariables = Exact<{
  input: CreateAccountSessionInput;
}>;


export type CreateAccountSessionMutation = { createAccountSession:
    | { __typename: 'CreateAccountSessionPayload', clientSecret: string, publishableKey: string | null, stripeAccountId: string, expiresAt: string, components: Array<{ __typename: 'EmbeddedComponentAccess', component: EmbeddedComponent, features: Array<EmbeddedFeature> }> }
    | { __typename: 'MerchantNotFoundError', message: string }
    | { __typename: 'InvalidInputError', message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'ComponentNotAllowedError', component: EmbeddedComponent, allowed: Array<EmbeddedComponent>, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'MerchantNotReadyError', message: string }
    | { __typename: 'StripeRefusedError', code: string, requestId: string | null, remedy: string | null, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type MerchantChangedSubscriptionVariables = Exact<{
  by: MerchantRef;
}>;


export type MerchantChangedSubscription = { merchantChanged: { __typename: 'Merchant', contactEmail: string, id: string, externalId: string, displayName: string, country: string, createdAt: string, updatedAt: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, summaryMessages: Array<{ __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> }>, account: { __typename: 'ConnectedAccount', id: string, stripeAccountId: string, livemode: boolean, closed: boolean } | null, dashboard: { __typename: 'DashboardAccess', type: DashboardType, available: boolean, unavailableReason: string | null, url: string | null, unavailableMessage: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } | null, tasks: Array<{ __typename: 'DashboardTask', kind: DashboardTaskKind, title: string, available: boolean, attention: number, explanation: string, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } }> }, capabilities: Array<{ __typename: 'Capability', name: string, title: string, status: CapabilityStatus, details: Array<{ __typename: 'CapabilityDetail', code: string, resolution: Resolution, explanation: string }> }>, requirements: { __typename: 'RequirementSet', transitionsAt: string | null, dueCount: number, pendingCount: number, nearestDeadline: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, futureRequirements: { __typename: 'RequirementSet', dueCount: number, transitionsAt: string | null, groups: Array<{ __typename: 'RequirementGroup', key: string | null, title: string, help: string | null, subject: RequirementSubject, awaitingActionFrom: Party, urgency: RequirementUrgency | null, restricts: Array<string>, person: { __typename: 'RequirementPerson', id: string | null, name: string | null, role: PersonRole | null, label: string } | null, items: Array<{ __typename: 'RequirementItem', key: string, awaitingActionFrom: Party, deadline: DeadlineStatus }>, errors: Array<{ __typename: 'RequirementError', code: string, message: string, explanation: string }> }> }, onboarding: { __typename: 'Onboarding', started: boolean, linksIssued: number, lastReturnedAt: string | null, everActiveAt: string | null }, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, nextAction: { __typename: 'NextAction', kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } } } };

export type MerchantListChangedSubscriptionVariables = Exact<{
  filter?: MerchantFilter | null | undefined;
}>;


export type MerchantListChangedSubscription = { merchantListChanged: { __typename: 'MerchantListChange', change: ListChangeKind, merchantId: string | null, merchant: { __typename: 'Merchant', id: string, externalId: string, displayName: string, country: string, createdAt: string, updatedAt: string, status: MerchantStatus, statusTitle: string, statusTone: StatusTone, statusSince: string, summary: string, canAcceptPayments: boolean, canReceivePayouts: boolean, nextAction: { __typename: 'NextAction', kind: NextActionKind, by: Party | null, label: string, isActionable: boolean, deadline: string | null, url: string | null, message: { __typename: 'Message', key: string, parameters: Array<{ __typename: 'MessageParameter', name: string, value: string }> } }, requirements: { __typename: 'RequirementSet', dueCount: number, pendingCount: number, nearestDeadline: string | null } } | null } };

export type PaymentQueryVariables = Exact<{
  by: PaymentRef;
}>;


export type PaymentQuery = { payment: { __typename: 'Payment', captureBefore: string | null, stripeChargeId: string | null, livemode: boolean | null, id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, failure: { __typename: 'PaymentFailure', code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, applicationFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, stripeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, checkout: { __typename: 'Checkout', status: CheckoutStatus, expiresAt: string | null, stripeCheckoutSessionId: string } | null, metadata: Array<{ __typename: 'MetadataEntry', key: string, value: string }>, refunds: Array<{ __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ __typename: 'DisputeWarning', actionable: boolean, explanation: string, stripeWarningId: string, createdAt: string | null }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null } | null };

export type PaymentsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: PaymentFilter | null | undefined;
  orderBy?: PaymentOrder;
}>;


export type PaymentsQuery = { payments: { __typename: 'PaymentConnection', edges: Array<{ __typename: 'PaymentEdge', cursor: string, node: { __typename: 'Payment', id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type PaymentTimelineQueryVariables = Exact<{
  by: PaymentRef;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type PaymentTimelineQuery = { payment: { __typename: 'Payment', id: string, timeline: { __typename: 'PaymentTimelineConnection', edges: Array<{ __typename: 'PaymentTimelineEdge', cursor: string, node: { __typename: 'PaymentEntry', id: string, at: string, kind: PaymentEntryKind, message: string, actor: string | null } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } } | null };

export type CreateCheckoutMutationVariables = Exact<{
  input: CreateCheckoutInput;
}>;


export type CreateCheckoutMutation = { createCheckout:
    | { __typename: 'CreateCheckoutPayload', created: boolean, url: string, expiresAt: string, payment: { __typename: 'Payment', captureBefore: string | null, stripeChargeId: string | null, livemode: boolean | null, id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, failure: { __typename: 'PaymentFailure', code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, applicationFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, stripeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, checkout: { __typename: 'Checkout', status: CheckoutStatus, expiresAt: string | null, stripeCheckoutSessionId: string } | null, metadata: Array<{ __typename: 'MetadataEntry', key: string, value: string }>, refunds: Array<{ __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ __typename: 'DisputeWarning', actionable: boolean, explanation: string, stripeWarningId: string, createdAt: string | null }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null } }
    | { __typename: 'MerchantNotFoundError', message: string }
    | { __typename: 'ExternalIdTakenError', externalId: string, message: string }
    | { __typename: 'InvalidInputError', message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'MerchantNotReadyError', message: string }
    | { __typename: 'AmountTooSmallError', message: string, minimum: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'CurrencyNotSupportedError', currency: string, supported: Array<string>, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'FeeTooLargeError', message: string, maximum: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'PaymentNotPayableError', message: string }
    | { __typename: 'StripeRefusedError', code: string, requestId: string | null, remedy: string | null, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type RefundPaymentMutationVariables = Exact<{
  input: RefundPaymentInput;
}>;


export type RefundPaymentMutation = { refundPayment:
    | { __typename: 'RefundPaymentPayload', created: boolean, warning: string | null, warningCode: RefundWarningCode | null, refund: { __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }, payment: { __typename: 'Payment', captureBefore: string | null, stripeChargeId: string | null, livemode: boolean | null, id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, failure: { __typename: 'PaymentFailure', code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, applicationFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, stripeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, checkout: { __typename: 'Checkout', status: CheckoutStatus, expiresAt: string | null, stripeCheckoutSessionId: string } | null, metadata: Array<{ __typename: 'MetadataEntry', key: string, value: string }>, refunds: Array<{ __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ __typename: 'DisputeWarning', actionable: boolean, explanation: string, stripeWarningId: string, createdAt: string | null }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null } }
    | { __typename: 'PaymentNotFoundError', message: string }
    | { __typename: 'ExternalIdTakenError', externalId: string, message: string }
    | { __typename: 'InvalidInputError', message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'RefundTooLargeError', message: string, remaining: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'DisputeOpenError', message: string, payment: { __typename: 'Payment', captureBefore: string | null, stripeChargeId: string | null, livemode: boolean | null, id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, failure: { __typename: 'PaymentFailure', code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, applicationFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, stripeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, checkout: { __typename: 'Checkout', status: CheckoutStatus, expiresAt: string | null, stripeCheckoutSessionId: string } | null, metadata: Array<{ __typename: 'MetadataEntry', key: string, value: string }>, refunds: Array<{ __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ __typename: 'DisputeWarning', actionable: boolean, explanation: string, stripeWarningId: string, createdAt: string | null }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null }, disputed: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, cost: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, disputeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }
    | { __typename: 'PaymentNotChangeableError', message: string, payment: { __typename: 'Payment', captureBefore: string | null, stripeChargeId: string | null, livemode: boolean | null, id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, failure: { __typename: 'PaymentFailure', code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, applicationFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, stripeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, checkout: { __typename: 'Checkout', status: CheckoutStatus, expiresAt: string | null, stripeCheckoutSessionId: string } | null, metadata: Array<{ __typename: 'MetadataEntry', key: string, value: string }>, refunds: Array<{ __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ __typename: 'DisputeWarning', actionable: boolean, explanation: string, stripeWarningId: string, createdAt: string | null }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null } }
    | { __typename: 'StripeRefusedError', code: string, requestId: string | null, remedy: string | null, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type CapturePaymentMutationVariables = Exact<{
  input: CapturePaymentInput;
}>;


export type CapturePaymentMutation = { capturePayment:
    | { __typename: 'CapturePaymentPayload', payment: { __typename: 'Payment', captureBefore: string | null, stripeChargeId: string | null, livemode: boolean | null, id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, failure: { __typename: 'PaymentFailure', code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, applicationFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, stripeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, checkout: { __typename: 'Checkout', status: CheckoutStatus, expiresAt: string | null, stripeCheckoutSessionId: string } | null, metadata: Array<{ __typename: 'MetadataEntry', key: string, value: string }>, refunds: Array<{ __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ __typename: 'DisputeWarning', actionable: boolean, explanation: string, stripeWarningId: string, createdAt: string | null }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null } }
    | { __typename: 'PaymentNotFoundError', message: string }
    | { __typename: 'InvalidInputError', message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'FeeTooLargeError', message: string, maximum: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'PaymentNotChangeableError', message: string, payment: { __typename: 'Payment', captureBefore: string | null, stripeChargeId: string | null, livemode: boolean | null, id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, failure: { __typename: 'PaymentFailure', code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, applicationFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, stripeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, checkout: { __typename: 'Checkout', status: CheckoutStatus, expiresAt: string | null, stripeCheckoutSessionId: string } | null, metadata: Array<{ __typename: 'MetadataEntry', key: string, value: string }>, refunds: Array<{ __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ __typename: 'DisputeWarning', actionable: boolean, explanation: string, stripeWarningId: string, createdAt: string | null }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null } }
    | { __typename: 'StripeRefusedError', code: string, requestId: string | null, remedy: string | null, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type CancelPaymentMutationVariables = Exact<{
  input: CancelPaymentInput;
}>;


export type CancelPaymentMutation = { cancelPayment:
    | { __typename: 'CancelPaymentPayload', payment: { __typename: 'Payment', captureBefore: string | null, stripeChargeId: string | null, livemode: boolean | null, id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, failure: { __typename: 'PaymentFailure', code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, applicationFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, stripeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, checkout: { __typename: 'Checkout', status: CheckoutStatus, expiresAt: string | null, stripeCheckoutSessionId: string } | null, metadata: Array<{ __typename: 'MetadataEntry', key: string, value: string }>, refunds: Array<{ __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ __typename: 'DisputeWarning', actionable: boolean, explanation: string, stripeWarningId: string, createdAt: string | null }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null } }
    | { __typename: 'PaymentNotFoundError', message: string }
    | { __typename: 'PaymentNotChangeableError', message: string, payment: { __typename: 'Payment', captureBefore: string | null, stripeChargeId: string | null, livemode: boolean | null, id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, failure: { __typename: 'PaymentFailure', code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, applicationFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, stripeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, checkout: { __typename: 'Checkout', status: CheckoutStatus, expiresAt: string | null, stripeCheckoutSessionId: string } | null, metadata: Array<{ __typename: 'MetadataEntry', key: string, value: string }>, refunds: Array<{ __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ __typename: 'DisputeWarning', actionable: boolean, explanation: string, stripeWarningId: string, createdAt: string | null }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null } }
    | { __typename: 'StripeRefusedError', code: string, requestId: string | null, remedy: string | null, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type PaymentChangedSubscriptionVariables = Exact<{
  by: PaymentRef;
}>;


export type PaymentChangedSubscription = { paymentChanged: { __typename: 'Payment', captureBefore: string | null, stripeChargeId: string | null, livemode: boolean | null, id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, failure: { __typename: 'PaymentFailure', code: string | null, declineCode: string | null, payerMessage: string, retry: PaymentRetry } | null, applicationFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, applicationFeeRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, stripeFee: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, net: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, checkout: { __typename: 'Checkout', status: CheckoutStatus, expiresAt: string | null, stripeCheckoutSessionId: string } | null, metadata: Array<{ __typename: 'MetadataEntry', key: string, value: string }>, refunds: Array<{ __typename: 'Refund', id: string, externalId: string | null, origin: PaymentOrigin, state: RefundStatus, explanation: string, reason: RefundReason | null, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, disputes: Array<{ __typename: 'Dispute', id: string, status: DisputeStatus, kind: DisputeKind, reason: string | null, explanation: string, needsResponse: boolean, dueBy: string | null, stripeDisputeId: string, createdAt: string | null, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, nextAction: { __typename: 'DisputeAction', kind: DisputeActionKind, label: string, deadline: string | null } }>, disputeWarnings: Array<{ __typename: 'DisputeWarning', actionable: boolean, explanation: string, stripeWarningId: string, createdAt: string | null }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean }, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null } };

export type PaymentListChangedSubscriptionVariables = Exact<{
  filter?: PaymentFilter | null | undefined;
}>;


export type PaymentListChangedSubscription = { paymentListChanged: { __typename: 'PaymentListChange', change: ListChangeKind, paymentId: string | null, payment: { __typename: 'Payment', id: string, externalId: string | null, origin: PaymentOrigin, state: PaymentState, refundState: RefundState, disputeState: DisputeState, summary: string, description: string | null, stripePaymentIntentId: string | null, createdAt: string, updatedAt: string, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountReceived: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, amountRefunded: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, method: { __typename: 'PaymentMethodSummary', type: string, brand: string | null, last4: string | null, country: string | null, funding: string | null, wallet: string | null } | null } | null } };

export type FinancesQueryVariables = Exact<{
  by: MerchantRef;
}>;


export type FinancesQuery = { merchant: { __typename: 'Merchant', id: string, canReceivePayouts: boolean, balance: { __typename: 'Balance', isNegative: boolean, amounts: Array<{ __typename: 'CurrencyBalance', currency: string, available: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, pending: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, instantAvailable: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, reserved: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean } } | null, payoutSchedule: { __typename: 'PayoutSchedule', interval: PayoutInterval, weeklyDays: Array<PayoutWeekday>, monthlyDays: Array<number>, delayDays: number | null, isEnabled: boolean, controlledBy: PayoutController, summary: string, nextPayoutEstimate: string | null, minimumBalances: Array<{ __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }> } | null, payoutObstacles: Array<{ __typename: 'PayoutObstacle', kind: PayoutObstacleKind, stoppedBy: PayoutParty | null, endedBy: PayoutParty | null, since: string | null, explanation: string, remedy: string, url: string | null, payoutId: string | null }> } | null };

export type PayoutsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: PayoutFilter | null | undefined;
  orderBy?: PayoutOrder;
}>;


export type PayoutsQuery = { payouts: { __typename: 'PayoutConnection', edges: Array<{ __typename: 'PayoutEdge', cursor: string, node: { __typename: 'Payout', id: string, status: PayoutStatus, summary: string, arrivalDate: string, isLate: boolean, automatic: boolean, method: PayoutMethod, traceId: string | null, statementDescriptor: string | null, externalId: string | null, stripePayoutId: string, createdAt: string, updatedAt: string, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, destination: { __typename: 'PayoutDestination', type: PayoutDestinationType, name: string | null, last4: string | null, country: string | null, currency: string | null } | null, failure: { __typename: 'PayoutFailure', code: string, explanation: string, remedy: string, wasPaid: boolean, noticedAt: string | null } | null } }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type FinancesChangedSubscriptionVariables = Exact<{
  by: MerchantRef;
}>;


export type FinancesChangedSubscription = { merchantChanged: { __typename: 'Merchant', id: string, canReceivePayouts: boolean, balance: { __typename: 'Balance', isNegative: boolean, amounts: Array<{ __typename: 'CurrencyBalance', currency: string, available: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, pending: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, instantAvailable: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }, reserved: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } }>, freshness: { __typename: 'Freshness', syncedAt: string | null, source: string | null, stale: boolean } } | null, payoutSchedule: { __typename: 'PayoutSchedule', interval: PayoutInterval, weeklyDays: Array<PayoutWeekday>, monthlyDays: Array<number>, delayDays: number | null, isEnabled: boolean, controlledBy: PayoutController, summary: string, nextPayoutEstimate: string | null, minimumBalances: Array<{ __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string }> } | null, payoutObstacles: Array<{ __typename: 'PayoutObstacle', kind: PayoutObstacleKind, stoppedBy: PayoutParty | null, endedBy: PayoutParty | null, since: string | null, explanation: string, remedy: string, url: string | null, payoutId: string | null }> } };

export type PayoutListChangedSubscriptionVariables = Exact<{
  filter?: PayoutFilter | null | undefined;
}>;


export type PayoutListChangedSubscription = { payoutListChanged: { __typename: 'PayoutListChange', change: ListChangeKind, payoutId: string | null, payout: { __typename: 'Payout', id: string, status: PayoutStatus, summary: string, arrivalDate: string, isLate: boolean, automatic: boolean, method: PayoutMethod, traceId: string | null, statementDescriptor: string | null, externalId: string | null, stripePayoutId: string, createdAt: string, updatedAt: string, amount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, destination: { __typename: 'PayoutDestination', type: PayoutDestinationType, name: string | null, last4: string | null, country: string | null, currency: string | null } | null, failure: { __typename: 'PayoutFailure', code: string, explanation: string, remedy: string, wasPaid: boolean, noticedAt: string | null } | null } | null } };

export type ServiceQueryVariables = Exact<{
  by: MerchantRef;
}>;


export type ServiceQuery = { merchant: { __typename: 'Merchant', id: string, service: { __typename: 'ServiceSubscription', stripeSubscriptionId: string, status: ServiceStatus, access: ServiceAccess, graceUntil: string | null, summary: string, collectionMethod: CollectionMethod, daysUntilDue: number | null, trialEndsAt: string | null, currentPeriodEndsAt: string | null, cancelAt: string | null, endedAt: string | null, items: Array<{ __typename: 'ServiceItem', stripePriceId: string, quantity: number, interval: BillingInterval, intervalCount: number, unitAmount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, dunning: { __typename: 'Dunning', overdueSince: string | null, attempts: number, nextAttemptAt: string | null, invoices: Array<{ __typename: 'ServiceInvoice', stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }> } | null, invoices: Array<{ __typename: 'ServiceInvoice', stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }> } | null } | null };

export type StartServiceMutationVariables = Exact<{
  input: StartServiceInput;
}>;


export type StartServiceMutation = { startService:
    | { __typename: 'StartServicePayload', created: boolean, url: string, expiresAt: string }
    | { __typename: 'MerchantNotFoundError', message: string }
    | { __typename: 'InvalidInputError', message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'MerchantNotReadyError', message: string }
    | { __typename: 'ServiceRunningError', message: string }
    | { __typename: 'StripeRefusedError', code: string, requestId: string | null, remedy: string | null, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type CreateBillingPortalLinkMutationVariables = Exact<{
  input: CreateBillingPortalLinkInput;
}>;


export type CreateBillingPortalLinkMutation = { createBillingPortalLink:
    | { __typename: 'CreateBillingPortalLinkPayload', url: string }
    | { __typename: 'MerchantNotFoundError', message: string }
    | { __typename: 'InvalidInputError', message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'MerchantNotReadyError', message: string }
    | { __typename: 'StripeRefusedError', code: string, requestId: string | null, remedy: string | null, message: string, fields: Array<{ __typename: 'InvalidField', name: string, code: InvalidFieldCode, message: string, userMessage: string }> }
    | { __typename: 'StripeUnavailableError', retryAfterSeconds: number, message: string }
   };

export type ServiceChangedSubscriptionVariables = Exact<{
  by: MerchantRef;
}>;


export type ServiceChangedSubscription = { merchantChanged: { __typename: 'Merchant', id: string, service: { __typename: 'ServiceSubscription', stripeSubscriptionId: string, status: ServiceStatus, access: ServiceAccess, graceUntil: string | null, summary: string, collectionMethod: CollectionMethod, daysUntilDue: number | null, trialEndsAt: string | null, currentPeriodEndsAt: string | null, cancelAt: string | null, endedAt: string | null, items: Array<{ __typename: 'ServiceItem', stripePriceId: string, quantity: number, interval: BillingInterval, intervalCount: number, unitAmount: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }>, dunning: { __typename: 'Dunning', overdueSince: string | null, attempts: number, nextAttemptAt: string | null, invoices: Array<{ __typename: 'ServiceInvoice', stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }> } | null, invoices: Array<{ __typename: 'ServiceInvoice', stripeInvoiceId: string, number: string | null, status: InvoiceStatus, attempts: number, nextAttemptAt: string | null, dueAt: string | null, createdAt: string | null, hostedUrl: string | null, total: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null, remaining: { __typename: 'Money', minorUnits: number, currency: string, exponent: number, decimal: string } | null }> } | null } };

export type ErrorName =
  | 'AccountNotAdoptableError'
  | 'AccountNotFetchedError'
  | 'AmountTooSmallError'
  | 'BankAccountMissingError'
  | 'ComponentNotAllowedError'
  | 'CountryNotSupportedError'
  | 'CurrencyNotSupportedError'
  | 'DashboardLinkRefusedError'
  | 'DestinationNotEnabledError'
  | 'DisputeChangedError'
  | 'DisputeNotAnswerableError'
  | 'DisputeNotFoundError'
  | 'DisputeOpenError'
  | 'EventEndpointNotFoundError'
  | 'EventNotFoundError'
  | 'ExternalIdTakenError'
  | 'FeeTooLargeError'
  | 'InvalidInputError'
  | 'MerchantNotErasableError'
  | 'MerchantNotFoundError'
  | 'MerchantNotReadyError'
  | 'PaymentNotChangeableError'
  | 'PaymentNotFoundError'
  | 'PaymentNotPayableError'
  | 'PayoutTooLargeError'
  | 'PayoutsBlockedError'
  | 'ProblemNotFoundError'
  | 'RefundTooLargeError'
  | 'ReplacementDiffersError'
  | 'ReturnUrlNotAllowedError'
  | 'ServiceRunningError'
  | 'StripeRefusedError'
  | 'StripeUnavailableError'

const MoneyFields = /* @__PURE__ */ fragment("MoneyFields", "Money", "minorUnits currency exponent decimal")
const MessageFields = /* @__PURE__ */ fragment("MessageFields", "Message", "key parameters{name value}")
const NextActionFields = /* @__PURE__ */ fragment("NextActionFields", "NextAction", "kind by label message{...MessageFields}isActionable deadline url")
const FreshnessFields = /* @__PURE__ */ fragment("FreshnessFields", "Freshness", "syncedAt source stale")
const MerchantListFields = /* @__PURE__ */ fragment("MerchantListFields", "Merchant", "id externalId displayName country createdAt updatedAt status statusTitle statusTone statusSince summary canAcceptPayments canReceivePayouts nextAction{...NextActionFields}requirements{dueCount pendingCount nearestDeadline}")
const MerchantFields = /* @__PURE__ */ fragment("MerchantFields", "Merchant", "...MerchantListFields contactEmail summaryMessages{...MessageFields}account{id stripeAccountId livemode closed}dashboard{type available unavailableReason unavailableMessage{...MessageFields}url tasks{kind title available attention explanation message{...MessageFields}deadline url}}capabilities{name title status details{code resolution explanation}}requirements{transitionsAt groups{...RequirementGroupFields}}futureRequirements{dueCount transitionsAt groups{...RequirementGroupFields}}onboarding{started linksIssued lastReturnedAt everActiveAt}freshness{...FreshnessFields}")
const RequirementGroupFields = /* @__PURE__ */ fragment("RequirementGroupFields", "RequirementGroup", "key title help subject person{id name role label}awaitingActionFrom urgency items{key awaitingActionFrom deadline}errors{code message explanation}restricts")
const MerchantSettingsFields = /* @__PURE__ */ fragment("MerchantSettingsFields", "MerchantSettings", "entityType contactPhone merchantCategoryCode doingBusinessAs businessUrl productDescription statementDescriptor statementDescriptorPrefix currency locales support{email phone url}requestedCapabilities")
const TimelineEntryFields = /* @__PURE__ */ fragment("TimelineEntryFields", "TimelineEntry", "id at kind statusBefore statusAfter message changes{name title before after}actor")
const PaymentListFields = /* @__PURE__ */ fragment("PaymentListFields", "Payment", "id externalId origin state refundState disputeState summary amount{...MoneyFields}amountReceived{...MoneyFields}amountRefunded{...MoneyFields}method{type brand last4 country funding wallet}description stripePaymentIntentId createdAt updatedAt")
const RefundFields = /* @__PURE__ */ fragment("RefundFields", "Refund", "id externalId origin amount{...MoneyFields}state explanation reason createdAt")
const PaymentFields = /* @__PURE__ */ fragment("PaymentFields", "Payment", "...PaymentListFields failure{code declineCode payerMessage retry}applicationFee{...MoneyFields}applicationFeeRefunded{...MoneyFields}stripeFee{...MoneyFields}net{...MoneyFields}checkout{status expiresAt stripeCheckoutSessionId}captureBefore metadata{key value}refunds{...RefundFields}disputes{...DisputeListFields}disputeWarnings{actionable explanation stripeWarningId createdAt}stripeChargeId livemode freshness{...FreshnessFields}")
const DisputeListFields = /* @__PURE__ */ fragment("DisputeListFields", "Dispute", "id status kind amount{...MoneyFields}reason explanation needsResponse dueBy nextAction{kind label deadline}stripeDisputeId createdAt")
const DisputeFields = /* @__PURE__ */ fragment("DisputeFields", "Dispute", "...DisputeListFields evidence{state version submissionCount recommended{field title isFile}programs{program status missing}}withdrawn{...MoneyFields}fee{...MoneyFields}payment{...PaymentListFields}")
const PayoutFields = /* @__PURE__ */ fragment("PayoutFields", "Payout", "id status summary amount{...MoneyFields}arrivalDate isLate automatic method destination{type name last4 country currency}failure{code explanation remedy wasPaid noticedAt}traceId statementDescriptor externalId stripePayoutId createdAt updatedAt")
const PayoutObstacleFields = /* @__PURE__ */ fragment("PayoutObstacleFields", "PayoutObstacle", "kind stoppedBy endedBy since explanation remedy url payoutId")
const BalanceFields = /* @__PURE__ */ fragment("BalanceFields", "Balance", "amounts{currency available{...MoneyFields}pending{...MoneyFields}instantAvailable{...MoneyFields}reserved{...MoneyFields}}isNegative freshness{...FreshnessFields}")
const PayoutScheduleFields = /* @__PURE__ */ fragment("PayoutScheduleFields", "PayoutSchedule", "interval weeklyDays monthlyDays delayDays minimumBalances{...MoneyFields}isEnabled controlledBy summary nextPayoutEstimate")
const InvoiceFields = /* @__PURE__ */ fragment("InvoiceFields", "ServiceInvoice", "stripeInvoiceId number status total{...MoneyFields}remaining{...MoneyFields}attempts nextAttemptAt dueAt createdAt hostedUrl")
const ServiceFields = /* @__PURE__ */ fragment("ServiceFields", "ServiceSubscription", "stripeSubscriptionId status access graceUntil summary collectionMethod daysUntilDue trialEndsAt currentPeriodEndsAt cancelAt endedAt items{stripePriceId quantity unitAmount{...MoneyFields}interval intervalCount}dunning{overdueSince attempts nextAttemptAt invoices{...InvoiceFields}}invoices{...InvoiceFields}")
const PageFields = /* @__PURE__ */ fragment("PageFields", "PageInfo", "hasNextPage hasPreviousPage startCursor endCursor")
const InvalidFieldFields = /* @__PURE__ */ fragment("InvalidFieldFields", "InvalidField", "name code message userMessage")
const RefusalFields = /* @__PURE__ */ fragment("RefusalFields", "Error", "message ...on InvalidInputError{fields{...InvalidFieldFields}}...on ExternalIdTakenError{externalId}...on CountryNotSupportedError{country fields{...InvalidFieldFields}}...on ReturnUrlNotAllowedError{fields{...InvalidFieldFields}}...on DashboardLinkRefusedError{code loginUrl requestId}...on StripeRefusedError{code requestId remedy fields{...InvalidFieldFields}}...on StripeUnavailableError{retryAfterSeconds}...on AmountTooSmallError{minimum{...MoneyFields}fields{...InvalidFieldFields}}...on CurrencyNotSupportedError{currency supported fields{...InvalidFieldFields}}...on FeeTooLargeError{maximum{...MoneyFields}fields{...InvalidFieldFields}}...on RefundTooLargeError{remaining{...MoneyFields}fields{...InvalidFieldFields}}...on DisputeOpenError{disputed{...MoneyFields}cost{...MoneyFields}disputeFee{...MoneyFields}}...on PayoutTooLargeError{available{...MoneyFields}fields{...InvalidFieldFields}}...on PayoutsBlockedError{obstacles{...PayoutObstacleFields}}...on BankAccountMissingError{currency fields{...InvalidFieldFields}}...on ComponentNotAllowedError{component allowed fields{...InvalidFieldFields}}")
export const DisputeDocument = /* @__PURE__ */ operation("query", "Dispute", "by:DisputeRef!", "dispute(by){...DisputeFields}", DisputeFields, DisputeListFields, MoneyFields, PaymentListFields) as Document<DisputeQuery, DisputeQueryVariables>
export const DisputesDocument = /* @__PURE__ */ operation("query", "Disputes", "first:Int=20 after:String filter:DisputeFilter orderBy:DisputeOrder!=DUE_BY_ASC", "disputes(first,after,filter,orderBy){edges{cursor node{...DisputeListFields payment{...PaymentListFields}}}pageInfo{...PageFields}}", DisputeListFields, MoneyFields, PageFields, PaymentListFields) as Document<DisputesQuery, DisputesQueryVariables>
export const DisputeListChangedDocument = /* @__PURE__ */ operation("subscription", "DisputeListChanged", "filter:DisputeFilter", "disputeListChanged(filter){change disputeId dispute{...DisputeListFields payment{...PaymentListFields}}}", DisputeListFields, MoneyFields, PaymentListFields) as Document<DisputeListChangedSubscription, DisputeListChangedSubscriptionVariables>
export const ViewerDocument = /* @__PURE__ */ operation("query", "Viewer", "", "viewer{subject role permissions merchant{...MerchantFields}}", FreshnessFields, MerchantFields, MerchantListFields, MessageFields, NextActionFields, RequirementGroupFields) as Document<ViewerQuery, ViewerQueryVariables>
export const MerchantDocument = /* @__PURE__ */ operation("query", "Merchant", "by:MerchantRef!", "merchant(by){...MerchantFields}", FreshnessFields, MerchantFields, MerchantListFields, MessageFields, NextActionFields, RequirementGroupFields) as Document<MerchantQuery, MerchantQueryVariables>
export const MerchantsDocument = /* @__PURE__ */ operation("query", "Merchants", "first:Int=20 after:String filter:MerchantFilter orderBy:MerchantOrder!=CREATED_AT_DESC", "merchants(first,after,filter,orderBy){totalCount edges{cursor node{...MerchantListFields}}pageInfo{...PageFields}}", MerchantListFields, MessageFields, NextActionFields, PageFields) as Document<MerchantsQuery, MerchantsQueryVariables>
export const MerchantSettingsDocument = /* @__PURE__ */ operation("query", "MerchantSettings", "by:MerchantRef!", "merchant(by){id displayName contactEmail country settings{...MerchantSettingsFields}}", MerchantSettingsFields) as Document<MerchantSettingsQuery, MerchantSettingsQueryVariables>
export const MerchantTimelineDocument = /* @__PURE__ */ operation("query", "MerchantTimeline", "by:MerchantRef! first:Int=20 after:String kinds:[TimelineKind!]", "merchant(by){id timeline(first,after,kinds){edges{cursor node{...TimelineEntryFields}}pageInfo{...PageFields}}}", PageFields, TimelineEntryFields) as Document<MerchantTimelineQuery, MerchantTimelineQueryVariables>
export const CreateMerchantDocument = /* @__PURE__ */ operation("mutation", "CreateMerchant", "input:CreateMerchantInput!", "createMerchant(input){...on CreateMerchantPayload{created merchant{...MerchantFields}}...on StripeUnavailableError{merchant{id externalId status}}...RefusalFields}", FreshnessFields, InvalidFieldFields, MerchantFields, MerchantListFields, MessageFields, MoneyFields, NextActionFields, PayoutObstacleFields, RefusalFields, RequirementGroupFields) as Document<CreateMerchantMutation, CreateMerchantMutationVariables>
export const UpdateMerchantDocument = /* @__PURE__ */ operation("mutation", "UpdateMerchant", "input:UpdateMerchantInput!", "updateMerchant(input){...on UpdateMerchantPayload{merchant{...MerchantFields settings{...MerchantSettingsFields}}}...RefusalFields}", FreshnessFields, InvalidFieldFields, MerchantFields, MerchantListFields, MerchantSettingsFields, MessageFields, MoneyFields, NextActionFields, PayoutObstacleFields, RefusalFields, RequirementGroupFields) as Document<UpdateMerchantMutation, UpdateMerchantMutationVariables>
export const RefreshMerchantDocument = /* @__PURE__ */ operation("mutation", "RefreshMerchant", "input:RefreshMerchantInput!", "refreshMerchant(input){...on RefreshMerchantPayload{merchant{...MerchantFields}}...RefusalFields}", FreshnessFields, InvalidFieldFields, MerchantFields, MerchantListFields, MessageFields, MoneyFields, NextActionFields, PayoutObstacleFields, RefusalFields, RequirementGroupFields) as Document<RefreshMerchantMutation, RefreshMerchantMutationVariables>
export const CreateOnboardingLinkDocument = /* @__PURE__ */ operation("mutation", "CreateOnboardingLink", "input:CreateOnboardingLinkInput!", "createOnboardingLink(input){...on CreateOnboardingLinkPayload{url expiresAt}...RefusalFields}", InvalidFieldFields, MoneyFields, PayoutObstacleFields, RefusalFields) as Document<CreateOnboardingLinkMutation, CreateOnboardingLinkMutationVariables>
export const CreateDashboardLinkDocument = /* @__PURE__ */ operation("mutation", "CreateDashboardLink", "input:CreateDashboardLinkInput!", "createDashboardLink(input){...on CreateDashboardLinkPayload{url expiresAt}...RefusalFields}", InvalidFieldFields, MoneyFields, PayoutObstacleFields, RefusalFields) as Document<CreateDashboardLinkMutation, CreateDashboardLinkMutationVariables>
export const CreateAccountSessionDocument = /* @__PURE__ */ operation("mutation", "CreateAccountSession", "input:CreateAccountSessionInput!", "createAccountSession(input){...on CreateAccountSessionPayload{clientSecret publishableKey stripeAccountId expiresAt components{component features}}...RefusalFields}", InvalidFieldFields, MoneyFields, PayoutObstacleFields, RefusalFields) as Document<CreateAccountSessionMutation, CreateAccountSessionMutationVariables>
export const MerchantChangedDocument = /* @__PURE__ */ operation("subscription", "MerchantChanged", "by:MerchantRef!", "merchantChanged(by){...MerchantFields}", FreshnessFields, MerchantFields, MerchantListFields, MessageFields, NextActionFields, RequirementGroupFields) as Document<MerchantChangedSubscription, MerchantChangedSubscriptionVariables>
export const MerchantListChangedDocument = /* @__PURE__ */ operation("subscription", "MerchantListChanged", "filter:MerchantFilter", "merchantListChanged(filter){change merchantId merchant{...MerchantListFields}}", MerchantListFields, MessageFields, NextActionFields) as Document<MerchantListChangedSubscription, MerchantListChangedSubscriptionVariables>
export const PaymentDocument = /* @__PURE__ */ operation("query", "Payment", "by:PaymentRef!", "payment(by){...PaymentFields}", DisputeListFields, FreshnessFields, MoneyFields, PaymentFields, PaymentListFields, RefundFields) as Document<PaymentQuery, PaymentQueryVariables>
export const PaymentsDocument = /* @__PURE__ */ operation("query", "Payments", "first:Int=20 after:String filter:PaymentFilter orderBy:PaymentOrder!=CREATED_AT_DESC", "payments(first,after,filter,orderBy){edges{cursor node{...PaymentListFields}}pageInfo{...PageFields}}", MoneyFields, PageFields, PaymentListFields) as Document<PaymentsQuery, PaymentsQueryVariables>
export const PaymentTimelineDocument = /* @__PURE__ */ operation("query", "PaymentTimeline", "by:PaymentRef! first:Int=20 after:String", "payment(by){id timeline(first,after){edges{cursor node{id at kind message actor}}pageInfo{...PageFields}}}", PageFields) as Document<PaymentTimelineQuery, PaymentTimelineQueryVariables>
export const CreateCheckoutDocument = /* @__PURE__ */ operation("mutation", "CreateCheckout", "input:CreateCheckoutInput!", "createCheckout(input){...on CreateCheckoutPayload{created url expiresAt payment{...PaymentFields}}...RefusalFields}", DisputeListFields, FreshnessFields, InvalidFieldFields, MoneyFields, PaymentFields, PaymentListFields, PayoutObstacleFields, RefundFields, RefusalFields) as Document<CreateCheckoutMutation, CreateCheckoutMutationVariables>
export const RefundPaymentDocument = /* @__PURE__ */ operation("mutation", "RefundPayment", "input:RefundPaymentInput!", "refundPayment(input){...on RefundPaymentPayload{created warning warningCode refund{...RefundFields}payment{...PaymentFields}}...on DisputeOpenError{payment{...PaymentFields}}...on PaymentNotChangeableError{payment{...PaymentFields}}...RefusalFields}", DisputeListFields, FreshnessFields, InvalidFieldFields, MoneyFields, PaymentFields, PaymentListFields, PayoutObstacleFields, RefundFields, RefusalFields) as Document<RefundPaymentMutation, RefundPaymentMutationVariables>
export const CapturePaymentDocument = /* @__PURE__ */ operation("mutation", "CapturePayment", "input:CapturePaymentInput!", "capturePayment(input){...on CapturePaymentPayload{payment{...PaymentFields}}...on PaymentNotChangeableError{payment{...PaymentFields}}...RefusalFields}", DisputeListFields, FreshnessFields, InvalidFieldFields, MoneyFields, PaymentFields, PaymentListFields, PayoutObstacleFields, RefundFields, RefusalFields) as Document<CapturePaymentMutation, CapturePaymentMutationVariables>
export const CancelPaymentDocument = /* @__PURE__ */ operation("mutation", "CancelPayment", "input:CancelPaymentInput!", "cancelPayment(input){...on CancelPaymentPayload{payment{...PaymentFields}}...on PaymentNotChangeableError{payment{...PaymentFields}}...RefusalFields}", DisputeListFields, FreshnessFields, InvalidFieldFields, MoneyFields, PaymentFields, PaymentListFields, PayoutObstacleFields, RefundFields, RefusalFields) as Document<CancelPaymentMutation, CancelPaymentMutationVariables>
export const PaymentChangedDocument = /* @__PURE__ */ operation("subscription", "PaymentChanged", "by:PaymentRef!", "paymentChanged(by){...PaymentFields}", DisputeListFields, FreshnessFields, MoneyFields, PaymentFields, PaymentListFields, RefundFields) as Document<PaymentChangedSubscription, PaymentChangedSubscriptionVariables>
export const PaymentListChangedDocument = /* @__PURE__ */ operation("subscription", "PaymentListChanged", "filter:PaymentFilter", "paymentListChanged(filter){change paymentId payment{...PaymentListFields}}", MoneyFields, PaymentListFields) as Document<PaymentListChangedSubscription, PaymentListChangedSubscriptionVariables>
export const FinancesDocument = /* @__PURE__ */ operation("query", "Finances", "by:MerchantRef!", "merchant(by){id canReceivePayouts balance{...BalanceFields}payoutSchedule{...PayoutScheduleFields}payoutObstacles{...PayoutObstacleFields}}", BalanceFields, FreshnessFields, MoneyFields, PayoutObstacleFields, PayoutScheduleFields) as Document<FinancesQuery, FinancesQueryVariables>
export const PayoutsDocument = /* @__PURE__ */ operation("query", "Payouts", "first:Int=20 after:String filter:PayoutFilter orderBy:PayoutOrder!=CREATED_AT_DESC", "payouts(first,after,filter,orderBy){edges{cursor node{...PayoutFields}}pageInfo{...PageFields}}", MoneyFields, PageFields, PayoutFields) as Document<PayoutsQuery, PayoutsQueryVariables>
export const FinancesChangedDocument = /* @__PURE__ */ operation("subscription", "FinancesChanged", "by:MerchantRef!", "merchantChanged(by){id canReceivePayouts balance{...BalanceFields}payoutSchedule{...PayoutScheduleFields}payoutObstacles{...PayoutObstacleFields}}", BalanceFields, FreshnessFields, MoneyFields, PayoutObstacleFields, PayoutScheduleFields) as Document<FinancesChangedSubscription, FinancesChangedSubscriptionVariables>
export const PayoutListChangedDocument = /* @__PURE__ */ operation("subscription", "PayoutListChanged", "filter:PayoutFilter", "payoutListChanged(filter){change payoutId payout{...PayoutFields}}", MoneyFields, PayoutFields) as Document<PayoutListChangedSubscription, PayoutListChangedSubscriptionVariables>
export const ServiceDocument = /* @__PURE__ */ operation("query", "Service", "by:MerchantRef!", "merchant(by){id service{...ServiceFields}}", InvoiceFields, MoneyFields, ServiceFields) as Document<ServiceQuery, ServiceQueryVariables>
export const StartServiceDocument = /* @__PURE__ */ operation("mutation", "StartService", "input:StartServiceInput!", "startService(input){...on StartServicePayload{created url expiresAt}...RefusalFields}", InvalidFieldFields, MoneyFields, PayoutObstacleFields, RefusalFields) as Document<StartServiceMutation, StartServiceMutationVariables>
export const CreateBillingPortalLinkDocument = /* @__PURE__ */ operation("mutation", "CreateBillingPortalLink", "input:CreateBillingPortalLinkInput!", "createBillingPortalLink(input){...on CreateBillingPortalLinkPayload{url}...RefusalFields}", InvalidFieldFields, MoneyFields, PayoutObstacleFields, RefusalFields) as Document<CreateBillingPortalLinkMutation, CreateBillingPortalLinkMutationVariables>
export const ServiceChangedDocument = /* @__PURE__ */ operation("subscription", "ServiceChanged", "by:MerchantRef!", "merchantChanged(by){id service{...ServiceFields}}", InvoiceFields, MoneyFields, ServiceFields) as Document<ServiceChangedSubscription, ServiceChangedSubscriptionVariables>
