"""Invoices of subscriptions and their payments (https://docs.stripe.com/api/invoices): records and calls."""

from simulator.money import records
from simulator.state import Json, State, token
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.keys import PLATFORM

PATH = "/v1/invoices"
PAYMENTS_PATH = "/v1/invoice_payments"
# The customer gets the invoice by e-mail, and no card is charged.
SEND_INVOICE = "send_invoice"
STATUSES = ("draft", "open", "paid", "uncollectible", "void")
QUERY: dict[str, forms.Table] = {
    **forms.PAGE,
    "customer": str,
    "customer_account": str,
    "status": STATUSES,
    "subscription": str,
}
PAYMENTS_QUERY: dict[str, forms.Table] = {
    **forms.PAGE,
    "invoice": str,
    "status": ("canceled", "open", "paid"),
}
PAY: dict[str, forms.Table] = {**forms.EXPAND, "off_session": bool, "payment_method": str}
_NULLS = (
    "account_country account_tax_ids application automatically_finalizes_at confirmation_secret "
    "custom_fields customer_address customer_email customer_phone customer_shipping "
    "default_payment_method default_source description due_date effective_at ending_balance footer "
    "from_invoice hosted_invoice_url invoice_pdf last_finalization_error latest_revision "
    "next_payment_attempt number on_behalf_of receipt_number rendering shipping_cost shipping_details "
    "statement_descriptor status_details test_clock threshold_reason webhooks_delivered_at"
)


def new(state: State, subscription: Json, reason: str, start: int, end: int) -> Json:
    """Save the draft of an invoice for a period of a subscription, and return it."""
    identifier = records.new_id("in")
    free = subscription["status"] == "trialing"
    lines = [
        _line(identifier, subscription, item, start, end, free) for item in subscription["items"]["data"]
    ]
    total = sum(line["amount"] for line in lines)
    account = state.all("account")[subscription["customer_account"]]
    invoice = {
        "id": identifier,
        "object": "invoice",
        "_account": PLATFORM,
        "_subscription": subscription["id"],
        "_intent": None,
        "_secret": token("live_", 40),
        **records.nulls(_NULLS),
        "account_name": "Simulated Platform",
        "amount_due": total,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": total,
        "amount_shipping": 0,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {
            **records.nulls("disabled_reason liability provider status"),
            "enabled": False,
        },
        "billing_reason": reason,
        "collection_method": subscription["collection_method"],
        "created": int(state.now()),
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        "customer_account": subscription["customer_account"],
        "customer_name": account["display_name"],
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_tax_rates": [],
        "discounts": [],
        "issuer": {"type": "self"},
        "lines": {
            "object": "list",
            "data": lines,
            "has_more": False,
            "url": f"/v1/invoices/{identifier}/lines",
        },
        "livemode": False,
        "metadata": {},
        "parent": {
            "quote_details": None,
            "subscription_details": {
                "metadata": dict(subscription["metadata"]),
                "subscription": subscription["id"],
            },
            "type": "subscription_details",
        },
        "payment_settings": records.nulls("default_mandate payment_method_options payment_method_types"),
        "period_end": end,
        "period_start": start,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": 0,
        "status": "draft",
        "status_transitions": records.nulls("finalized_at marked_uncollectible_at paid_at voided_at"),
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "total": total,
        "total_discount_amounts": [],
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
    }
    subscription["latest_invoice"] = identifier
    return records.save(state, invoice)


def _line(invoice: str, subscription: Json, item: Json, start: int, end: int, free: bool) -> Json:
    price = item["price"]
    amount = 0 if free else price["unit_amount"] * item["quantity"]
    return {
        "id": records.new_id("il"),
        "object": "line_item",
        "amount": amount,
        "currency": subscription["currency"],
        "description": "Trial period" if free else item["price"]["nickname"] or "Subscription",
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice,
        "livemode": False,
        "metadata": {},
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": None,
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        "period": {"end": end, "start": start},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "subtotal": amount,
        "taxes": [],
    }


def save(state: State, invoice: Json, *kinds: str) -> None:
    """Save a changed invoice, and emit these events about it."""
    records.save(state, invoice)
    for kind in kinds:
        records.emit(state, f"invoice.{kind}", invoice)


def finalize(state: State, invoice: Json, base_url: str) -> None:
    """Open a draft, and give it a number, a page and a PDF."""
    now = int(state.now())
    number = sum(one["number"] is not None for one in state.all("invoice").values()) + 1
    url = f"{base_url}/i/{invoice['_secret']}"
    invoice.update(
        status="open",
        number=f"SIM-{number:06}",
        effective_at=now,
        hosted_invoice_url=url,
        invoice_pdf=f"{url}/pdf",
    )
    invoice["status_transitions"]["finalized_at"] = now
    if invoice["collection_method"] == SEND_INVOICE:
        invoice["due_date"] = now + subscription_of(state, invoice)["days_until_due"] * 86400
    save(state, invoice, "finalized")


def paid(state: State, invoice: Json) -> None:
    """Mark an open invoice as paid, and save its payment if money moved."""
    now = int(state.now())
    invoice.update(
        status="paid",
        amount_paid=invoice["amount_due"],
        amount_remaining=0,
        attempted=True,
        next_payment_attempt=None,
    )
    invoice["status_transitions"]["paid_at"] = now
    records.save(state, invoice)
    if invoice["_intent"] is not None:
        payment = {
            "id": records.new_id("inpay"),
            "object": "invoice_payment",
            "_account": PLATFORM,
            "amount_paid": invoice["amount_paid"],
            "amount_requested": invoice["amount_due"],
            "created": now,
            "currency": invoice["currency"],
            "invoice": invoice["id"],
            "is_default": True,
            "livemode": False,
            "payment": {"payment_intent": invoice["_intent"], "type": "payment_intent"},
            "status": "paid",
            "status_transitions": {"canceled_at": None, "paid_at": now},
        }
        records.save(state, payment)
        records.emit(state, "invoice_payment.paid", payment)
    save(state, invoice, "paid")


def of_page(state: State, secret: str) -> Json | None:
    """Return the invoice whose hosted page has this secret, or None."""
    return next((one for one in state.all("invoice").values() if one["_secret"] == secret), None)


def subscription_of(state: State, invoice: Json) -> Json:
    found: Json = state.all("subscription")[invoice["_subscription"]]
    return found


def show(call: Call) -> Json:
    """GET /v1/invoices/{id}."""
    return records.show(records.find(call, "invoice", call.path["id"]))


def list_invoices(call: Call) -> Json:
    """GET /v1/invoices."""
    source = None
    if "subscription" in call.query:
        identifier = call.query["subscription"]
        records.find(call, "subscription", identifier, "subscription")
        source = call.state.having("invoice", "_subscription", identifier)
    keep = records.matching(call.query, "customer", "customer_account", "status")
    return records.page(call, "invoice", PATH, records.show, keep, source)


def show_payment(call: Call) -> Json:
    """GET /v1/invoice_payments/{id}."""
    return records.show(records.find(call, "invoice_payment", call.path["id"]))


def list_payments(call: Call) -> Json:
    """GET /v1/invoice_payments."""
    keep = records.matching(call.query, "invoice", "status")
    return records.page(call, "invoice_payment", PAYMENTS_PATH, records.show, keep)
