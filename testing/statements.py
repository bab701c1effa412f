"""The SQL statements of this process, recorded from the ORM's debug log."""

import contextlib
import logging
from collections.abc import Iterator
from typing import Any

# Each process that calls Stripe writes `stripe_call_count` every few seconds, whatever the test does. With
# the portable profile, the feed reads and writes `change_batch` four times a second.
BACKGROUND = "INSERT INTO stripe_call_count", "FROM change_batch", "INSERT INTO change_batch"

LOGGER = logging.getLogger("tortoise.db_client")


class Statements(logging.Handler):
    """The statements' texts and parameters, in the order of execution."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.texts: list[str] = []
        self.parameters: list[Any] = []

    @property
    def count(self) -> int:
        return len(self.texts)

    def take_verbs(self) -> list[str]:
        """Return the first word of each statement, such as SELECT, and clear the statements."""
        verbs = [text.split()[0] for text in self.texts]
        self.clear()
        return verbs

    def clear(self) -> None:
        self.texts.clear()
        self.parameters.clear()

    def with_text(self, text: str) -> list[str]:
        return [one for one in self.texts if text in one]

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "%s: %s" and isinstance(record.args, tuple):
            text, parameters = record.args
        elif not record.args:  # a script
            text, parameters = record.msg, []
        else:  # a message about a connection pool
            return
        if any(one in str(text) for one in BACKGROUND):
            return
        self.texts.append(str(text))
        self.parameters.append(parameters)


@contextlib.contextmanager
def recorded() -> Iterator[Statements]:
    """Record statements while the block runs."""
    level, propagate = LOGGER.level, LOGGER.propagate
    statements = Statements()
    LOGGER.addHandler(statements)
    LOGGER.setLevel(logging.DEBUG)
    LOGGER.propagate = False
    try:
        yield statements
    finally:
        LOGGER.removeHandler(statements)
        LOGGER.setLevel(level)
        LOGGER.propagate = propagate
