"""The values that several fields of a request load."""

from pathlib import Path

from testing.merchants import build_merchant, store
from testing.processes import Simulator
from testing.service import running
from testing.stored_payments import add_payment

QUERY = """
{ payments(first: 1) { edges { node {
  bad: merchant { timeline(first: 0) { edges { cursor } } feePolicy { basisPoints } }
  good: merchant { feePolicy { basisPoints } }
} } } }
"""


async def test_a_failed_field_cancels_no_field_of_another_object_with_the_same_key(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        one = build_merchant("shop-1")
        await store([one])
        await add_payment(one.merchant, "order-1")
        answer = (await service.post(QUERY)).json()
        assert answer["data"] is None
        assert [error["message"] for error in answer["errors"]] == ["`first` must be from 1 to 100; it is 0."]
