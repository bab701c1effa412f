"""Checks of the inputs of payments, before anything is stored or sent to Stripe. Pure.

A check raises InvalidInput with every invalid field. AmountTooSmall, CurrencyNotSupported and FeeTooLarge are
raised later, because they depend on the account and on the platform's fee policy.
"""

from connect.payments.inputs.payments import CaptureMode as CaptureMode
from connect.payments.inputs.payments import Common as Common
from connect.payments.inputs.payments import Line as Line
from connect.payments.inputs.payments import NewCheckout as NewCheckout
from connect.payments.inputs.payments import NewIntent as NewIntent
from connect.payments.inputs.payments import check_checkout as check_checkout
from connect.payments.inputs.payments import check_for_account as check_for_account
from connect.payments.inputs.payments import check_intent as check_intent
from connect.payments.inputs.refusals import name_fields as name_fields
