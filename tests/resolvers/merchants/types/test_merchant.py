"""merchant finds a merchant by each kind of reference and returns its fields."""

import json
from pathlib import Path
from typing import Any

import pytest

from connect.merchants.mirror import documents
from models import ConnectedAccount, Merchant
from testing.faults import drop_deliveries
from testing.merchants import add_entries, build_merchant, encode_cursor, global_id, store
from testing.processes import Simulator
from testing.service import Service, running
from testing.subscribers import socket, stream

pytestmark = pytest.mark.without_worker

BY = "query ($by: MerchantRef!) { merchant(by: $by) { id externalId } }"
TIMELINE = """
query ($first: Int, $after: String) {
  merchant(by: {externalId: "shop-1"}) {
    timeline(first: $first, after: $after) {
      edges { cursor node { id message } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
WHOLE = """
  id externalId displayName contactEmail country createdAt status summary
  nextAction { kind by label deadline url }
  account {
    id stripeAccountId livemode feesCollector lossesCollector requirementsCollector appliedConfigurations
    closed createdAt platformDashboardUrl
  }
  dashboard {
    type available unavailableReason url
    tasks { kind title available attention explanation deadline url }
  }
  canAcceptPayments canReceivePayouts
  capabilities { name title status details { code resolution explanation } }
  requirements { ...Set }
  futureRequirements { ...Set }
  onboarding { started linksIssued lastLinkIssuedAt lastReturnedAt everActiveAt }
  freshness { syncedAt source stale }
  timeline {
    edges { cursor node { id at kind message actor statusBefore statusAfter } }
    pageInfo { hasNextPage }
  }
