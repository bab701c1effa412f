"""Expected refusals and failures.

ConnectError
├── InvalidInput            fields of the input are invalid
├── MerchantNotFound        the merchant does not exist, or the caller may not see it
├── ExternalIdTaken         the external id belongs to an object that was created from another input
├── PaymentNotFound         the payment does not exist, or the caller may not see it
├── PayoutNotFound          the payout does not exist, or the caller may not see it
├── DisputeNotFound         the dispute does not exist, or the caller may not see it
├── DisputeNotAnswerable    the dispute does not accept the answer
├── DisputeChanged          the dispute has changed since the caller read it
├── ReplacementDiffers      the account is being replaced, or was replaced, by a call with another input
├── AccountNotAdoptable     the account does not meet the conditions of an adoption
├── AccountNotFetched       Stripe gave no definite answer about an account to adopt: a retry may succeed
├── CountryNotSupported     Stripe opens no account with card payments in the country
├── ReturnUrlNotAllowed     the return address is not on the allow-list
├── MerchantNotReady        the merchant's state does not permit the call
├── MerchantNotErasable     something of the merchant is still open, such as its account or a request
├── ComponentNotAllowed     the platform does not let merchants use this embedded component
├── ServiceRunning          the merchant's subscription to the platform's product has not ended
├── PaymentNotPayable       the payment can no longer be paid, for example because it is paid or canceled
├── PaymentNotChangeable    the payment's state does not permit the change
├── RefundTooLarge          the refund is higher than the amount that can still be refunded
├── DisputeOpen             the payer's bank disputes or questions the payment, so a refund could pay twice
├── AmountTooSmall          the total is below Stripe's minimum charge on the merchant's account
├── CurrencyNotSupported    the platform's fee policy has no terms for the currency
├── FeeTooLarge             the platform's fee is higher than the amount
├── PayoutsBlocked          Stripe pays nothing out to the merchant now
├── PayoutTooLarge          the payout is higher than the balance from which it would be paid
├── BankAccountMissing      the merchant has no bank account in the currency of the payout
├── EventNotFound           the event does not exist
├── EndpointNotFound        the endpoint for outgoing events does not exist
├── DestinationNotEnabled   the event destination could not be enabled
├── ProblemNotFound         the platform does not have the named problem at present
├── StripeRefused           Stripe refused the request: a retry would be refused as well
│   └── StripeNotFound      Stripe has no such object for this platform, or no longer has it
├── DashboardLinkRefused    Stripe issues no link into the Dashboard: the merchant logs in instead
├── StripeUnavailable       Stripe gave no definite answer: a retry may succeed
│   ├── AnswerUnusable      Stripe's answer does not have the expected form
│   ├── TooManyCalls        a limit of calls to Stripe is reached, so Stripe was not called
│   ├── StripeKeyRefused    Stripe does not accept the platform's API key: an operator must replace it
│   └── StripePermissionMissing  the platform's restricted key lacks a permission: an operator must add it
├── UnknownAccount          Stripe does not know the account of an event, or the event names no account
└── UnknownPayment          the object of an event belongs to no known payment, at least not yet
"""

from connect.errors.base import ConnectError as ConnectError
from connect.errors.base import FieldCode as FieldCode
from connect.errors.base import InvalidField as InvalidField
from connect.errors.base import InvalidInput as InvalidInput
from connect.errors.disputes import DisputeChanged as DisputeChanged
from connect.errors.disputes import DisputeNotAnswerable as DisputeNotAnswerable
from connect.errors.disputes import DisputeNotFound as DisputeNotFound
from connect.errors.merchants import AccountNotAdoptable as AccountNotAdoptable
from connect.errors.merchants import AccountNotFetched as AccountNotFetched
from connect.errors.merchants import ComponentNotAllowed as ComponentNotAllowed
from connect.errors.merchants import CountryNotSupported as CountryNotSupported
from connect.errors.merchants import DashboardLinkRefused as DashboardLinkRefused
from connect.errors.merchants import ExternalIdTaken as ExternalIdTaken
from connect.errors.merchants import MerchantNotErasable as MerchantNotErasable
from connect.errors.merchants import MerchantNotFound as MerchantNotFound
from connect.errors.merchants import MerchantNotReady as MerchantNotReady
from connect.errors.merchants import ReplacementDiffers as ReplacementDiffers
from connect.errors.merchants import ReturnUrlNotAllowed as ReturnUrlNotAllowed
from connect.errors.merchants import ServiceRunning as ServiceRunning
from connect.errors.neutral import for_merchants as for_merchants
from connect.errors.payments import AmountTooSmall as AmountTooSmall
from connect.errors.payments import CurrencyNotSupported as CurrencyNotSupported
from connect.errors.payments import DisputeOpen as DisputeOpen
from connect.errors.payments import FeeTooLarge as FeeTooLarge
from connect.errors.payments import PaymentNotChangeable as PaymentNotChangeable
from connect.errors.payments import PaymentNotFound as PaymentNotFound
from connect.errors.payments import PaymentNotPayable as PaymentNotPayable
from connect.errors.payments import RefundTooLarge as RefundTooLarge
from connect.errors.payouts import BankAccountMissing as BankAccountMissing
from connect.errors.payouts import PayoutNotFound as PayoutNotFound
from connect.errors.payouts import PayoutsBlocked as PayoutsBlocked
from connect.errors.payouts import PayoutTooLarge as PayoutTooLarge
from connect.errors.platform import DestinationNotEnabled as DestinationNotEnabled
from connect.errors.platform import EndpointNotFound as EndpointNotFound
from connect.errors.platform import EventNotFound as EventNotFound
from connect.errors.platform import ProblemNotFound as ProblemNotFound
from connect.errors.platform import UnknownAccount as UnknownAccount
from connect.errors.platform import UnknownPayment as UnknownPayment
from connect.errors.stripe_api import AnswerUnusable as AnswerUnusable
from connect.errors.stripe_api import StripeKeyRefused as StripeKeyRefused
from connect.errors.stripe_api import StripeNotFound as StripeNotFound
from connect.errors.stripe_api import StripePermissionMissing as StripePermissionMissing
from connect.errors.stripe_api import StripeRefused as StripeRefused
from connect.errors.stripe_api import StripeUnavailable as StripeUnavailable
from connect.errors.stripe_api import TooManyCalls as TooManyCalls
from connect.errors.stripe_api import permissions as permissions
