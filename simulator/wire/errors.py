"""Stripe's error answers, in the formats of v1 and v2.

v2: https://docs.stripe.com/api-v2-overview#error-handling. v1: https://docs.stripe.com/api/errors.
"""

from simulator.state import Json

# Codes that the simulator invents, because Stripe sends no code, or because its code is unknown or known for
# v1 only. docs/simulator.md lists them.
INVENTED = {
    "account_closed": "a closed account is changed, or a link to it is created",
    "account_dashboard_not_available": "a Dashboard link for an account without a Stripe-hosted Dashboard",
    "api_key_invalid": "the key is missing, live, or not known here; Stripe sends no code",
    "api_version_invalid": "`Stripe-Version` is not a version of the API",
    "idempotency_key_invalid": "the key is longer than 255 characters",
    "invalid_json": "the body of a v2 request is not a JSON object",
    "method_not_allowed": "a v2 path does not have this method",
    "parameter_invalid": "a value has the wrong type, or is not one of the allowed values",
    "parameter_missing": "a required field is missing; v1 has this code, v2's is unknown",
    "parameter_unknown": "an unknown field; v1 has this code, v2's is unknown",
    "stripe_context_missing": (
        "a request with the key of an organization has no `Stripe-Context`; Stripe answers 400"
    ),
    "url_unknown": "no route has this path; Stripe sends no code",
}
# The errors that have a text for end users, and the errors that link to documentation. Stripe's specification
# lists these errors, without the texts.
_USER_MESSAGES = {
    "email_invalid": "The email address is not valid.",
    "registration_date_invalid": "The registration date is not valid.",
    "cannot_delete_account_with_balance": "This account still has a balance.",
    "cannot_delete_customer_with_available_cash_balance": "This customer still has a cash balance.",
    "configs_must_match_to_close": "All configurations of the account must be named to close it.",
    "pending_transactions_cannot_be_deleted": "This account still has pending transactions.",
    "stripe_loss_liable_cannot_be_deleted": "This account cannot be closed.",
}
_DOCUMENTED = {
    "account_creation_liability_unacknowledged",
    "account_creation_requirement_collection_unacknowledged",
    "account_creation_requirement_collection_and_liability_unacknowledged",
}


class Refused(Exception):
    """A request that Stripe answers with an error."""

    def __init__(
        self,
        code: str | None,
        message: str,
        status: int = 400,
        type: str | None = None,  # noqa: A002
        param: str | None = None,
        more: Json | None = None,
    ) -> None:
        """Store the parts of the answer. `more` contains further fields of the error. Some errors of v1 have
        no code."""
        super().__init__(message)
        self.code = code
        self.status = status
        self.type = type
        self.param = param
        self.more = more or {}

    def body(self, path: str = "/v2/", log_url: str | None = None) -> Json:
        """Return the answer's body for a path of v1 or v2. Only v1 shows the request's log."""
        error: Json = {"code": self.code, "message": str(self), **self.more}
        if is_v1(path):
            error["type"] = self.type or "invalid_request_error"
            if self.code is None:
                del error["code"]
            else:
                error["doc_url"] = doc_url(self.code)
            if self.param is not None:
                error["param"] = self.param
            if log_url is not None:
                error["request_log_url"] = log_url
            return {"error": error}
        if self.type is not None:
            error["type"] = self.type
        if self.code in _USER_MESSAGES:
            error["user_message"] = _USER_MESSAGES[self.code]
        if self.code in _DOCUMENTED:
            error["doc_url"] = "https://docs.stripe.com/connect/accounts-v2"
        return {"error": error}


def doc_url(code: str) -> str:
    """Return the address of a code's description."""
    return f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"


def log_url(account: str, request: str, moment: float) -> str:
    """Return the address of a request's log in the Dashboard."""
    place = f"{account}/test" if account else "test"
    return f"https://dashboard.stripe.com/{place}/logs/{request}?t={int(moment)}"


def is_v1(path: str) -> bool:
    """Whether a path belongs to v1. The bodies and errors of v1 have other formats than those of v2."""
    return path.startswith("/v1/")


def missing() -> Refused:
    """Return v2's error for an id that does not exist (https://docs.stripe.com/api/v2/core/accounts/retrieve)."""
    return Refused("not_found", "The resource wasn't found.", 404)


def gone(account: Json | None) -> Refused:
    """Return v2's error for an account that is unknown, disconnected, or an account of another platform.

    Stripe documents a 404. Integrators also handle 403 `forbidden`, whose text is unknown. The
    simulator answers 403 after the scenario `deauthorize` with `answer` "forbidden".
    """
    if account is not None and account["answer"] == "forbidden":
        return Refused("forbidden", "The key does not have access to this account.", 403)
    return missing()


def inaccessible(key: str, account: str) -> Refused:
    """Return v1's error for an account that is unknown, disconnected, or an account of another platform.

    The text was reported by users of Stripe.
    """
    message = (
        f"The provided key '{masked(key)}' does not have access to account '{account}' (or that account "
        "does not exist). Application access may have been revoked."
    )
    return Refused("account_invalid", message, 403)


def required(path: str) -> Refused:
    """Return the error for a missing field. The text is Stripe's, as reported by integrators."""
    return Refused("parameter_missing", f"{path}: required request field missing", param=path)


def unknown(path: str) -> Refused:
    """Return the error for an unknown field. The text is Stripe's, as reported by integrators."""
    return Refused("parameter_unknown", f"{path}: unknown field", param=path)


def masked(key: str) -> str:
    """Return a key as Stripe's messages show it: the kind, stars, and the last six characters."""
    return f"{key[:8]}{'*' * max(len(key) - 14, 3)}{key[-6:] if len(key) > 14 else ''}"
