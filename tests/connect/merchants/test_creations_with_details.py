"""Creations with details: personal data is stored only until Stripe answers, and a repeated call must have
the same details.
"""

import dataclasses
import json
import re
import traceback
import uuid

import pytest

from connect.errors import ExternalIdTaken, StripeRefused, StripeUnavailable
from connect.merchants import accounts, creations
from connect.merchants.inputs import Details
from connect.merchants.inputs.details import Address, Business, Individual, SupportContact
from connect.merchants.replacements import replacements
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Gateway
from connect.stripe_api.stored_requests import V2_KEY_LIFETIME
from models import AccountCreation, ConnectedAccount, Merchant, TimelineEntry, now
from testing.processes import Simulator
from testing.statements import Statements
from tests.connect.conftest import SHOP
from tests.connect.merchants.test_creations import CREATE, at_stripe

pytestmark = pytest.mark.usefixtures("database")

# The canonical input that earlier releases stored for SHOP.
EARLIER_INPUT = (
    '{"business_url": null, "capabilities": ["card_payments"], "contact_email": "owner@shop.example", '
    '"country": "US", "display_name": "Shop Example", "entity_type": null, "external_id": "shop-1", '
    '"product_description": null}'
)


async def test_a_repeated_call_matches_a_creation_of_an_earlier_release(gateway: Gateway) -> None:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    assert (await AccountCreation.get()).input == EARLIER_INPUT
    assert await accounts.create(gateway, SHOP, actor="tests") == (merchant, False)
    new = dataclasses.replace(SHOP, details=Details(currency="USD"))
    with pytest.raises(ExternalIdTaken):
        await accounts.create(gateway, new, actor="tests")


PERSON = Individual(
    given_name="Zacharias",
    surname="Winterbottom",
    date_of_birth="1985-03-24",
    address=Address(country="US", line1="7 Hidden Lane", city="Springfield", postal_code="62701"),
)
SOLE_TRADER = dataclasses.replace(
    SHOP,
    entity_type="individual",
    details=Details(
        merchant_category_code="5734",
        business=Business(registered_name="Winterbottom Trading"),
        individual=PERSON,
    ),
)
PRIVATE = ("Zacharias", "Winterbottom", "1985", "Hidden Lane", "Springfield", "62701")


async def stored_private_words() -> list[str]:
    text = repr(
        [await model.all().values() for model in (AccountCreation, Merchant, ConnectedAccount, TimelineEntry)]
    )
    # `\b` is needed because a time such as 0.519853 s also contains "1985".
    return [word for word in PRIVATE if re.search(rf"\b{word}\b", text)]


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_personal_data_is_stored_encrypted_until_stripe_answers_and_then_forgotten(
    gateway: Gateway, simulator: Simulator, kind: str
) -> None:
    simulator.control("faults", {**CREATE, "kind": kind})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SOLE_TRADER, actor="tests")
    pending = json.loads((await AccountCreation.get()).body)["identity"]
    assert pending["individual"].startswith("gAAAA")
    assert pending["business_details"].startswith("gAAAA")
    assert await stored_private_words() == []
    await AccountCreation.all().update(run_at=await now())
    assert await creations.resume(gateway) == 1
    (account,) = at_stripe(simulator)
    assert account["identity"]["individual"]["surname"] == "Winterbottom"
    assert account["identity"]["business_details"]["registered_name"] == "Winterbottom Trading"
    assert await stored_private_words() == []
    assert json.loads((await AccountCreation.get()).body)["identity"] == {
        "country": "US",
        "entity_type": "individual",
    }


