"""The search words of a merchant come from its name, e-mail and external id."""

from typing import Any

import pytest
from tortoise.transactions import in_transaction

from connect.merchants.mirror import documents
from models import ConnectedAccount, Merchant, MerchantWord, now
from models.transactions import repeatable
from testing.merchants import NOW, build_merchant, store
from testing.statements import recorded

pytestmark = pytest.mark.usefixtures("database")


async def words(merchant: Merchant) -> list[str]:
    entries: Any = await MerchantWord.all().order_by("entry").values_list("entry", flat=True)
    own = [entry.removesuffix(f" {merchant.id}") for entry in entries if entry.endswith(f" {merchant.id}")]
    assert all(" " not in word for word in own)
    return own


@repeatable
async def rename(merchant: Merchant, name: str) -> None:
    async with in_transaction():
        row = await Merchant.get(id=merchant.id)
        row.display_name = name
        await documents.save(row, await ConnectedAccount.get(merchant_id=merchant.id), NOW)


async def test_a_new_name_replaces_only_the_words_that_differ() -> None:
    one, other = build_merchant("shop-1", name="Amber Bakery"), build_merchant("shop-2", name="Amber")
    await store([one, other])
    assert await words(one.merchant) == ["1", "amber", "bakery", "example", "shop"]
    with recorded() as statements:
        await rename(one.merchant, "Amber Café")
    assert await words(one.merchant) == ["1", "amber", "cafe", "example", "shop"]
    assert await words(other.merchant) == ["2", "amber", "example", "shop"]
    assert sum("merchant_word" in text for text in statements.texts) == 2
    with recorded() as statements:
        await rename(one.merchant, "amber CAFÉ")
    assert not any("merchant_word" in text for text in statements.texts)


async def test_a_rebuild_adds_and_repairs_the_search_words_of_rows_that_an_older_release_wrote() -> None:
    new, stale, broken = (build_merchant(name, name=f"Amber {name}") for name in ("new", "stale", "broken"))
    await store([new, stale, broken])
    # A replica of release 0.1.0 does not write search words.
    older: dict[str, Any] = {"document_version": 1}
    await MerchantWord.filter(entry__endswith=str(new.merchant.id)).delete()
    await Merchant.filter(id=new.merchant.id).update(
        search_words=None,
        livemode=None,
        status_order=None,
        onboarding_stage=None,
        onboarding_stage_since=None,
        **older,
    )
    await Merchant.filter(id=stale.merchant.id).update(display_name="Clover", **older)
    await MerchantWord.filter(entry=f"amber {broken.merchant.id}").delete()
    await Merchant.filter(id=broken.merchant.id).update(**older)
    assert await documents.rebuild() == 3
    assert await words(new.merchant) == ["amber", "example", "new", "shop"]
    assert await words(stale.merchant) == ["clover", "example", "shop", "stale"]
    assert await words(broken.merchant) == ["amber", "broken", "example", "shop"]
    expected = {
        "search_words": " amber example new shop",
        "livemode": False,
        "status_order": 4,
        "onboarding_stage": "ACTIVATED",
        "onboarding_stage_since": new.merchant.ever_active_at,
    }
    assert await Merchant.filter(id=new.merchant.id).values(*expected) == [expected]


@pytest.mark.unrepeated
async def test_a_deleted_merchant_leaves_no_search_words() -> None:
    one, other = build_merchant("shop-1"), build_merchant("shop-2")
    await store([one, other])
    async with in_transaction():
        await documents.delete(await Merchant.get(id=one.merchant.id), await now())
    assert await words(one.merchant) == []
    assert await words(other.merchant) == ["2", "example", "shop"]
    assert await Merchant.all().count() == 1
