"""Calls the simulator with stripe-python. `run.py` starts the simulator and then this script.

The script runs with different interpreters and their versions of the SDK, so it imports no module of this
repository. It works with SDK versions for API versions both before and after 2026-09-30.
"""

# ruff: noqa: T201 - this is a command

import json
import os
import sys
import urllib.request
from collections.abc import Callable
from typing import Any

import stripe

SIMULATOR = os.environ["SIMULATOR"]
REFRESH = {"refresh_url": "https://app.example/refresh"}
ACCOUNT: Any = {
    "contact_email": "owner@shop.example",
    "dashboard": "full",
    "identity": {"country": "us", "entity_type": "company"},
    "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
    "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
}
IS_EARLIER = str(stripe.api_version) < "2026-09-30"


def client(key: str = "sk_test_python") -> Any:
    transport: Any = stripe.UrllibClient()
    return stripe.StripeClient(key, base_addresses={"api": SIMULATOR}, http_client=transport)


def control(path: str, body: dict[str, Any]) -> None:
    request = urllib.request.Request(f"{SIMULATOR}/simulator/{path}", json.dumps(body).encode())
    urllib.request.urlopen(request).close()


def refused(status: int, code: str | None, call: Callable[[], object]) -> None:
    """Check that the call is refused with this status and code."""
    try:
        call()
    except stripe.StripeError as error:
        body: Any = error.json_body
        found = error.http_status, body["error"].get("code")
        assert found == (status, code), found
    else:
        raise AssertionError("the call was accepted")


def link_use_case(**more: Any) -> Any:
    """Return the use case of an onboarding link, with the fields that this version of the SDK declares."""
    flow = {**REFRESH, **({"configurations": ["merchant"]} if IS_EARLIER else {}), **more}
    return {"type": "account_onboarding", "account_onboarding": flow}


def create_and_read() -> None:
    made = core.accounts.create({**ACCOUNT, "include": ["configuration.merchant"]})
    assert made.configuration.merchant.support.email is None
    assert core.accounts.retrieve(made.id).identity is None
    assert core.accounts.retrieve(made.id, {"include": ["identity"]}).identity.country == "US"


def update_metadata() -> None:
    core.accounts.update(account, {"metadata": {"a": "1"}})
    changed = core.accounts.update(account, {"metadata": {"a": None, "b": "2"}})
    assert changed.metadata.to_dict() == {"b": "2"}


def page() -> None:
    ids = [one.id for one in core.accounts.list({"limit": 1}).auto_paging_iter()]
    assert account in ids
    assert len(ids) >= 2


def repeat() -> None:
    options = {"idempotency_key": stripe.VERSION}
    first = core.accounts.create(ACCOUNT, options)
    assert core.accounts.create(ACCOUNT, options).id == first.id
    other = {**ACCOUNT, "display_name": "Other"}
    refused(409, "idempotency_error", lambda: core.accounts.create(other, options))


def link() -> None:
    made = core.account_links.create({"account": account, "use_case": link_use_case()})
    assert made.use_case.type == "account_onboarding"


def link_with_configurations() -> None:
    code = "configs_must_match_to_use_account_links" if IS_EARLIER else "parameter_unknown"
    body = {"account": account, "use_case": link_use_case(configurations=["customer"])}
    refused(400, code, lambda: core.account_links.create(body))


def dashboard_link() -> None:
    body = {"account": account, "use_case": {"type": "account_dashboard", "account_dashboard": REFRESH}}
    refused(400, "parameter_unknown", lambda: core.account_links.create(body))
    made = core.account_links.create(body, {"stripe_version": "2026-11-18.endive"})
    assert made.use_case.to_dict() == body["use_case"]


def persons() -> None:
    service = core.accounts.persons
    made = service.create(account, {"given_name": "Jenny"})
    assert service.update(account, made.id, {"surname": "Rosen"}).surname == "Rosen"
    assert service.retrieve(account, made.id).given_name == "Jenny"
    assert [one.id for one in service.list(account).data] == [made.id]
    service.delete(account, made.id)
    refused(404, "not_found", lambda: service.retrieve(account, made.id))


def account_token() -> None:
    token = client("pk_test_python").v2.core.account_tokens.create({"display_name": "Secret"})
    assert core.accounts.update(account, {"account_token": token.id}).display_name == "Secret"
    refused(400, "token_already_used", lambda: core.accounts.update(account, {"account_token": token.id}))


def restricted_key() -> None:
    control("keys", {"key": "rk_test_python", "permissions": ["v2_account_storer_read"]})
    limited = client("rk_test_python").v2.core
    assert limited.accounts.retrieve(account).id == account
    refused(403, "more_permissions_required", lambda: limited.accounts.create(ACCOUNT))


def destinations() -> None:
    service = core.event_destinations
    body = {
        "name": "Here",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": ["v2.core.account.updated"],
        "events_from": ["other_accounts" if str(stripe.api_version) < "2026-03-25" else "@accounts"],
        "webhook_endpoint": {"url": f"{SIMULATOR}/simulator/health"},
        "include": ["webhook_endpoint.signing_secret"],
    }
    made = service.create(body)
    assert made.webhook_endpoint.signing_secret.startswith("whsec_")
    assert service.disable(made.id).status == "disabled"
    assert service.ping(made.id).type == "v2.core.event_destination.ping"
    refused(400, "parameter_invalid", lambda: service.create({**body, "enabled_events": ["*"]}))
    refused(400, "parameter_invalid", lambda: service.create({**body, "events_from": ["@others"]}))
    service.delete(made.id)


