"""Send the requests of one caller, and compare two answers in everything that a client can observe."""

import asyncio
import contextlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import orjson

from connect.platform.pacing import STRIPE_CALLS
from testing.service import Service
from testing.statements import Statements
from tests.isolation.connection import Connection

# These headers may differ between equal answers.
_HEADERS = {"date", "x-request-id", "content-length"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, and the numbers of SQL statements and Stripe calls that it took. `raw` is its full text."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: Any
    statements: int
    calls: dict[str, int]
    raw: str

    @property
    def results(self) -> list[dict[str, Any]]:
        """Return the results of the operation. A stream has several results."""
        events = self.body.get("events")
        return [self.body] if events is None else [content for _, content in events if content]

    @property
    def codes(self) -> set[str]:
        errors = [error for result in self.results for error in result.get("errors") or ()]
        return {error.get("extensions", {}).get("code", "none") for error in errors}

    @property
    def is_refused(self) -> bool:
        """Tell whether the root field refused the caller's role, and used neither the database nor Stripe."""
        data = [result.get("data") or {} for result in self.results]
        has_data = any(value is not None for one in data for value in one.values())
        return self.codes == {"FORBIDDEN"} and not (has_data or self.statements or self.calls)

    @property
    def is_cut_off(self) -> bool:
        """Tell whether a field below the root failed.

        graphql-core then cancels the sibling fields, perhaps before they read anything. So the number of
        statements depends on timing.
        """
        return any(
            len(error.get("path") or ()) > 1 for one in self.results for error in one.get("errors") or ()
        )


@dataclass
class Observed:
    """The service, and the SQL statements and Stripe calls that its answers cause."""

    service: Service
    connection: Connection
    statements: Statements
    _calls: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self._calls = calls(self.service)

    def new_calls(self) -> Counter[str]:
        """Count the calls to each Stripe address since this method was last called."""
        before, self._calls = self._calls, calls(self.service)
        return self._calls - before


class Caller:
    """A caller with or without a token. Calls to Stripe are counted only for mutations."""

    def __init__(self, observed: Observed, token: str | None) -> None:
        self._observed = observed
        self._headers = {"Content-Type": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"

    async def ask(self, text: str, variables: dict[str, Any]) -> Answer:
        statements = self._observed.statements
        before = statements.count
        request = json.dumps({"query": text, "variables": variables}).encode()
        response = await self._observed.connection.post("/graphql", request, self._headers)
        statement_count = statements.count - before
        headers = tuple(
            (name, value.partition("=")[0] if name == "set-cookie" else value)
            for name, value in sorted(response.headers.items())
            if name not in _HEADERS
        )
        body = orjson.loads(response.text.replace(response.headers["x-request-id"], "(request)"))
        # Before each call to Stripe, the service plans the call in the database, under the name STRIPE_CALLS.
        counts_calls = text.startswith("mutation") and STRIPE_CALLS in str(statements.parameters[before:])
        return Answer(
            response.status,
            headers,
            body,
            statement_count,
            dict(self._observed.new_calls()) if counts_calls else {},
            f"{response.head}{_unescaped(response.text)}",
        )

    async def listen(self, text: str, variables: dict[str, Any], *, seconds: float = 3) -> Answer:
        """Return the first message of a subscription over server-sent events, if one arrives in time."""
        received = ""
        async with self._observed.service.http.stream(
            "POST",
            "/graphql",
            content=json.dumps({"query": text, "variables": variables}),
            headers={**self._headers, "Accept": "text/event-stream"},
        ) as result:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    async for chunk in result.aiter_text():
                        received += chunk
                        if messages(received):
                            break
        headers = tuple(item for item in sorted(result.headers.items()) if item[0] not in _HEADERS)
        comparable = received.replace(result.headers["x-request-id"], "(request)")
        streamed = result.headers.get("content-type", "").startswith("text/event-stream")
        body = {"events": messages(comparable)[:1]} if streamed else json.loads(comparable)
        return Answer(result.status_code, headers, body, 0, {}, f"{result.headers}\n{_unescaped(received)}")


def messages(received: str) -> list[list[Any]]:
    """Return the complete events of a stream as [name, content], without its keep-alive comments."""
    result = []
    for block in re.split(r"\r?\n\r?\n", received)[:-1]:
        fields = dict(re.findall(r"^(event|data): ?(.*?)\r?$", block, flags=re.MULTILINE))
        if "event" in fields:
            result.append([fields["event"], json.loads(fields.get("data") or "null")])
    return result


def calls(service: Service) -> Counter[str]:
    """Count the calls to each Stripe address."""
    return Counter(service.simulator.control("calls")["addresses"])


def _unescaped(text: str) -> str:
    return re.sub(r"\\u[0-9a-f]{4}", lambda part: json.loads(f'"{part[0]}"'), text)


def difference(existing: Answer, absent: Answer, again: Answer | None = None) -> str:
    """Describe how two answers differ. Ignores differences between `absent` and `again`, which
    answers the same request once more.

    The numbers of statements are ignored if a field below the root failed in one of the answers. Other
    operations compare the same fields without the field that failed.
    """
    again = again or absent
    cut_off = any(one.is_cut_off for one in (existing, absent, again))
    pairs = {
        "status": (existing.status, absent.status, again.status),
        "headers": (dict(existing.headers), dict(absent.headers), dict(again.headers)),
        "body": (existing.body, absent.body, again.body),
        "number of statements": (existing.statements, absent.statements, again.statements)
        if not cut_off
        else (0, 0, 0),
        "calls to Stripe": (existing.calls, absent.calls, again.calls),
    }
    return "; ".join(filter(None, (_differs(name, *three) for name, three in pairs.items())))


def _differs(where: str, existing: Any, absent: Any, again: Any) -> str:
    if absent == again:
        return "" if existing == absent else f"{where}: {existing!r} instead of {absent!r}"
    if isinstance(absent, dict) and isinstance(again, dict) and isinstance(existing, dict):
        if absent.keys() == again.keys() == existing.keys():
            parts = (_differs(f"{where}.{key}", existing[key], absent[key], again[key]) for key in absent)
            return "; ".join(filter(None, parts))
        return f"{where}: {existing!r} instead of {absent!r}"
    if isinstance(absent, list) and isinstance(again, list) and isinstance(existing, list):
        if len(absent) == len(again) == len(existing):
            three = enumerate(zip(existing, absent, again, strict=True))
            parts = (_differs(f"{where}[{place}]", *items) for place, items in three)
            return "; ".join(filter(None, parts))
        return f"{where}: {len(existing)} instead of {len(absent)}"
    return "" if type(existing) is type(absent) else f"{where}: {existing!r} instead of {absent!r}"
