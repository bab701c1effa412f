"""A prepared model that is kept for later connections equals a model that Tortoise has just prepared."""

from typing import Any

from tortoise.apps import Apps
from tortoise.context import TortoiseContext

from models import Merchant, Payment, database
from testing import prepared_models

URLS = "sqlite:///nothing.db", "postgresql://me@127.0.0.1:1/nothing", "sqlite:///other.db"


async def prepared(url: str) -> list[Any]:
    async with TortoiseContext() as context:
        await context.init(config=database.config(url))
        return [
            (
                str(model._meta.filters),
                [list(getattr(model._meta, name)) for name in prepared_models.PREPARED[1:4]],
                str(model._meta.basequery_all_fields),
                type(model._meta.basequery),
                Merchant.filter(external_id__icontains="a").sql(),
            )
            for model in (Merchant, Payment)
        ]


async def test_prepared_models_equal_fresh_models_for_each_kind_of_database() -> None:
    kept = Apps._build_initial_querysets
    prepared_models.keep()
    try:
        first = [await prepared(url) for url in URLS]
        again = [await prepared(url) for url in URLS]
        Apps._build_initial_querysets = prepared_models.prepare  # type: ignore[method-assign]
        fresh = [await prepared(url) for url in URLS]
    finally:
        Apps._build_initial_querysets = kept  # type: ignore[method-assign]
    assert first == again == fresh
    assert fresh[0] == fresh[2] != fresh[1]
