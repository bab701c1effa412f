"""An account with thousands of requirements causes only limited work, and is reported as a problem."""

import asyncio
from pathlib import Path

import pytest

from connect.merchants.rules.account.snapshot import MAX_ENTRIES, decode
from models import ConnectedAccount
from testing.processes import Simulator
from testing.service import running
from tests.connect.merchants.rules.stripe_answers import PAST_DUE, TERMS, Json, account, entry, section

REFRESH = """
mutation { refreshMerchant(input: {merchant: {externalId: "shop-1"}}) {
  __typename
  ... on RefreshMerchantPayload {
    merchant { status requirements { dueCount entries { key alternatives { key } } } }
  }
} }
"""
PROBLEMS = "{ platform { problems { code message } } }"


def huge(account_id: str, count: int) -> Json:
    """Return an account with `count` eventually due entries, an alternative for each of them, a failed
    document and the terms.
    """
    entries = [entry(f"identity.field_{number}", deadline="eventually_due") for number in range(count)]
    alternatives = [
        {
            "original_entries": [{"description": one["description"]}],
            "options": [{"entries": [entry("other")]}],
        }
        for one in entries
    ]
    failed = entry("identity.document", error="verification_document_expired")
    required = section(*entries, failed, entry(TERMS), alternatives=alternatives)
    return account(PAST_DUE, PAST_DUE, id=account_id, requirements=required)


@pytest.mark.one_database
@pytest.mark.parametrize("count", [1_000, 6_000])
async def test_only_the_most_urgent_entries_of_a_huge_account_are_kept_and_the_service_stays_responsive(
    database_url: str, simulator: Simulator, tmp_path: Path, count: int
) -> None:
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        created = await service.create("shop-1")
        account_id = created["merchant"]["account"]["stripeAccountId"]
        fault = {"method": "GET", "path": "/v2/core/accounts/{id}", "status": 200}
        simulator.control("faults", {**fault, "body": huge(account_id, count)})
        fetching = asyncio.create_task(service.graphql(REFRESH))
        while not fetching.done():
            assert (await service.http.get("/healthz")).status_code == 200
            await asyncio.sleep(0.02)
        merchant = (await fetching)["refreshMerchant"]["merchant"]
        assert merchant["requirements"]["dueCount"] == 2
        entries = merchant["requirements"]["entries"]
        assert len(entries) == MAX_ENTRIES
        assert [one["key"] for one in entries[:2]] == ["identity.document", TERMS]
        assert entries[2]["alternatives"] == [[{"key": "other"}]]
        row = await ConnectedAccount.get()
        assert row.entries_cut == decode(row.snapshot).entries_cut == 2 * count + 2 - 2 * MAX_ENTRIES
        problems = (await service.graphql(PROBLEMS))["platform"]["problems"]
        (message,) = [one["message"] for one in problems if one["code"] == "REQUIREMENTS_CUT"]
        assert account_id in message
        await service.graphql(REFRESH)
        problems = (await service.graphql(PROBLEMS))["platform"]["problems"]
        assert "REQUIREMENTS_CUT" not in [one["code"] for one in problems]
