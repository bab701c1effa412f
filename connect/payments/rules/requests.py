"""Builds the bodies of requests about payments from checked inputs. Pure.

No body contains `payment_method_types`, so Stripe offers the account's payment methods that suit the payment
(https://docs.stripe.com/payments/payment-methods/dynamic-payment-methods).
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from connect.merchants.rules.requests import given
from connect.payments.inputs import CaptureMode, Common, Line, NewCheckout, NewIntent
from connect.payments.inputs.payments import EXPIRY
from connect.payments.rules.snapshot import PAYMENT_KEY

# Stripe compares the expiry with its own clock when the request arrives, so the expiry needs some margin.
SPARE = timedelta(minutes=1)


def of_checkout(payment_id: uuid.UUID, new: NewCheckout, fee: int, at: datetime) -> dict[str, Any]:
    """The request for a Checkout Session (https://docs.stripe.com/api/checkout/sessions/create).

    Stripe does not copy the session's metadata to the intent, so the request contains the metadata twice.
    """
    metadata = _metadata(payment_id, new)
    return {
        "mode": "payment",
        "line_items": [_line(line) for line in new.lines],
        "success_url": new.success_url,
        "cancel_url": new.cancel_url,
        "client_reference_id": str(payment_id),
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata, **_charge(new, fee)},
        **given(
            customer_email=new.customer_email,
            locale=new.locale,
            expires_at=_expires_at(new.expires_in, at) if new.expires_in is not None else None,
        ),
    }


def of_intent(payment_id: uuid.UUID, new: NewIntent, fee: int) -> dict[str, Any]:
    """The request for a PaymentIntent (https://docs.stripe.com/api/payment_intents/create)."""
    return {
        "amount": new.amount,
        "currency": new.currency.lower(),
        "automatic_payment_methods": {"enabled": True},
        "metadata": _metadata(payment_id, new),
        **_charge(new, fee),
        **given(
            receipt_email=new.customer_email,
            description=new.description,
            customer=new.customer,
        ),
    }


def of_customer_session(customer: str) -> dict[str, Any]:
    """The request for a secret with which PaymentSheet shows and saves the customer's payment methods
    (https://docs.stripe.com/api/customer_sessions/create)."""
    features = {
        "payment_method_save": "enabled",
        "payment_method_redisplay": "enabled",
        "payment_method_remove": "enabled",
    }
    element = {"enabled": True, "features": features}
    return {"customer": customer, "components": {"mobile_payment_element": element}}


def of_capture(amount: int, fee: int | None) -> dict[str, Any]:
    """The request for a capture. Stripe releases the rest of the authorized amount."""
    return {"amount_to_capture": amount, **given(application_fee_amount=fee)}


def _line(line: Line) -> dict[str, Any]:
    product = {"name": line.name, **given(description=line.description)}
    price = {
        "currency": line.currency.lower(),
        "unit_amount": line.unit_amount,
        "product_data": product,
    }
    return {"quantity": line.quantity, "price_data": price}


def _charge(new: Common, fee: int) -> dict[str, Any]:
    return given(
        application_fee_amount=fee or None,
        capture_method="manual" if new.capture is CaptureMode.MANUAL else None,
        statement_descriptor_suffix=new.statement_descriptor_suffix,
    )


def _metadata(payment_id: uuid.UUID, new: Common) -> dict[str, str]:
    return {**dict(new.metadata), PAYMENT_KEY: str(payment_id), "external_id": new.external_id}


def _expires_at(minutes: int, at: datetime) -> int:
    """The time in Unix seconds at which Stripe closes the page, within Stripe's limits."""
    least, most = (timedelta(minutes=limit) for limit in EXPIRY)
    duration = min(max(timedelta(minutes=minutes), least + SPARE), most - SPARE)
    return int((at + duration).timestamp())
