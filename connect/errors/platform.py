"""Errors about events and problems of the platform."""

from connect.errors.base import ConnectError


class DestinationNotEnabled(ConnectError):
    """If Stripe refused the request, `request_id` is the id that Stripe gave it. If `retry_after_seconds` is
    not None, a retry may succeed.
    """

    def __init__(
        self, message: str, request_id: str | None = None, retry_after_seconds: int | None = None
    ) -> None:
        super().__init__(message)
        self.request_id = request_id
        self.retry_after_seconds = retry_after_seconds


class EventNotFound(ConnectError):
    message = "There is no such event."


class EndpointNotFound(ConnectError):
    message = "There is no such endpoint. Read `eventEndpoints { id url }` for the present ones."


class ProblemNotFound(ConnectError):
    message = (
        "The platform has no such problem at present. Read `platform { problems { code subjects } }` for the "
        "present problems."
    )


class UnknownAccount(ConnectError):
    pass


class UnknownPayment(ConnectError):
    message = "The object belongs to no known payment. Another event may name its payment."
