"""Every call to Stripe: one client for the process, its errors turned into ours, each call logged.

Answers are plain dictionaries shaped as Stripe's JSON. A log line carries the operation, Stripe's request id
and the time it took; never a key, a link or a body.
"""

import copy
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar, cast

import stripe
import structlog
from stripe import StripeObject

from connect.errors import StripeKeyRefused, StripeNotFound, StripeRefused, StripeUnavailable
from connect.merchants.document import wire_time
from connect.merchants.snapshot import INCLUDE

Answer = dict[str, Any]
T = TypeVar("T")

# Stripe's limit for one list call (https://docs.stripe.com/api/v2/core/events/list).
MAX_EVENT_TYPES = 20

# Of one attempt; with two more attempts and their pauses a call ends within half a minute.
TIMEOUT_SECONDS = 8.0
RETRIES = 2

log = structlog.get_logger("stripe_calls")


class Gateway:
    """Holds the client. Make one for each event loop and close it: pooled connections belong to a loop.

    Every method raises StripeRefused when Stripe said no for good, StripeUnavailable when there was no
    definite answer.
    """

    def __init__(
        self,
        api_key: str,
        api_base: str | None = None,
        *,
        timeout: float = TIMEOUT_SECONDS,
        retries: int = RETRIES,
    ) -> None:
        stripe.enable_telemetry = False
        self._http = stripe.HTTPXClient(timeout=timeout)
        self._client = stripe.StripeClient(
            api_key,
            http_client=self._http,
            # A StripeClient does not retry unless it is told to.
            max_network_retries=retries,
            base_addresses={"api": api_base.rstrip("/")} if api_base else {},
        )
        self.livemode = api_key.startswith(("sk_live_", "rk_live_"))
        self.turn: Callable[[], Awaitable[None]] | None = None

    def in_turn(self, turn: Callable[[], Awaitable[None]]) -> "Gateway":
        """The same client for calls that nobody waits for: each awaits `turn` first."""
        found = copy.copy(self)
        found.turn = turn
        return found

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]

    async def create_account(self, body: Mapping[str, Any], idempotency_key: str) -> Answer:
        """POST /v2/core/accounts. The same key and body never make a second account (for 30 days)."""
        accounts = self._client.v2.core.accounts
        call = accounts.create_async(cast("Any", dict(body)), {"idempotency_key": idempotency_key})
        return await self._answer("accounts.create", call)

    async def retrieve_account(self, account_id: str) -> Answer:
        """GET /v2/core/accounts/{id} with every section included."""
        params = cast("Any", {"include": list(INCLUDE)})
        call = self._client.v2.core.accounts.retrieve_async(account_id, params)
        return await self._answer("accounts.retrieve", call, account=account_id)

    async def update_account(self, account_id: str, changes: Mapping[str, Any]) -> Answer:
        """POST /v2/core/accounts/{id}; the answer has every section."""
        body = cast("Any", {**changes, "include": list(INCLUDE)})
        call = self._client.v2.core.accounts.update_async(account_id, body)
        return await self._answer("accounts.update", call, account=account_id)

    async def close_account(self, account_id: str, applied_configurations: list[str]) -> Answer:
        """POST /v2/core/accounts/{id}/close, which must name every configuration on the account."""
        body = cast("Any", {"applied_configurations": applied_configurations})
        call = self._client.v2.core.accounts.close_async(account_id, body)
        return await self._answer("accounts.close", call, account=account_id)

    async def create_account_link(
        self, account_id: str, *, refresh_url: str, return_url: str, collect: str
    ) -> Answer:
        """POST /v2/core/account_links. `collect` is `currently_due` or `eventually_due`.

        Always `account_onboarding`: Stripe has no other form for accounts with a full Dashboard.
        """
        use_case = {
            "refresh_url": refresh_url,
            "return_url": return_url,
            "collection_options": {"fields": collect},
        }
        body = {
            "account": account_id,
            "use_case": {"type": "account_onboarding", "account_onboarding": use_case},
        }
        call = self._client.v2.core.account_links.create_async(cast("Any", body))
        return await self._answer("account_links.create", call, account=account_id)

    async def retrieve_event(self, event_id: str) -> Answer:
        """GET /v2/core/events/{id}: the notification with its `data`."""
        # The SDK's own fetch_event_async adds a stray query parameter in 16.1.0.
        return await self._answer("events.retrieve", self._client.v2.core.events.retrieve_async(event_id))

    async def events(
        self, since: datetime, until: datetime, types: Sequence[str]
    ) -> AsyncIterator[list[Answer]]:
        """GET /v2/core/events, page by page, newest first: at most MAX_EVENT_TYPES, of the last 30 days."""
        created = {"gte": wire_time(since), "lte": wire_time(until)}
        params = cast("Any", {"created": created, "types": list(types), "limit": 100})
        async for page in self._pages("events.list", self._client.v2.core.events.list_async(params)):
            yield page

    async def event_destinations(self) -> AsyncIterator[Answer]:
        """GET /v2/core/event_destinations, every page."""
        call = self._client.v2.core.event_destinations.list_async({"include": ["webhook_endpoint.url"]})
        async for page in self._pages("event_destinations.list", call):
            for destination in page:
                yield destination

    async def clock(self) -> datetime | None:
        """Stripe's time, from the head of an answer; it also shows that Stripe accepts the key."""
        call = self._client.v2.core.event_destinations.list_async({"limit": 1})
        answer = await self._translated("event_destinations.list", call)
        head = answer.last_response.headers if answer.last_response else {}
        try:
            return parsedate_to_datetime(head["date"])
        except (KeyError, ValueError):
            return None

    async def create_event_destination(self, body: Mapping[str, Any]) -> Answer:
        call = self._client.v2.core.event_destinations.create_async(cast("Any", dict(body)))
        return await self._answer("event_destinations.create", call)

    async def delete_event_destination(self, destination_id: str) -> None:
        call = self._client.v2.core.event_destinations.delete_async(destination_id)
        await self._answer("event_destinations.delete", call)

    async def _answer(self, operation: str, call: Coroutine[Any, Any, StripeObject], **about: str) -> Answer:
        answer = await self._translated(operation, call, **about)
        return answer.to_dict(for_json=True)

    async def _pages(
        self, operation: str, call: Coroutine[Any, Any, StripeObject]
    ) -> AsyncIterator[list[Answer]]:
        """The first page and all further ones. The SDK's own iterator knows neither turns nor our errors."""
        page = await self._answer(operation, call)
        while True:
            yield page["data"]
            if not page.get("next_page_url"):
                return
            following = self._client.raw_request_async("get", page["next_page_url"])
            page = (await self._translated(operation, following)).data

    async def _translated(self, operation: str, call: Coroutine[Any, Any, T], **about: str) -> T:
        """Await a call of the SDK, log it, and raise our own errors. The only place that knows Stripe's."""
        if self.turn is not None:
            try:
                await self.turn()
            except BaseException:
                call.close()
                raise
        started = time.perf_counter()
        try:
            answer = await call
        except stripe.StripeError as error:
            ours = translate(error)
            log.warning(
                operation,
                **about,
                outcome=type(ours).__name__,
                http_status=error.http_status,
                code=_detail(error, "code"),
                stripe_request_id=error.request_id,
                milliseconds=_milliseconds(started),
            )
            raise ours from error
        response = getattr(answer, "last_response", None)
        request_id = response.request_id if response else None
        log.info(operation, **about, stripe_request_id=request_id, milliseconds=_milliseconds(started))
        return answer


