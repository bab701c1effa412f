"""Each role sees the same merchants in handwritten statements and in queries of the ORM."""

import pytest

from connect import scope
from connect.scope import Principal, Role
from models.sql import Select
from testing.merchants import build_merchant, store

pytestmark = pytest.mark.usefixtures("database")


async def _visible(principal: Principal) -> list[str]:
    statement = Select()
    conditions = scope.conditions(statement, principal)
    rows = await statement.rows(["external_id"], "merchant", conditions, ["external_id"], 100)
    return [str(row[0]) for row in rows]


@pytest.mark.parametrize("role", Role)
async def test_a_merchant_sees_only_its_own_rows_and_other_roles_see_all_rows(
    role: Role,
) -> None:
    await store([build_merchant("shop-1"), build_merchant("shop-2")])
    for name in ("shop-1", "shop-2", "nobody", ""):
        principal = Principal("somebody", role, name)
        expected = [shop for shop in ("shop-1", "shop-2") if role is not Role.MERCHANT or shop == name]
        assert await _visible(principal) == expected
        assert [shop for shop in ("shop-1", "shop-2") if scope.can_see(principal, shop)] == expected
        assert sorted([row.external_id for row in await scope.merchants(principal)]) == expected
