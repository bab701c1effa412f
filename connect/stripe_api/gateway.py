"""All calls to Stripe. The gateway logs each call except probes.

`connect.stripe_api.failures` translates the SDK's exceptions.

Answers are dictionaries with Stripe's JSON. A log line has the operation, Stripe's request id and the
duration, but never a key, a link or a body.
"""

import asyncio
import copy
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, cast
from urllib.parse import quote

import stripe
import structlog

from connect.errors import AnswerUnusable, StripeRefused, StripeUnavailable, TooManyCalls
from connect.merchants.inputs import encryption
from connect.merchants.rules.account import persons
from connect.merchants.rules.account.snapshot import INCLUDE
from connect.merchants.rules.document import wire_time
from connect.scope import Payer
from connect.stripe_api import answers, failures
from connect.stripe_api.call_counts import CallCounts

Answer = dict[str, Any]

# The prefixes of API keys. An organization's key begins with ORGANIZATION_KEY, followed by the mode.
ORGANIZATION_KEY = "sk_org_"
LIVE_KEYS = ("sk_live_", "rk_live_", "sk_org_live_")
SANDBOX_KEYS = ("sk_test_", "rk_test_", "sk_org_test_")

ACCOUNTS = "/v2/core/accounts"
DESTINATIONS = "/v2/core/event_destinations"

# The maximum number of event types in one list call (https://docs.stripe.com/api/v2/core/events/list).
MAX_EVENT_TYPES = 20

# The maximum number of pages when the persons of an account are listed. Each page has up to 100 persons, and
# further persons are not fetched.
MAX_PERSON_PAGES = 3

# The first API version with links into the Dashboard.
DASHBOARD_LINKS = "2026-11-18.endive"

# The operation name for the calls of `Gateway.probe`.
PROBE = "probe"

# The maximum time between the turn of a call and its start (`Gateway.in_turn`), in seconds. Together with the
# delay of a turn, it must stay below `LATE_SECONDS` of `connect.platform.pacing`.
LATE_SECONDS = 0.04

Wait = Callable[[Payer | None, str | None, str | None], Awaitable[None]]


class Ended(NamedTuple):
    """A call that has ended. `failure` is the name of the exception that it raised. Times do not include the
    wait for the turn of the first attempt."""

    operation: str
    method: str
    path: str
    started_at: int  # Unix time in nanoseconds
    seconds: float
    status: int | None
    request_id: str | None
    failure: str | None


# Waits for the turn of the current call's next attempt.
_next_turn: ContextVar[Callable[[], Awaitable[None]] | None] = ContextVar("next_turn", default=None)

log = structlog.get_logger("stripe_calls")


