"""If the service differs from Stripe, the comparison reports it, so that the proof fails."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from connect.merchants.rules.account.snapshot import decode, encode
from models import ConnectedAccount, Merchant, TimelineEntry
from testing.deployment import service
from testing.report import Report, few
from torture import comparison


async def _spoil(**changes: Any) -> None:
    row = await ConnectedAccount.get()
    row.snapshot = encode(msgspec.structs.replace(decode(row.snapshot), **changes))
    await row.save()


async def _other_metadata() -> None:
    await _spoil(metadata={})


async def _other_country() -> None:
    await _spoil(country="DE")


async def _without_capabilities() -> None:
    await _spoil(configuration={"merchant": None})


async def _disconnected() -> None:
    await ConnectedAccount.all().update(disconnected_at=datetime(2026, 1, 31, tzinfo=UTC))


async def _other_status() -> None:
    await Merchant.all().update(status="ACTIVE")


async def _no_account() -> None:
    await ConnectedAccount.all().delete()


async def _older_fetch() -> None:
    merchant = await Merchant.get()
    for fetch in 5, 4:
        await TimelineEntry.create(
            merchant_id=merchant.id,
            kind="UPDATED",
            message="",
            at=datetime(2026, 1, 31, tzinfo=UTC),
            fetch=fetch,
        )


@pytest.mark.one_database
@pytest.mark.timeout(240)
def test_differences_between_stripe_and_the_service_are_reported(database_url: str, tmp_path: Path) -> None:
    expected: list[tuple[Callable[[], Awaitable[None]], str]] = [
        (_other_metadata, "shop-1: metadata is {}, at Stripe {'merchant_id': "),
        (_other_country, "shop-1: country is 'DE', at Stripe 'US'"),
        (_without_capabilities, "shop-1: configuration is {}, at Stripe {'merchant': "),
        (_disconnected, "shop-1: the mirror shows a disconnection, but the account is connected"),
        (_other_status, "shop-1: the column status does not agree with the mirror"),
        (_no_account, "shop-1 has no mirror"),
    ]
    # There is no worker, because its fetches would repair the rows that the test spoils.
    with service(database_url, tmp_path, replicas=1, WORKER="off") as deployment:
        deployment.attempt_creation(deployment.replicas[0], "shop-1")
        assert comparison.differences(deployment) == []
        assert comparison.misordered(deployment) == []
        comparison.in_database(deployment, _older_fetch)
        assert [text.split(": ")[1] for text in comparison.misordered(deployment)] == [
            "fetch 4 was written after fetch 5"
        ]
        for spoil, words in expected:
            comparison.in_database(deployment, spoil)
            problems = comparison.differences(deployment)
            assert any(problem.startswith(words) for problem in problems), problems


def test_a_report_is_aligned_and_names_its_problems() -> None:
    report = Report({"merchants": 3, "took": "1 s"}, few([f"shop-{n} differs" for n in range(4)], most=2))
    assert report.lines() == [
        "  merchants  3",
        "  took       1 s",
        "PROBLEM shop-0 differs",
        "PROBLEM shop-1 differs",
        "PROBLEM ... and 2 more like these",
    ]
