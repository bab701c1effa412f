"""The control plane opens accounts that the platform had before it used ConnectQL."""

import pytest

from testing.processes import Simulator

OLD = {"id": "acct_Old", "display_name": "Old Shop", "contact_email": "o@shop.example", "country": "DE"}


def test_an_account_is_opened_once(simulator: Simulator) -> None:
    first = simulator.control("accounts", OLD)
    assert (first["display_name"], first["identity"]["country"], first["dashboard"]) == (
        "Old Shop",
        "DE",
        "full",
    )
    assert simulator.control("accounts", {**OLD, "display_name": "Another name"}) == first
    assert [account["id"] for account in simulator.control("accounts")["data"]] == ["acct_Old"]


@pytest.mark.parametrize("order", [{}, {"id": "old"}, {**OLD, "colour": "red"}])
def test_an_unknown_field_or_a_wrong_id_is_refused(simulator: Simulator, order: dict[str, str]) -> None:
    message = 'needs an id that begins with acct_, and may have contact_email, country, display_name"'
    with pytest.raises(RuntimeError, match=message):
        simulator.control("accounts", order)
