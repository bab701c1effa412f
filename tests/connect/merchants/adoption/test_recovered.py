"""The ids in the metadata of Stripe's objects. Other programs and merchants can write this metadata, too."""

from connect.merchants.adoption.recovered import external_id_of, id_of
from models import uuid7


def test_values_that_cannot_be_stored_are_not_accepted_as_ids() -> None:
    key = uuid7()
    assert id_of({"payment_id": str(key)}, "payment_id") == key
    for value in ("ffffffff-ffff-7fff-bfff-ffffffffffff", "00000000-0000-4000-8000-000000000000", "1", "", 1):
        assert id_of({"payment_id": value}, "payment_id") is None
    assert external_id_of({"external_id": "a" * 255}) == "a" * 255
    for wrong in ("a" * 256, "", 1, None):
        assert external_id_of({"external_id": wrong}) is None
    assert (id_of(None, "payment_id"), external_id_of(None)) == (None, None)
