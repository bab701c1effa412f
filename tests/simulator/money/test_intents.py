"""PaymentIntents in the merchant's scope: create, confirm, capture, cancel, and their refusals."""

from typing import Any

import pytest
import stripe

from testing.processes import Simulator
from tests.simulator.conftest import connected, plain
from tests.simulator.money.conftest import Shop, refused


async def test_a_card_payment_succeeds_immediately_and_is_booked_later(shop: Shop) -> None:
    made = await shop.pay(application_fee_amount=123)
    assert (made["status"], made["amount_received"]) == ("succeeded", 1000)
    charge = (await shop.get(made["id"], "latest_charge"))["latest_charge"]
    assert (charge["balance_transaction"], charge["application_fee"]) == (None, None)
    assert charge["application_fee_amount"] == 123
    shop.pass_time(2)
    paths = ("latest_charge.balance_transaction", "latest_charge.application_fee")
    charge = (await shop.get(made["id"], *paths))["latest_charge"]
    transaction = charge["balance_transaction"]
    # The example of docs.stripe.com/connect/direct-charges: 10.00 - 0.59 - 1.23 = 8.18.
    assert (transaction["amount"], transaction["fee"], transaction["net"]) == (1000, 182, 818)
    assert [(one["type"], one["amount"]) for one in transaction["fee_details"]] == [
        ("application_fee", 123),
        ("stripe_fee", 59),
    ]
    assert (charge["application_fee"]["amount"], charge["application_fee"]["account"]) == (123, shop.account)
    assert await shop.events() == [
        ("payment_intent.created", "account"),
        ("charge.succeeded", "account"),
        ("payment_intent.succeeded", "account"),
        ("application_fee.created", "platform"),
        ("charge.updated", "account"),
    ]


async def test_the_charge_has_the_shipping_address_of_the_intent(shop: Shop) -> None:
    made = await shop.pay(
        shipping={"name": "Jo", "address": {"line1": "1 Main Street"}}, expand=["latest_charge"]
    )
    assert made["shipping"] == made["latest_charge"]["shipping"]
    assert (made["shipping"]["address"]["line1"], made["shipping"]["carrier"]) == ("1 Main Street", None)


async def test_capture_method_automatic_books_before_the_answer(shop: Shop) -> None:
    made = await shop.pay(capture_method="automatic", expand=["latest_charge.balance_transaction"])
    assert made["latest_charge"]["balance_transaction"]["net"] == 941
    shop.pass_time(2)
    assert ("charge.updated", "account") not in await shop.events()


async def test_a_declined_card_gets_a_402_with_the_intent(shop: Shop) -> None:
    with pytest.raises(stripe.CardError) as caught:
        await shop.pay(method="pm_card_visa_chargeDeclinedInsufficientFunds")
    body: Any = caught.value.json_body
    error = body["error"]
    assert (caught.value.http_status, error["code"], error["decline_code"], error["message"]) == (
        402,
        "card_declined",
        "insufficient_funds",
        "Your card has insufficient funds.",
    )
    intent = error["payment_intent"]
    assert (intent["status"], intent["payment_method"]) == ("requires_payment_method", None)
    assert intent["last_payment_error"]["charge"] == error["charge"] == intent["latest_charge"]
    assert await shop.events() == [
        ("payment_intent.created", "account"),
        ("charge.failed", "account"),
        ("payment_intent.payment_failed", "account"),
    ]
    options = {"payment_method": "pm_card_visa", "return_url": "https://app.example/"}
    paid = plain(await shop.v1.payment_intents.confirm_async(intent["id"], options, shop.scope))
    assert (paid["status"], paid["last_payment_error"]) == ("succeeded", None)


async def test_an_authorization_is_captured_in_part(shop: Shop) -> None:
    made = await shop.pay(5000, capture_method="manual", application_fee_amount=500)
    assert (made["status"], made["amount_capturable"]) == ("requires_capture", 5000)
    charge = (await shop.get(made["id"], "latest_charge"))["latest_charge"]
    card = charge["payment_method_details"]["card"]
    assert (charge["captured"], card["capture_before"] - charge["created"]) == (False, 7 * 86400)
    capture = shop.v1.payment_intents.capture_async
    assert await refused(capture(made["id"], {"amount_to_capture": 5001}, shop.scope)) == (
        400,
        "amount_too_large",
        "amount_to_capture",
        "The amount to capture ($50.01) is greater than the capturable amount ($50.00).",
    )
    done = plain(
        await capture(made["id"], {"amount_to_capture": 3000, "application_fee_amount": 300}, shop.scope)
    )
    assert (done["status"], done["amount_received"], done["amount_capturable"]) == ("succeeded", 3000, 0)
    shop.pass_time(2)
    fees = await shop.v1.application_fees.list_async()
    assert [fee.amount for fee in fees.data] == [300]
    assert [kind for kind, _ in await shop.events()] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "charge.captured",
        "payment_intent.succeeded",
        "application_fee.created",
        "charge.updated",
    ]
    assert (await refused(capture(made["id"], {}, shop.scope)))[:2] == (
        400,
        "payment_intent_unexpected_state",
    )


