"""Scenarios of payments, refunds and disputes: decisions of banks, and actions of a merchant."""

from collections.abc import Callable

from simulator.control import audits
from simulator.money import payments, records, refunds
from simulator.money.checkout import sessions
from simulator.money.disputes import course, disputes, enhanced, warnings
from simulator.state import Json, State
from simulator.wire import forms
from simulator.wire.errors import Refused

DEBIT_FAILURES = ("account_closed", "no_account", "insufficient_funds", "debit_not_authorized")
Scenario = Callable[[State, Json, Json], None]


def play(state: State, order: Json) -> Json:
    """Apply the scenario in the request to its payment, session, refund or dispute. Returns the object."""
    kinds = {
        "pi_": ("payment_intent", PAYMENTS),
        "cs_": ("checkout.session", SESSIONS),
        "du_": ("dispute", DISPUTES),
    }
    default = ("refund", REFUNDS)
    kind, scenarios = kinds.get(order["id"][:3], default)
    record, name = state.all(kind).get(order["id"]), order.get("scenario")
    if record is None:
        raise Refused("resource_missing", f"No such {kind}: '{order['id']}'", 404)
    if name not in scenarios:
        raise Refused("parameter_invalid", f"scenario: must be one of {', '.join(scenarios)}")
    try:
        scenarios[name](state, record, order)
    finally:
        audits.check(state)
    return records.show(record)


def everything(state: State, order: Json) -> Json:
    """Return every payment: its intent, its newest session and charge, and the objects of this charge. Null
    stands for an object that does not exist. Sessions without an intent come last. `order` may select the
    payment of an `intent` or `session`.
    """
    intents, sessions = state.all("payment_intent"), state.all("checkout.session")
    if "session" in order:
        session = sessions.get(order["session"], {"payment_intent": None})
        order["intent"] = session["payment_intent"]
    if "intent" in order:
        chosen = [intents[order["intent"]]] if order["intent"] in intents else []
        return {"data": [_payment(state, intent) for intent in chosen]}
    unused = [one for one in sessions.values() if not one["payment_intent"]]
    data = [_payment(state, intent) for intent in intents.values()]
    return {"data": [*data, *(_unused(one) for one in unused)]}


def _payment(state: State, intent: Json) -> Json:
    charge = state.all("charge").get(intent["latest_charge"] or "", {})
    key = charge.get("id", "")
    sessions = state.having("checkout.session", "payment_intent", intent["id"])
    booked = state.all("balance_transaction").get(charge.get("balance_transaction") or "")
    fee = state.all("application_fee").get(charge.get("application_fee") or "")
    return {
        "account": intent["_account"],
        "intent": records.show(intent),
        "session": records.show(sessions[-1]) if sessions else None,
        "charge": records.show(charge) or None,
        "balance_transaction": _shown(booked),
        "application_fee": _shown(fee),
        "refunds": [records.show(one) for one in state.having("refund", "charge", key)],
        "disputes": [disputes.render(state, one) for one in state.having("dispute", "charge", key)],
        "warnings": [records.show(one) for one in state.having(warnings.OBJECT, "charge", key)],
    }


def _unused(session: Json) -> Json:
    missing = dict.fromkeys(("intent", "charge", "balance_transaction", "application_fee"))
    about = {"account": session["_account"], "session": records.show(session)}
    return {**about, **missing, "refunds": [], "disputes": [], "warnings": []}


def _shown(record: Json | None) -> Json | None:
    return records.show(record) if record is not None else None


def _processing(intent: Json) -> Json:
    if intent["status"] != "processing":
        raise Refused("parameter_invalid", f"The payment has the status {intent['status']}, not processing.")
    return intent


def _succeed(state: State, intent: Json, _: Json) -> None:
    payments.succeed_debit(state, _processing(intent))


def _fail(state: State, intent: Json, order: Json) -> None:
    payments.fail_debit(state, _processing(intent), _failure(order))


def _failure(order: Json) -> str:
    code = order.get("code", "insufficient_funds")
    if code not in DEBIT_FAILURES:
        raise Refused("parameter_invalid", f"code: must be one of {', '.join(DEBIT_FAILURES)}")
    return str(code)


def _return(state: State, intent: Json, order: Json) -> None:
    charge = state.all("charge").get(intent["latest_charge"] or "")
    is_debit = charge is not None and charge["payment_method_details"]["type"] != "card"
    if charge is None or not is_debit or charge["status"] != "succeeded":
        raise Refused("parameter_invalid", "Only a bank debit that has succeeded can be returned.")
    payments.return_debit(state, intent, _failure(order))


