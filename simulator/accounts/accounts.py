"""Connected accounts: create, update, close, show and list them."""

from datetime import date

from simulator.accounts import records, requirements, rules, tokens
from simulator.accounts.records import find, publish
from simulator.accounts.rules import dig
from simulator.accounts.view import CONFIGURATIONS, applied
from simulator.control import switches
from simulator.state import Json
from simulator.wire.bodies import as_list
from simulator.wire.calls import Call
from simulator.wire.errors import Refused, required
from simulator.wire.paging import page

_SECTIONS = ("defaults", "future_requirements", "identity", "requirements")
# The largest page of accounts, as reported by a user of Stripe. The limits of other lists are unknown.
MAX_LIMIT = 20


def create(call: Call) -> str:
    """POST /v2/core/accounts."""
    switches.check_platform(call.state, creates=True)
    switches.check_token(call.state, call.body)
    account = records.new(call.state)
    apply(account, tokens.open_body(call, "account"), None, call.state.today())
    publish(call.state, account, call.reason)
    tokens.use(call, "account")
    return str(account["id"])


def update(call: Call) -> str:
    """POST /v2/core/accounts/{id}."""
    switches.check_platform(call.state, creates=False)
    account = find(call.state, call.path["id"])
    if account["closed"]:
        raise Refused("account_closed", "This account is closed.")
    changed = records.copy(account)
    apply(changed, tokens.open_body(call, "account"), account, call.state.today())
    publish(call.state, changed, call.reason)
    tokens.use(call, "account")
    return str(account["id"])


def close(call: Call) -> str:
    """POST /v2/core/accounts/{id}/close. The body must name every applied configuration."""
    switches.check_platform(call.state, creates=False)
    account = find(call.state, call.path["id"])
    named = set(call.body.get("applied_configurations") or [])
    if not account["closed"]:
        if named != set(applied(account)):
            # This error lists the account's configurations (Stripe's specification).
            message = f"applied_configurations: must name all of {', '.join(applied(account))}."
            more = {"applied_configurations": applied(account)}
            raise Refused("configs_must_match_to_close", message, more=more)
        switches.check_closing(call.state, account)
        publish(call.state, account | {"closed": True}, call.reason)
    return str(account["id"])


def show(call: Call) -> Json:
    """Return the account with the sections that `include` names. The other sections are null."""
    switches.check_platform(call.state, creates=False)
    full = find(call.state, call.path["id"])["view"]
    include = call.include
    _check_include(include)
    body = {name: full[name] for name in full if name not in {*_SECTIONS, "configuration"}}
    body |= {name: full[name] if name in include else None for name in _SECTIONS}
    body["configuration"] = None
    if any(name.startswith("configuration.") for name in include):
        body["configuration"] = {
            name: full["configuration"][name] if f"configuration.{name}" in include else None
            for name in CONFIGURATIONS
        }
    return body


def _check_include(include: list[str]) -> None:
    names = {*_SECTIONS, *(f"configuration.{name}" for name in CONFIGURATIONS)}
    for name in include:
        if name not in names:
            raise Refused("parameter_invalid", f"include: {name!r} is not one of {', '.join(sorted(names))}")


def list_accounts(call: Call) -> Json:
    """GET /v2/core/accounts, newest first. As at Stripe, the list may lag, and its accounts lack sections."""
    switches.check_platform(call.state, creates=False)
    configurations = set(as_list(call.query, "applied_configurations"))
    closed = call.query.get("closed", "false") == "true"
    visible = call.state.now() - float(call.state.control("lists")["lag_seconds"])
    chosen = [
        account
        for account in call.state.newest("account")
        if account["closed"] == closed
        and not account["deauthorized"]
        and not records.is_v1(account)
        and account["made_at"] <= visible
        and configurations <= set(applied(account))
    ]
    bare = dict.fromkeys((*_SECTIONS, "configuration"))
    path = "/v2/core/accounts"
    return page(path, call.query, chosen, lambda account: account["view"] | bare, MAX_LIMIT)


def apply(account: Json, body: Json, before: Json | None, today: date) -> None:
    """Apply a request's body to an account. Raises Refused if the account would be invalid on this day."""
    fields = {name: value for name, value in body.items() if name not in {"include", "account_token"}}
    for name, value in (fields.pop("configuration", None) or {}).items():
        configuration = account["configuration"].get(name) or {"applied": True}
        account["configuration"][name] = records.merge(configuration, value or {})
    for name in ("identity", "defaults"):
        account[name] = records.merge(account[name], fields.pop(name, None) or {})
    account["metadata"] = records.merge_metadata(account["metadata"], fields.pop("metadata", None) or {})
    account.update(fields)
    if {"merchant", "recipient"} & set(account["configuration"]):
        _check_required(account)
    normalize(account)
    rules.check(account, before, body, today)
    if dig(body, requirements.DOCUMENT):
        requirements.resubmit(account, requirements.DOCUMENT)


def normalize(account: Json) -> None:
    """Write countries and currencies as Stripe does, and add the defaults of an account."""
    identity, defaults = account["identity"], account["defaults"]
    if identity.get("country"):
        identity["country"] = identity["country"].upper()
    if defaults.get("currency"):
        defaults["currency"] = defaults["currency"].lower()
    if account["configuration"]:
        account["dashboard"] = account["dashboard"] or "full"
    if "merchant" in account["configuration"] and identity.get("country"):
        defaults.setdefault("currency", rules.CURRENCIES.get(identity["country"]))


def _check_required(account: Json) -> None:
    """Refuse an account with the configuration `merchant` or `recipient` that lacks a required field.

    The reference requires `contact_email` (https://docs.stripe.com/api/v2/core/accounts/create) and both
    collectors inside `responsibilities`. A user of Stripe reports that an account without `responsibilities`
    is refused. Stripe's error code is unknown.
    """
    if not account["contact_email"]:
        raise required("contact_email")
    parties = account["defaults"].get("responsibilities")
    if not parties:
        raise required("defaults.responsibilities")
    for name in ("fees_collector", "losses_collector"):
        if not parties.get(name):
            raise required(f"defaults.responsibilities.{name}")
