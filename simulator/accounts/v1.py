"""Accounts under /v1: an older view of the same accounts (https://docs.stripe.com/api/accounts).

`stripe trigger account.updated` creates an account here and changes its metadata. It can take up to ten
minutes until v2 accepts such an account (https://docs.stripe.com/connect/accounts-v2/migrate-integration).
"""

from simulator.accounts import accounts, links, records, rules
from simulator.accounts.changes import capabilities_by_name
from simulator.accounts.records import edit, publish
from simulator.accounts.rules import dig
from simulator.state import Json
from simulator.wire.calls import Call
from simulator.wire.errors import Refused, inaccessible
from simulator.wire.keys import PLATFORM
from simulator.wire.paging import v1_list
from simulator.wire.shapes import Shape, texts

UPDATE: dict[str, Shape] = {"metadata": {"*": str}}
CREATE: dict[str, Shape] = {
    **UPDATE,
    **texts("country default_currency email"),
    "business_type": ("company", "government_entity", "individual", "non_profit"),
    "capabilities": {"*": {"requested": ("true", "false")}},
    "controller": {
        "fees": {"payer": ("account", "application")},
        "losses": {"payments": ("application", "stripe")},
        "requirement_collection": ("application", "stripe"),
        "stripe_dashboard": {"type": ("express", "full", "none")},
    },
    "type": ("custom", "express", "standard"),
}
LINK: dict[str, Shape] = {
    **texts("account refresh_url return_url type"),
    "collect": ("currently_due", "eventually_due"),
    "collection_options": {
        "fields": ("currently_due", "eventually_due"),
        "future_requirements": ("include", "omit"),
    },
}
COMPATIBLE_SECONDS = 600.0
_TYPES = {
    "standard": ("full", "stripe", "stripe"),
    "express": ("express", "application", "application"),
    "custom": ("none", "application", "application"),
}


def find(call: Call, identifier: str) -> Json:
    """Return the record of an account, or raise v1's error."""
    account = call.state.all("account").get(identifier)
    if account is None or account["deauthorized"]:
        raise inaccessible(call.api_key, identifier)
    return account


def show(call: Call) -> Json:
    """GET /v1/accounts/{id}."""
    if call.path["id"] == PLATFORM:
        return _platform()
    return _render(find(call, call.path["id"]))


def show_own(call: Call) -> Json:
    """GET /v1/account: the connected account that the headers name, or the platform."""
    return _render(find(call, call.account)) if call.account else _platform()


def list_accounts(call: Call) -> Json:
    """GET /v1/accounts, newest first."""
    chosen = [account for account in call.state.newest("account") if not account["deauthorized"]]
    return v1_list("/v1/accounts", call.query, chosen, _render)


def create(call: Call) -> str:
    """POST /v1/accounts. Only the fields of CREATE are simulated.

    The default country is the country of the platform, the US.
    """
    body = call.body
    dashboard, fees, losses = _parties(body)
    requested = body.get("capabilities") or {"card_payments": {"requested": "true"}}
    capabilities = {name: {"requested": value["requested"] == "true"} for name, value in requested.items()}
    account = records.new(call.state) | {"compatible_at": call.state.now() + COMPATIBLE_SECONDS}
    identity: Json = {"country": body.get("country") or "US"}
    if "business_type" in body:
        identity["entity_type"] = body["business_type"]
    defaults: Json = {"responsibilities": {"fees_collector": fees, "losses_collector": losses}}
    if "default_currency" in body:
        defaults["currency"] = body["default_currency"]
    # v1 does not require the email address, but v2 does.
    account["contact_email"] = body.get("email") or None
    account["configuration"] = {"merchant": {"applied": True, "capabilities": capabilities}}
    account["dashboard"] = dashboard
    account["metadata"] = {name: value for name, value in (body.get("metadata") or {}).items() if value}
    account.update(identity=identity, defaults=defaults)
    accounts.normalize(account)
    rules.check(account, None, {}, call.state.today())
    publish(call.state, account, call.reason)
    return str(account["id"])


