"""Isolation: a merchant's token can neither read nor change other merchants.

An invisible merchant and a missing merchant give identical responses.
"""

import json
from typing import Any

import pytest

from models import ConnectedAccount, Merchant, uuid7
from resolvers.schema import schema
from testing.faults import drop_deliveries
from testing.merchants import build_event, build_merchant, encode_cursor, global_id, store
from testing.service import RETURN_TO, Service
from testing.state import read_state

FIELDS = "id externalId displayName account { id stripeAccountId } timeline { edges { node { id } } }"
DISPUTE = "id status amount { minorUnits } merchant { externalId } payment { externalId }"
PAYMENT = "id externalId state amount { minorUnits } refunds { id } disputes { id } merchant { externalId }"
READS = {
    "node": f"query ($id: ID!) {{ node(id: $id) {{ __typename id ... on Merchant {{ {FIELDS} }} }} }}",
    "nodes": f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ id ... on Merchant {{ {FIELDS} }} }} }}",
    "viewer": f"{{ viewer {{ subject role merchant {{ {FIELDS} }} }} }}",
    "merchant": f"query ($by: MerchantRef!) {{ merchant(by: $by) {{ {FIELDS} }} }}",
    "merchants": f"""
query (
  $first: Int, $after: String, $last: Int, $before: String, $filter: MerchantFilter, $orderBy: MerchantOrder!
) {{
  merchants(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {{
    edges {{ cursor node {{ {FIELDS} }} }}
    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
  }}
}}
""",
    "payment": f"query ($by: PaymentRef!) {{ payment(by: $by) {{ {PAYMENT} }} }}",
    "payments": f"""
query ($filter: PaymentFilter, $orderBy: PaymentOrder! = CREATED_AT_DESC) {{
  payments(filter: $filter, orderBy: $orderBy) {{ edges {{ node {{ {PAYMENT} }} }} }}
}}
""",
    "dispute": f"query ($by: DisputeRef!) {{ dispute(by: $by) {{ {DISPUTE} }} }}",
    "disputes": f"{{ disputes {{ edges {{ node {{ {DISPUTE} }} }} }} }}",
    "payout": "query ($by: PayoutRef!) { payout(by: $by) { id merchant { externalId } } }",
    "payouts": "{ payouts { edges { node { id merchant { externalId } } } } }",
    "revenue": '{ revenue(from: "2026-01-01", to: "2026-01-31") { __typename } }',
    "platform": "{ platform { __typename } }",
    "outgoingEvents": "{ outgoingEvents { edges { node { id } } } }",
    "eventEndpoints": "{ eventEndpoints { id } }",
}
# Mutations that refer to a merchant, each with the other fields of its input.
OF_MERCHANTS: dict[str, dict[str, Any]] = {
    "updateMerchant": {"displayName": "Taken over"},
    "createOnboardingLink": {"returnTo": RETURN_TO},
    "createDashboardLink": {"returnTo": RETURN_TO},
    "createAccountSession": {"components": [{"component": "PAYMENTS"}]},
    "startService": {"price": "price_x", "successUrl": RETURN_TO, "cancelUrl": RETURN_TO},
    "createBillingPortalLink": {"returnTo": RETURN_TO},
    "refreshMerchant": {},
    "closeMerchant": {},
    "eraseMerchant": {"confirmExternalId": "shop-1"},
    "addPerson": {"person": {"givenName": "Taken", "surname": "Over"}},
    "replaceAccount": {
        "stripeAccountId": "acct_x",
        "displayName": "Taken over",
        "contactEmail": "owner@shop.example",
        "country": "DE",
    },
    "setFeePolicy": {"policy": [{"currency": "USD", "basisPoints": 0}]},
    "createPayout": {"externalId": "payout-1", "amount": {"minorUnits": 1, "currency": "USD"}},
    "updatePayoutSchedule": {"interval": "MANUAL"},
    "createCheckout": {
        "externalId": "order-1",
        "lines": [{"name": "Hat", "quantity": 1, "unitAmount": {"minorUnits": 1000, "currency": "USD"}}],
        "successUrl": RETURN_TO,
        "cancelUrl": RETURN_TO,
    },
    "createPaymentIntent": {
        "externalId": "order-1",
        "amount": {"minorUnits": 1000, "currency": "USD"},
    },
}
ORDERS = "CREATED_AT_DESC", "CREATED_AT_ASC", "DISPLAY_NAME_ASC", "NEXT_DEADLINE_ASC"
# Those mutations of OF_MERCHANTS that merchants may not use while CONNECTQL_MERCHANTS_MAY_CHARGE and
# CONNECTQL_MERCHANTS_MAY_PAY_OUT are off.
FORBIDDEN = {
    *("updateMerchant", "closeMerchant", "eraseMerchant", "replaceAccount", "addPerson"),
    *("createCheckout", "createPaymentIntent", "setFeePolicy", "createPayout", "updatePayoutSchedule"),
}
# Other mutations, which refer to no existing merchant, payment, dispute or endpoint.
OTHERS = {
    *("createMerchant", "adoptMerchant", "importMerchants"),
    *("replayEvent", "dismissProblem", "enableDestination"),
}
# Mutations of endpoints, tested by tests/resolvers/outgoing/test_create_event_endpoint.py.
OF_ENDPOINTS = {
    *("createEventEndpoint", "updateEventEndpoint", "deleteEventEndpoint", "rotateEventEndpointSecret"),
    *("sendTestEvent", "replayOutgoingEvents"),
}
# Mutations of a dispute, tested by tests/resolvers/disputes/test_submit_dispute_evidence.py.
OF_DISPUTES = {"submitDisputeEvidence", "acceptDispute"}
# Mutations of a payment, tested by tests/resolvers/payments/mutations/test_checkout.py and test_refunds.py.
OF_PAYMENTS = {"cancelPayment", "capturePayment", "refundPayment"}


