"""Permanent faults of the local Stripe. They keep shops in statuses that otherwise last only seconds.

Faults are not part of the local Stripe's state, so each start of the demo sets them again.
"""

from local.demo.history import Json
from local.demo.world import SHOPS, Shop

FOREVER = 10**9


def of(shop: Shop) -> list[Json]:
    """Return the faults of a shop. Most shops have none.

    If the shop's final status is CREATING, Stripe answers the creation of its account with a 503. If it is
    UNKNOWN, Stripe answers the creation and each fetch with an incomplete account.
    """
    creation = {"method": "POST", "path": "/v2/core/accounts", "metadata": {"external_id": shop.id}}
    if shop.ends == "CREATING":
        return [{**creation, "status": 503, "times": FOREVER}]
    if shop.ends == "UNKNOWN":
        answer = {"status": 200, "body": _incomplete(shop), "times": FOREVER}
        return [{**creation, **answer}, {"method": "GET", "path": f"/v2/core/accounts/{_id(shop)}", **answer}]
    return []


def everything() -> list[Json]:
    """Return the faults of all shops."""
    return [fault for shop in SHOPS for fault in of(shop)]


def account(shop: Shop) -> Json:
    """Return the fields with which the demo opens the account of a shop whose final status is UNKNOWN.
    Stripe's incomplete answers contain the same fields.
    """
    return {
        "id": _id(shop),
        "display_name": shop.name,
        "contact_email": shop.email,
        "country": shop.country,
    }


def _id(shop: Shop) -> str:
    return f"acct_{shop.id.title().replace('-', '')}"


def _incomplete(shop: Shop) -> Json:
    return {
        **account(shop),
        "object": "v2.core.account",
        "applied_configurations": ["merchant"],
        "closed": False,
        "configuration": None,
        "created": "2026-01-01T00:00:00.000Z",
        "dashboard": "full",
        "livemode": False,
        "metadata": {"external_id": shop.id},
    }