def _parties(body: Json) -> tuple[str, str, str]:
    """Return the dashboard and the collectors of fees and losses, from `type` or `controller`."""
    controller = body.get("controller")
    if controller and "type" in body:
        raise Refused("parameter_invalid", "Send type or controller, not both.", param="type")
    if not controller:
        return _TYPES[body.get("type") or "standard"]
    fees = "application" if dig(controller, "fees.payer") == "application" else "stripe"
    losses = dig(controller, "losses.payments") or "stripe"
    return dig(controller, "stripe_dashboard.type") or "full", fees, losses


def update(call: Call) -> str:
    """POST /v1/accounts/{id}. Changes only the metadata. An empty value removes a key."""
    find(call, call.path["id"])
    account = edit(call.state, call.path["id"])
    metadata = account["metadata"] | call.body.get("metadata", {})
    account["metadata"] = {name: value for name, value in metadata.items() if value}
    publish(call.state, account, call.reason)
    return str(account["id"])


def create_link(call: Call) -> str:
    """POST /v1/account_links (https://docs.stripe.com/api/account_links/create)."""
    body = call.body
    for name in ("account", "refresh_url", "return_url", "type"):
        if not body.get(name):
            raise Refused("parameter_missing", f"Missing required param: {name}.", param=name)
    account = find(call, body["account"])
    if body["type"] != "account_onboarding":
        raise Refused(
            "parameter_invalid", 'Invalid type: must be one of ["account_onboarding"]', param="type"
        )
    for name in ("refresh_url", "return_url"):
        if not body[name].startswith(("http://", "https://")):
            raise Refused("url_invalid", "Not a valid URL", param=name)
    options = body.get("collection_options") or {"fields": body.get("collect") or "currently_due"}
    flow = {
        "refresh_url": body["refresh_url"],
        "return_url": body["return_url"],
        "collection_options": options,
    }
    return links.store(call, account, "account_onboarding", flow)


def show_link(call: Call) -> Json:
    """Return the link. It has no id, as in v2."""
    link = call.state.all("link")[call.path["id"]]
    created, expires = int(link["created"]), int(link["expires"])
    return {"object": "account_link", "created": created, "expires_at": expires, "url": link["url"]}


def create_login_link(call: Call) -> str:
    """POST /v1/accounts/{id}/login_links, for Express accounts only."""
    account = find(call, call.path["id"])
    if account["dashboard"] != "express":
        message = f"Cannot create a login link for an account with the {account['dashboard']} dashboard."
        raise Refused("account_invalid", message)
    return str(account["id"])


def show_login_link(call: Call) -> Json:
    """Return the login link, which leads to the account's Dashboard."""
    url = f"{call.base_url}/dashboard/{call.path['id']}"
    return {"object": "login_link", "created": int(call.state.now()), "url": url}


def _render(account: Json) -> Json:
    capabilities = capabilities_by_name(account["view"]["configuration"]["merchant"])
    parties = account["defaults"].get("responsibilities") or {}
    kinds = {"full": "standard", "express": "express"}
    return {
        "id": account["id"],
        "object": "account",
        "business_type": account["identity"].get("entity_type"),
        "capabilities": {
            name: "active" if capability["status"] == "active" else "inactive"
            for name, capability in capabilities.items()
            if "." not in name
        },
        "charges_enabled": capabilities.get("card_payments", {}).get("status") == "active",
        "controller": {
            "type": "application",
            "is_controller": True,
            "fees": {"payer": "application" if parties.get("fees_collector") == "application" else "account"},
            "losses": {"payments": parties.get("losses_collector") or "stripe"},
            "requirement_collection": rules.collector(account),
            "stripe_dashboard": {"type": account["dashboard"]},
        },
        "country": account["identity"].get("country"),
        "created": int(account["made_at"]),
        "default_currency": account["defaults"].get("currency"),
        "details_submitted": bool(dig(account, "identity.attestations.terms_of_service.account.date")),
        "email": account["contact_email"],
        "metadata": account["metadata"],
        "payouts_enabled": capabilities.get("stripe_balance.payouts", {}).get("status") == "active",
        "type": kinds.get(account["dashboard"], "custom"),
    }


def _platform() -> Json:
    """Return the platform's own account."""
    return {
        "id": PLATFORM,
        "object": "account",
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "country": "US",
        "default_currency": "usd",
        "details_submitted": True,
        "email": "platform@example.com",
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }
