"""The example operations of GraphiQL work and show the answers that they promise."""

from pathlib import Path

import pytest

from api.graphiql.examples import examples
from local.stripe import OLD_SHOP
from testing.faults import drop_deliveries
from testing.processes import Simulator, free_port
from testing.service import Service, running
from testing.subscribers import socket
from tests.resolvers.finances.test_manual_payouts import funded

pytestmark = pytest.mark.one_database

REFRESH = 'mutation { refreshMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'


async def test_the_operators_example_shows_each_problem_with_its_remedy(idle: Service) -> None:
    operation = dict(examples(idle.url))["Platform"]
    (problem,) = (await idle.graphql(operation))["platform"]["problems"]
    assert (problem["code"], problem["severity"]) == ("NO_WORKER", "ERROR")
    assert problem["message"] == "No worker has been active yet."
    assert problem["remedy"].startswith("Start a worker: `python -m api worker`")


async def test_the_example_of_an_adoption_adopts_the_account_that_make_run_creates(idle: Service) -> None:
    drop_deliveries(idle)
    for created in (True, False):
        idle.simulator.control("accounts", OLD_SHOP)  # as `make run` does at each start
        result = (await idle.graphql(dict(examples(idle.url))["Adopt"]))["adoptMerchant"]
        assert (result["__typename"], result["created"]) == ("AdoptMerchantPayload", created)


async def test_the_examples_with_details_and_persons_are_accepted(idle: Service) -> None:
    drop_deliveries(idle)
    operations = dict(examples(idle.url))
    result = (await idle.graphql(operations["Create with details"]))["createMerchant"]
    assert (result["__typename"], result["created"]) == ("CreateMerchantPayload", True)
    expected = {"merchantCategoryCode": "5734", "statementDescriptor": "SECOND EXAMPLE"}
    assert result["merchant"]["settings"] == expected
    result = (await idle.graphql(operations["Add a person"]))["addPerson"]
    assert result["__typename"] == "AddPersonPayload"


@pytest.mark.slow
async def test_the_examples_of_payments_create_follow_and_cancel_a_payment(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    port = str(free_port())
    own = f"http://127.0.0.1:{port}"
    changed = {"PORT": port, "WORKER": "off", "RETURN_ORIGINS": own}
    async with running(database_url, simulator, tmp_path, **changed) as service:
        drop_deliveries(service)
        created = await service.create("shop-1")
        account = created["merchant"]["account"]["stripeAccountId"]
        simulator.control(f"accounts/{account}", {"scenario": "activate"})
        await service.graphql(REFRESH)
        operations = dict(examples(own))
        result = (await service.graphql(operations["Take a payment"]))["createCheckout"]
        assert result["payment"] == {
            "state": "AWAITING_CUSTOMER",
            "amount": {"decimal": "25.00", "currency": "USD"},
        }
        (edge,) = (await service.graphql(operations["Payments"]))["payments"]["edges"]
        assert (edge["node"]["externalId"], edge["node"]["state"]) == ("order-1", "AWAITING_CUSTOMER")
        (edge,) = (await service.graphql(operations["Payments of merchants"]))["merchants"]["edges"]
        (payment,) = edge["node"]["payments"]["edges"]
        assert payment["node"]["summary"] == "The customer has not paid 25.00 USD yet."
        assert (await service.graphql(operations["Disputes"]))["disputes"]["edges"] == []
        async with socket(service, token=service.token()) as client:
            await client.subscribe(operations["Follow a payment"])
            shown = (await client.data())["paymentChanged"]
            assert (shown["state"], shown["refunds"]) == ("AWAITING_CUSTOMER", [])
            # The refund is refused, because the customer has not paid yet. A journey test refunds a paid
            # payment.
            refused = (await service.graphql(operations["Refund"]))["refundPayment"]
            assert refused["__typename"] == "PaymentNotChangeableError"
            result = (await service.graphql(operations["Cancel a payment"]))["cancelPayment"]
            assert result["payment"] == {"state": "CANCELED"}
            assert (await client.data())["paymentChanged"]["state"] == "CANCELED"


@pytest.mark.slow
async def test_the_examples_of_payouts_make_show_and_follow_a_payout(idle: Service) -> None:
    await funded(idle)
    operations = dict(examples(idle.url))
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(operations["Follow payouts"])
        assert (await client.data())["payoutListChanged"]["change"] == "READ"
        refused = (await idle.graphql(operations["Pay out"]))["createPayout"]
        assert refused["code"] == "not_allowed_on_standard_account"
        idle.simulator.control("switches", {"platform_controls_payouts": True})
        done = (await idle.graphql(operations["Pay out"]))["createPayout"]
        assert (done["__typename"], done["created"]) == ("CreatePayoutPayload", True)
        followed = (await client.data())["payoutListChanged"]["payout"]
        assert followed["merchant"] == {"externalId": "shop-1"}
    (edge,) = (await idle.graphql(operations["Payouts"]))["merchant"]["payouts"]["edges"]
    assert edge["node"]["amount"] == {"decimal": "5.00", "currency": "USD"}


@pytest.mark.slow
async def test_the_example_of_a_replacement_replaces_the_adopted_account(idle: Service) -> None:
    drop_deliveries(idle)
    idle.simulator.control("accounts", OLD_SHOP)
    operations = dict(examples(idle.url))
    await idle.graphql(operations["Adopt"])
    result = await idle.graphql(operations["Start again"])
    assert result["closeMerchant"]["__typename"] == "CloseMerchantPayload"
    replaced = result["replaceAccount"]
    assert (replaced["__typename"], replaced["replaced"]) == ("ReplaceAccountPayload", True)
    assert replaced["merchant"]["country"] == "DE"
