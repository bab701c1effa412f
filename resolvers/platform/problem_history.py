"""The history of problems, for operators. The worker's checks write it."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.merchants.rules.document import global_id
from connect.platform.problems import WARNINGS
from models import ProblemOccurrence
from resolvers.common.scalars import DateTime
from resolvers.platform.problems import PlatformProblemCode, ProblemSeverity
from resolvers.relay.connection import After, Connection, First, connection_type, newest, window


@strawberry.type(
    name="ProblemOccurrence",
    description="A period in which the platform had a problem. It begins with the first check that found the "
    "problem, and ends with the first check that no longer found it. A worker checks once a minute. If a "
    "problem appears again within ten minutes, its last occurrence continues.",
)
class ProblemOccurrenceType:
    @strawberry.field(description="The id of the occurrence. It is unique among occurrences.")
    def id(self, row: strawberry.Parent[ProblemOccurrence]) -> strawberry.ID:
        return strawberry.ID(global_id("ProblemOccurrence", row.id))

    @strawberry.field(description="The kind of problem.")
    def code(self, row: strawberry.Parent[ProblemOccurrence]) -> PlatformProblemCode:
        return PlatformProblemCode(row.code)

    @strawberry.field(description="The urgency of the problem.")
    def severity(self, row: strawberry.Parent[ProblemOccurrence]) -> ProblemSeverity:
        code = PlatformProblemCode(row.code)
        return ProblemSeverity.WARNING if code in WARNINGS else ProblemSeverity.ERROR

    message: str = field(description="The problem in plain words and numbers, as the last check found it.")
    count: int = field(description="The number of affected objects in the last check.")
    highest_count: int = field(description="The highest number of affected objects in any check.")
    first_seen_at: DateTime = field(description="When a check first found the problem.")
    last_seen_at: DateTime = field(description="When a check last found the problem.")

    @strawberry.field(
        description="The time of the first check that no longer found the problem. Null while the problem "
        "lasts, and if operators dismissed it."
    )
    def solved_at(self, row: strawberry.Parent[ProblemOccurrence]) -> DateTime | None:
        return None if row.was_dismissed else row.ended_at  # type: ignore[return-value]

    @strawberry.field(
        description="When a check found that operators had dismissed the problem. Null otherwise."
    )
    def dismissed_at(self, row: strawberry.Parent[ProblemOccurrence]) -> DateTime | None:
        return row.ended_at if row.was_dismissed else None  # type: ignore[return-value]


ProblemOccurrenceConnection = connection_type(
    ProblemOccurrenceType, "ProblemOccurrence", "occurrence occurrences", "A page of problems, newest first."
)


@strawberry.field(
    description="The problems that workers have found, newest first. An occurrence is removed some time "
    "after its end, by default after 90 days. While no worker runs, nothing is recorded. The next worker "
    "then adds the problem NO_WORKER for that time. A page has 1 to 100 problems, by default 20.",
    graphql_type=ProblemOccurrenceConnection,
)
async def problem_history(
    first: First = None,
    after: After = None,
    code: Annotated[PlatformProblemCode | None, argument(description="Only problems of this kind.")] = None,
) -> Connection:
    # During an upgrade, newer workers may record codes that this version does not know.
    part, known = window(first, after), [one.value for one in PlatformProblemCode]
    rows = ProblemOccurrence.filter(code__in=known)
    table, read = "problem_occurrence", lambda ids: rows.filter(id__in=ids)
    return await newest("PROBLEMS", table, part, code, read, column="code")
