"""The permissions that a restricted key needs, tested by calls that change nothing.

Each call only reads, or names an object that does not exist. Stripe checks the key before it looks for the
object. A permission for the platform's own objects does not include objects of connected accounts, so the
calls about payments name an account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connect.errors import StripePermissionMissing
from connect.finances import calls as finances
from connect.payments import calls
from connect.services import calls as services
from connect.stripe_api.gateway import ACCOUNTS, Gateway
from models import ConnectedAccount, Service

# An id that no account has.
NO_ACCOUNT = "acct_0000000000000000"
NO_ID = "0000000000000000"


@dataclass(frozen=True, slots=True)
class Probe:
    """A call that tests a permission. `is_of_account` tells whether the scope of the call is an account."""

    method: str
    path: str
    params: dict[str, Any]
    is_of_account: bool = False


PLATFORM = (
    Probe("get", f"{ACCOUNTS}/{NO_ACCOUNT}", {}),
    Probe("post", f"{ACCOUNTS}/{NO_ACCOUNT}", {}),
    Probe("get", "/v2/core/events", {"limit": 1}),
    Probe("post", f"{calls.FEES}/fee_{NO_ID}/refunds", {}),
)
# A permission to write includes the permission to read.
OF_ACCOUNTS = (
    Probe("post", f"{calls.SESSIONS}/cs_{NO_ID}/expire", {}, is_of_account=True),
    Probe("post", f"{calls.INTENTS}/pi_{NO_ID}/cancel", {}, is_of_account=True),
    Probe("post", calls.REFUNDS, {"payment_intent": f"pi_{NO_ID}"}, is_of_account=True),
    Probe("get", f"{calls.CHARGES}/ch_{NO_ID}", {}, is_of_account=True),
    Probe("get", f"{calls.DISPUTES}/du_{NO_ID}", {}, is_of_account=True),
    Probe("get", f"{calls.WARNINGS}/issfr_{NO_ID}", {}, is_of_account=True),
    # Stripe expands only objects that the key may read.
    Probe("get", f"/v1/balance_transactions/txn_{NO_ID}", {}, is_of_account=True),
    Probe("get", finances.BALANCE, {}, is_of_account=True),
    Probe("get", finances.SETTINGS, {}, is_of_account=True),
    Probe("get", f"{finances.PAYOUTS}/po_{NO_ID}", {}, is_of_account=True),
    Probe("post", calls.CUSTOMER_SESSIONS, {"customer": f"cus_{NO_ID}"}, is_of_account=True),
)
SERVICES = (
    Probe("get", f"{services.SUBSCRIPTIONS}/sub_{NO_ID}", {}),
    Probe("get", f"{services.INVOICES}/in_{NO_ID}", {}),
    Probe("post", f"{services.SESSIONS}/cs_{NO_ID}/expire", {}),
    Probe("post", services.PORTAL_SESSIONS, {"customer_account": NO_ACCOUNT}),
)
DOMAINS = Probe("post", f"{calls.DOMAINS}/pmd_{NO_ID}/validate", {}, is_of_account=True)


async def check(
    gateway: Gateway, account: str | None, *, has_domains: bool, has_services: bool = False
) -> None:
    """Test the permissions of a restricted key by making calls. Other keys have all permissions, so for them
    no call is made.

    `account` is a connected account. If it is None, the permissions for connected accounts stay unknown,
    because Stripe may refuse calls about other accounts before it checks the key. Raises
    StripePermissionMissing with the names of all missing permissions, StripeKeyRefused or StripeUnavailable.
    """
    if not gateway.is_restricted:
        return
    used = (*([DOMAINS] if has_domains else []), *(SERVICES if has_services else ()))
    probes: Sequence[Probe] = (*PLATFORM, *OF_ACCOUNTS, *used)
    missing: list[StripePermissionMissing] = []
    for probe in probes:
        scope = (account or NO_ACCOUNT) if probe.is_of_account else None
        try:
            await gateway.probe(probe.method, probe.path, probe.params, scope)
        except StripePermissionMissing as error:
            missing.append(error)
    if missing:
        names = list(dict.fromkeys(error.permission for error in missing if error.permission))
        raise StripePermissionMissing(", ".join(_without_included(names)) or None)


def _without_included(names: list[str]) -> list[str]:
    """Leave out a permission to read if the names also contain the permission to write the same objects."""
    return [name for name in names if f"{name.removesuffix('_read')}_write" not in names]


async def any_account() -> str | None:
    """The most recently fetched open account, for testing the permissions. None if no account is open."""
    accounts = ConnectedAccount.filter(closed=False, disconnected_at=None).order_by("-synced_at").limit(1)
    names: Any = await accounts.values_list("stripe_account_id", flat=True)
    return names[0] if names else None


async def has_services() -> bool:
    """Whether a merchant has subscribed to the platform's product, or tried to."""
    return await Service.exists()
