"""merchants: invalid arguments."""

from typing import Any

import pytest

from testing.merchants import build_merchant, encode_cursor, store
from testing.service import Service
from tests.resolvers.merchants.listed_merchants import MERCHANTS, page

pytestmark = pytest.mark.without_worker


@pytest.mark.one_database
async def test_an_invalid_argument_is_refused_by_name(service: Service) -> None:
    await store([build_merchant("a"), build_merchant("b")])
    some_id = "01a206b6-bebc-7c0d-92c7-f963a4a70e6c"
    cases: list[tuple[dict[str, Any], str]] = [
        ({"first": 0}, "`first` must be from 1 to 100; it is 0."),
        ({"first": -1}, "`first` must be from 1 to 100; it is -1."),
        ({"first": 101}, "`first` must be from 1 to 100; it is 101."),
        ({"last": 0}, "`last` must be from 1 to 100; it is 0."),
        ({"last": 101}, "`last` must be from 1 to 100; it is 101."),
        ({"first": 1, "last": 1}, "Give `first` or `last`, not both."),
        ({"filter": {"dueWithinDays": -1}}, "`filter.dueWithinDays` must be from 0 to 3650."),
        ({"filter": {"dueWithinDays": 3651}}, "`filter.dueWithinDays` must be from 0 to 3650."),
        ({"filter": {"statusForDays": -1}}, "`filter.statusForDays` must be from 0 to 3650."),
        ({"filter": {"status": ["ACTIVE"] * 17}}, "`filter.status` takes at most 16 values."),
    ]
    search = "`filter.search` takes at most 255 characters, none of them U+0000."
    cases += [({"filter": {"search": text}}, search) for text in ("x" * 256, "a\x00")]
    for order, others in {
        "CREATED_AT_ASC": [
            encode_cursor("CREATED_AT_ASC"),
            encode_cursor("CREATED_AT_ASC", some_id, some_id),
        ],
        "CREATED_AT_DESC": [
            encode_cursor("CREATED_AT_DESC", "x"),
            encode_cursor("CREATED_AT_DESC", some_id.upper()),
        ],
        "DISPLAY_NAME_ASC": [
            encode_cursor("DISPLAY_NAME_ASC", "a", "x"),
            encode_cursor("DISPLAY_NAME_ASC", "\ud800", some_id),
            encode_cursor("DISPLAY_NAME_ASC", "a\x00", some_id),
            encode_cursor("DISPLAY_NAME_ASC", 1, some_id),
        ],
        "NEXT_DEADLINE_ASC": [
            encode_cursor("NEXT_DEADLINE_ASC", "soon", some_id),
            encode_cursor("NEXT_DEADLINE_ASC", "2026-01-31T10:00:00+00:00", some_id),
            encode_cursor("NEXT_DEADLINE_ASC", "2026-01-31 10:00:00", some_id),
            encode_cursor("NEXT_DEADLINE_ASC", "0001-01-01 00:00:00+14:00", some_id),
            encode_cursor("NEXT_DEADLINE_ASC", "2026-01-31 10:00:00+00:00", some_id.replace("-", "")),
        ],
    }.items():
        foreign = encode_cursor("CREATED_AT_ASC" if order != "CREATED_AT_ASC" else "CREATED_AT_DESC", some_id)
        garbage = [
            "",
            "x",
            "é",
            "!!!!",
            "bnVsbA",
            encode_cursor(),
            encode_cursor(order, None),
            "W10" * 2000,
            foreign,
            *others,
        ]
        for text in garbage:
            for argument in ("after", "before"):
                message = f"`{argument}` is not a cursor of this connection in this order."
                cases.append(({argument: text, "orderBy": order}, message))
    real = (await page(service, first=1, orderBy="DISPLAY_NAME_ASC"))["pageInfo"]["endCursor"]
    cases.append(
        (
            {"after": real, "orderBy": "CREATED_AT_ASC"},
            "`after` is not a cursor of this connection in this order.",
        )
    )
    for arguments, message in cases:
        refused = await service.error(MERCHANTS, {"orderBy": "CREATED_AT_ASC", **arguments})
        assert refused == ("BAD_USER_INPUT", message), arguments