async def test_an_authorization_expires_after_seven_days(shop: Shop) -> None:
    made = await shop.pay(capture_method="manual")
    shop.pass_time(7 * 86400 + 1)
    intent = await shop.get(made["id"])
    assert (intent["status"], intent["cancellation_reason"]) == ("canceled", "expired")
    refunds = await shop.v1.refunds.list_async({"payment_intent": made["id"]}, shop.scope)
    assert refunds.data == []
    assert [kind for kind, _ in await shop.events()][-2:] == ["charge.expired", "payment_intent.canceled"]


async def test_an_authorization_is_canceled_once(shop: Shop) -> None:
    made = await shop.pay(capture_method="manual")
    cancel = shop.v1.payment_intents.cancel_async
    done = plain(await cancel(made["id"], {"cancellation_reason": "duplicate"}, shop.scope))
    assert (done["status"], done["cancellation_reason"]) == ("canceled", "duplicate")
    assert (await refused(cancel(made["id"], {}, shop.scope)))[3] == (
        "You cannot cancel this PaymentIntent because it has a status of canceled. Only a PaymentIntent with "
        "one of the following statuses may be canceled: requires_payment_method, requires_capture, "
        "requires_confirmation, requires_action, processing."
    )


async def test_the_amount_changes_only_before_the_payment(shop: Shop) -> None:
    made = plain(await shop.v1.payment_intents.create_async({"amount": 1000, "currency": "usd"}, shop.scope))
    change = shop.v1.payment_intents.update_async
    changed = plain(
        await change(
            made["id"], {"amount": 2000, "application_fee_amount": 20, "metadata": {"a": "1"}}, shop.scope
        )
    )
    assert (changed["amount"], changed["application_fee_amount"], changed["metadata"]) == (
        2000,
        20,
        {"a": "1"},
    )
    assert plain(await change(made["id"], {"metadata": ""}, shop.scope))["metadata"] == {}
    paid = await shop.pay()
    shop.simulator.control(f"accounts/{shop.account}", {"scenario": "reject"})
    assert plain(await change(paid["id"], {"description": "Hat"}, shop.scope))["description"] == "Hat"
    status, code, param, message = await refused(change(paid["id"], {"amount": 1}, shop.scope))
    assert (status, code, param) == (400, "payment_intent_unexpected_state", "amount")
    assert message.startswith("This PaymentIntent's amount could not be updated because it has a status of ")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"amount": 0},
            ("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1."),
        ),
        ({"amount": 49}, ("amount_too_small", "amount", "Amount must be at least $0.50 usd")),
        (
            {"amount": 10**12},
            ("amount_too_large", "amount", "Amount must be no more than $9999999999.99 usd"),
        ),
        ({"amount": "x"}, ("parameter_invalid_integer", "amount", "Invalid integer: x")),
        (
            {"currency": "isk", "amount": 150},
            ("parameter_invalid_integer", "amount", "Amounts in isk must be multiples of 100."),
        ),
        ({"currency": None}, ("parameter_missing", "currency", "Missing required param: currency.")),
        ({"colour": "red"}, ("parameter_unknown", "colour", "Received unknown parameter: colour")),
        (
            {"payment_method_types": ["card"]},
            ("payment_method_types_no_longer_supported", "payment_method_types", None),
        ),
        (
            {"capture_method": "later"},
            (
                None,
                "capture_method",
                "Invalid capture_method: must be one of automatic, automatic_async, or manual",
            ),
        ),
        ({"excluded_payment_method_types": ["card", "us_bank_account"]}, (None, None, None)),
        (
            {
                "confirm": True,
                "payment_method": "pm_card_visa",
                "automatic_payment_methods": {"enabled": True},
            },
            (None, "return_url", None),
        ),
        (
            {"payment_method": "pm_none"},
            ("resource_missing", "payment_method", "No such payment_method: 'pm_none'"),
        ),
    ],
)
async def test_an_invalid_creation_is_refused_with_code_and_parameter(
    shop: Shop, change: dict[str, Any], expected: tuple[str | None, ...]
) -> None:
    order = {
        name: value
        for name, value in {"amount": 1000, "currency": "usd", **change}.items()
        if value is not None
    }
    status, *found = await refused(shop.v1.payment_intents.create_async(order, shop.scope))
    assert status == 400
    assert tuple(found[: 3 if expected[2] else 2]) == expected[: 3 if expected[2] else 2]
    assert (await shop.v1.payment_intents.list_async({}, shop.scope)).data == []


