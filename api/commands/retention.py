"""Shows and removes expired data (`python -m api retention`)."""

import os
import socket
from collections.abc import Callable, Mapping

from connect.platform.records import audit, retention
from connect.platform.records.retention_rules import RULES


class Busy(Exception):
    """Another process is removing expired data. The message names the remedy."""

    def __init__(self) -> None:
        super().__init__("Another process is removing expired data. Run the command again later.")


async def run(days: Mapping[str, int], echo: Callable[[str], None], *, deletes: bool) -> None:
    """Print a line for each rule with its number of expired rows. With `deletes`, also remove the rows.

    Raises Busy.
    """
    numbers = await retention.due(RULES, days)
    for rule in RULES:
        kept = f"kept for {days[rule.name]} days" if days[rule.name] else "kept forever"
        echo(f"{rule.name}\t{numbers[rule.name]} expired\t{kept}")
    if not deletes:
        return
    worker = f"{socket.gethostname()}-{os.getpid()}"[:64]
    await retention.restart()
    removed = dict[str, int]()

    async def report(total: Mapping[str, int]) -> None:
        removed.update(total)
        await audit.record_command(retention.ACTION, None, total)

    while True:
        batches = await retention.run(
            worker, RULES, days, report=report, first_in=retention.NOW, pause_seconds=0
        )
        if batches is None:
            raise Busy
        if batches < retention.STEP:
            break
    echo(f"Rows removed: {sum(removed.values())}")