async def test_a_repeated_call_must_have_the_same_personal_data(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, created = await accounts.create(gateway, SOLE_TRADER, actor="tests")
    assert created
    assert await accounts.create(gateway, SOLE_TRADER, actor="tests") == (merchant, False)
    details = SOLE_TRADER.details
    others = [
        dataclasses.replace(details, individual=dataclasses.replace(PERSON, surname="Other")),
        dataclasses.replace(details, individual=None),
        dataclasses.replace(details, merchant_category_code="5735"),
    ]
    for other in others:
        with pytest.raises(ExternalIdTaken):
            await accounts.create(gateway, dataclasses.replace(SOLE_TRADER, details=other), actor="tests")
    # With another API key, the hashes of the personal data cannot be compared, but the other values can.
    renewed = Gateway("sk_test_" + "R" * 24, simulator.base_url, timeout=2, retries=0)
    again = dataclasses.replace(SOLE_TRADER, details=others[0])
    assert await accounts.create(renewed, again, actor="tests") == (merchant, False)
    again = dataclasses.replace(SOLE_TRADER, details=others[2])
    with pytest.raises(ExternalIdTaken):
        await accounts.create(renewed, again, actor="tests")
    await renewed.close()


@pytest.mark.one_database
async def test_a_refusal_names_the_detail_and_repeats_no_personal_data(
    gateway: Gateway, simulator: Simulator
) -> None:
    message = "identity.individual.surname: 'WINTERBOTTOM' of 7, hidden  lane, born 24.03.1985, is not ok."
    refusal = {"error": {"code": "unsupported_identity_field_for_configs", "message": message}}
    simulator.control("faults", {**CREATE, "status": 400, "body": refusal})
    with pytest.raises(StripeRefused) as caught:
        await accounts.create(gateway, SOLE_TRADER, actor="tests")
    assert [field.name for field in caught.value.fields] == ["individual.surname"]
    assert caught.value.message == (
        "identity.individual.surname: '[redacted]' of [redacted], born [redacted], is not ok."
    )
    # Logs and error reports also print the causes and contexts of errors.
    printed = "".join(traceback.format_exception(caught.value)).lower()
    assert [word for word in PRIVATE if word.lower() in printed] == []
    assert await stored_private_words() == []
    assert (await AccountCreation.get()).state == "REFUSED"


async def test_a_refused_creation_keeps_neither_contacts_nor_input(
    gateway: Gateway, simulator: Simulator
) -> None:
    support = SupportContact(email="help@shop.example", phone="+49301234567")
    details = Details(contact_phone="+49301234568", support=support)
    message = "contact_phone: +49 (30) 123-4568 of Owner@Shop.example is unknown. Ask help@shop.example."
    refusal = {"error": {"code": "phone_invalid", "message": message}}
    simulator.control("faults", {**CREATE, "status": 400, "body": refusal})
    with pytest.raises(StripeRefused) as caught:
        await accounts.create(gateway, dataclasses.replace(SHOP, details=details), actor="tests")
    assert caught.value.message == "contact_phone: [redacted] of [redacted] is unknown. Ask [redacted]."
    (stored,) = await AccountCreation.all().values()
    assert (stored["state"], stored["input"], stored["body"]) == ("REFUSED", "{}", "{}")
    assert "shop.example" not in repr(stored)
    await accounts.create(gateway, SHOP, actor="tests")  # the external id is free


async def test_after_a_change_of_the_api_key_the_account_is_created_without_the_personal_data(
    gateway: Gateway, simulator: Simulator
) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_before"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SOLE_TRADER, actor="tests")
    renewed = Gateway("sk_test_" + "R" * 24, simulator.base_url, timeout=2, retries=0)
    _, created = await accounts.create(renewed, SOLE_TRADER, actor="tests")
    await renewed.close()
    assert not created
    (account,) = at_stripe(simulator)
    assert account["identity"]["individual"] is None
    assert account["configuration"]["merchant"]["mcc"] == "5734"


async def forget_expired() -> None:
    await stored_requests.forget_expired(creations.CREATION)
    await stored_requests.forget_expired(replacements.REPLACEMENT)


async def test_the_personal_data_of_a_creation_is_deleted_when_the_creation_is_too_old_to_be_repeated(
    gateway: Gateway, simulator: Simulator
) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_before"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SOLE_TRADER, actor="tests")
    await forget_expired()
    assert "individual" in json.loads((await AccountCreation.get()).body)["identity"]
    await AccountCreation.all().update(created_at=await now() - V2_KEY_LIFETIME)
    await forget_expired()
    creation = await AccountCreation.get()
    assert creation.state == "PENDING"
    assert json.loads(creation.body)["identity"] == {"country": "US", "entity_type": "individual"}


async def test_all_expired_requests_are_forgotten_in_batches_and_not_read_again(
    gateway: Gateway, simulator: Simulator, statements: Statements
) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_before"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SOLE_TRADER, actor="tests")
    (stored,) = await AccountCreation.all().values()
    old = stored | {"created_at": await now() - V2_KEY_LIFETIME}
    number = stored_requests.BATCH + 1
    await AccountCreation.bulk_create(
        [
            AccountCreation(
                **old | {"id": uuid.uuid4(), "merchant_id": uuid.uuid4(), "idempotency_key": str(key)}
            )
            for key in range(number)
        ]
    )
    await forget_expired()
    bodies = await AccountCreation.exclude(id=stored["id"]).values_list("body", flat=True)
    assert [json.loads(str(body))["identity"] for body in bodies] == [
        {"country": "US", "entity_type": "individual"}
    ] * number
    assert "individual" in json.loads((await AccountCreation.get(id=stored["id"])).body)["identity"]
    statements.clear()
    await forget_expired()
    assert len(statements.with_text("account_")) == 2  # one statement for each table, which finds no row