"""
SET = """
fragment Set on RequirementSet {
  dueCount pendingCount nearestDeadline transitionsAt
  entries {
    key title help subject personId awaitingActionFrom deadline reasons
    errors { code message explanation } restricts { capability deadline } alternatives { key }
  }
}
"""

ADDRESSES = "nextAction { url } dashboard { url tasks { url } } account { platformDashboardUrl }"
PAGES = "account/status", "balance/overview", "disputes", "settings/payouts"


async def test_each_kind_of_reference_finds_the_merchant(service: Service) -> None:
    one, creating, odd = (
        build_merchant("shop-1"),
        build_merchant("shop-2", "creating"),
        build_merchant("ä'%_\\ \"1"),
    )
    await store([one, creating, odd])
    assert one.account is not None
    for result, references in [
        (
            one,
            [
                {"id": one.id},
                {"externalId": "shop-1"},
                {"stripeAccountId": one.account.stripe_account_id},
            ],
        ),
        (creating, [{"id": creating.id}, {"externalId": "shop-2"}]),
        (odd, [{"externalId": "ä'%_\\ \"1"}]),
    ]:
        for by in references:
            expected = {"id": result.id, "externalId": result.merchant.external_id}
            assert await service.graphql(BY, {"by": by}) == {"merchant": expected}
    for text in (
        "",
        " ",
        "shop",
        "SHOP-1",
        "shop-1 ",
        "shop-%",
        "x" * 256,
        "x" * 5000,
        "a\x00",
        "\u00e4",
        one.id + "=",
        one.account.stripe_account_id.upper(),
        str(one.merchant.id),
    ):
        for name in ("id", "externalId", "stripeAccountId"):
            if (name, text) == ("id", one.id + "="):
                continue
            assert await service.graphql(BY, {"by": {name: text}}) == {"merchant": None}, (name, text)


async def test_the_fields_describe_the_account_its_requirements_and_its_history(service: Service) -> None:
    drop_deliveries(service)
    created = await service.create("shop-1", entityType="COMPANY", businessUrl="https://shop.example")
    account_id = created["merchant"]["account"]["stripeAccountId"]
    service.simulator.control(f"accounts/{account_id}", {"scenario": "due_soon", "days": 7})
    await service.graphql(
        'mutation { refreshMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
    )
    query = f'{{ merchant(by: {{externalId: "shop-1"}}) {{ {WHOLE} }} }} {SET}'
    result: dict[str, Any] = (await service.graphql(query))["merchant"]
    assert {
        name: result[name] for name in ("externalId", "displayName", "contactEmail", "country", "status")
    } == {
        "externalId": "shop-1",
        "displayName": "Shop shop-1",
        "contactEmail": "shop-1@shop.example",
        "country": "US",
        "status": "ACTIVE_DUE_SOON",
    }
    account = dict(result["account"])
    assert account.pop("id")
    assert account.pop("createdAt").endswith("Z")
    assert account == {
        "stripeAccountId": account_id,
        "livemode": False,
        "feesCollector": "STRIPE",
        "lossesCollector": "STRIPE",
        "requirementsCollector": "STRIPE",
        "appliedConfigurations": ["merchant"],
        "closed": False,
        "platformDashboardUrl": f"https://dashboard.stripe.com/test/connect/accounts/{account_id}",
    }
    assert (result["canAcceptPayments"], result["canReceivePayouts"]) == (True, True)
    assert [(c["name"], c["status"]) for c in result["capabilities"]] == [
        ("card_payments", "ACTIVE"),
        ("stripe_balance.payouts", "ACTIVE"),
    ]
    (entry,) = result["requirements"]["entries"]
    assert (entry["awaitingActionFrom"], entry["deadline"], entry["subject"]) == (
        "MERCHANT",
        "CURRENTLY_DUE",
        "PERSON",
    )
    assert result["requirements"]["dueCount"] == 1
    assert result["nextAction"]["deadline"] == result["requirements"]["nearestDeadline"] is not None
    assert result["futureRequirements"]["entries"] == []
    pages = f"https://dashboard.stripe.com/{account_id}/test"
    assert result["dashboard"]["url"] == f"{pages}/dashboard"
    assert [task["available"] for task in result["dashboard"]["tasks"]] == [True] * 4
    assert result["freshness"]["source"] == "refresh"
    kinds = [edge["node"]["kind"] for edge in result["timeline"]["edges"]]
    assert (kinds[0], kinds[-1]) == ("REFRESHED", "CREATED")
    # `merchants` returns the same document.
    listed = (await service.graphql(f"{{ merchants {{ edges {{ node {{ {WHOLE} }} }} }} }} {SET}"))[
        "merchants"
    ]
    assert [edge["node"] for edge in listed["edges"]] == [result]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_addresses_in_the_dashboard_begin_with_the_configured_base(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    base = "http://stripe.example/dashboard"
    async with running(
        database_url, simulator, tmp_path, WORKER="off", STRIPE_DASHBOARD_BASE=base
    ) as service:
        built = build_merchant("shop-1", "active")
        await store([built])
        assert built.account is not None
        account = built.account.stripe_account_id
        expected = f"{base}/{account}/test"
        by = 'merchant(by: {externalId: "shop-1"})'
        compiled = (await service.graphql(f"{{ {by} {{ {ADDRESSES} }} }}"))["merchant"]
        assert compiled == {
            "nextAction": {"url": f"{expected}/dashboard"},
            "dashboard": {
                "url": f"{expected}/dashboard",
                "tasks": [{"url": f"{expected}/{page}"} for page in PAGES],
            },
            "account": {"platformDashboardUrl": f"{base}/test/connect/accounts/{account}"},
        }
        # graphql-core executes a query that selects a field under two names.
        twice = (await service.graphql(f"{{ {by} {{ dashboard {{ url again: url }} }} }}"))["merchant"]
        assert twice == {"dashboard": {"url": f"{expected}/dashboard", "again": f"{expected}/dashboard"}}
        # Documents hold Stripe's own addresses.
        stored = json.loads((await Merchant.get()).document)
        assert stored["dashboard"]["url"] == f"https://dashboard.stripe.com/{account}/test/dashboard"


async def test_requirements_are_filtered(service: Service) -> None:
    await store(
        [
            build_merchant("due", "onboarding"),
            build_merchant("review", "review"),
            build_merchant("soon", "due_soon"),
        ]
    )
    query = """
    query ($id: String!, $deadline: [DeadlineStatus!], $party: Party) {
      merchant(by: {externalId: $id}) {
        requirements { entries(deadline: $deadline, awaitingActionFrom: $party) { key deadline } }
      }
    }
    """
    cases: list[tuple[str, dict[str, Any], int]] = [
        ("due", {}, 2),
        ("due", {"deadline": ["PAST_DUE"]}, 2),
        ("due", {"deadline": ["CURRENTLY_DUE", "EVENTUALLY_DUE", "UNKNOWN"]}, 0),
        ("due", {"deadline": []}, 0),
        ("due", {"party": "MERCHANT"}, 2),
        ("due", {"party": "STRIPE"}, 0),
        ("review", {"party": "STRIPE"}, 1),
        ("review", {"party": "MERCHANT"}, 0),
        ("soon", {"deadline": ["CURRENTLY_DUE"], "party": "MERCHANT"}, 1),
        ("soon", {"deadline": ["PAST_DUE"], "party": "MERCHANT"}, 0),
    ]
    for external_id, arguments, count in cases:
        result = await service.graphql(query, {"id": external_id, **arguments})
        assert len(result["merchant"]["requirements"]["entries"]) == count, (external_id, arguments)


async def test_the_timeline_is_paged_newest_first(service: Service) -> None:
    one, other = build_merchant("shop-1"), build_merchant("shop-2")
    await store([one, other])
    await add_entries(other.merchant, 3)
    await add_entries(one.merchant, 25)
    await add_entries(other.merchant, 3)
    expected = [f"entry {number}" for number in reversed(range(25))]

    async def timeline(**arguments: Any) -> dict[str, Any]:
        connection: dict[str, Any] = (await service.graphql(TIMELINE, arguments))["merchant"]["timeline"]
        return connection

    def messages(connection: dict[str, Any]) -> list[str]:
        return [edge["node"]["message"] for edge in connection["edges"]]

    assert messages(await timeline()) == expected[:20]
    pages: list[str] = []
    after = None
    while True:
        result = await timeline(first=7, after=after)
        assert result["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert result["pageInfo"]["startCursor"] == result["edges"][0]["cursor"]
        pages += messages(result)
        after = result["pageInfo"]["endCursor"]
        if not result["pageInfo"]["hasNextPage"]:
            break
        await add_entries(one.merchant, 1)  # new entries do not shift the pages
    assert pages == expected
    assert (await timeline(after=after))["edges"] == []
    both = await service.graphql(
        "{ merchants(orderBy: CREATED_AT_ASC) { edges { node {"
        " latest: timeline(first: 1) { edges { node { message } } }"
        " all: timeline(first: 100) { edges { node { id } } } } } } }"
    )
    one_node, other_node = (edge["node"] for edge in both["merchants"]["edges"])
    assert messages(one_node["latest"]) == ["entry 0"]
    assert messages(other_node["latest"]) == ["entry 2"]
    assert (len(one_node["all"]["edges"]), len(other_node["all"]["edges"])) == (28, 6)

    some_id = "01a206b6-bebc-7c0d-92c7-f963a4a70e6c"
    invalid_cursors = [
        "",
        "x",
        encode_cursor("TIMELINE", "x"),
        encode_cursor("TIMELINE", f"{some_id}'"),
        encode_cursor("EVENTS", some_id),
    ]
    for text in invalid_cursors:
        assert await service.error(TIMELINE, {"after": text}) == (
            "BAD_USER_INPUT",
            "`after` is not a cursor of this connection in this order.",
        )
    for number in (0, -1, 101):
        assert await service.error(TIMELINE, {"first": number}) == (
            "BAD_USER_INPUT",
            f"`first` must be from 1 to 100; it is {number}.",
        )


CODES = "capabilities { details { code explanation } }"
SENTENCE = "Stripe turned this off. Contact Stripe support to learn why."
LISTED = (
    "Stripe turned this off because a name on the account may be on a list of people or businesses it must "
    "not serve. Contact Stripe support if this is a mistake."
)


@pytest.mark.one_database
@pytest.mark.parametrize("more", ["", "timeline(first: 1) { edges { node { kind } } }"])
async def test_merchants_read_neutral_reasons_everywhere(idle: Service, more: str) -> None:
    """`more` is empty, or a field that keeps the query from being compiled."""
    built = build_merchant("shop-1", "rejected", code="rejected_listed")
    await store([built])
    read = f"{{ {CODES} {more} }}"
    queries = [
        f'{{ found: merchant(by: {{externalId: "shop-1"}}) {read} }}',
        f'{{ found: merchant(by: {{id: "{built.id}"}}) {read} }}',
        f"{{ merchants {{ edges {{ found: node {read} }} }} }}",
        f'{{ found: node(id: "{built.id}") {{ ... on Merchant {read} }} }}',
        f'{{ nodes(ids: ["{built.id}"]) {{ ... on Merchant {read} }} }}',
    ]
    own = "merchant", "shop-1"
    # The roles take turns, because no answer of one role may be cached for another.
    for role, merchant in [("operator", None), own, ("service", None), own]:
        code, sentence = ("rejected_other", SENTENCE) if merchant else ("rejected_listed", LISTED)
        for query in queries:
            text = json.dumps(await idle.graphql(query, role=role, merchant=merchant))
            assert text.count(f'"code": "{code}", "explanation": "{sentence}"') == 2
            assert ("listed" in text) is (merchant is None)
    text = json.dumps(await idle.graphql(f"{{ viewer {{ merchant {read} }} }}", role=own[0], merchant=own[1]))
    assert text.count("rejected_other") == 2


@pytest.mark.one_database
async def test_a_merchant_never_reads_the_platforms_document(idle: Service) -> None:
    """In a rolling deployment, a replica of release 0.1.0 creates rows without a document for merchants."""
    built = build_merchant("shop-1", "rejected", code="rejected_listed")
    await store([built])
    older = built.merchant.document.replace('"statusTitle"', '"formerTitle"')
    await Merchant.all().update(merchant_document=None, document=older, document_version=1)
    assert built.account is not None
    own: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
    account = global_id("ConnectedAccount", built.account.id)
    queries = {
        f'{{ merchant(by: {{externalId: "shop-1"}}) {{ {CODES} %s }} }}': {"merchant": None},
        f'{{ merchant(by: {{id: "{built.id}"}}) {{ {CODES} %s }} }}': {"merchant": None},
        f"{{ merchants {{ edges {{ node {{ {CODES} %s }} }} }} }}": {"merchants": {"edges": []}},
        f'{{ node(id: "{built.id}") {{ ... on Merchant {{ {CODES} %s }} }} }}': {"node": None},
        f'{{ nodes(ids: ["{built.id}", "{account}"]) {{ id }} }}': {"nodes": [None, None]},
        f"{{ viewer {{ merchant {{ {CODES} %s }} }} }}": {"viewer": {"merchant": None}},
    }
    texts = [query.replace("%s", more) for query in queries for more in ("", "timeline { edges { cursor } }")]
    answers = [answer for answer in queries.values() for _ in range(2)]
    assert [await idle.graphql(text, **own) for text in texts] == answers
    watch = f'subscription {{ merchantChanged(by: {{externalId: "shop-1"}}) {{ {CODES} }} }}'
    async with stream(idle, watch, {}, token=idle.token("merchant", "shop-1")) as subscriber:
        assert await documents.rebuild() == 1
        (first, *_) = (await subscriber.data())["merchantChanged"]["capabilities"]
        assert [detail["code"] for detail in first["details"]] == ["rejected_other"]
    assert "rejected_other" in json.dumps([await idle.graphql(text, **own) for text in texts[:2]])


@pytest.mark.one_database
async def test_subscribers_of_a_merchant_read_neutral_reasons(idle: Service) -> None:
    await store([build_merchant("shop-1", "rejected", code="rejected_listed")])
    watch = f'subscription {{ merchantChanged(by: {{externalId: "shop-1"}}) {{ {CODES} }} }}'
    async with (
        socket(idle, token=idle.token()) as operator,
        stream(idle, watch, {}, token=idle.token("merchant", "shop-1")) as own,
    ):
        await operator.subscribe(watch)
        theirs = (await operator.data())["merchantChanged"]["capabilities"]
        mine = (await own.data())["merchantChanged"]["capabilities"]
    assert [d["code"] for c in theirs for d in c["details"]] == ["rejected_listed"] * 2
    assert [d["code"] for c in mine for d in c["details"]] == ["rejected_other"] * 2


async def test_the_timeline_is_filtered_by_kind_and_has_structured_changes(service: Service) -> None:
    await service.create("shop-1")
    read = """
    query ($kinds: [TimelineKind!], $after: String) {
      merchant(by: {externalId: "shop-1"}) {
        timeline(first: 1, kinds: $kinds, after: $after) {
          edges { node { kind message changes { name title before after } } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
    """
    kinds = ["STATUS_CHANGED", "CREATED"]
    page = (await service.graphql(read, {"kinds": kinds}))["merchant"]["timeline"]
    assert [edge["node"] for edge in page["edges"]] == [
        {
            "kind": "STATUS_CHANGED",
            "message": 'The status changed from "Being created" to "Onboarding".',
            "changes": [{"name": "status", "title": "Status", "before": "CREATING", "after": "ONBOARDING"}],
        }
    ]
    assert page["pageInfo"]["hasNextPage"] is True
    variables = {"kinds": kinds, "after": page["pageInfo"]["endCursor"]}
    page = (await service.graphql(read, variables))["merchant"]["timeline"]
    assert [edge["node"]["kind"] for edge in page["edges"]] == ["CREATED"]
    assert page["edges"][0]["node"]["changes"] == []
    assert page["pageInfo"]["hasNextPage"] is False
    nothing = (await service.graphql(read, {"kinds": []}))["merchant"]["timeline"]
    assert (nothing["edges"], nothing["pageInfo"]["hasNextPage"]) == ([], False)
    found = await service.graphql(read, {"kinds": ["CAPABILITY_CHANGED"]})
    (edge,) = found["merchant"]["timeline"]["edges"]
    assert edge["node"]["message"] == "Now restricted: Card payments and Payouts."
    assert edge["node"]["changes"] == [
        {"name": "card_payments", "title": "Card payments", "before": None, "after": "restricted"},
        {"name": "stripe_balance.payouts", "title": "Payouts", "before": None, "after": "restricted"},
    ]


@pytest.mark.one_database
async def test_a_requirement_names_its_person_to_all_who_may_see_the_merchant(idle: Service) -> None:
    drop_deliveries(idle)
    created = await idle.create("shop-1")
    account = created["merchant"]["account"]["stripeAccountId"]
    refresh = 'mutation { refreshMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
    read = """
    { merchant(by: {externalId: "shop-1"}) {
      requirements { groups { title person { id name role label } } entries { person { name } } }
    } }
    """
    own: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
    for scenario, role, name in (
        ("owner_document", "OWNER", "Ada Lovelace"),
        ("past_due", None, "Jenny Rosen"),
    ):
        idle.simulator.control(f"accounts/{account}", {"scenario": scenario})
        await idle.graphql(refresh)
        mine, theirs = await idle.graphql(read, **own), await idle.graphql(read)
        assert mine == theirs
        (group,) = mine["merchant"]["requirements"]["groups"]
        assert group["title"] == "Photo of an official ID"
        assert (group["person"]["name"], mine["merchant"]["requirements"]["entries"]) == (
            name,
            [{"person": {"name": name}}],
        )
        assert role is None or group["person"]["role"] == role
    # Without a requirement that concerns a person, no name is stored.
    idle.simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await idle.graphql(refresh)
    stored = (await ConnectedAccount.get()).snapshot
    assert "Lovelace" not in stored
    assert "Rosen" not in stored
