"""The example operations of GraphiQL answer the questions of their readers."""

from api.graphiql.examples import examples
from testing.service import Service


async def test_the_operators_example_shows_each_problem_with_its_remedy(idle: Service) -> None:
    operation = dict(examples(idle.url))["Platform"]
    (problem,) = (await idle.graphql(operation))["platform"]["problems"]
    assert (problem["code"], problem["severity"]) == ("NO_WORKER", "ERROR")
    assert problem["message"] == "No worker has been active yet."
    assert problem["remedy"].startswith("Start a worker: `python -m api worker`")
