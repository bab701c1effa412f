"""The counts of the disputes, failed refunds and dispute warnings that a merchant must respond to. Pure."""

from datetime import datetime

import msgspec


class Responses(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many disputes, failed refunds and warnings need a response. `due_by` is the earliest deadline of
    the disputes.
    """

    disputes: int = 0
    due_by: datetime | None = None
    failed_refunds: int = 0
    warnings: int = 0

    @property
    def count(self) -> int:
        return self.disputes + self.failed_refunds + self.warnings


NOTHING = Responses()


def encode(responses: Responses) -> str | None:
    """The text of the column `merchant.responses`; None if nothing needs a response."""
    return msgspec.json.encode(responses).decode() if responses.count else None


def decode(text: str | None) -> Responses:
    """The counts that `encode` wrote, or NOTHING for None."""
    return _DECODER.decode(text) if text is not None else NOTHING


_DECODER = msgspec.json.Decoder(Responses)
