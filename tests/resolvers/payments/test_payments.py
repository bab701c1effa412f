"""payments: every filter and both orders, compared with a model in Python."""

import itertools
import json
import random
from datetime import timedelta
from typing import Any

import pytest

from connect.merchants.rules.document import wire_time
from models import Merchant, Payment
from testing.merchants import build_merchant, global_id, store
from testing.service import Service
from testing.stored_payments import EVERY_FIELD, add_payment

PAYMENTS = """
query (
  $first: Int, $after: String, $last: Int, $before: String, $filter: PaymentFilter, $orderBy: PaymentOrder
) {
  payments(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
""".replace("PaymentOrder\n", "PaymentOrder! = CREATED_AT_DESC\n")
OF_MERCHANTS = """
query (
  $first: Int, $after: String, $last: Int, $before: String, $filter: MerchantPaymentFilter,
  $orderBy: PaymentOrder! = CREATED_AT_DESC
) {
  merchants {
    edges {
      node {
        externalId
        payments(
          first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy
        ) {
          edges { cursor node { id } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }
  }
}
"""
KINDS = ("creating", "open", "authorized", "succeeded", "refunded", "disputed", "warned")
STATES = {"creating": "UNKNOWN", "open": "AWAITING_CUSTOMER", "authorized": "AUTHORIZED"}


async def shops(*external_ids: str) -> list[Merchant]:
    built = [build_merchant(external_id) for external_id in external_ids]
    await store(built)
    return [one.merchant for one in built]


async def listed(service: Service, criteria: dict[str, Any] | None = None, **more: Any) -> list[str]:
    """The ids of all matches, read in pages of three."""
    ids: list[str] = []
    variables: dict[str, Any] = {"filter": criteria, "first": 3}
    if "orderBy" in more:
        variables["orderBy"] = more.pop("orderBy")
    while True:
        page = (await service.graphql(PAYMENTS, variables, **more))["payments"]
        ids += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return ids
        variables["after"] = page["pageInfo"]["endCursor"]


async def of_merchants(service: Service, criteria: Any, **caller: Any) -> dict[str, list[str]]:
    """The ids of all matches of each merchant, read from `Merchant.payments` in one page."""
    variables = {"filter": criteria, "first": 100}
    edges = (await service.graphql(OF_MERCHANTS, variables, **caller))["merchants"]["edges"]
    pages = {edge["node"]["externalId"]: edge["node"]["payments"] for edge in edges}
    assert not any(page["pageInfo"]["hasNextPage"] for page in pages.values())
    return {name: [edge["node"]["id"] for edge in page["edges"]] for name, page in pages.items()}


def ids(payments: list[Payment]) -> list[str]:
    """The ids of these payments, newest first."""
    ordered = sorted(payments, key=lambda payment: payment.id, reverse=True)
    return [global_id("Payment", payment.id) for payment in ordered]


