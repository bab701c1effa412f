"""Finds the input field that Stripe refused. API v1 names the refused parameter in `param`."""

import re

from connect.errors import FieldCode, InvalidField, StripeRefused
from connect.merchants.wording.refusals import refusal as remedy_for

_LINE = re.compile(r"line_items\[(\d{1,3})\](.*)")
_OF_LINE = {
    "[quantity]": "quantity",
    "[price_data][currency]": "unitAmount.currency",
    "[price_data][unit_amount]": "unitAmount.minorUnits",
    "[price_data][product_data][name]": "name",
    "[price_data][product_data][description]": "description",
}
# The field of the input for each parameter of Stripe. The parameters lack the prefix `payment_intent_data`.
_FIELDS = {
    "amount": "amount.minorUnits",
    "application_fee_amount": "fee",
    "cancel_url": "cancelUrl",
    "capture_method": "capture",
    "currency": "amount.currency",
    "customer": "stripeCustomerId",
    "customer_email": "customerEmail",
    "description": "description",
    "expires_at": "expiresInMinutes",
    "line_items": "lines",
    "locale": "locale",
    "metadata": "metadata",
    "receipt_email": "receiptEmail",
    "statement_descriptor_suffix": "statementDescriptorSuffix",
    "success_url": "successUrl",
}
_NESTED = re.compile(r"payment_intent_data\[(\w+)\]")
# If the total of a page is below the minimum, Stripe's refusal has no code and no parameter.
_TOO_SMALL = "total amount due must add up to at least"
_CODES = {
    "amount_too_large": FieldCode.AMOUNT_INVALID,
    "amount_too_small": FieldCode.AMOUNT_INVALID,
    "application_fees_not_allowed": FieldCode.NOT_AVAILABLE,
    "email_invalid": FieldCode.EMAIL_INVALID,
    "parameter_invalid_integer": FieldCode.AMOUNT_INVALID,
    "resource_missing": FieldCode.CUSTOMER_INVALID,
    "statement_descriptor_invalid": FieldCode.STATEMENT_DESCRIPTOR_INVALID,
    "url_invalid": FieldCode.URL_INVALID,
}


def name_fields(refusal: StripeRefused) -> None:
    """Set `fields` of the refusal to the input field that Stripe refused, if Stripe's answer shows it."""
    is_too_small = _TOO_SMALL in refusal.detail
    name = "lines" if is_too_small else _field(refusal.param or "")
    if name is None:
        return
    code = FieldCode.AMOUNT_INVALID if is_too_small else _CODES.get(refusal.code, FieldCode.REFUSED_BY_STRIPE)
    remedy = remedy_for(refusal.code)
    message = f"{refusal.message} {remedy}" if remedy else refusal.message
    refusal.fields = (InvalidField(name, code, message, "Check this value."),)


def _field(param: str) -> str | None:
    line = _LINE.fullmatch(param)
    if line is not None:
        part = _OF_LINE.get(line[2])
        return f"lines[{line[1]}].{part}" if part is not None else f"lines[{line[1]}]"
    nested = _NESTED.fullmatch(param)
    return _FIELDS.get(nested[1] if nested is not None else param)
