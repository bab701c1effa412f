"""Visibility in handwritten statements on merchants and on the rows that belong to them."""

import pytest

from connect import scope
from connect.scope import Principal, Role
from models import Merchant, TimelineEntry, now
from models.sql import Select
from testing.merchants import build_merchant, store

pytestmark = pytest.mark.usefixtures("database")


async def _visible(principal: Principal, column: str, table: str, owner: str | None) -> list[str]:
    statement = Select()
    conditions = scope.conditions(statement, principal, owner=owner)
    rows = await statement.rows([column], table, conditions, [column], 100)
    return [str(row[0]) for row in rows]


@pytest.mark.parametrize("role", Role)
async def test_a_merchant_sees_only_its_own_rows_and_other_roles_see_all_rows(
    role: Role,
) -> None:
    await store([build_merchant("shop-1"), build_merchant("shop-2")])
    await TimelineEntry.all().delete()
    for merchant in await Merchant.all():
        await TimelineEntry.create(
            merchant_id=merchant.id, at=await now(), kind="CREATED", message=merchant.external_id
        )
    for name in ("shop-1", "shop-2", "nobody", ""):
        principal = Principal("somebody", role, name)
        expected = [shop for shop in ("shop-1", "shop-2") if role is not Role.MERCHANT or shop == name]
        assert await _visible(principal, "external_id", "merchant", None) == expected
        assert await _visible(principal, "message", "timeline_entry", "merchant_id") == expected
        assert [shop for shop in ("shop-1", "shop-2") if scope.can_see(principal, shop)] == expected
        assert sorted([row.external_id for row in await scope.merchants(principal)]) == expected
