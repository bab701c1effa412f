"""@connectql/client works against the service, with tokens that expire."""

import pytest

from connect.merchants.rules.status.status import Status
from connect.merchants.wording.statuses import STATUS_TITLES, TONES
from testing.service import Service
from testing.waits import PATIENCE
from tests.clients.conftest import Script

# Clients cannot see which database is used.
pytestmark = pytest.mark.one_database

SHOPS = ["shop-1", "shop-2", "shop-3", "shop-4", "shop-5"]


@pytest.fixture
async def shops(service: Service) -> None:
    for external_id in SHOPS:
        await service.create(external_id, displayName=f"Shop {external_id}")


@pytest.mark.usefixtures("shops")
async def test_urql_follows_lists_and_replaces_an_expired_token(script: Script, service: Service) -> None:
    result = await script("urql.ts", service.brief_token(3 * PATIENCE), service.token())
    assert result["merchant"] == ["Onboarding", "START_ONBOARDING", "RequirementGroup"]
    assert (result["pages"], result["gathered"], result["totalCount"]) == ([2, 4, 5], SHOPS, 5)
    assert result["created"] is True
    assert result["grown"] == [["shop-6", *reversed(SHOPS)], 6]
    assert (result["renamed"], result["renamedInList"]) == ("Renamed", 6)
    assert result["left"] == ["shop-6", *reversed(SHOPS[:-1])]
    missing, address = "Fill in this field.", "Enter one email address, such as owner@shop.example."
    assert result["refusals"] == [
        ["InvalidInputError", f"{missing} {address}", {"displayName": missing, "contactEmail": address}],
        ["ExternalIdTakenError", "This id is in use already.", {}],
    ]
    assert result["states"] == ["connecting", "live"]
    assert (result["issued"], result["renewed"]) == (2, ["OPERATOR", 2])
    assert result["complaints"] == []


@pytest.mark.usefixtures("shops")
async def test_apollo_client_follows_lists_and_replaces_an_expired_token(
    script: Script, service: Service
) -> None:
    result = await script("apollo.ts", service.brief_token(2 * PATIENCE), service.token())
    assert result["merchant"] == ["Onboarding", "ConnectedAccount"]
    assert result["isWhole"] is True
    assert (result["pages"], result["gathered"], result["totalCount"]) == ([2, 4, 5], SHOPS, 5)
    assert result["refusal"] == ["This choice is not available.", ["country"]]
    assert result["failure"] == ["BAD_USER_INPUT"]
    assert result["grown"] == ["shop-6", *reversed(SHOPS)]
    assert result["left"] == ["shop-6", *reversed(SHOPS[:-1])]
    assert result["renamed"] == "Renamed"
    assert {"Merchant", "Payment", "Dispute"} <= set(result["nodes"])
    assert (result["issued"], result["renewed"]) == (2, ["OPERATOR", 2])
    assert result["complaints"] == []


@pytest.mark.usefixtures("shops")
async def test_every_document_is_accepted_and_the_helpers_need_no_client(
    script: Script, service: Service
) -> None:
    result = await script("plain.ts", service.token())
    done = {name for name, outcome in result["outcomes"].items() if outcome in ("data", "message")}
    assert len(done) == 20
    assert {name: outcome for name, outcome in result["outcomes"].items() if name not in done} == {
        "CreateMerchantDocument": "ExternalIdTakenError",
        "UpdateMerchantDocument": "UpdateMerchantPayload",
        "RefreshMerchantDocument": "RefreshMerchantPayload",
        "CreateOnboardingLinkDocument": "CreateOnboardingLinkPayload",
        "CreateDashboardLinkDocument": "CreateDashboardLinkPayload",
        "CreateAccountSessionDocument": "CreateAccountSessionPayload",
        "CreateCheckoutDocument": "MerchantNotReadyError",
        "RefundPaymentDocument": "PaymentNotFoundError",
        "CapturePaymentDocument": "PaymentNotFoundError",
        "CancelPaymentDocument": "PaymentNotFoundError",
        "PaymentChangedDocument": ["NOT_FOUND"],
        "StartServiceDocument": "InvalidInputError",
        "CreateBillingPortalLinkDocument": "MerchantNotReadyError",
    }
    assert result["isPersisted"] is True
    assert result["statuses"] == {
        status.name: {"label": STATUS_TITLES[status], "tone": TONES[status].value, "order": order}
        for order, status in enumerate(Status)
    }
    assert result["words"] == ["Partly refunded", "Paid", "Dispute won", "Being checked"]
    assert (result["issued"], result["renewed"]) == (1, ["OPERATOR", 2])
    assert result["named"] == [["portal", "3.1"]] * 3
    assert (result["started"], result["visited"]) == (None, ["r"])
    assert result["refused"] == "The app's address is not allowed. Contact the platform."
    assert result["survived"] == [3, None, "idle"]
    assert result["tokens"] == [["token-1"] * 3, "token-2", "token-2", "token-3", "ready", 3]
    returned, *others = result["returns"]
    assert returned == {
        "page": "onboarding",
        "outcome": "returned",
        "merchant": "shop-1",
        "status": "ACTIVE",
        "url": "https://app.example/connect?tab=a%20b#top",
    }
    nothing = {"merchant": None, "status": None, "url": "https://app.example/"}
    assert others == [
        {"page": "onboarding", "outcome": "expired", **nothing},
        {"page": "dashboard", "outcome": "web_view", **nothing},
        None,
        "https://app.example/a?b=%2F",
    ]
    assert result["money"] == ["-$1,234.56", "¥500", "UGX 1,000", "KWD 12.345", "€90,071,992,547,409.91"]
    assert result["typed"] == [1250, 100, 105, None, None, None, None]