@pytest.mark.slow
async def test_each_filter_finds_exactly_its_payments(idle: Service) -> None:
    merchants = await shops("shop-1", "shop-2")
    generator = random.Random(1)
    payments = [
        await add_payment(
            merchants[number % 2],
            f"order-{number}" if number % 5 else None,
            KINDS[number % len(KINDS)],
            amount=100 * number + 50,
            currency="USD" if number % 3 else "EUR",
            email=f"payer{number % 4}@example.com",
            last4=f"{1000 + number % 3}",
            age=timedelta(hours=generator.randrange(10_000), milliseconds=number),
        )
        for number in range(24)
    ]
    middle = sorted(payment.created_at for payment in payments)[12]

    def matching(**conditions: Any) -> list[str]:
        return ids(
            [
                payment
                for payment in payments
                if all(getattr(payment, name) in values for name, values in conditions.items())
            ]
        )

    first = {"externalId": "shop-1"}
    of_first = matching(merchant_id=[merchants[0].id])
    cases: list[tuple[dict[str, Any] | None, list[str]]] = [
        (None, ids(payments)),
        ({}, ids(payments)),
        ({"merchant": first}, of_first),
        ({"merchant": {"id": global_id("Merchant", merchants[0].id)}}, of_first),
        ({"merchant": {"externalId": "nobody"}}, []),
        ({"merchant": {"id": "x"}}, []),
        ({"state": ["UNKNOWN", "AUTHORIZED", "UNKNOWN"]}, matching(state=["UNKNOWN", "AUTHORIZED"])),
        ({"state": []}, []),
        (
            {"merchant": first, "state": ["UNKNOWN", "SUCCEEDED"]},
            matching(merchant_id=[merchants[0].id], state=["UNKNOWN", "SUCCEEDED"]),
        ),
        ({"refundState": ["PARTIAL"]}, matching(refund_state=["PARTIAL"])),
        (
            {"refundState": ["NONE"], "state": ["SUCCEEDED"]},
            matching(refund_state=["NONE"], state=["SUCCEEDED"]),
        ),
        ({"disputeState": ["NEEDS_RESPONSE"]}, matching(dispute_state=["NEEDS_RESPONSE"])),
        ({"disputeState": ["WARNED"]}, ids(payments[6::7])),
        (
            {"merchant": {"externalId": "shop-2"}, "disputeState": ["NEEDS_RESPONSE"]},
            matching(merchant_id=[merchants[1].id], dispute_state=["NEEDS_RESPONSE"]),
        ),
        ({"origin": "STRIPE"}, matching(origin=["STRIPE"])),
        ({"createdFrom": wire_time(middle)}, ids([one for one in payments if one.created_at >= middle])),
        ({"createdBefore": wire_time(middle)}, ids([one for one in payments if one.created_at < middle])),
        ({"currency": "EUR"}, matching(currency=["EUR"])),
        (
            {"currency": "USD", "minimumAmount": 450, "maximumAmount": "1450"},
            ids([one for one in payments if one.currency == "USD" and 450 <= one.amount <= 1450]),
        ),
        ({"search": " order-7 "}, matching(external_id=["order-7"])),
        ({"search": "order-8", "createdBefore": wire_time(payments[8].created_at)}, []),
        ({"search": "order-8", "createdFrom": wire_time(payments[8].created_at)}, ids([payments[8]])),
        ({"search": "order-8", "merchant": first, "createdFrom": "2099-01-01T00:00:00Z"}, []),
        (
            {"search": "PAYER1@example.com"},
            ids([one for number, one in enumerate(payments) if number % 4 == 1 and one.payer_email_hash]),
        ),
        ({"search": "1002"}, matching(last4=["1002"])),
        ({"search": f"ch_{payments[3].id.hex}"}, ids([payments[3]])),
        ({"search": f"re_{payments[4].id.hex}"}, ids([payments[4]])),
        ({"search": f"issfr_{payments[6].id.hex}"}, ids([payments[6]])),
        ({"search": "pi_unknown"}, []),
        ({"search": "  "}, ids(payments)),
        (
            {"search": "1002", "merchant": first, "state": ["SUCCEEDED"]},
            matching(last4=["1002"], merchant_id=[merchants[0].id], state=["SUCCEEDED"]),
        ),
    ]
    for criteria, expected in cases:
        assert await listed(idle, criteria) == expected, criteria
        ascending = await listed(idle, criteria, orderBy="CREATED_AT_ASC")
        assert ascending == expected[::-1], criteria
        own = await listed(idle, criteria, role="merchant", merchant="shop-1")
        assert own == [one for one in expected if one in of_first], criteria
        assert await listed(idle, criteria, role="merchant", merchant="nobody") == [], criteria
        if criteria is None or "merchant" not in criteria:
            assert await of_merchants(idle, criteria) == {
                "shop-1": own,
                "shop-2": [one for one in expected if one not in of_first],
            }, criteria
            mine = await of_merchants(idle, criteria, role="merchant", merchant="shop-1")
            assert mine == {"shop-1": own}, criteria


async def test_a_text_that_is_both_an_external_id_and_last_digits_finds_each_payment_once(
    idle: Service,
) -> None:
    (merchant,) = await shops("shop-1")
    both = await add_payment(merchant, "4242", last4="4242")
    one = await add_payment(merchant, "order-1", last4="4242")
    other, _ = (
        await add_payment(merchant, "1111", last4="1111"),
        await add_payment(merchant, "2", last4="2222"),
    )
    assert await listed(idle, {"search": "4242"}) == ids([both, one])
    assert await listed(idle, {"search": "1111"}) == ids([other])


async def test_a_backward_page_ends_before_its_cursor(idle: Service) -> None:
    (merchant,) = await shops("shop-1")
    payments = [await add_payment(merchant, str(number)) for number in range(5)]
    everything = ids(payments)
    page = (await idle.graphql(PAYMENTS, {"last": 2}))["payments"]
    assert [edge["node"]["id"] for edge in page["edges"]] == everything[-2:]
    before = page["pageInfo"]["startCursor"]
    page = (await idle.graphql(PAYMENTS, {"last": 2, "before": before}))["payments"]
    assert [edge["node"]["id"] for edge in page["edges"]] == everything[1:3]
    assert (page["pageInfo"]["hasNextPage"], page["pageInfo"]["hasPreviousPage"]) == (True, True)


