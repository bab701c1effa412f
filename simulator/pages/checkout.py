"""The hosted Checkout page, and the page on which a payer's bank authenticates a card payment."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.billing import course
from simulator.control import audits
from simulator.money import currencies, methods, payments, records
from simulator.money.checkout import items, progress, sessions
from simulator.pages.rendering import message, render
from simulator.state import Json, State
from simulator.wire.errors import Refused

BUTTONS = {"book": "Book", "donate": "Donate"}
# The page shows these test numbers. It accepts all others, too.
_TEST_NUMBERS = {
    "card": (
        ("4242 4242 4242 4242", "is paid"),
        ("4000 0000 0000 9995", "is declined"),
        ("4000 0000 0000 3220", "asks for 3-D Secure"),
        ("4000 0000 0000 5126", "is paid, and its refund fails later"),
        ("4000 0000 0000 0259", "is paid, and disputed"),
    ),
    "us_bank_account": (("000123456789", "is paid later"), ("000222222227", "fails later")),
    "sepa_debit": (("AT611904300234573201", "is paid later"), ("AT861904300235473202", "fails later")),
}
_FIELDS = ("email", "number", "expiry", "cvc", "name", "country", "postal_code", "account")


async def pay(request: Request) -> Response:
    """GET and POST /c/pay/{session}."""
    state: State = request.app.state.simulator
    session = state.all("checkout.session").get(request.path_params["session"])
    if session is None:
        return message(request, "This page does not exist", "Ask the shop for a new link.", 404)
    if session["status"] == "expired":
        return message(request, "This page has expired", "Nothing was charged. Ask the shop for a new link.")
    if session["status"] == "complete":
        return message(request, "Already done", "You have completed this payment.")
    if request.method == "GET":
        known = session["payment_intent"] or session.get("_first_intent") or ""
        error = state.all("payment_intent").get(known, {}).get("last_payment_error") or {}
        return _show(request, session, {}, error.get("message"))
    values = await request.form()
    try:
        intent, declined = _attempt(request, session, values)
    except Refused as refused:
        return _show(request, session, values, str(refused))
    finally:
        audits.check(state)
    if declined is not None:
        return _show(request, session, values, str(declined))
    if intent is not None and intent["status"] == "requires_action":
        return RedirectResponse(intent["next_action"]["redirect_to_url"]["url"], 303)
    return _finish(state, session)


def _attempt(
    request: Request, session: Json, values: Mapping[str, Any]
) -> tuple[Json | None, Refused | None]:
    """Pay a session. Returns its intent, and the error if the payment was declined.

    The intent is None if nothing has to be paid.
    """
    state: State = request.app.state.simulator
    texts = {name: str(values.get(name, "")).strip() for name in _FIELDS}
    texts["email"] = session["customer_email"] or texts["email"]
    if "@" not in texts["email"]:
        raise Refused(None, "Enter an email address.")
    details = methods.billing(
        **{name: texts[name] or None for name in ("email", "name", "country", "postal_code")}
    )
    kind = str(values.get("method") or session["payment_method_types"][0])
    number = None
    if not _needs_no_method(session, texts):
        number = card_number(texts) if kind == "card" else _account_number(texts, kind)
    method = methods.new(state, session["_account"], number, details) if number is not None else None
    session["customer_details"] = {
        **records.nulls("business_name individual_name phone"),
        "address": details["address"],
        "email": texts["email"],
        "name": texts["name"] or None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    base_url = str(request.base_url).rstrip("/")
    if method is None or not session["amount_total"]:
        course.begin(state, session, method, base_url)
        return None, None
    is_subscription = session["mode"] == "subscription"
    intent = course.intent_of(state, session) if is_subscription else sessions.intent_of(state, session)
    declined = payments.attempt(state, intent, method, base_url=base_url, return_url=session["success_url"])
    records.save(state, session)
    if declined is None:
        _complete(state, session, intent, base_url)
    return intent, declined


def _needs_no_method(session: Json, texts: Mapping[str, str]) -> bool:
    """Whether the customer has entered no card, and the free trial does not need one."""
    is_optional = session["payment_method_collection"] == "if_required" and not session["amount_total"]
    return is_optional and not texts["number"]


def _complete(state: State, session: Json, intent: Json, base_url: str) -> None:
    """Complete a session after an attempt that the payer's bank did not decline."""
    if session["mode"] == "payment":
        progress.completed(state, intent)
    elif intent["status"] == "succeeded":
        method = state.all("payment_method")[intent["payment_method"]]
        course.begin(state, session, method, base_url)