class _HTTPClient(stripe.HTTPXClient):
    """An HTTP client for the SDK. It counts the attempts.

    The SDK sleeps before it repeats an attempt. The repeated attempt then waits for its turn.
    """

    def __init__(self, counts: CallCounts, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._counts = counts

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        self._counts.add(calls=1)
        answer = await super().request_async(method, url, headers, post_data)
        if answer[1] == 429:
            self._counts.add(throttled=1)
        return answer

    async def sleep_async(self, secs: float) -> None:
        await super().sleep_async(secs)  # type: ignore[no-untyped-call]
        if (turn := _next_turn.get()) is not None:
            await turn()


class Gateway:
    """A client of Stripe. Create and close one client per event loop, because pooled connections belong to a
    loop.

    `context` is the id of the platform's account, which each call with an organization's key must name
    (https://docs.stripe.com/keys/organization-api-keys). `timeout` limits one attempt. With the default
    `timeout`, two retries and their pauses, a call ends within half a minute. Each call raises StripeRefused
    if Stripe refuses the request, StripeUnavailable if Stripe gives no definite answer, and TooManyCalls if
    the pacing allows no call.
    """

    def __init__(
        self,
        api_key: str,
        api_base: str | None = None,
        ca_file: Path | None = None,
        *,
        context: str | None = None,
        timeout: float = 8.0,
        retries: int = 2,
    ) -> None:
        stripe.enable_telemetry = False
        if ca_file is not None:  # replaces the SDK's own certificates
            stripe.ca_bundle_path = str(ca_file)
        self.counts, self.timeout = CallCounts(), timeout
        self._http = _HTTPClient(self.counts, timeout)
        self._client = stripe.StripeClient(
            api_key,
            http_client=self._http,
            stripe_context=context,
            # Without a number, a StripeClient does not retry.
            max_network_retries=retries,
            # A local Stripe accepts files at the same address.
            base_addresses={"api": base, "files": base} if (base := (api_base or "").rstrip("/")) else {},
        )
        self._api_base = api_base or "https://"
        self._context = context
        self.token_key = encryption.encryption_key(api_key)
        # A key of an organization can have restricted permissions, too.
        self.is_restricted = api_key.startswith(("rk_", ORGANIZATION_KEY))
        self.livemode = api_key.startswith(LIVE_KEYS)
        # Called after each call except probes.
        self.on_end: Callable[[Ended], None] | None = None
        self.wait: Wait | None = None
        self.payer: Payer | None = None

    def with_pacing(self, wait: Wait) -> "Gateway":
        """Return a gateway that uses the same client and awaits `wait(payer, account, operation)` before each
        attempt.

        Repeated attempts of a call count against no caller's limit.
        """
        gateway = copy.copy(self)
        gateway.wait = wait
        return gateway

    def paid_by(self, payer: Payer) -> "Gateway":
        """Return a gateway that uses the same client and whose calls count against this caller's limit."""
        gateway = copy.copy(self)
        gateway.payer = payer
        return gateway

    async def in_turn(self, account: str | None, operation: str) -> "Gateway":
        """Wait for a turn for a call of this operation. Return a gateway that uses the same client and whose
        first call uses the turn.

        If that call begins more than LATE_SECONDS later, it waits for another turn.
        """
        if self.wait is None:
            return self
        wait, clock = self.wait, asyncio.get_running_loop().time
        await self._wait_for_turn(self.payer, account, operation)
        until = clock() + LATE_SECONDS

        async def wait_once(payer: Payer | None, account: str | None, operation: str | None) -> None:
            nonlocal until
            is_late, until = clock() > until, -math.inf
            if is_late:
                await wait(payer, account, operation)

        return self.with_pacing(wait_once)

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]

    async def call(
        self,
        operation: str,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        account: str | None,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Call v1 in the scope of a connected account, or of the platform if `account` is None.

        Never omit the account of a payment, because Stripe would accept the call and make the platform the
        seller. Within 24 hours, a POST with the same key gets the first answer again, even one with the
        status 402 or 500 (https://docs.stripe.com/api/idempotent_requests).
        """
        options: dict[str, Any] = self._scope(account)
        if idempotency_key is not None:
            options["idempotency_key"] = idempotency_key
        about = {} if account is None else {"account": account}
        return await self._ask(operation, method, path, {**(params or {}), **options}, **about)

    def _scope(self, account: str | None) -> dict[str, str]:
        """The options of a v1 call in the scope of a connected account, or of the platform."""
        if account is None:
            return {}
        if self._context is not None:
            return {"stripe_context": f"{self._context}/{account}"}
        return {"stripe_account": account}

    async def create_account(self, body: Mapping[str, Any], idempotency_key: str) -> Answer:
        """POST /v2/core/accounts. Within 30 days, a retry with the same key creates no second account."""
        params = {**body, "idempotency_key": idempotency_key}
        return answers.account(await self._ask("accounts.create", "post", ACCOUNTS, params))

    async def retrieve_account(self, account_id: str) -> Answer:
        """GET /v2/core/accounts/{id} with every section. The answer's `persons` are the persons whom a
        requirement concerns.

        If a requirement concerns a person whom the account does not show, further calls list the persons, at
        most MAX_PERSON_PAGES pages. If one of these calls fails, the answer has no `persons`.
        """
        answer = await self._ask_about("accounts.retrieve", "get", account_id, {"include": list(INCLUDE)})
        listed: list[Answer] = []
        if persons.concerns_others(answer):
            try:
                listed = await self.persons(account_id)
            except (StripeRefused, StripeUnavailable):  # the call has logged the error
                return {name: value for name, value in answer.items() if name != "persons"}
        return {**answer, "persons": persons.select(answer, listed)}

    async def accounts(self, *, closed: bool) -> AsyncIterator[list[Answer]]:
        """GET /v2/core/accounts, page by page, newest first. The accounts lack the sections of INCLUDE,
        because the call does not request them.
        """
        async for page in self._pages("accounts.list", ACCOUNTS, {"closed": closed, "limit": 20}):
            yield page

    async def persons(self, account_id: str) -> list[Answer]:
        """GET /v2/core/accounts/{id}/persons: at most MAX_PERSON_PAGES pages of 100."""
        listed: list[Answer] = []
        path = f"{ACCOUNTS}/{quote(account_id, safe='')}/persons"
        pages = 0
        async for page in self._pages("persons.list", path, {"limit": 100}):
            listed += page
            pages += 1
            if pages == MAX_PERSON_PAGES:
                break
        return listed

    async def update_account(self, account_id: str, changes: Mapping[str, Any]) -> Answer:
        """POST /v2/core/accounts/{id}. The answer has every section."""
        params = {**changes, "include": list(INCLUDE)}
        return await self._ask_about("accounts.update", "post", account_id, params)

    async def create_person(self, account_id: str, body: Mapping[str, Any], idempotency_key: str) -> None:
        """POST /v2/core/accounts/{id}/persons. A retry with the same key creates no second person."""
        path = f"{ACCOUNTS}/{quote(account_id, safe='')}/persons"
        params = {**body, "idempotency_key": idempotency_key}
        await self._ask("persons.create", "post", path, params, account=account_id)

    async def close_account(self, account_id: str, applied_configurations: Sequence[str]) -> Answer:
        """POST /v2/core/accounts/{id}/close. The request must name every configuration of the account."""
        params = {"applied_configurations": list(applied_configurations)}
        return await self._ask_about("accounts.close", "post", account_id, params, "/close")

    async def create_account_link(
        self, account_id: str, *, refresh_url: str, return_url: str, collect: str
    ) -> Answer:
        """POST /v2/core/account_links. `collect` is `currently_due` or `eventually_due`.

        The use case is `account_onboarding`, because `account_update` is not for accounts with a full
        Dashboard.
        """
        urls = {"refresh_url": refresh_url, "return_url": return_url}
        onboarding = {**urls, "collection_options": {"fields": collect}}
        return await self._create_link(account_id, "account_onboarding", onboarding)

    async def create_dashboard_link(self, account_id: str, *, refresh_url: str) -> Answer:
        """POST /v2/core/account_links with the use case `account_dashboard`.

        Stripe supports this use case from the API version DASHBOARD_LINKS on. The SDK's own version is older
        (https://docs.stripe.com/changelog/endive/2026-11-18/dashboard-access-use-case-account-links-v2).
        """
        use_case = {"refresh_url": refresh_url}
        return await self._create_link(account_id, "account_dashboard", use_case, DASHBOARD_LINKS)

    async def _create_link(
        self, account_id: str, use_case: str, details: Mapping[str, Any], version: str | None = None
    ) -> Answer:
        params: dict[str, Any] = {"account": account_id, "use_case": {"type": use_case, use_case: details}}
        if version is not None:
            params["stripe_version"] = version
        path = "/v2/core/account_links"
        answer = await self._ask("account_links.create", "post", path, params, account=account_id)
        return answers.link(answer, account_id, self._api_base)

    async def retrieve_event(self, event_id: str) -> Answer:
        """GET /v2/core/events/{id}: the notification with its `data`."""
        return await self._ask("events.retrieve", "get", f"/v2/core/events/{quote(event_id, safe='')}")

    async def events(
        self, since: datetime, until: datetime, types: Sequence[str]
    ) -> AsyncIterator[list[Answer]]:
        """GET /v2/core/events, page by page, newest first.

        Stripe lists the last 30 days and accepts at most MAX_EVENT_TYPES types.
        """
        created = {"gte": wire_time(since), "lte": wire_time(until)}
        params = {"created": created, "types": list(types), "limit": 100}
        async for page in self._pages("events.list", "/v2/core/events", params):
            yield page

    async def event_destinations(self) -> AsyncIterator[Answer]:
        """GET /v2/core/event_destinations, all pages."""
        params = {"include": ["webhook_endpoint.url"]}
        async for page in self._pages("event_destinations.list", DESTINATIONS, params):
            for destination in page:
                yield destination

    async def clock(self) -> datetime | None:
        """Read Stripe's time from the Date header; None if the header is unusable. The call also proves that
        Stripe accepts the key.
        """
        response = await self._send("event_destinations.list", "get", DESTINATIONS, {"limit": 1})
        try:
            return parsedate_to_datetime(response.headers["date"])
        except (KeyError, ValueError):
            return None

    async def probe(self, method: str, path: str, params: Mapping[str, Any], account: str | None) -> None:
        """Make a call that changes nothing, to learn whether the key may make it.

        Returns normally if Stripe accepts the call, or refuses it for a reason other than the key. The call
        is not logged. Raises StripePermissionMissing, StripeKeyRefused or StripeUnavailable.
        """
        await self._wait_for_turn(self.payer, account, PROBE)
        try:
            await self._attempt(PROBE, method, path, {**params, **self._scope(account)}, account)
        except Exception as error:
            translated = failures.translate(error, account)
            if not isinstance(translated, StripeRefused):
                raise translated from error

    async def create_event_destination(self, body: Mapping[str, Any]) -> Answer:
        return await self._ask("event_destinations.create", "post", DESTINATIONS, body)

    async def enable_event_destination(self, destination_id: str) -> Answer:
        """POST /v2/core/event_destinations/{id}/enable."""
        path = f"{DESTINATIONS}/{quote(destination_id, safe='')}/enable"
        return await self._ask("event_destinations.enable", "post", path)

    async def delete_event_destination(self, destination_id: str) -> None:
        path = f"{DESTINATIONS}/{quote(destination_id, safe='')}"
        await self._ask("event_destinations.delete", "delete", path)

    async def _ask_about(
        self, operation: str, method: str, account_id: str, params: Mapping[str, Any], suffix: str = ""
    ) -> Answer:
        """Make a call about an account, and return the account in the answer."""
        path = f"{ACCOUNTS}/{quote(account_id, safe='')}{suffix}"
        return answers.account(
            await self._ask(operation, method, path, params, account=account_id), account_id
        )

    async def _pages(
        self, operation: str, path: str, params: Mapping[str, Any]
    ) -> AsyncIterator[list[Answer]]:
        """Read the first page and all further pages of a list."""
        page = await self._ask(operation, "get", path, params)
        while True:
            items = page.get("data")
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise AnswerUnusable
            yield items
            if not page.get("next_page_url"):
                return
            page = await self._ask(operation, "get", page["next_page_url"])

    async def _ask(
        self, operation: str, method: str, path: str, params: Mapping[str, Any] | None = None, **about: str
    ) -> Answer:
        """Make a call, and return the JSON object in the answer."""
        answer = (await self._send(operation, method, path, params, **about)).data
        if not isinstance(answer, dict):
            log.warning(operation, **about, outcome="AnswerUnusable", json=type(answer).__name__)
            raise AnswerUnusable
        return answer

    async def _send(
        self, operation: str, method: str, path: str, params: Mapping[str, Any] | None = None, **about: str
    ) -> stripe.StripeResponse:
        """Make a call, log it, and translate the SDK's exceptions.

        The SDK's typed methods are not used. They turn each JSON object of an answer into a Python object,
        which blocks the event loop for a second if an account has thousands of requirements.
        """
        account = about.get("account")
        await self._wait_for_turn(self.payer, account, operation)
        started, started_at = time.perf_counter(), time.time_ns()
        failure: Exception | None = None
        try:
            response = await self._attempt(operation, method, path, params or {}, account)
        except Exception as error:  # noqa: BLE001 - raised below, outside the block, so that it is no context
            failure = error
        if failure is not None:
            secrets = tuple(encryption.texts(params or {}))
            translated = failures.translate(failure, account, secrets)
            details = failures.details(failure)
            details |= {"outcome": type(translated).__name__, "milliseconds": _milliseconds(started)}
            log.warning(operation, **about, **details)
            if self.on_end is not None:
                seconds, answered = time.perf_counter() - started, details.get("stripe_request_id")
                status, name = details.get("http_status"), type(translated).__name__
                self.on_end(Ended(operation, method, path, started_at, seconds, status, answered, name))
            raise translated from failures.cause(failure)
        request_id = response.request_id
        if self.on_end is not None:
            seconds = time.perf_counter() - started
            self.on_end(Ended(operation, method, path, started_at, seconds, response.code, request_id, None))
        log.info(operation, **about, stripe_request_id=request_id, milliseconds=_milliseconds(started))
        return response

    async def _attempt(
        self, operation: str, method: str, path: str, params: Mapping[str, Any], account: str | None
    ) -> stripe.StripeResponse:
        """Attempt a call, and repeat the attempt as the SDK decides. Each repetition waits for its turn."""
        token = _next_turn.set(partial(self._wait_again, account, operation))
        try:
            response = await self._client.raw_request_async(method, path, **dict(params))
        finally:
            _next_turn.reset(token)
        return cast("stripe.StripeResponse", response)

    async def _wait_again(self, account: str | None, operation: str) -> None:
        try:
            await self._wait_for_turn(None, account, operation)
        except Exception as error:
            raise failures.NotRepeated from error

    async def _wait_for_turn(self, payer: Payer | None, account: str | None, operation: str) -> None:
        if self.wait is None:
            return
        started = time.perf_counter()
        try:
            await self.wait(payer, account, operation)
        except TooManyCalls:
            self.counts.add(refused=1)
            raise
        self.counts.add_wait(time.perf_counter() - started)


def is_signed(text: str, header: str, secret: str) -> bool:
    """Whether Stripe signed this text with the secret. The signature may be of any age."""
    try:
        stripe.WebhookSignature.verify_header(text, header, secret)
    except stripe.SignatureVerificationError:
        return False
    return True


def _milliseconds(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
