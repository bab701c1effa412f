"""The course of a subscription: its first payment, renewals, failed renewals and their retries, and its end.

The order of the events follows docs.stripe.com/billing/subscriptions/webhooks. The invoice of a renewal stays
a draft for an hour (docs.stripe.com/billing/invoices/subscription).
"""

from simulator.billing import invoices, subscriptions
from simulator.control import later
from simulator.money import intents, methods, payments, records
from simulator.state import Json, State
from simulator.wire.calls import Call
from simulator.wire.errors import Refused
from simulator.wire.keys import PLATFORM

DRAFT_SECONDS = 3600
DAY = 86400
# A subscription expires if its first payment is not complete after this time.
INCOMPLETE_SECONDS = 23 * 3600
# If a sent invoice is still unpaid this long after its due date, `after_retries` applies. Stripe has a
# setting for this time.
LAST_SECONDS = 30 * DAY
# Stripe recommends eight retries in two weeks, and chooses the days itself. The days here are invented.
RETRY_DAYS = (1, 3, 5, 7, 9, 11, 13, 14)
# The values of `after_retries`, which at Stripe is a setting in the Dashboard and not in the API.
AFTER_RETRIES = ("cancel", "past_due", "unpaid")
# Stripe announces the end of a trial this long before the end.
TRIAL_NOTICE = 3 * DAY


def intent_of(state: State, session: Json) -> Json:
    """Return the intent for the first payment of a session, and create it if needed. The API does not show
    this intent in the session.
    """
    known = state.all("payment_intent").get(session.get("_first_intent", ""))
    if known is None:
        known = _new_intent(state, session["amount_total"], session)
        known["_session"] = session["id"]
        records.save(state, known)
        session["_first_intent"] = known["id"]
        records.save(state, session)
    return known


def _new_intent(state: State, amount: int, owner: Json) -> Json:
    body = {"amount": amount, "currency": owner["currency"], "allowed_payment_method_types": ["card"]}
    intent = intents.new(state, PLATFORM, body)
    intent["customer_account"] = owner["customer_account"]
    records.save(state, intent)
    records.emit(state, "payment_intent.created", intent)
    return intent


def begin(state: State, session: Json, method: Json | None, base_url: str) -> None:
    """Complete a session whose first payment succeeded or is not needed."""
    subscription = subscriptions.of_session(state, session, method)
    subscription["_base_url"] = base_url
    end = subscriptions.period_end(subscription)
    invoice = invoices.new(state, subscription, "subscription_create", int(state.now()), end)
    invoice["_intent"] = session.get("_first_intent")
    records.save(state, subscription)
    is_free = not invoice["amount_due"]
    session.update(
        status="complete",
        payment_status="no_payment_required" if is_free else "paid",
        url=None,
        subscription=subscription["id"],
        invoice=invoice["id"],
    )
    records.save(state, session)
    records.emit(state, "checkout.session.completed", session)
    subscriptions.save(state, subscription, "created", subscription["status"])
    invoices.save(state, invoice, "created")
    invoices.finalize(state, invoice, base_url)
    if not is_free:
        invoice.update(attempt_count=1)
    invoices.paid(state, invoice)
    schedule(state, subscription)


def order(state: State, subscription: Json, base_url: str, *, pays: bool) -> None:
    """Begin a subscription that a call has created. `pays` says whether its card is charged now.

    If the first payment does not succeed, the subscription is incomplete and expires after 23 hours. A
    subscription that is free or whose invoice is sent needs no first payment
    (https://docs.stripe.com/billing/subscriptions/overview).
    """
    subscription["_base_url"] = base_url
    end = subscriptions.period_end(subscription)
    invoice = invoices.new(state, subscription, "subscription_create", int(state.now()), end)
    is_free, is_sent = not invoice["amount_due"], subscription["collection_method"] == invoices.SEND_INVOICE
    if not is_free and not is_sent:
        subscription["status"] = "incomplete"
    subscriptions.save(state, subscription, "created", subscription["status"])
    if is_sent and not is_free:
        draft(state, invoice)
    invoices.save(state, invoice, "created")
    schedule(state, subscription)
    if is_sent and not is_free:
        return
    invoices.finalize(state, invoice, base_url)
    if is_free:
        invoices.paid(state, invoice)
        return
    later.schedule(state, INCOMPLETE_SECONDS, "expire_subscription", subscription["id"])
    method = state.all("payment_method").get(subscription["default_payment_method"] or "")
    if pays and method is not None and attempt(state, invoice, method) is not None:
        invoices.save(state, invoice, "payment_failed")


def expire(state: State, identifier: str) -> None:
    """End a subscription whose first payment was never completed."""
    subscription = state.all("subscription")[identifier]
    if subscription["status"] == "incomplete":
        subscription.update(status="incomplete_expired", ended_at=int(state.now()))
        subscriptions.save(state, subscription, "incomplete_expired", "updated")
        _void(state, state.all("invoice")[subscription["latest_invoice"]])


