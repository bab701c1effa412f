"""The addresses to which Stripe's payment page sends the customer back."""

from collections.abc import Collection, Iterator

from connect.errors import FieldCode, InvalidField
from connect.inputs import web_address
from connect.inputs.web_address import InvalidAddress
from connect.merchants.inputs.addresses import MAX_URL

# Stripe replaces this template with the id of the session, if the braces are not escaped.
TEMPLATE = "{CHECKOUT_SESSION_ID}"
# Stands for the template while the address is parsed.
_PLACEHOLDER = "connectql-checkout-session-id"


def check_return_address(name: str, value: str, origins: Collection[str]) -> Iterator[InvalidField]:
    """Check that the address is on one of these origins. Stripe's page does not open addresses of apps."""
    try:
        if len(value) <= MAX_URL and web_address.origin(web_address.parse(_plain(value))) in origins:
            return
    except InvalidAddress:
        pass
    message = (
        f"{name} must be an absolute http(s) address on one of the origins that the platform allows, with at "
        f"most {MAX_URL} characters. For an app, use a universal link or an App Link."
    )
    user_message = "The app's address is not allowed. Contact the platform."
    yield InvalidField(name, FieldCode.URL_NOT_ALLOWED, message, user_message)


def convert_return_address(value: str) -> str:
    """Return a checked address in ASCII, with its template."""
    return web_address.convert(_plain(value)).replace(_PLACEHOLDER, TEMPLATE)


def _plain(value: str) -> str:
    return value.replace(TEMPLATE, _PLACEHOLDER)
