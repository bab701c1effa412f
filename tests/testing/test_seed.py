"""Seeded merchants equal merchants that the service writes."""

from collections import Counter

from connect.merchants.mirror import documents
from connect.merchants.rules.status.status import Status
from models import ConnectedAccount, Merchant, MerchantWord, TimelineEntry
from testing import seed, shapes

MERCHANTS = 200


async def test_rebuilding_a_seeded_merchant_changes_no_column(database: str) -> None:
    await seed.seed(database, MERCHANTS)
    columns = (
        *("document", "status", "awaiting_action_from", "next_deadline_at", "document_version"),
        *("display_name_folded", "contact_email_folded", "external_id_folded"),
        *("search_words", "status_order", "livemode", "onboarding_stage"),
    )
    before = await Merchant.all().order_by("id").values("id", "external_id", *columns)
    assert [row["external_id"] for row in before] == [
        seed.external_id(number) for number in range(1, MERCHANTS + 1)
    ]
    entries = await MerchantWord.all().order_by("entry").values()
    assert await documents.rebuild(everything=True) == MERCHANTS
    assert await MerchantWord.all().order_by("entry").values() == entries
    assert await Merchant.all().order_by("id").values("id", "external_id", *columns) == before
    assert await Merchant.filter(row_version__gt=1).count() == MERCHANTS


async def test_active_is_the_most_frequent_status_and_the_same_seed_gives_the_same_rows(
    database: str,
) -> None:
    await seed.seed(database, MERCHANTS, seed=7)
    statuses: list[str] = await Merchant.all().values_list("status", flat=True)  # type: ignore[assignment]
    counts = Counter(statuses)
    assert counts.most_common(1)[0][0] == Status.ACTIVE.value
    assert await ConnectedAccount.all().count() == MERCHANTS - counts[Status.CREATING.value]
    assert await TimelineEntry.all().count() == MERCHANTS // seed.TIMELINES * len(shapes.ENTRIES)
    rows = await Merchant.all().order_by("id").values()
    await MerchantWord.all().delete()
    await Merchant.all().delete()
    await seed.seed(database, MERCHANTS, seed=7)
    assert await Merchant.all().order_by("id").values() == rows


def test_seeded_merchants_have_every_status_except_erased() -> None:
    statuses = {shape.merchant.status for shape in shapes.shapes()}
    # Only eraseMerchant sets this status.
    assert statuses == {status.value for status in Status if status is not Status.ERASED}