def schedule(state: State, subscription: Json) -> None:
    """Schedule the end of the first period, and the notice that a trial ends soon."""
    if subscription["trial_end"]:
        notice = subscription["trial_end"] - TRIAL_NOTICE - state.now()
        later.schedule(state, max(notice, 0.0), "announce_trial_end", subscription["id"])
    _schedule_renewal(state, subscription)


def _schedule_renewal(state: State, subscription: Json) -> None:
    wait = subscriptions.period_end(subscription) - state.now()
    later.schedule(state, wait, "renew_subscription", subscription["id"])


def announce_trial_end(state: State, identifier: str) -> None:
    subscription = state.all("subscription")[identifier]
    if subscription["status"] == "trialing":
        subscriptions.save(state, subscription, "trial_will_end")


def renew(state: State, identifier: str) -> None:
    """End the current period. Begin the next one with an invoice, unless the subscription ends or pauses."""
    subscription = state.all("subscription")[identifier]
    if subscription["status"] in {*subscriptions.ENDED, "paused"}:
        return
    if subscription["cancel_at_period_end"]:
        subscriptions.end(state, subscription, "cancellation_requested")
        return
    kinds = ["updated"]
    if subscription["status"] == "trialing":
        behavior = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
        if subscription["default_payment_method"] is None and behavior == "cancel":
            subscriptions.end(state, subscription, "payment_failed")
            return
        if subscription["default_payment_method"] is None and behavior == "pause":
            pause(state, subscription, "trial_end_without_payment_method")
            return
        subscription["status"] = "active"
        kinds.append("active")
    begin_period(state, subscription, kinds)


def renew_now(state: State, subscription: Json) -> None:
    """Begin the next period now, and collect its invoice immediately instead of an hour later."""
    _restart(state, subscription)
    _unschedule(state, subscription["id"], "renew_subscription")
    renew(state, subscription["id"])
    invoice = subscription["latest_invoice"]
    _unschedule(state, invoice, "finalize_invoice")
    finalize(state, invoice)


def _restart(state: State, subscription: Json) -> None:
    """Start the billing periods anew, from now."""
    now = int(state.now())
    subscription.update({"_anchor": now, "_periods": 0, "billing_cycle_anchor": now})


def _unschedule(state: State, target: str, work: str) -> None:
    waiting = [
        key for key, one in state.all("later").items() if (one["target"], one["work"]) == (target, work)
    ]
    for key in waiting:
        state.drop("later", key)


def begin_period(state: State, subscription: Json, kinds: list[str]) -> None:
    """Begin the next period with the draft of its invoice."""
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    start = subscriptions.following(subscription["_anchor"], recurring, subscription["_periods"])
    subscription["_periods"] += 1
    end = subscriptions.following(subscription["_anchor"], recurring, subscription["_periods"])
    for item in subscription["items"]["data"]:
        item.update(current_period_start=start, current_period_end=end)
    invoice = invoices.new(state, subscription, "subscription_cycle", start, end)
    if subscription["status"] == "unpaid":
        invoice["auto_advance"] = False  # the invoices of an unpaid subscription stay drafts
    else:
        draft(state, invoice)
    invoices.save(state, invoice, "created")
    subscriptions.save(state, subscription, *kinds)
    _schedule_renewal(state, subscription)


def draft(state: State, invoice: Json) -> None:
    """Schedule a draft to be opened in one hour."""
    invoice["automatically_finalizes_at"] = int(state.now()) + DRAFT_SECONDS
    later.schedule(state, DRAFT_SECONDS, "finalize_invoice", invoice["id"])


def finalize(state: State, identifier: str) -> None:
    """Open a draft, and send it or try to collect it."""
    invoice = state.all("invoice")[identifier]
    if invoice["status"] == "draft":
        subscription = invoices.subscription_of(state, invoice)
        invoices.finalize(state, invoice, subscription["_base_url"])
        if invoice["due_date"] is None:
            collect(state, identifier)
            return
        invoices.save(state, invoice, "sent")
        later.schedule(state, invoice["due_date"] - state.now(), "invoice_due", identifier)


def fall_due(state: State, identifier: str) -> None:
    """Make the subscription past due if its sent invoice is not paid."""
    invoice = state.all("invoice")[identifier]
    subscription = invoices.subscription_of(state, invoice)
    if invoice["status"] != "open" or subscription["status"] in subscriptions.ENDED:
        return
    invoices.save(state, invoice, "overdue")
    if subscription["status"] == "active":
        subscription["status"] = "past_due"
        subscriptions.save(state, subscription, "past_due", "updated")
    later.schedule(state, LAST_SECONDS, "give_up_invoice", identifier)


def give_up(state: State, identifier: str) -> None:
    """Apply `after_retries` to a subscription whose sent invoice is still not paid."""
    invoice = state.all("invoice")[identifier]
    subscription = invoices.subscription_of(state, invoice)
    if invoice["status"] == "open" and subscription["status"] == "past_due":
        _after_last(state, subscription, state.control("billing")["after_retries"])