def translate(error: stripe.StripeError) -> StripeRefused | StripeUnavailable:
    """The SDK's exception as ours.

    Without a readable answer of Stripe's own, and for 409, 429 and 5xx, nothing is known and repeating may
    help. Any other 4xx with Stripe's code is definite (https://docs.stripe.com/api-v2-overview#error-handling).
    """
    status = error.http_status
    if status in {401, 403}:
        return StripeKeyRefused()  # Stripe's own words show a part of the key
    code = _detail(error, "code")
    # A proxy between may answer 4xx as well; it does not speak for Stripe.
    if code is None or status is None or status in {408, 409, 425, 429} or not 400 <= status < 500:
        return StripeUnavailable()
    message = _detail(error, "user_message") or _detail(error, "message") or "Stripe refused the request."
    refusal = StripeNotFound if status == 404 else StripeRefused
    return refusal(code, message, error.request_id)


def _detail(error: stripe.StripeError, name: str) -> str | None:
    """A field of the error's body. The exceptions of v2 do not carry `code` in every case; the body does."""
    body = error.json_body if isinstance(error.json_body, dict) else {}
    found = body.get("error")
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, str) else None


def is_signed(text: str, header: str, secret: str, tolerance: int) -> bool:
    """Whether Stripe signed this text with the secret, at most `tolerance` seconds ago."""
    try:
        stripe.WebhookSignature.verify_header(text, header, secret, tolerance)
    except stripe.SignatureVerificationError:
        return False
    return True


def _milliseconds(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
