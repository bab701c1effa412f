"""The example operations of GraphiQL answer the questions of their readers."""

from api.graphiql.examples import examples
from local.__main__ import OLD_SHOP
from testing.faults import drop_deliveries
from testing.service import Service


async def test_the_operators_example_shows_each_problem_with_its_remedy(idle: Service) -> None:
    operation = dict(examples(idle.url))["Platform"]
    (problem,) = (await idle.graphql(operation))["platform"]["problems"]
    assert (problem["code"], problem["severity"]) == ("NO_WORKER", "ERROR")
    assert problem["message"] == "No worker has been active yet."
    assert problem["remedy"].startswith("Start a worker: `python -m api worker`")


async def test_the_example_of_an_adoption_adopts_the_account_of_make_run(idle: Service) -> None:
    drop_deliveries(idle)
    for created in (True, False):
        idle.simulator.control("accounts", OLD_SHOP)  # as `make run` does at each start
        result = (await idle.graphql(dict(examples(idle.url))["Adopt"]))["adoptMerchant"]
        assert (result["__typename"], result["created"]) == ("AdoptMerchantPayload", created)