@pytest.mark.slow
async def test_the_pages_of_each_merchant_equal_those_of_the_root_field(idle: Service) -> None:
    """The same cursor serves all merchants, because no two payments have the same time."""
    merchants = await shops("shop-1", "shop-2", "shop-3")
    for number in range(15):
        age = timedelta(minutes=number)
        await add_payment(merchants[number % 2], str(number), KINDS[number % 5], age=age)
    criteria = {"state": ["UNKNOWN", "AUTHORIZED", "SUCCEEDED"]}
    for order, rare in itertools.product(("CREATED_AT_DESC", "CREATED_AT_ASC"), ({}, {"currency": "USD"})):
        page = (await idle.graphql(PAYMENTS, {"first": 8, "orderBy": order}))["payments"]
        cursor = page["pageInfo"]["endCursor"]
        for window in (
            *({"first": 2}, {"first": 2, "after": cursor}, {"first": 3, "before": cursor}),
            *({"last": 2}, {"last": 2, "before": cursor}, {"last": 9, "after": cursor, "before": cursor}),
        ):
            variables = {**window, "orderBy": order, "filter": {**criteria, **rare}}
            edges = (await idle.graphql(OF_MERCHANTS, variables))["merchants"]["edges"]
            assert len(edges) == 3
            for edge in edges:
                of_merchant = {"merchant": {"externalId": edge["node"]["externalId"]}, **criteria, **rare}
                expected = await idle.graphql(PAYMENTS, {**variables, "filter": of_merchant})
                assert edge["node"]["payments"] == expected["payments"], variables


INVALID: list[tuple[dict[str, Any], str]] = [
    ({"currency": "usd"}, "`filter.currency` takes a code of three capital letters, such as `USD`."),
    ({"minimumAmount": 1}, "`filter.minimumAmount` needs `filter.currency`."),
    ({"maximumAmount": 1}, "`filter.maximumAmount` needs `filter.currency`."),
    ({"createdFrom": "yesterday"}, "`filter.createdFrom` takes a time such as `2026-01-31T10:00:00Z`."),
    ({"search": "x" * 256}, "`filter.search` takes at most 255 characters, none of them U+0000."),
    ({"refundState": ["NONE"] * 6}, "`filter.refundState` takes at most 5 values."),
]


@pytest.mark.one_database
async def test_an_invalid_filter_names_its_field(idle: Service) -> None:
    await shops("shop-1")
    for query in (PAYMENTS, OF_MERCHANTS):
        for criteria, message in INVALID:
            answer = (await idle.post(query, {"filter": criteria})).json()
            assert [error["message"] for error in answer["errors"]] == [message]


@pytest.mark.one_database
async def test_amounts_are_integers_and_never_fractions(idle: Service) -> None:
    for amount in (1.5, "1.5", "x", True, 2**53):
        criteria = {"currency": "USD", "minimumAmount": amount}
        answer = (await idle.post(PAYMENTS, {"filter": criteria})).json()
        assert "data" not in answer or answer["data"] is None
        (error,) = answer["errors"]
        assert "It must be an integer of minor units, from -(2^53-1) to 2^53-1." in error["message"]


async def test_compiled_queries_and_resolvers_give_equal_answers(idle: Service) -> None:
    (merchant,) = await shops("shop-1")
    for number, kind in enumerate(KINDS):
        await add_payment(merchant, f"order-{number}", kind, age=timedelta(minutes=number))
    await add_payment(merchant, None, amount=2**31 * 100, currency="IDR")
    compiled = f"{{ payments {{ edges {{ node {{ {EVERY_FIELD} }} }} }} }}"
    # A field with a resolver keeps the query from being compiled.
    resolved = f"{{ payments {{ edges {{ node {{ {EVERY_FIELD} merchant {{ id }} }} }} }} }}"
    one, two = await idle.graphql(compiled), await idle.graphql(resolved)
    for edge in two["payments"]["edges"]:
        assert edge["node"].pop("merchant") == {"id": global_id("Merchant", merchant.id)}
    assert len(one["payments"]["edges"]) == len(KINDS) + 1
    assert one == two


@pytest.mark.by_hand
async def test_a_payment_of_a_merchant_is_rendered_again_only_after_a_change(idle: Service) -> None:
    (shop,) = await shops("shop-1")
    payment = await add_payment(shop, "order-1")
    query = """
      { merchant(by: {externalId: "shop-1"}) { payments { edges { node { externalId summary } } } } }
    """

    async def summary() -> str:
        (edge,) = (await idle.graphql(query))["merchant"]["payments"]["edges"]
        return str(edge["node"]["summary"])

    first = await summary()
    changed = {**json.loads(payment.document), "summary": "Changed."}
    await Payment.filter(id=payment.id).update(document=json.dumps(changed))
    assert await summary() == first
    await Payment.filter(id=payment.id).update(row_version=payment.row_version + 1)
    assert await summary() == "Changed."
