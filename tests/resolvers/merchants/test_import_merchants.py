"""importMerchants adopts several accounts, with one result for each."""

import asyncio
from typing import Any

import pytest

from connect.merchants.adoption.imports import UNEXPECTED
from models import Merchant
from testing import existing_accounts
from testing.faults import UNAVAILABLE, clear_faults, drop_deliveries, inject_fault
from testing.service import Service
from testing.state import read_tables
from testing.tables import script

pytestmark = pytest.mark.without_worker

IMPORT = """
mutation ($input: ImportMerchantsInput!) {
  importMerchants(input: $input) {
    ... on ImportMerchantsPayload { results {
      externalId stripeAccountId outcome message retryAfterSeconds
      fields { name code } findings { code } merchant { externalId account { stripeAccountId } }
    } }
    ... on InvalidInputError { message fields { name code } }
  }
}
"""


def entry(external_id: str, account: str, **more: str) -> dict[str, str]:
    return {"externalId": external_id, "stripeAccountId": account, **more}


async def import_all(service: Service, *entries: dict[str, str], dry_run: bool = False) -> dict[str, Any]:
    variables = {"input": {"merchants": entries, "dryRun": dry_run}}
    result: dict[str, Any] = (await service.graphql(IMPORT, variables, role="service"))["importMerchants"]
    return result


def outcomes(result: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    """The external id, the outcome and the codes of each result."""
    return [
        (one["externalId"], one["outcome"], [part["code"] for part in (*one["fields"], *one["findings"])])
        for one in result["results"]
    ]


def count_calls(service: Service) -> int:
    return int(service.simulator.control("calls")["calls"].get("GET /v2/core/accounts/{id}", 0))


async def test_each_entry_has_its_own_result_and_a_repeat_calls_stripe_only_for_the_rest(
    service: Service,
) -> None:
    drop_deliveries(service)
    first, second, closed = (existing_accounts.create(service.simulator) for _ in range(3))
    service.simulator.control(f"accounts/{closed}", {"scenario": "close"})
    inject_fault(service, f"/v2/core/accounts/{second}", UNAVAILABLE, "GET")
    await service.create("taken")
    entries = [
        entry("shop-1", first),
        entry("shop-2", second),
        entry("shop-3", closed),
        entry("taken", "acct_other"),
        entry("", "cus_1", contactEmail="nobody"),
        entry("shop-1", first),
        entry("shop-6", first),
        entry("shop-1", closed),
    ]
    before = await read_tables()
    expected = [
        ("shop-1", "ADOPTABLE", []),
        ("shop-2", "UNANSWERED", []),
        ("shop-3", "REFUSED", ["CLOSED"]),
        ("taken", "REFUSED", []),
        ("", "REFUSED", ["REQUIRED", "ACCOUNT_INVALID", "EMAIL_INVALID"]),
        ("shop-1", "ADOPTABLE", []),
        ("shop-6", "REFUSED", ["DUPLICATE"]),
        ("shop-1", "REFUSED", ["DUPLICATE", "DUPLICATE"]),
    ]
    assert outcomes(await import_all(service, *entries, dry_run=True)) == expected
    assert await read_tables() == before
    result = await import_all(service, *entries)
    expected[0], expected[5] = ("shop-1", "ADOPTED", []), ("shop-1", "UNCHANGED", [])
    assert outcomes(result) == expected
    adopted, unanswered = result["results"][:2]
    assert adopted["merchant"] == {"externalId": "shop-1", "account": {"stripeAccountId": first}}
    assert adopted["message"] is None
    assert (unanswered["merchant"], unanswered["retryAfterSeconds"]) == (None, 2)
    assert all(one["message"] for one in result["results"] if one["merchant"] is None)

    clear_faults(service)
    calls = count_calls(service)
    again = await import_all(service, *entries[:2])
    assert outcomes(again) == [("shop-1", "UNCHANGED", []), ("shop-2", "ADOPTED", [])]
    assert count_calls(service) == calls + 1


@pytest.mark.one_database
async def test_a_list_without_entries_or_with_too_many_is_refused(service: Service) -> None:
    for entries, code in (([], "REQUIRED"), ([entry("a", "acct_1")] * 51, "TOO_MANY")):
        result = await import_all(service, *entries)
        assert result["fields"] == [{"name": "merchants", "code": code}]
    assert await Merchant.all().count() == 0


@pytest.mark.one_database
async def test_results_come_in_the_order_of_the_input(service: Service) -> None:
    drop_deliveries(service)
    accounts = [existing_accounts.create(service.simulator) for _ in range(12)]
    slow = {"kind": "delay_after", "seconds": 0.3}
    inject_fault(service, f"/v2/core/accounts/{accounts[0]}", slow, "GET")
    entries = [entry(f"shop-{number}", account) for number, account in enumerate(accounts)]
    result = await import_all(service, *entries)
    assert [one["merchant"]["account"]["stripeAccountId"] for one in result["results"]] == accounts


async def test_a_database_error_of_one_entry_keeps_the_other_results(
    service: Service, database_url: str
) -> None:
    drop_deliveries(service)
    first, second = (existing_accounts.create(service.simulator) for _ in range(2))
    await import_all(service, entry("shop-1", first))
    await asyncio.to_thread(script, database_url, "ALTER TABLE timeline_entry RENAME TO hidden")
    result = await import_all(service, entry("shop-1", first), entry("shop-2", second))
    await asyncio.to_thread(script, database_url, "ALTER TABLE hidden RENAME TO timeline_entry")
    assert outcomes(result) == [("shop-1", "UNCHANGED", []), ("shop-2", "FAILED", [])]
    assert result["results"][1]["message"] == UNEXPECTED
    assert outcomes(await import_all(service, entry("shop-2", second))) == [("shop-2", "ADOPTED", [])]