def mutation(field: str) -> str:
    name = field[0].upper() + field[1:]
    return f"""
mutation ($input: {name}Input!) {{
  {field}(input: $input) {{ __typename ... on Error {{ message }} }}
}}
"""


async def answer(
    service: Service, query: str, variables: dict[str, Any] | None = None, merchant: str | None = "mine"
) -> tuple[int, list[str], Any]:
    """The status, header names and body of a response, without the request id, for comparisons."""
    role = "merchant" if merchant is not None else "service"
    result = await service.post(query, variables, role=role, merchant=merchant)
    body = result.json()
    for error in body.get("errors", []):
        assert error["extensions"].pop("requestId") == result.headers["x-request-id"]
    return result.status_code, sorted(result.headers), body


def references(merchant: Merchant, account: ConnectedAccount) -> list[dict[str, str]]:
    return [
        {"id": global_id("Merchant", merchant.id)},
        {"externalId": merchant.external_id},
        {"stripeAccountId": account.stripe_account_id},
    ]


def missing_references() -> list[dict[str, str]]:
    return [
        {"id": global_id("Merchant", uuid7())},
        {"externalId": "nobodys"},
        {"stripeAccountId": "acct_nobodys00000000"},
    ]


async def create_two_merchants(
    service: Service,
) -> tuple[Merchant, ConnectedAccount, Merchant, ConnectedAccount]:
    drop_deliveries(service)
    await service.create("mine", displayName="Shop of mine")
    await service.create("theirs", displayName="Shop of theirs")
    mine, theirs = await Merchant.get(external_id="mine"), await Merchant.get(external_id="theirs")
    return (
        mine,
        await ConnectedAccount.get(merchant_id=mine.id),
        theirs,
        await ConnectedAccount.get(merchant_id=theirs.id),
    )


def test_every_query_and_mutation_has_a_case() -> None:
    query, mutations = schema._schema.query_type, schema._schema.mutation_type
    assert query is not None
    assert mutations is not None
    assert set(READS) == set(query.fields)
    assert {*OF_MERCHANTS, *OF_PAYMENTS, *OF_DISPUTES, *OF_ENDPOINTS, *OTHERS} == set(mutations.fields)


