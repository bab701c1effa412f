"""Errors about events and problems of the platform."""

from connect.errors.base import ConnectError


class EventNotFound(ConnectError):
    message = "There is no such event."


class ProblemNotFound(ConnectError):
    message = (
        "The platform has no such problem at present. Read `platform { problems { code subjects } }` for the "
        "present problems."
    )


class UnknownAccount(ConnectError):
    pass


class UnknownPayment(ConnectError):
    message = "The object belongs to no payment that is known here. Another event may name the payment."
