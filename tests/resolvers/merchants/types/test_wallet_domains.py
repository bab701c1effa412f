"""Merchant.walletDomains: the wallets of each web domain on the merchant's current account."""

from models import WalletDomain
from testing.merchants import NOW, BuiltMerchant, build_merchant, store
from testing.service import Service
from testing.statements import recorded

FIELDS = "walletDomains { domain state applePay googlePay link reason checkedAt }"
LIST = f"{{ merchants(orderBy: CREATED_AT_ASC) {{ edges {{ node {{ externalId {FIELDS} }} }} }} }}"
ONE = f'{{ merchant(by: {{externalId: "shop-1"}}) {{ {FIELDS} }} }}'


def row(
    built: BuiltMerchant, domain: str, state: str, *wallets: str, reason: str | None = None
) -> WalletDomain:
    assert built.account is not None
    columns = dict(zip(("apple_pay", "google_pay", "link"), wallets, strict=False))
    return WalletDomain(
        merchant_id=built.merchant.id,
        stripe_account_id=built.account.stripe_account_id,
        domain=domain,
        state=state,
        error_message=reason,
        updated_at=NOW,
        **columns,
    )


async def test_the_domains_of_all_merchants_are_read_in_one_statement(idle: Service) -> None:
    shops = [build_merchant(f"shop-{number}") for number in range(3)]
    await store([*shops, build_merchant("new", "creating")])
    rows = [
        row(shops[0], "b.example", "PENDING"),
        row(shops[0], "a.example", "ACTIVE", "active", "active", "inactive", reason="Link is off."),
        row(shops[1], "a.example", "INACTIVE", "inactive", "active", "active", reason="No file."),
        row(shops[1], "b.example", "REFUSED", reason="Not a domain."),
    ]
    await WalletDomain.bulk_create(rows)
    at = NOW.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with recorded() as statements:
        edges = (await idle.graphql(LIST))["merchants"]["edges"]
    assert statements.count == 2
    domains = {edge["node"]["externalId"]: edge["node"]["walletDomains"] for edge in edges}
    assert domains["shop-2"] == domains["new"] == []
    assert domains["shop-0"] == [
        {
            "domain": "a.example",
            "state": "ACTIVE",
            "applePay": "ACTIVE",
            "googlePay": "ACTIVE",
            "link": "INACTIVE",
            "reason": "Link is off.",
            "checkedAt": at,
        },
        {
            "domain": "b.example",
            "state": "PENDING",
            "applePay": None,
            "googlePay": None,
            "link": None,
            "reason": None,
            "checkedAt": None,
        },
    ]
    assert [(one["state"], one["reason"]) for one in domains["shop-1"]] == [
        ("INACTIVE", "No file."),
        ("REFUSED", "Not a domain."),
    ]
    # A merchant reads its own domains without Stripe's reasons.
    own = (await idle.graphql(ONE, role="merchant", merchant="shop-1"))["merchant"]["walletDomains"]
    assert own == [{**one, "reason": None} for one in domains["shop-1"]]
    assert (await idle.graphql(ONE, role="merchant", merchant="shop-0"))["merchant"] is None


async def test_at_most_twenty_domains_are_listed(idle: Service) -> None:
    shop = build_merchant("shop-1")
    await store([shop])
    await WalletDomain.bulk_create([row(shop, f"{number:02}.example", "PENDING") for number in range(21)])
    listed = (await idle.graphql(ONE))["merchant"]["walletDomains"]
    assert [one["domain"] for one in listed] == [f"{number:02}.example" for number in range(20)]