def card_number(texts: Mapping[str, str]) -> str:
    """Return the number of the test card in a form.

    Raises Refused if the number is not a test card's, or if the expiry date or the security code is missing.
    """
    number = texts["number"].replace(" ", "").replace("-", "")
    if number not in methods.CARDS:
        if number.isdigit() and not _has_check_digit(number):
            raise Refused(None, "Your card number is incorrect.")
        raise Refused(None, "This page takes only the test cards of docs/simulator-money.md.")
    if not texts["expiry"] or not texts["cvc"].isdigit():
        raise Refused(None, "Enter the expiry date and the security code. Any future date and digits work.")
    return number


def _has_check_digit(number: str) -> bool:
    """Whether the last digit is the check digit of the others (Luhn algorithm)."""
    digits = [int(digit) for digit in number[::-1]]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _account_number(texts: Mapping[str, str], kind: str) -> str:
    number = texts["account"].replace(" ", "").upper()
    bank = methods.BANKS.get(number)
    if bank is None or bank.kind != kind:
        raise Refused(None, "This page takes only the test accounts of docs/simulator-money.md.")
    return number


def _finish(state: State, session: Json) -> Response:
    """Send the payer back to the shop. The session's id replaces the placeholder in the shop's URL."""
    current = state.all("checkout.session")[session["id"]]
    return RedirectResponse(current["success_url"].replace("{CHECKOUT_SESSION_ID}", current["id"]), 303)


def _show(request: Request, session: Json, values: Mapping[str, Any], error: str | None) -> Response:
    state: State = request.app.state.simulator
    rows = [
        (item["description"], item["quantity"], currencies.shown(item["amount_total"], item["currency"]))
        for item in items.of(state, session["id"])
    ]
    kinds = session["payment_method_types"]
    total = currencies.shown(session["amount_total"], session["currency"])
    return render(
        request,
        "checkout.html",
        422 if error else 200,
        session=session,
        merchant=sessions.merchant(state, session["_account"]),
        rows=rows,
        total=f"{total} {session['currency'].upper()}",
        button=_button(session),
        terms=_terms(state, session),
        kinds=kinds,
        chosen=values.get("method") or kinds[0],
        values={name: str(values.get(name, "")) for name in _FIELDS},
        has_bank=any(kind != "card" for kind in kinds),
        numbers=[row for kind in kinds for row in _TEST_NUMBERS[kind]],
        error=error,
    )


def _button(session: Json) -> str:
    if session["mode"] == "subscription":
        return "Subscribe" if session["amount_total"] else "Start trial"
    return BUTTONS.get(session["submit_type"] or "", "Pay")


def _terms(state: State, session: Json) -> str | None:
    """Return the sentence about a subscription's price, period and trial, or None for other sessions."""
    if session["mode"] != "subscription":
        return None
    line = state.having("item", "_session", session["id"])[0]
    recurring = state.all("price")[line["_price"]]["recurring"]
    count, interval = recurring["interval_count"], recurring["interval"]
    period = f"every {interval}" if count == 1 else f"every {count} {interval}s"
    days = session["_subscription"].get("trial_period_days")
    return f"{days} days free, then the price above {period}." if days else f"The price is due {period}."


async def authenticate(request: Request) -> Response:
    """GET and POST /authenticate/{intent}/{secret}: the payer passes or fails the bank's authentication."""
    state: State = request.app.state.simulator
    intent = state.all("payment_intent").get(request.path_params["intent"])
    known = intent is not None and intent.get("_secret") == request.path_params["secret"]
    if intent is None or not known or intent["status"] != "requires_action":
        return message(request, "Nothing to confirm", "This payment needs no confirmation any more.", 404)
    amount = currencies.shown(intent["amount"], intent["currency"])
    if request.method == "GET":
        return render(request, "authenticate.html", amount=amount, currency=intent["currency"].upper())
    passed = (await request.form()).get("result") == "complete"
    base_url = str(request.base_url).rstrip("/")
    try:
        refused = payments.authenticate(state, intent, base_url, passed=passed)
        session = state.all("checkout.session").get(intent.get("_session", ""))
        if session is not None and refused is None:
            _complete(state, session, intent, base_url)
            return _finish(state, session)
        if session is not None:
            return RedirectResponse(session["url"], 303)
    finally:
        audits.check(state)
    if intent["_return_url"] is None:
        return message(request, "Done", "You can return to the app.")
    query = {
        "payment_intent": intent["id"],
        "payment_intent_client_secret": intent["client_secret"],
        "redirect_status": "succeeded" if refused is None else "failed",
    }
    joint = "&" if "?" in intent["_return_url"] else "?"
    return RedirectResponse(f"{intent['_return_url']}{joint}{urlencode(query)}", 303)


ROUTES = [
    Route("/c/pay/{session}", pay, methods=["GET", "POST"]),
    Route("/authenticate/{intent}/{secret}", authenticate, methods=["GET", "POST"]),
]
