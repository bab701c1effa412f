"""Account links: single-use, short-lived URLs of the onboarding form and of the Dashboard.

They expire after 5 minutes, as a recording of onboarding in a sandbox shows, and as Stripe documents for
Dashboard links
(https://docs.stripe.com/changelog/endive/2026-11-18/dashboard-access-use-case-account-links-v2).
"""

from simulator.accounts import records
from simulator.accounts.rules import dig
from simulator.accounts.view import applied
from simulator.events import events
from simulator.state import Json, State, rfc3339, token
from simulator.wire import versions
from simulator.wire.calls import Call
from simulator.wire.errors import Refused, required
from simulator.wire.shapes import Shape, texts

DASHBOARD = "account_dashboard"
_COLLECTION: Shape = {
    "fields": ("currently_due", "eventually_due"),
    "future_requirements": ("include", "omit"),
}
_FLOW: dict[str, Shape] = {"collection_options": _COLLECTION, **texts("refresh_url return_url")}
_CONFIGURATIONS: Shape = [("customer", "merchant", "recipient")]


def shape(version: str) -> dict[str, Shape]:
    """Return the fields of a request in this version. The sources are in `wire.versions`."""
    flow = _FLOW
    if version < versions.NO_LINK_CONFIGURATIONS:
        flow = {**flow, "configurations": _CONFIGURATIONS}
    cases: dict[str, Shape] = {"type": str, "account_onboarding": flow, "account_update": flow}
    if version >= versions.DASHBOARD_LINKS:
        cases[DASHBOARD] = texts("refresh_url")
    return {"account": str, "use_case": cases}


def create(call: Call) -> str:
    """POST /v2/core/account_links."""
    use_case = call.body.get("use_case") or {}
    for name, value in (("account", call.body.get("account")), ("use_case.type", use_case.get("type"))):
        if not value:
            raise required(name)
    account, kind = records.find(call.state, call.body["account"]), use_case["type"]
    _check_type(account, kind, call.version)
    flow = use_case.get(kind) or {}
    for name in ("refresh_url", "return_url"):
        url = flow.get(name)
        if url is None and name == "refresh_url":
            raise required(f"use_case.{kind}.{name}")
        if url is not None and not url.startswith(("http://", "https://")):
            raise Refused("url_invalid", f"use_case.{kind}.{name}: {url!r} is not a valid URL.")
    if kind == DASHBOARD:
        _check_dashboard(call.state, account)
    elif call.version < versions.NO_LINK_CONFIGURATIONS:
        _check_configurations(account, kind, flow)
    if account["closed"]:
        raise Refused("account_closed", "This account is closed.")
    return store(call, account, kind, flow)


def store(call: Call, account: Json, kind: str, flow: Json) -> str:
    """Save a new link, and return its token."""
    now = call.state.now()
    secret = token("alu_test_", 40)
    link: Json = {
        "token": secret,
        "account": account["id"],
        "created": now,
        "expires": now + call.state.settings.link_seconds,
        # Stripe puts the token in the URL's fragment. Browsers do not send a fragment to the server, so here
        # the token is in the path.
        "url": f"{call.base_url}/r/{account['id']}/{secret}",
        "type": kind,
        "flow": flow,
        "used": False,
    }
    call.state.save("link", secret, link)
    return secret


def _check_type(account: Json, kind: str, version: str) -> None:
    """Refuse a use case that this version does not have, or that this account does not allow.

    The error has the text of v1, as integrators report it.
    """
    known = kind in {"account_onboarding", "account_update"}
    if kind == DASHBOARD and version >= versions.DASHBOARD_LINKS:
        return
    stripe_collects = account["view"]["defaults"]["responsibilities"]["requirements_collector"] == "stripe"
    if not known or (kind == "account_update" and stripe_collects):
        raise Refused("parameter_invalid", 'Invalid type: must be one of ["account_onboarding"]')


def _check_dashboard(state: State, account: Json) -> None:
    """Refuse an account without a Stripe-hosted Dashboard.

    Stripe's changelog says that Standard and Express accounts have one. Stripe's code and text for the
    refusal are unknown. It is also unknown whether an account must be onboarded first, so a switch decides.
    """
    if account["dashboard"] not in {"full", "express"}:
        message = f"The account has no Stripe-hosted Dashboard: its dashboard is {account['dashboard']!r}."
        raise Refused("account_dashboard_not_available", message)
    onboarded = dig(account, "identity.attestations.terms_of_service.account.date")
    if state.control("switches")["dashboard_link_needs_onboarding"] and not onboarded:
        raise Refused("account_dashboard_not_available", "The account has not been onboarded.")


def _check_configurations(account: Json, kind: str, flow: Json) -> None:
    """Refuse a link that does not name the account's configurations, as Stripe did before 2026-09-30.

    The sources are types of the SDK, and reports of integrators.
    """
    named = flow.get("configurations")
    if not named:
        raise required(f"use_case.{kind}.configurations")
    if set(named) != set(applied(account)):
        message = f"use_case.{kind}.configurations: must match the account's: {', '.join(applied(account))}."
        raise Refused("configs_must_match_to_use_account_links", message)


def show(call: Call) -> Json:
    """Return the link. It has no id, so no later call can read it."""
    link = call.state.all("link")[call.path["id"]]
    return {
        "object": "v2.core.account_link",
        "account": link["account"],
        "created": rfc3339(link["created"]),
        "expires_at": rfc3339(link["expires"]),
        "livemode": False,
        "url": link["url"],
        # In recorded answers, `use_case` has only its type and the field with the name of this type.
        "use_case": {"type": link["type"], link["type"]: _show_flow(link)},
    }


def _show_flow(link: Json) -> Json:
    sent = link["flow"]
    if link["type"] == DASHBOARD:
        return {"refresh_url": sent["refresh_url"]}
    flow = {name: sent.get(name) for name in ("collection_options", "refresh_url", "return_url")}
    if flow["collection_options"] is not None:
        defaults = {"fields": "currently_due", "future_requirements": "omit"}
        flow["collection_options"] = defaults | flow["collection_options"]
    if "configurations" in sent:
        flow["configurations"] = sent["configurations"]
    return flow


def is_usable(state: State, link: Json) -> bool:
    """Whether the link still opens its page."""
    account = state.all("account").get(link["account"])
    is_open = account is not None and not account["closed"] and not account["deauthorized"]
    return is_open and not link["used"] and state.now() < link["expires"]


def emit_return(state: State, link: Json) -> None:
    """Emit the event for a visitor who returns to the platform."""
    configurations = dig(state.all("account"), f"{link['account']}.configuration") or {}
    data = {
        "account_id": link["account"],
        "configurations": list(configurations),
        "use_case": link["type"],
    }
    events.emit(state, "v2.core.account_link.returned", context=link["account"], data=data)