async def test_another_merchant_looks_like_a_missing_one(service: Service) -> None:
    mine, my_account, theirs, their_account = await create_two_merchants(service)
    their_event = build_event(1, merchant=theirs)
    my_event = build_event(2, merchant=mine)
    await their_event.save(force_create=True)
    await my_event.save(force_create=True)
    before = await read_state(service)

    # References of each kind.
    for theirs_by, nobodys_by in zip(references(theirs, their_account), missing_references(), strict=True):
        result = await answer(service, READS["merchant"], {"by": theirs_by})
        assert result == await answer(service, READS["merchant"], {"by": nobodys_by})
        assert result[2] == {"data": {"merchant": None}}
        for field, more in OF_MERCHANTS.items():
            result = await answer(service, mutation(field), {"input": {"merchant": theirs_by, **more}})
            nobodys = {"input": {"merchant": nobodys_by, **more}}
            assert result == await answer(service, mutation(field), nobodys), field
            if field not in FORBIDDEN:
                assert result[2] == {
                    "data": {
                        field: {
                            "__typename": "MerchantNotFoundError",
                            "message": "There is no such merchant.",
                        }
                    }
                }
    # Invalid input reveals no more than valid input.
    for by in (references(theirs, their_account)[1], missing_references()[1]):
        variables = {"input": {"merchant": by, "returnTo": "https://evil.example"}}
        result = await answer(service, mutation("createOnboardingLink"), variables)
        assert result[2]["data"]["createOnboardingLink"]["__typename"] == "MerchantNotFoundError"

    # Object ids. Only operators see events, so even a merchant's own events are invisible to it.
    hidden = [
        global_id("Merchant", theirs.id),
        global_id("ConnectedAccount", their_account.id),
        global_id("StripeEvent", their_event.id),
        global_id("StripeEvent", my_event.id),
    ]
    missing = [
        global_id(typename, uuid7())
        for typename in ("Merchant", "ConnectedAccount", "StripeEvent", "StripeEvent")
    ]
    for theirs_id, nobodys_id in zip(hidden, missing, strict=True):
        result = await answer(service, READS["node"], {"id": theirs_id})
        assert result == await answer(service, READS["node"], {"id": nobodys_id})
        assert result[2] == {"data": {"node": None}}
        for event_id in (theirs_id, nobodys_id):
            replayed = await answer(service, mutation("replayEvent"), {"input": {"event": event_id}})
            assert replayed[2]["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
    dismissed = await answer(service, mutation("dismissProblem"), {"input": {"code": "NO_WORKER"}})
    assert dismissed[2]["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
    result = await answer(service, READS["nodes"], {"ids": hidden})
    assert result == await answer(service, READS["nodes"], {"ids": missing})
    assert result[2] == {"data": {"nodes": [None] * 4}}
    my_ids = [global_id("Merchant", mine.id), global_id("ConnectedAccount", my_account.id)]
    result = await answer(service, READS["nodes"], {"ids": [my_ids[0], hidden[0], hidden[1], my_ids[1]]})
    assert [node and node["id"] for node in result[2]["data"]["nodes"]] == [my_ids[0], None, None, my_ids[1]]

    # A forbidden operation gives the same response for every merchant, existing or missing.
    for field in FORBIDDEN:
        answers = [
            await answer(service, mutation(field), {"input": {"merchant": by, **OF_MERCHANTS[field]}})
            for by in (
                *references(mine, my_account),
                *references(theirs, their_account),
                *missing_references(),
            )
        ]
        assert answers[0][2]["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
        assert all(result == answers[0] for result in answers)
    new = {"displayName": "X", "contactEmail": "x@shop.example", "country": "US"}
    answers = [
        await answer(service, mutation("createMerchant"), {"input": {"externalId": external_id, **new}})
        for external_id in ("mine", "theirs", "nobodys", "")
    ]
    assert answers[0][2]["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
    assert all(result == answers[0] for result in answers)
    for name in ("platform", "revenue"):
        result = await answer(service, READS[name])
        assert result[2]["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
        assert result[2]["data"] is None

    # A token for a merchant that does not exist sees nothing.
    for external_id in ("nobodys", "MINE", "mine ", "%"):
        result = await answer(service, READS["merchants"], {"orderBy": "CREATED_AT_ASC"}, external_id)
        assert result[2]["data"]["merchants"]["edges"] == []
        result = await answer(service, READS["viewer"], None, external_id)
        assert result[2]["data"]["viewer"]["merchant"] is None
        for by in references(mine, my_account):
            result = await answer(service, READS["merchant"], {"by": by}, external_id)
            assert result[2] == {"data": {"merchant": None}}
    assert await read_state(service) == before


@pytest.mark.one_database
async def test_a_merchant_cannot_adopt_an_account(service: Service) -> None:
    """The answer is FORBIDDEN both for another merchant's account and for an account that does not exist."""
    _, _, _, their_account = await create_two_merchants(service)
    before = await read_state(service)
    for account in (their_account.stripe_account_id, "acct_nobodys00000000", ""):
        entry = {"externalId": "mine", "stripeAccountId": account}
        for field, adopted in (("adoptMerchant", entry), ("importMerchants", {"merchants": [entry]})):
            result = await answer(service, mutation(field), {"input": adopted})
            assert result[2]["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
            assert result[2]["data"] is None
    assert await read_state(service) == before


async def test_answers_to_a_merchant_do_not_depend_on_other_merchants(service: Service) -> None:
    """Responses stay equal when forty other merchants are added, for several filters, orders and cursors."""
    drop_deliveries(service)
    await service.create("mine", displayName="Shop of mine")
    mine = await Merchant.get(external_id="mine")
    account = await ConnectedAccount.get(merchant_id=mine.id)
    filters: list[dict[str, Any]] = [
        {},
        {"status": ["ONBOARDING", "ACTIVE", "CLOSED"]},
        {"status": ["ACTIVE"]},
        {"awaitingActionFrom": "MERCHANT"},
        {"awaitingActionFrom": "STRIPE"},
        {"dueWithinDays": 3650},
        *({"search": text} for text in ("shop", "shop of t", "theirs", "mine", "m", "t", "%", "_")),
    ]
    # Cursors before, between and after the existing rows. Another caller could have shared such cursors.
    cursors = {
        "CREATED_AT_DESC": [
            encode_cursor("CREATED_AT_DESC", str(uuid7())),
            encode_cursor("CREATED_AT_DESC", str(mine.id)),
        ],
        "CREATED_AT_ASC": [encode_cursor("CREATED_AT_ASC", str(mine.id))],
        "DISPLAY_NAME_ASC": [
            encode_cursor("DISPLAY_NAME_ASC", text, str(uuid7())) for text in ("a", "shop of n", "z")
        ],
        "NEXT_DEADLINE_ASC": [
            encode_cursor("NEXT_DEADLINE_ASC", text, str(uuid7()))
            for text in ("2026-01-31 10:00:00+00:00", "9999-12-31 00:00:00+00:00")
        ],
    }
    reads: list[tuple[str, dict[str, Any]]] = [("viewer", {})]
    reads += [("merchant", {"by": by}) for by in references(mine, account)]
    reads += [("nodes", {"ids": [global_id("Merchant", mine.id), global_id("ConnectedAccount", account.id)]})]
    for order in ORDERS:
        reads += [("merchants", {"orderBy": order, "filter": criteria}) for criteria in filters]
        reads += [("merchants", {"orderBy": order, "first": 1}), ("merchants", {"orderBy": order, "last": 1})]
        for cursor in cursors[order]:
            reads += [("merchants", {"orderBy": order, name: cursor}) for name in ("after", "before")]

    async def read() -> list[str]:
        return [json.dumps(await answer(service, READS[field], variables)) for field, variables in reads]

    alone = await read()
    kinds = ("active", "onboarding", "due_soon", "closed", "review")
    await store(
        build_merchant(f"theirs-{n}", kinds[n % 5], name=f"Shop of {'mt'[n % 2]}{n}") for n in range(40)
    )
    among_others = await read()
    assert among_others == alone
    assert not any("theirs-" in text for text in among_others)
    assert sum('"externalId": "mine"' in text for text in among_others) > 20


async def test_a_merchant_may_request_its_own_links_and_refresh_itself(
    service: Service,
) -> None:
    mine, my_account, theirs, _ = await create_two_merchants(service)
    before = await Merchant.get(id=theirs.id)
    for by in references(mine, my_account):
        for field, typename in {
            "createOnboardingLink": "CreateOnboardingLinkPayload",
            "createDashboardLink": "CreateDashboardLinkPayload",
            "refreshMerchant": "RefreshMerchantPayload",
        }.items():
            result = await answer(
                service, mutation(field), {"input": {"merchant": by, **OF_MERCHANTS[field]}}
            )
            assert result[2] == {"data": {field: {"__typename": typename}}}
    assert (await Merchant.get(id=theirs.id)).row_version == before.row_version
    assert (await Merchant.get(id=mine.id)).links_issued == 3


async def test_a_service_sees_all_merchants_but_not_the_platform(service: Service) -> None:
    mine, my_account, theirs, their_account = await create_two_merchants(service)
    their_event = build_event(1, merchant=theirs)
    await their_event.save(force_create=True)
    before = await read_state(service)
    for merchant, account in ((mine, my_account), (theirs, their_account)):
        for by in references(merchant, account):
            result = await answer(service, READS["merchant"], {"by": by}, None)
            assert result[2]["data"]["merchant"]["externalId"] == merchant.external_id
    ids = [
        global_id("Merchant", theirs.id),
        global_id("ConnectedAccount", my_account.id),
        global_id("StripeEvent", their_event.id),
    ]
    result = await answer(service, READS["nodes"], {"ids": ids}, None)
    assert [node and node["id"] for node in result[2]["data"]["nodes"]] == [*ids[:2], None]
    result = await answer(service, READS["merchants"], {"orderBy": "CREATED_AT_ASC"}, None)
    listed = [edge["node"]["externalId"] for edge in result[2]["data"]["merchants"]["edges"]]
    assert listed == ["mine", "theirs"]
    for query, variables in (
        (READS["platform"], None),
        (READS["revenue"], None),
        (mutation("replayEvent"), {"input": {"event": global_id("StripeEvent", their_event.id)}}),
        (mutation("replayEvent"), {"input": {"event": "x"}}),
        (mutation("dismissProblem"), {"input": {"code": "NO_WORKER"}}),
    ):
        result = await answer(service, query, variables, None)
        assert result[2]["data"] is None
        assert result[2]["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
    assert await read_state(service) == before
    # An operator sees the same objects and the platform.
    as_operator = await service.graphql(READS["nodes"], {"ids": ids})
    assert [node["id"] for node in as_operator["nodes"]] == ids
    assert await service.graphql(READS["platform"]) == {"platform": {"__typename": "Platform"}}