async def test_an_empty_description_counts_as_none(shop: Shop) -> None:
    order = {"amount": 1000, "currency": "usd", "description": ""}
    made = plain(await shop.v1.payment_intents.create_async(order, shop.scope))
    assert (made["status"], made["description"]) == ("requires_payment_method", None)


async def test_the_refusal_of_an_unknown_currency_lists_the_supported_ones(shop: Shop) -> None:
    order = {"amount": 1000, "currency": "xxd"}
    status, code, param, message = await refused(shop.v1.payment_intents.create_async(order, shop.scope))
    assert (status, code, param) == (400, None, "currency")
    assert message.startswith("Invalid currency: xxd. Stripe currently supports these currencies: aed, afn,")


async def test_an_account_without_active_card_payments_cannot_charge(shop: Shop) -> None:
    shop.simulator.control(f"accounts/{shop.account}", {"scenario": "reject"})
    status, code, _, message = await refused(shop.pay())
    assert (status, code) == (400, None)
    assert message.startswith("No valid payment method types for this Payment Intent.")
    shop.simulator.control("switches", {"charges_without_capability": True})
    assert (await shop.pay())["status"] == "succeeded"


async def test_an_object_of_another_scope_does_not_exist(shop: Shop) -> None:
    made = await shop.pay()
    assert await refused(shop.v1.payment_intents.retrieve_async(made["id"])) == (
        404,
        "resource_missing",
        "intent",
        f"No such payment_intent: '{made['id']}'",
    )
    foreign = {"stripe_account": "acct_none"}
    assert (await refused(shop.v1.payment_intents.retrieve_async(made["id"], {}, foreign)))[:2] == (
        403,
        "account_invalid",
    )


async def test_a_payment_without_the_account_header_belongs_to_the_platform(shop: Shop) -> None:
    order = {"amount": 1000, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    order |= {"return_url": "https://app.example/"}
    await shop.v1.payment_intents.create_async(order)
    assert {place for _, place in await shop.events()} == {"platform"}
    fee = shop.v1.payment_intents.create_async({**order, "application_fee_amount": 1})
    status, _, param, message = await refused(fee)
    assert (status, param) == (400, "application_fee_amount")
    assert message.startswith("Can only apply an application_fee_amount when the PaymentIntent is attempting")


async def test_3d_secure_waits_for_the_payer_and_may_fail(shop: Shop, sim: Simulator) -> None:
    for button, status in (("complete", "succeeded"), ("fail", "requires_payment_method")):
        made = await shop.pay(method="pm_card_threeDSecure2Required")
        assert (made["status"], made["next_action"]["type"]) == ("requires_action", "use_stripe_sdk")
        url = made["next_action"]["use_stripe_sdk"]["stripe_js"]
        assert sim.client.post(url, data={"result": button}).status_code == 200
        intent = await shop.get(made["id"], "latest_charge")
        assert intent["status"] == status
        if status == "succeeded":
            secure = intent["latest_charge"]["payment_method_details"]["card"]["three_d_secure"]
            assert secure["result"] == "authenticated"
        else:
            assert intent["last_payment_error"]["code"] == "payment_intent_authentication_failure"


async def test_an_app_confirms_with_the_publishable_key_and_the_client_secret(
    shop: Shop, sim: Simulator
) -> None:
    made = plain(await shop.v1.payment_intents.create_async({"amount": 1000, "currency": "usd"}, shop.scope))
    async with connected(sim, "pk_test_app") as app:
        intents: Any = app.client.v1.payment_intents
        assert (await refused(intents.retrieve_async(made["id"], {}, shop.scope)))[1] == "parameter_missing"
        wrong = {"client_secret": "no", "payment_method": "pm_card_visa"}
        assert (await refused(intents.confirm_async(made["id"], wrong, shop.scope)))[2] == "client_secret"
        right = wrong | {"client_secret": made["client_secret"]}
        assert (await intents.confirm_async(made["id"], right, shop.scope)).status == "succeeded"
        assert (await refused(intents.list_async({}, shop.scope)))[0] == 401
