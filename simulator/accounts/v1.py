"""Accounts under /v1: an older view of the same accounts."""

from simulator.accounts.accounts import edit, find, publish
from simulator.accounts.changes import capabilities_by_name
from simulator.accounts.rules import dig
from simulator.state import Json
from simulator.wire.calls import Call
from simulator.wire.errors import Refused
from simulator.wire.paging import v1_list
from simulator.wire.shapes import Shape

UPDATE: dict[str, Shape] = {"metadata": {"*": str}}


def show(call: Call) -> Json:
    """GET /v1/accounts/{id}."""
    return _render(find(call.state, call.path["id"], "v1"))


def list_accounts(call: Call) -> Json:
    """GET /v1/accounts, newest first."""
    accounts = [account for account in call.state.newest("account") if not account["deauthorized"]]
    return v1_list("/v1/accounts", call.query, accounts, _render)


def update(call: Call) -> str:
    """POST /v1/accounts/{id}. Changes only the metadata. An empty value removes a key."""
    find(call.state, call.path["id"], "v1")
    account = edit(call.state, call.path["id"])
    metadata = account["metadata"] | call.body.get("metadata", {})
    account["metadata"] = {name: value for name, value in metadata.items() if value}
    publish(call.state, account, call.reason)
    return str(account["id"])


def create_login_link(call: Call) -> str:
    """POST /v1/accounts/{id}/login_links, for Express accounts only."""
    account = find(call.state, call.path["id"], "v1")
    if account["dashboard"] != "express":
        message = f"Cannot create a login link for an account with the {account['dashboard']} dashboard."
        raise Refused("account_invalid", message)
    return str(account["id"])


def show_login_link(call: Call) -> Json:
    """Return the login link."""
    url = f"{call.base_url}/dashboard/{call.path['id']}"
    return {"object": "login_link", "created": int(call.state.now()), "url": url}


def _render(account: Json) -> Json:
    capabilities = capabilities_by_name(account["view"]["configuration"]["merchant"])
    return {
        "id": account["id"],
        "object": "account",
        "charges_enabled": capabilities.get("card_payments", {}).get("status") == "active",
        "payouts_enabled": capabilities.get("stripe_balance.payouts", {}).get("status") == "active",
        "details_submitted": bool(dig(account, "identity.attestations.terms_of_service.account.date")),
        "country": account["identity"].get("country"),
        "email": account["contact_email"],
        "metadata": account["metadata"],
    }
