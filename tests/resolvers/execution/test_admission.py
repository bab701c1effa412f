"""Only valid documents within the limits are executed."""

import pytest
import strawberry

from resolvers.execution.admission import Admission
from resolvers.execution.limits import MAX_TOKENS


class Context:
    max_cost = 10_000


@strawberry.type
class Query:
    @strawberry.field
    def field(self) -> int:
        return 1


SCHEMA = strawberry.Schema(Query, extensions=[Admission])


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{" + " field" * MAX_TOKENS + "}", "Syntax Error: Document contains more than 2000 tokens"),
        ("{ field", "Syntax Error: Expected Name, found <EOF>."),
        ("{ unknown }", "Cannot query field 'unknown' on type 'Query'."),
    ],
)
async def test_the_schema_itself_refuses_an_invalid_document(document: str, message: str) -> None:
    result = await SCHEMA.execute(document, context_value=Context())
    assert result.data is None
    assert [error.message[: len(message)] for error in result.errors or []] == [message]


async def test_a_document_within_the_limits_is_executed() -> None:
    result = await SCHEMA.execute("{ field }", context_value=Context())
    assert (result.data, result.errors) == ({"field": 1}, None)