def _book(state: State, intent: Json, _: Json) -> None:
    if intent["status"] == "succeeded":
        payments.book(state, intent["latest_charge"])


def refund(state: State, intent: Json, order: Json) -> None:
    """Refund a payment as a merchant does in the Dashboard: the platform keeps its fee."""
    table: dict[str, forms.Table] = {"amount": forms.at_least(1), "reason": refunds.REASONS}
    given = {name: str(order[name]) for name in table if order.get(name)}
    charge = state.all("charge").get(intent["latest_charge"] or "")
    if charge is None:
        raise Refused("parameter_invalid", "The payment has no charge.")
    refunds.refund(state, charge, forms.read(given, table))


def dispute(state: State, intent: Json, order: Json) -> None:
    """Open an inquiry or a chargeback. By default it concerns the whole amount."""
    charge = state.all("charge").get(intent["latest_charge"] or "")
    if charge is None:
        raise Refused("parameter_invalid", "The payment has no charge.")
    amount = int(order["amount"]) if order.get("amount") else None
    reason = order.get("reason") or "fraudulent"
    opened = disputes.open_dispute(state, charge, reason, amount, is_inquiry=bool(order.get("inquiry")))
    if program := order.get("program"):
        enhanced.begin(opened, program)
        course.stage(state, opened)


def warn(state: State, intent: Json, order: Json) -> None:
    """Let the payer's bank report the payment as fraud."""
    charge = state.all("charge").get(intent["latest_charge"] or "")
    if charge is None:
        raise Refused("parameter_invalid", "The payment has no charge.")
    warnings.warn(state, charge, order.get("fraud_type") or "misc")


def capture(state: State, intent: Json, _: Json) -> None:
    """Capture the whole authorization."""
    _check_authorized(intent)
    payments.capture(state, intent, intent["amount_capturable"], None)


def cancel(state: State, intent: Json, _: Json) -> None:
    """Release an authorization."""
    _check_authorized(intent)
    payments.cancel(state, intent, "requested_by_customer")


def _expire_authorization(state: State, intent: Json, _: Json) -> None:
    _check_authorized(intent)
    refunds.expire_authorization(state, intent["id"])


def _check_authorized(intent: Json) -> None:
    if intent["status"] != "requires_capture":
        raise Refused("parameter_invalid", f"The payment has the status {intent['status']}.")


def _expire(state: State, session: Json, _: Json) -> None:
    sessions.end(state, session["id"])


def _finish_refund(state: State, made: Json, _: Json) -> None:
    refunds.finish(state, made["id"])


def _fail_refund(state: State, made: Json, order: Json) -> None:
    reason = order.get("reason", "expired_or_canceled_card")
    if reason not in refunds.FAILURES:
        raise Refused("parameter_invalid", f"reason: must be one of {', '.join(refunds.FAILURES)}")
    refunds.fail(state, made["id"], reason)


def _of_open(work: Callable[[State, str], None]) -> Scenario:
    def scenario(state: State, opened: Json, _: Json) -> None:
        course.check_open(opened)
        work(state, opened["id"])

    return scenario


def _stage(state: State, opened: Json, order: Json) -> None:
    _write(opened, order)
    course.stage(state, opened)


def _answer(state: State, opened: Json, order: Json) -> None:
    _write(opened, order)
    course.answer(state, opened)


def _write(opened: Json, order: Json) -> None:
    """Write the merchant's text into the evidence, as the form in the Dashboard does."""
    course.check_open(opened)
    if order.get("text"):
        opened["evidence"] = {**opened["evidence"], "uncategorized_text": order["text"]}
        opened["evidence_details"]["has_evidence"] = True


PAYMENTS: dict[str, Scenario] = {
    "book": _book,
    "cancel": cancel,
    "capture": capture,
    "dispute": dispute,
    "expire": _expire_authorization,
    "fail": _fail,
    "refund": refund,
    "return": _return,
    "succeed": _succeed,
    "warn": warn,
}
SESSIONS: dict[str, Scenario] = {"expire": _expire}
REFUNDS: dict[str, Scenario] = {"fail": _fail_refund, "succeed": _finish_refund}


def _appeal(state: State, opened: Json, _: Json) -> None:
    course.appeal(state, opened)


DISPUTES: dict[str, Scenario] = {
    "answer": _answer,
    "appeal": _appeal,
    "escalate": _of_open(course.escalate),
    "lose": _of_open(course.lose),
    "stage": _stage,
    "win": _of_open(course.win),
}