def collect(state: State, identifier: str) -> None:
    """Try to collect an open invoice with the subscription's default method."""
    invoice = state.all("invoice")[identifier]
    subscription = invoices.subscription_of(state, invoice)
    if invoice["status"] != "open" or subscription["status"] in subscriptions.ENDED:
        return
    method = state.all("payment_method").get(subscription["default_payment_method"] or "")
    if not invoice["amount_due"]:
        _collected(state, invoice)
    elif method is None or attempt(state, invoice, method) is not None:
        _failed(state, invoice, subscription)


def attempt(state: State, invoice: Json, method: Json) -> Refused | None:
    """Charge an open invoice to a payment method. Returns the error if the payment did not succeed."""
    intent = state.all("payment_intent").get(invoice["_intent"] or "")
    if intent is None:
        intent = _new_intent(state, invoice["amount_due"], invoice)
        invoice["_intent"] = intent["id"]
    invoice.update(attempted=True, attempt_count=invoice["attempt_count"] + 1)
    base_url = invoices.subscription_of(state, invoice)["_base_url"]
    declined = payments.attempt(state, intent, method, base_url=base_url)
    if declined is None and intent["status"] == "requires_action":
        invoices.save(state, invoice, "payment_action_required")
        return Refused("authentication_required", "This payment requires authentication.", 402)
    if declined is None:
        _collected(state, invoice)
    return declined


def _collected(state: State, invoice: Json) -> None:
    invoices.paid(state, invoice)
    subscription = invoices.subscription_of(state, invoice)
    is_latest = subscription["latest_invoice"] == invoice["id"]
    if subscription["status"] in {"incomplete", "past_due", "unpaid"} and is_latest:
        subscription.update({"status": "active", "_failures": 0})
        subscriptions.save(state, subscription, "updated", "active")


def _failed(state: State, invoice: Json, subscription: Json) -> None:
    """Schedule the next attempt, and make the subscription past due. After the last attempt, apply
    `after_retries` instead.
    """
    failures = subscription["_failures"]
    subscription["_failures"] += 1
    is_last = failures >= len(RETRY_DAYS)
    if not is_last:
        first = failures and RETRY_DAYS[failures - 1]
        wait = (RETRY_DAYS[failures] - first) * DAY
        invoice["next_payment_attempt"] = int(state.now()) + wait
        later.schedule(state, wait, "collect_invoice", invoice["id"])
    else:
        invoice["next_payment_attempt"] = None
    invoices.save(state, invoice, "payment_failed")
    _after_last(state, subscription, state.control("billing")["after_retries"] if is_last else "past_due")


def _after_last(state: State, subscription: Json, action: str) -> None:
    if action == "cancel":
        subscriptions.end(state, subscription, "payment_failed")
    elif subscription["status"] != action:
        subscription["status"] = action
        subscriptions.save(state, subscription, action, "updated")
    else:
        records.save(state, subscription)


def pay(call: Call) -> str:
    """POST /v1/invoices/{id}/pay."""
    invoice = _open(call, "pay")
    subscription = invoices.subscription_of(call.state, invoice)
    identifier = call.body.get("payment_method") or subscription["default_payment_method"]
    if identifier is None:
        raise Refused(None, "There is no default payment method on this subscription.")
    refused = attempt(call.state, invoice, methods.of_test_id(call, identifier))
    records.save(call.state, invoice)
    if refused is not None:
        raise refused
    return str(invoice["id"])


def void(call: Call) -> str:
    """POST /v1/invoices/{id}/void."""
    invoice = _open(call, "void")
    _void(call.state, invoice)
    return str(invoice["id"])


def _void(state: State, invoice: Json) -> None:
    invoice.update(status="void", next_payment_attempt=None, auto_advance=False)
    invoice["status_transitions"]["voided_at"] = int(state.now())
    invoices.save(state, invoice, "voided")


def _open(call: Call, verb: str) -> Json:
    """Return the open invoice that the path names."""
    invoice = records.find(call, "invoice", call.path["id"])
    if invoice["status"] == "paid":
        raise Refused(None, "Invoice is already paid")
    if invoice["status"] != "open":
        raise Refused(None, f"You can only {verb} an open invoice.")
    return invoice


def pause(state: State, subscription: Json, kind: str) -> None:
    """Pause a subscription. It has no periods until it is resumed."""
    subscription["status"] = "paused"
    subscription["status_details"] = {
        "paused": {
            "subscription": {"type": kind},
            "transitioned_at": int(state.now()),
            "type": "subscription",
        }
    }
    subscriptions.save(state, subscription, "paused", "updated")


def resume(state: State, subscription: Json) -> None:
    """Resume a paused subscription with a new period."""
    subscription.update(status="active", status_details=None)
    _restart(state, subscription)
    begin_period(state, subscription, ["resumed", "updated", "active"])


WORKS: dict[str, later.Work] = {
    "announce_trial_end": announce_trial_end,
    "collect_invoice": collect,
    "expire_subscription": expire,
    "finalize_invoice": finalize,
    "give_up_invoice": give_up,
    "invoice_due": fall_due,
    "renew_subscription": renew,
}
