"""Errors about disputes."""

from typing import Any

from connect.errors.base import ConnectError


class DisputeNotFound(ConnectError):
    message = "There is no such dispute."


class DisputeNotAnswerable(ConnectError):
    """`dispute_row` is the current row of the dispute."""

    def __init__(self, dispute_row: Any, message: str) -> None:
        super().__init__(message)
        self.dispute_row = dispute_row


class DisputeChanged(ConnectError):
    """`dispute_row` is the row of the dispute, updated by a new fetch."""

    def __init__(self, dispute_row: Any, message: str) -> None:
        super().__init__(message)
        self.dispute_row = dispute_row