def events() -> None:
    newest = core.events.list({"object_id": account}).data[0]
    assert core.events.retrieve(newest.id).type == newest.type


def first_version() -> None:
    assert everything.v1.accounts.retrieve_current().id == "acct_1SimulatedPlatform"
    made = everything.v1.accounts.create({"type": "standard"})
    assert everything.v1.accounts.list().data[0].id == made.id
    refused(400, "account_not_yet_compatible_with_v2", lambda: core.accounts.retrieve(made.id))
    refused(403, "account_invalid", lambda: everything.v1.accounts.retrieve("acct_none"))


def payments() -> None:
    scope = {"stripe_account": account}
    core.accounts.update(account, {"display_name": "Shop"})
    control(f"accounts/{account}", {"scenario": "activate"})
    service = everything.v1.payment_intents
    body = {
        "amount": 1000,
        "currency": "usd",
        "confirm": True,
        "payment_method": "pm_card_visa",
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "application_fee_amount": 123,
    }
    made = service.create(body, {**scope, "idempotency_key": "paid"})
    assert made.status == "succeeded"
    assert service.create(body, {**scope, "idempotency_key": "paid"}).id == made.id
    control(f"payments/{made.id}", {"scenario": "book"})
    found = service.retrieve(made.id, {"expand": ["latest_charge.balance_transaction"]}, scope)
    assert found.latest_charge.balance_transaction.net == 818
    declined = {**body, "payment_method": "pm_card_chargeDeclined"}
    refused(402, "card_declined", lambda: service.create(declined, scope))
    refund = everything.v1.refunds.create({"payment_intent": made.id, "refund_application_fee": True}, scope)
    assert refund.status == "succeeded"
    assert everything.v1.application_fees.list().data[0].amount_refunded == 123
    typed = {**body, "payment_method_types": ["card"]}
    del typed["automatic_payment_methods"]
    typed["return_url"] = "https://shop.example/"
    if IS_EARLIER:
        assert service.create(typed, scope).payment_method_types == ["card"]
    else:
        refused(400, "payment_method_types_no_longer_supported", lambda: service.create(typed, scope))


def checkout() -> None:
    scope = {"stripe_account": account}
    service = everything.v1.checkout.sessions
    price = {"currency": "usd", "unit_amount": 1250, "product_data": {"name": "Hat"}}
    body = {
        "mode": "payment",
        "line_items": [{"quantity": 2, "price_data": price}],
        "success_url": "https://shop.example/done",
        "ui_mode": "hosted" if str(stripe.api_version) < "2026-03-25" else "hosted_page",
    }
    made = service.create(body, scope)
    assert made.amount_total == 2500
    assert made.ui_mode == body["ui_mode"]
    assert service.expire(made.id, {}, scope).status == "expired"
    refused(400, None, lambda: service.expire(made.id, {}, scope))


def close() -> None:
    body = {"applied_configurations": ["merchant"]}
    refused(
        400,
        "configs_must_match_to_close",
        lambda: core.accounts.close(account, {"applied_configurations": []}),
    )
    control("switches", {"closing_refused": "stripe_loss_liable_cannot_be_deleted"})
    refused(400, "stripe_loss_liable_cannot_be_deleted", lambda: core.accounts.close(account, body))
    control("switches", {"closing_refused": None})
    assert core.accounts.close(account, body).closed is True


everything = client()
core = everything.v2.core
account = core.accounts.create(ACCOUNT).id
CALLS: dict[str, Callable[[], None]] = {
    "accounts: create, retrieve, include": create_and_read,
    "accounts.update, metadata": update_metadata,
    "accounts.list, pages": page,
    "accounts.list, limit": lambda: refused(
        400, "parameter_invalid", lambda: core.accounts.list({"limit": 21})
    ),
    "accounts.retrieve, unknown": lambda: refused(
        404, "not_found", lambda: core.accounts.retrieve("acct_none")
    ),
    "accounts.create, no responsibilities": lambda: refused(
        400, "parameter_missing", lambda: core.accounts.create({**ACCOUNT, "defaults": {}})
    ),
    "idempotency": repeat,
    "account_links.create, onboarding": link,
    "account_links.create, configurations": link_with_configurations,
    "account_links.create, dashboard": dashboard_link,
    "persons": persons,
    "account tokens": account_token,
    "restricted key": restricted_key,
    "event destinations": destinations,
    "events": events,
    "v1 accounts": first_version,
    "v1 payments, refunds and fees": payments,
    "v1 checkout sessions": checkout,
    "accounts.close": close,
}
for name, call in CALLS.items():
    try:
        call()
    except Exception as error:  # noqa: BLE001 - the next calls are made, too
        print(f"failed {name}: {type(error).__name__} {error}")
    else:
        print(f"ok {name}")
sys.exit()
