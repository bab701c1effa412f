"""Account and person tokens: details that reach Stripe without passing through the platform.

A token can be used once, and only for a short time.
"""

from typing import Any

import httpx
import pytest
import stripe

from testing.processes import Simulator
from tests.simulator.conftest import ACCOUNT, Stripe, error, plain

IDENTITY = {"entity_type": "company", "business_details": {"registered_name": "Shop"}}


async def token(api: Stripe, **details: Any) -> dict[str, Any]:
    return plain(await api.client.v2.core.account_tokens.create_async(details))  # type: ignore[arg-type]


async def refusal(call: Any) -> tuple[int | None, str]:
    with pytest.raises(stripe.StripeError) as caught:
        await call
    return caught.value.http_status, error(caught.value)["code"]


def with_token(identifier: str, **changes: Any) -> dict[str, Any]:
    """Return the parameters of an account whose details are in a token."""
    bare = {"contact_email": None, "display_name": None, "identity": {"country": "US"}}
    return {**bare, "account_token": identifier, **changes}


async def test_a_token_gives_its_details_to_one_account(api: Stripe) -> None:
    details = {"contact_email": "owner@shop.example", "display_name": "Shop", "identity": IDENTITY}
    made = await token(api, **details)
    assert made["used"] is False
    assert set(made) == {"id", "object", "created", "expires_at", "livemode", "used"}
    account = await api.create(**with_token(made["id"]))
    assert (account["contact_email"], account["display_name"]) == ("owner@shop.example", "Shop")
    assert account["identity"]["business_details"]["registered_name"] == "Shop"
    assert account["identity"]["country"] == "US"
    shown = plain(await api.client.v2.core.account_tokens.retrieve_async(made["id"]))
    assert shown == made | {"used": True}
    assert await refusal(api.create(**with_token(made["id"]))) == (400, "token_already_used")


async def test_an_unusable_token_is_refused(api: Stripe, sim: Simulator) -> None:
    made = (await token(api, contact_email="owner@shop.example"))["id"]
    for changes in ({"contact_email": "a@b.example"}, {"identity": {"country": "US", **IDENTITY}}):
        refused = (400, "param_alongside_account_token")
        assert await refusal(api.create(**with_token(made, **changes))) == refused
    assert await refusal(api.create(**with_token("accttok_none"))) == (403, "invalid_account_token")
    assert await refusal(api.create(**with_token("perstok_none"))) == (400, "incorrect_token_wrong_type")
    assert await refusal(api.create(**with_token("ct_1"))) == (400, "v1_token_invalid_in_v2")
    sim.control("clock", {"advance_seconds": 600})
    assert await refusal(api.create(**with_token(made))) == (400, "token_expired")
    assert sim.control("accounts")["count"] == 0


async def test_a_refused_request_does_not_use_the_token(api: Stripe) -> None:
    made = (await token(api, contact_email="owner@shop.example"))["id"]
    refused = api.create(**with_token(made, identity={"country": "RU"}))
    assert await refusal(refused) == (400, "capability_not_available_in_country")
    assert (await api.create(**with_token(made)))["contact_email"] == "owner@shop.example"


async def test_an_update_takes_a_token_and_an_attestation_becomes_a_declaration(api: Stripe) -> None:
    account = await api.create()
    attested = {"ownership_declaration": {"attested": True}}
    made = (await token(api, display_name="New", identity={"attestations": attested}))["id"]
    changes: Any = {"account_token": made, "include": ["identity"]}
    changed = plain(await api.client.v2.core.accounts.update_async(account["id"], changes))
    assert changed["display_name"] == "New"
    assert changed["identity"]["attestations"]["ownership_declaration"]["ip"] == "127.0.0.1"


async def test_a_person_token_belongs_to_one_account(api: Stripe) -> None:
    account, other = (await api.create())["id"], (await api.create())["id"]
    tokens = api.client.v2.core.accounts.person_tokens
    persons = api.client.v2.core.accounts.persons
    made = plain(await tokens.create_async(account, {"given_name": "Jenny"}))
    body: Any = {"person_token": made["id"]}
    wrong = persons.create_async(other, body)
    assert await refusal(wrong) == (400, "incorrect_account_for_person_token")
    both: Any = {**body, "surname": "Rosen"}
    beside = persons.create_async(account, both)
    assert await refusal(beside) == (400, "param_alongside_person_token")
    person = plain(await persons.create_async(account, body))
    assert person["given_name"] == "Jenny"
    assert plain(await tokens.retrieve_async(account, made["id"]))["used"] is True
    assert await refusal(persons.create_async(account, body)) == (400, "token_already_used")


def test_a_publishable_key_creates_tokens_and_no_accounts(sim: Simulator) -> None:
    headers = {"Authorization": "Bearer pk_test_browser"}
    with httpx.Client(base_url=sim.base_url, headers=headers, trust_env=False) as browser:
        made = browser.post("/v2/core/account_tokens", json={"display_name": "Shop"})
        assert (made.status_code, made.json()["object"]) == (200, "v2.core.account_token")
        refused = browser.post("/v2/core/accounts", json=ACCOUNT)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "secret_key_required")
