"""The wallet domains of a merchant's account. One statement reads the domains of all merchants in a list."""

import enum
from collections import defaultdict
from collections.abc import Sequence

import strawberry
from strawberry import field

from connect.payments import wallet_domains
from connect.scope import Role
from models import WalletDomain
from resolvers.common.scalars import DateTime, value
from resolvers.execution.context import Context, Info

# The maximum length of the list.
MAX_DOMAINS = 20


@strawberry.enum(description="The state of a wallet domain on an account.")
class WalletDomainState(enum.Enum):
    PENDING = value(wallet_domains.PENDING, "Stripe has not answered yet.")
    ACTIVE = value(wallet_domains.ACTIVE, "Apple Pay and Google Pay are active. Link may be inactive.")
    INACTIVE = value(
        wallet_domains.INACTIVE,
        "Apple Pay or Google Pay is inactive. ConnectQL asks Stripe to check the domain again, "
        "at least daily.",
    )
    REFUSED = value(
        wallet_domains.REFUSED, "Stripe refused the domain. ConnectQL repeats the request after 25 hours."
    )


@strawberry.enum(description="The state of one wallet on a domain.")
class WalletState(enum.Enum):
    ACTIVE = value(
        "active", "Pages of the domain can show the wallet, if it is also turned on for the account."
    )
    INACTIVE = value("inactive", "Pages of the domain do not show the wallet.")


@strawberry.type(
    name="WalletDomain",
    description="A web domain in the setting `CONNECTQL_WALLET_DOMAINS`, which ConnectQL registers at Stripe "
    "for the merchant's account. Pages of other domains do not show Apple Pay, Google Pay and Link. If a "
    "domain is removed from the setting, it stays registered at Stripe, but ConnectQL no longer checks it.",
)
class WalletDomainType:
    domain: str = field(description="The domain, in lower case and ASCII.")
    state: WalletDomainState = field(description="The state of the domain.")
    apple_pay: WalletState | None = field(
        description="The state of Apple Pay. Null until Stripe has answered."
    )
    google_pay: WalletState | None = field(
        description="The state of Google Pay. Null until Stripe has answered."
    )
    link: WalletState | None = field(
        description="The state of Link. Null until Stripe has answered. It does not affect `state`, because "
        "not every platform uses Link."
    )

    @strawberry.field(
        description="Stripe's reason for refusing the domain, or for the first inactive wallet. Null if "
        "there is none, or if the caller is a merchant."
    )
    def reason(self, row: strawberry.Parent[WalletDomain], info: Info) -> str | None:
        return None if info.context.principal.role is Role.MERCHANT else row.error_message

    @strawberry.field(description="When Stripe last answered. Null before the first answer.")
    def checked_at(self, row: strawberry.Parent[WalletDomain]) -> DateTime | None:
        return None if row.state == wallet_domains.PENDING else row.updated_at  # type: ignore[return-value]


async def load(_context: Context, accounts: Sequence[str]) -> list[list[WalletDomain]]:
    """The domains of each account, ordered by name; at most MAX_DOMAINS."""
    rows: dict[str, list[WalletDomain]] = defaultdict(list)
    for row in await WalletDomain.filter(stripe_account_id__in=accounts).order_by("domain"):
        rows[row.stripe_account_id].append(row)
    return [rows[account][:MAX_DOMAINS] for account in accounts]
