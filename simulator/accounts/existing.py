"""Accounts that the platform had before it used ConnectQL.

Only the control plane and scenario files create them.
"""

from simulator.accounts import accounts, records
from simulator.state import Json, State
from simulator.wire.errors import Refused

_FIELDS = {"id", "display_name", "contact_email", "country"}


def create(state: State, order: Json) -> Json:
    """Return the account with the id in `order`, and create it first if it does not exist.

    A new account has the full Dashboard. Stripe collects fees from the account and bears its losses.
    """
    unknown = set(order) - _FIELDS
    if unknown or not str(order.get("id", "")).startswith("acct_"):
        others = ", ".join(sorted(_FIELDS - {"id"}))
        message = f"an account needs an id that begins with acct_, and may have {others}"
        raise Refused("parameter_invalid", message)
    if order["id"] not in state.all("account"):
        account = records.new(state) | {"id": order["id"]}
        parties = {"fees_collector": "stripe", "losses_collector": "stripe"}
        body = {
            "display_name": order.get("display_name"),
            "contact_email": order.get("contact_email", "old@shop.example"),
            "dashboard": "full",
            "identity": {"country": order.get("country", "US")},
            "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
            "defaults": {"responsibilities": parties},
        }
        accounts.apply(account, body, None, state.today())
        records.publish(state, account)
    view: Json = state.all("account")[order["id"]]["view"]
    return view
