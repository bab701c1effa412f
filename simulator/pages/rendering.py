"""Pages from templates, and the words for accounts and requirements that several pages use."""

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from simulator.accounts import requirements
from simulator.accounts.rules import dig
from simulator.state import Json

_templates = Jinja2Templates(directory=Path(__file__).parent / "templates")


def render(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    """Render a template."""
    return _templates.TemplateResponse(request, name, values, status_code=status)


def message(request: Request, title: str, text: str, status: int = 200) -> Response:
    """Return a page with a title and a short text."""
    return render(request, "message.html", status, title=title, text=text, is_missing=status == 404)


def describe(item: str) -> str:
    """Return the text for a requirement."""
    words = {
        requirements.BANK: "Bank account for payouts",
        requirements.DOCUMENT: "Identity document",
        requirements.PERSON_DOCUMENT: "Identity document of an owner",
        "configuration.merchant.mcc": "What you sell",
        "defaults.profile.business_url": "Website",
        "identity.entity_type": "Type of business",
    }
    if item in words:
        return words[item]
    if item.startswith("identity.attestations.terms_of_service"):
        return "Stripe's terms of service"
    owner = "Business" if "business_details" in item else "Representative"
    name = item.split(".")[2].replace("_", " ").replace("id numbers", "tax or ID number")
    return f"{owner}: {name}"


_templates.env.filters["describe"] = describe


def name_of(account: Json) -> str:
    name = account["display_name"] or dig(account, "identity.business_details.registered_name")
    return str(name or account["id"])


def state_of(account: Json) -> str:
    if account["closed"]:
        return "closed"
    if account["deauthorized"]:
        return "disconnected"
    status = dig(account, "view.configuration.merchant.capabilities.card_payments.status")
    return str(status or "no card payments")
