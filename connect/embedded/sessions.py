"""Account sessions, which let a page of the platform show embedded components of a merchant's account.

A session's secret is for one page view and is never stored. Stripe asks the merchant to log in before a
component shows or changes confidential details.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from connect.embedded import components
from connect.embedded.components import FEATURES, Component, Wanted
from connect.errors import AnswerUnusable
from connect.merchants.accounts import open_account
from connect.stripe_api.gateway import Answer, Gateway
from models import Merchant

SESSIONS = "/v1/account_sessions"


@dataclass(frozen=True, slots=True)
class AccountSession:
    """`client_secret` gives access to the account's data: pass it to the browser and never store it.

    `components` are the components that Stripe enabled, each with the features that are on.
    """

    client_secret: str
    account_id: str
    expires_at: datetime
    components: tuple[Wanted, ...]


async def create(
    gateway: Gateway, merchant: Merchant, wanted: Sequence[Wanted], allowed: Collection[Component]
) -> AccountSession:
    """Return a new session for the merchant's account with these components.

    The platform makes the call, and Stripe ties the session to the account in the body. Raises InvalidInput,
    ComponentNotAllowed, MerchantNotReady, StripeRefused or StripeUnavailable.
    """
    components.check(wanted, allowed)
    account = (await open_account(merchant)).stripe_account_id
    body, key = components.body(account, wanted), str(uuid.uuid4())
    answer = await gateway.call(
        "account_sessions.create", "post", SESSIONS, body, account=None, idempotency_key=key
    )
    secret, seconds = answer.get("client_secret"), answer.get("expires_at")
    if answer.get("account") != account or not isinstance(secret, str) or not isinstance(seconds, int):
        raise AnswerUnusable
    return AccountSession(secret, account, datetime.fromtimestamp(seconds, UTC), _enabled(answer))


def _enabled(answer: Answer) -> tuple[Wanted, ...]:
    parts = answer.get("components")
    if not isinstance(parts, dict):
        raise AnswerUnusable
    found = []
    for component in Component:
        part = parts.get(component.value)
        if isinstance(part, dict) and part.get("enabled"):
            states = part.get("features") or {}
            on = tuple(feature for feature in FEATURES.get(component, ()) if states.get(feature.value))
            found.append(Wanted(component, on))
    return tuple(found)
