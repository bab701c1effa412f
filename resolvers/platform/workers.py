"""The workers of all machines, for operators."""

import strawberry
from strawberry import field

from connect.platform.records.workers import Worker, listed
from resolvers.common.scalars import DateTime


@strawberry.type(
    name="Worker",
    description="A worker: a process that handles events and other work. An API process without a worker is "
    "not listed.",
)
class WorkerType:
    name: str = field(
        description="The name of the worker, which consists of the names of the machine and the process, and "
        "a random part."
    )
    version: str = field(description="The version of ConnectQL that the worker runs.")
    started_at: DateTime = field(description="When the worker first reported.")
    reported_at: DateTime = field(
        description="When the worker last reported, which it does every 15 seconds."
    )
    stopped_at: DateTime | None = field(
        description="When the worker began to stop. Null if it is running or was killed."
    )
    is_alive: bool = field(
        description="Whether the worker is running: it has reported within the last minute and is not "
        "stopping."
    )


@strawberry.field(
    description="The workers that have reported in the last day, the latest report first. At most 100.",
    graphql_type=list[WorkerType],
)
async def workers() -> list[Worker]:
    return await listed()
