"""No field and no error shows a merchant a reason from Stripe that is unknown or sensitive.

The tests select everything below Merchant and each result, so they cover new fields automatically.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from connect.merchants.mirror import documents
from connect.merchants.rules.account import snapshot
from models import TimelineEntry, uuid7
from testing.faults import clear_faults, drop_deliveries, inject_fault
from testing.merchants import NOW, build_merchant, store
from testing.public_schema import SCHEMA
from testing.service import RETURN_TO, Service

pytestmark = pytest.mark.one_database

# A word that occurs in no reason that the service knows.
WORD = "zebra"
OWN: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
# Words about the platform. They occur in errors for operators.
PLATFORM = "CONNECTQL", "restricted key", "API key", "dashboard.stripe.com", "storer_write", "req_"


# Fields whose type is in ABOVE lead back to a parent, except in types whose names end with one of DOWN.
ABOVE, DOWN = {"Merchant", "Payment"}, ("Payload", "Error", "Edge")


def everything(name: str, depth: int = 8) -> str:
    """A selection of all fields below a type."""
    kind = SCHEMA.type_map[name]
    if isinstance(kind, GraphQLUnionType):
        parts = [f"... on {one.name} {everything(one.name, depth)}" for one in kind.types]
        return f"{{ __typename {' '.join(parts)} }}"
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    return f"{{ {' '.join(_fields(kind, depth))} }}"


def _fields(kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> Iterator[str]:
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        if is_leaf_type(below):
            yield name
        elif below.name == kind.name or (below.name in ABOVE and not kind.name.endswith(DOWN)):
            continue
        elif depth:
            yield f"{name} {everything(below.name, depth - 1)}"


def entry(key: str, party: str) -> dict[str, Any]:
    deadline = {"status": "currently_due"}
    impact = {"capability": "card_payments", "configuration": "merchant", "deadline": deadline}
    return {
        "description": key,
        "awaiting_action_from": party,
        "minimum_deadline": deadline,
        "requested_reasons": [{"code": f"{WORD}_check"}],
        "errors": [{"code": f"{WORD}_failed", "description": f"The {WORD} has failed."}],
        "impact": {"restricts_capabilities": [impact]},
        "reference": {"type": "inquiry", "inquiry": "interv_1"},
    }


async def store_merchant(code: str, *entries: dict[str, Any]) -> None:
    """Store a merchant with a capability that is restricted for this reason.

    The entries are in the current requirements, in the future requirements and in the timeline.
    """
    built = build_merchant("shop-1", "active")
    assert built.account is not None
    stored = snapshot.decode(built.account.snapshot)
    restricted = {"status": "restricted", "status_details": [{"code": code, "resolution": "contact_stripe"}]}
    answer = {
        "id": stored.stripe_account_id,
        "configuration": {"merchant": {"capabilities": {"klarna_payments": restricted}}},
        "requirements": {"entries": list(entries)},
        "future_requirements": {"entries": list(entries)},
    }
    built.account.snapshot = snapshot.encode(snapshot.merge(stored, snapshot.parse(answer)))
    documents.derive_columns(built.merchant, built.account)
    await store([built])
    state = {"awaiting": "user", "deadline": "past_due", "errors": [f"{WORD}_failed"]}
    names = [f"{start}{one['description']} (interv_1)" for one in entries for start in ("", "future: ")]
    await TimelineEntry.create(
        id=uuid7(),
        merchant_id=built.merchant.id,
        kind="REQUIREMENTS_CHANGED",
        message="Requirements: 4 added, 0 settled, 0 still open.",
        at=NOW,
        request_id=f"req_{WORD}",
        before={},
        after=dict.fromkeys(names, state),
    )


@pytest.mark.parametrize("code", ["rejected_zebra", "restricted_zebra", "zebra", "requirements_zebra"])
async def test_no_field_shows_a_merchant_an_unknown_reason(idle: Service, code: str) -> None:
    await store_merchant(code, entry(f"interv_1.{WORD}.form", "user"), entry(f"{WORD}.notice", "stripe"))
    query = f'{{ merchant(by: {{externalId: "shop-1"}}) {everything("Merchant")} }}'
    theirs = await idle.graphql(query)
    mine = await idle.graphql(query, **OWN)
    assert mine["merchant"]["timeline"]["edges"][0]["node"]["changes"]
    assert mine["merchant"]["requirements"]["entries"] != []
    assert WORD not in json.dumps(mine)
    # The platform can read every reason.
    read = json.dumps(theirs)
    reasons = code, f"interv_1.{WORD}.form", f"{WORD}.notice", f"{WORD}_check", f"The {WORD} has failed."
    for part in (*reasons, f"req_{WORD}"):
        assert part in read


LINK = f"""
mutation ($to: URL!) {{ createOnboardingLink(input: {{merchant: {{externalId: "shop-1"}}, returnTo: $to}})
{everything("CreateOnboardingLinkResult")} }}
"""
REFRESH = f"""
mutation {{ refreshMerchant(input: {{merchant: {{externalId: "shop-1"}}}})
{everything("RefreshMerchantResult")} }}
"""


def fault(status: int, code: str, message: str) -> dict[str, Any]:
    return {"status": status, "body": {"error": {"code": code, "message": message}}, "times": 100}


STRIPE_FAULTS = {
    "refused": fault(400, f"{WORD}_account", f"The {WORD} is refused."),
    "not_found": fault(404, f"{WORD}_missing", f"The {WORD} is missing."),
    "no_access": fault(403, "account_invalid", f"The {WORD} has no access."),
    "no_permission": fault(
        403,
        "more_permissions_required",
        f"The {WORD} key. Having the 'v2_account_storer_write' permission would allow this request.",
    ),
    "key_refused": fault(401, "api_key_invalid", f"The {WORD} key is invalid."),
}


@pytest.mark.parametrize("name", STRIPE_FAULTS)
async def test_errors_for_a_merchant_contain_none_of_stripes_or_the_platforms_words(
    service: Service, name: str
) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    inject_fault(service, "/v2/core/accounts/{id}", STRIPE_FAULTS[name], "GET")
    inject_fault(service, "/v2/core/account_links", STRIPE_FAULTS[name])
    is_final = name in {"refused", "not_found", "no_access"}
    for query, variables in ((LINK, {"to": RETURN_TO}), (REFRESH, {})):
        ((field, mine),) = (await service.graphql(query, variables, **OWN)).items()
        theirs = (await service.graphql(query, variables))[field]
        assert mine["__typename"] == theirs["__typename"]
        assert mine["__typename"] == ("StripeRefusedError" if is_final else "StripeUnavailableError")
        if is_final:
            assert (mine["code"], mine["remedy"], mine["requestId"]) == ("refused", None, None)
            assert mine["message"] == "Stripe refused the request. Contact the platform."
            assert theirs["code"] == STRIPE_FAULTS[name]["body"]["error"]["code"]
        else:
            assert mine["message"] == (
                "Stripe gave no definite answer. Repeat the same request; repeats are safe."
            )
            assert mine["retryAfterSeconds"] == theirs["retryAfterSeconds"]
            assert mine["merchant"]["externalId"] == "shop-1"
        text = json.dumps(mine)
        assert [word for word in (WORD, *PLATFORM) if word in text] == []
        assert theirs["message"] != mine["message"]
    clear_faults(service)


async def test_the_error_for_a_refused_return_address_names_the_setting_only_to_the_platform(
    service: Service,
) -> None:
    await service.create("shop-1")
    mine, theirs = [
        (await service.graphql(LINK, {"to": "https://elsewhere.example"}, **caller))["createOnboardingLink"]
        for caller in (OWN, {})
    ]
    assert "CONNECTQL_RETURN_ORIGINS" in theirs["message"]
    neutral = "returnTo must be an absolute http(s) address on one of the origins that the platform allows."
    assert mine == {
        "__typename": "ReturnUrlNotAllowedError",
        "message": neutral,
        "fields": [
            {
                "name": "returnTo",
                "code": "URL_NOT_ALLOWED",
                "message": neutral,
                "userMessage": "The app's address is not allowed. Contact the platform.",
            }
        ],
    }


DASHBOARD = f"""
mutation ($to: URL!) {{ createDashboardLink(input: {{merchant: {{externalId: "shop-1"}}, returnTo: $to}})
{everything("CreateDashboardLinkResult")} }}
"""


@pytest.mark.parametrize("name", STRIPE_FAULTS)
async def test_the_error_for_a_refused_dashboard_link_shows_a_merchant_none_of_stripes_words(
    service: Service, name: str
) -> None:
    drop_deliveries(service)
    created = await service.create("shop-1")
    account = created["merchant"]["account"]["stripeAccountId"]
    service.simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await service.graphql(REFRESH)
    inject_fault(service, "/v2/core/account_links", STRIPE_FAULTS[name])
    mine, theirs = [
        (await service.graphql(DASHBOARD, {"to": RETURN_TO}, **caller))["createDashboardLink"]
        for caller in (OWN, {})
    ]
    clear_faults(service)
    assert mine["__typename"] == theirs["__typename"]
    assert mine["__typename"] in {"DashboardLinkRefusedError", "StripeUnavailableError"}
    assert mine["message"] != theirs["message"]
    for address_of_the_dashboard in ("loginUrl", "merchant"):
        mine.pop(address_of_the_dashboard, None)
    assert [word for word in (WORD, *PLATFORM) if word in json.dumps(mine)] == []
