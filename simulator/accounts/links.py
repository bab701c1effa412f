"""Account links: single-use, short-lived URLs of the onboarding form."""

from simulator.accounts import accounts
from simulator.accounts.rules import dig
from simulator.events import events
from simulator.state import Json, State, rfc3339, token
from simulator.wire.calls import Call
from simulator.wire.errors import Refused
from simulator.wire.shapes import Shape, texts

_COLLECTION: Shape = {
    "fields": ("currently_due", "eventually_due"),
    "future_requirements": ("include", "omit"),
}
_FLOW: Shape = {
    # Later API versions have no `configurations`, but earlier clients and most samples still send it.
    "configurations": [("customer", "merchant", "recipient")],
    "collection_options": _COLLECTION,
    **texts("refresh_url return_url"),
}
LINK: dict[str, Shape] = {
    "account": str,
    "use_case": {"type": str, "account_onboarding": _FLOW, "account_update": _FLOW},
}


def create(call: Call) -> str:
    """POST /v2/core/account_links."""
    use_case = call.body.get("use_case") or {}
    for name, value in (("account", call.body.get("account")), ("use_case.type", use_case.get("type"))):
        if not value:
            raise Refused("parameter_missing", f"{name}: required")
    account = accounts.find(call.state, call.body["account"])
    kind = use_case["type"]
    stripe_collects = account["view"]["defaults"]["responsibilities"]["requirements_collector"] == "stripe"
    if kind != "account_onboarding" and (kind != "account_update" or stripe_collects):
        raise Refused("parameter_invalid", 'Invalid type: must be one of ["account_onboarding"]')
    flow = use_case.get(kind) or {}
    for name in ("refresh_url", "return_url"):
        url = flow.get(name)
        if url is None and name == "return_url":
            continue
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise Refused("url_invalid", f"use_case.{kind}.{name}: {url!r} is not a valid URL.")
    if account["closed"]:
        raise Refused("account_closed", "This account is closed.")
    now = call.state.now()
    secret = token("alu_test_", 40)
    link: Json = {
        "token": secret,
        "account": account["id"],
        "created": now,
        "expires": now + call.state.settings.link_seconds,
        # Stripe puts the token in the fragment, which never reaches a server.
        "url": f"{call.base_url}/r/{account['id']}/{secret}",
        "type": kind,
        "flow": flow,
        "used": False,
    }
    call.state.save("link", secret, link)
    return secret


def show(call: Call) -> Json:
    """Return the link. It has no id, so no later call can read it."""
    link = call.state.all("link")[call.path["id"]]
    flow = {name: link["flow"].get(name) for name in ("collection_options", "refresh_url", "return_url")}
    if flow["collection_options"] is not None:
        defaults = {"fields": "currently_due", "future_requirements": "omit"}
        flow["collection_options"] = defaults | flow["collection_options"]
    return {
        "object": "v2.core.account_link",
        "account": link["account"],
        "created": rfc3339(link["created"]),
        "expires_at": rfc3339(link["expires"]),
        "livemode": False,
        "url": link["url"],
        "use_case": {
            "type": link["type"],
            "account_onboarding": None,
            "account_update": None,
            link["type"]: flow,
        },
    }


def is_usable(state: State, link: Json) -> bool:
    """Whether the link still opens onboarding."""
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
