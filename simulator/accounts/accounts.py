"""Connected accounts: create, update, close, show and list them, and publish their changes as events."""

from typing import Any

from simulator.accounts import requirements, rules, view
from simulator.accounts.changes import differences
from simulator.accounts.rules import dig
from simulator.accounts.view import CONFIGURATIONS, TOP, applied
from simulator.events import events
from simulator.state import Json, State, rfc3339, token
from simulator.wire.bodies import as_list
from simulator.wire.calls import Call
from simulator.wire.errors import Refused, missing
from simulator.wire.paging import page

_SECTIONS = ("defaults", "future_requirements", "identity", "requirements")


def create(call: Call) -> str:
    """POST /v2/core/accounts."""
    account: Json = {
        "id": token("acct_"),
        "created": rfc3339(call.state.now()),
        "made_at": call.state.now(),
        "closed": False,
        "deauthorized": False,
        **dict.fromkeys(TOP),
        "metadata": {},
        "identity": {},
        "defaults": {},
        "configuration": {},
        # Fields that the API does not show.
        "person": token("person_test_", 24),
        "person_made": None,
        "bank": None,
        "document": None,
        "verified": False,
        "review_until": None,
        "extras": [],
        "verdict": None,
        "view": None,
    }
    _apply(account, call.body, None)
    publish(call.state, account, call.reason)
    return str(account["id"])


def update(call: Call) -> str:
    """POST /v2/core/accounts/{id}."""
    account = find(call.state, call.path["id"])
    if account["closed"]:
        raise Refused("account_closed", "This account is closed.")
    changed = _copy(account)
    _apply(changed, call.body, account)
    publish(call.state, changed, call.reason)
    return str(account["id"])


def close(call: Call) -> str:
    """POST /v2/core/accounts/{id}/close. The body must name every applied configuration."""
    account = find(call.state, call.path["id"])
    named = set(call.body.get("applied_configurations") or [])
    if not account["closed"]:
        if named != set(applied(account)):
            message = f"applied_configurations: must name all of {', '.join(applied(account))}."
            raise Refused("configurations_must_match", message)
        publish(call.state, account | {"closed": True}, call.reason)
    return str(account["id"])


def show(call: Call) -> Json:
    """Return the account with the included sections. The other sections are null."""
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
    """GET /v2/core/accounts, newest first. As at Stripe, the list lags and has no sections."""
    configurations = set(as_list(call.query, "applied_configurations"))
    closed = call.query.get("closed", "false") == "true"
    visible = call.state.now() - float(call.state.control("lists")["lag_seconds"])
    chosen = [
        account
        for account in call.state.newest("account")
        if account["closed"] == closed
        and not account["deauthorized"]
        and account["made_at"] <= visible
        and configurations <= set(applied(account))
    ]
    bare = dict.fromkeys((*_SECTIONS, "configuration"))
    return page("/v2/core/accounts", call.query, chosen, lambda account: account["view"] | bare)


def find(state: State, identifier: str, version: str = "v2") -> Json:
    """Return the record of an account. Raises Refused if the account is unknown or disconnected."""
    account = state.all("account").get(identifier)
    if account is None or account["deauthorized"]:
        raise missing(identifier, version)
    return account


def _apply(account: Json, body: Json, before: Json | None) -> None:
    fields = {name: value for name, value in body.items() if name not in {"include", "account_token"}}
    for name, value in (fields.pop("configuration", None) or {}).items():
        configuration = account["configuration"].get(name) or {"applied": True}
        account["configuration"][name] = _merge(configuration, value or {})
    for name in ("identity", "defaults", "metadata"):
        account[name] = _merge(account[name], fields.pop(name, None) or {})
    account["metadata"] = {name: value for name, value in account["metadata"].items() if value is not None}
    account.update(fields)
    identity, defaults = account["identity"], account["defaults"]
    if identity.get("country"):
        identity["country"] = identity["country"].upper()
    if defaults.get("currency"):
        defaults["currency"] = defaults["currency"].lower()
    if account["configuration"]:
        account["dashboard"] = account["dashboard"] or "full"
        party = "stripe" if account["dashboard"] == "full" else "application"
        parties = {"fees_collector": party, "losses_collector": party}
        defaults["responsibilities"] = parties | (defaults.get("responsibilities") or {})
        if "merchant" in account["configuration"] and identity.get("country"):
            defaults.setdefault("currency", rules.CURRENCIES.get(identity["country"]))
    rules.check(account, before, body)
    if dig(body, requirements.DOCUMENT):
        requirements.resubmit(account, requirements.DOCUMENT)


def _merge(old: Any, new: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{name: _merge(old.get(name), value) for name, value in new.items()}}
    return new


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(part) for name, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value


def edit(state: State, identifier: str) -> Json:
    """Return a copy of an account's record, to change and publish."""
    copy: Json = _copy(find(state, identifier))
    return copy


def publish(state: State, account: Json, reason: Json | None = None) -> None:
    """Save a changed account, and emit an event for each change that the API shows."""
    now = account["seen_at"] = state.now()
    requirements.advance(account, now, state.settings.review_seconds)
    before, account["view"] = account["view"], None
    if dig(account, "identity.individual") and account["person_made"] is None:
        account["person_made"] = rfc3339(now)
    after = account["view"] = view.render(account, now)
    previous = state.all("account").get(account["id"])
    state.save("account", account["id"], account)
    moment = requirements.due(account, now)
    if moment is None or account["deauthorized"]:
        state.timers.pop(account["id"], None)
    else:
        state.timers[account["id"]] = moment
    path = f"/v2/core/accounts/{account['id']}"

    for suffix, data in differences(before, after) if before else [(".created", None)]:
        events.emit(
            state,
            f"v2.core.account{suffix}",
            context=account["id"],
            related=("v2.core.account", path),
            data=data,
            reason=reason,
        )
    old = previous["identity"].get("individual") if previous else None
    if old != account["identity"].get("individual"):
        events.emit(
            state,
            f"v2.core.account_person.{'updated' if old else 'created'}",
            context=account["id"],
            related=("v2.core.account_person", f"{path}/persons/{account['person']}"),
            data={"account_id": account["id"]},
            reason=reason,
        )


def pass_time(state: State) -> None:
    """Publish every account whose review or deadline has ended."""
    now = state.now()
    for identifier in [key for key, moment in state.timers.items() if moment <= now]:
        state.timers.pop(identifier)
        publish(state, edit(state, identifier))
