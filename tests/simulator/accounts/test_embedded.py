"""Account sessions: the platform's request for embedded components of one account."""

from typing import Any

from simulator.accounts.embedded import COMPONENTS
from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop, refused


async def test_a_session_shows_the_effective_features_of_all_components(shop: Shop) -> None:
    order: Any = {
        "account": shop.account,
        "components": {
            "payments": {"enabled": True, "features": {"dispute_management": False}},
            "payouts": {"enabled": True},
            "documents": {"enabled": False},
        },
    }
    made = plain(await shop.v1.account_sessions.create_async(order))
    assert made["client_secret"].startswith("accs_secret__")
    assert (made["account"], "id" in made) == (shop.account, False)
    parts = made["components"]
    assert set(parts) == set(COMPONENTS)
    assert [name for name, part in parts.items() if part["enabled"]] == ["payments", "payouts"]
    assert parts["payments"]["features"] == {
        "capture_payments": True,
        "destination_on_behalf_of_charge_management": False,
        "dispute_management": False,
        "refund_management": True,
        "smart_disputes_management": False,
    }
    assert parts["payouts"]["features"]["edit_payout_schedule"] is True
    assert set(parts["balances"]["features"].values()) == {False}
    again = plain(await shop.v1.account_sessions.create_async(order))
    assert again["client_secret"] != made["client_secret"]


async def test_wrong_requests_are_refused(shop: Shop) -> None:
    login = {"enabled": True, "features": {"disable_stripe_user_authentication": True}}
    orders: list[Any] = [
        {"components": {"payments": {"enabled": True}}},
        {"account": shop.account},
        {"account": "acct_1Unknown", "components": {"payments": {"enabled": True}}},
        {"account": shop.account, "components": {"payments": {"features": {"refund_management": True}}}},
        {"account": shop.account, "components": {"orders": {"enabled": True}}},
        {"account": shop.account, "components": {"documents": {"enabled": True, "features": {"x": True}}}},
        {"account": shop.account, "components": {"payments": {"enabled": True, "features": {"x": True}}}},
        {"account": shop.account, "components": {"payouts": login}},
    ]
    found = [(await refused(shop.v1.account_sessions.create_async(order)))[:3] for order in orders]
    assert found == [
        (400, "parameter_missing", "account"),
        (400, "parameter_missing", "components"),
        (400, "resource_missing", "account"),
        (400, "parameter_missing", "components[payments][enabled]"),
        (400, "parameter_unknown", "components[orders]"),
        (400, "parameter_unknown", "components[documents][features][x]"),
        (400, "parameter_unknown", "components[payments][features][x]"),
        (400, None, "components[payouts][features][disable_stripe_user_authentication]"),
    ]
