"""The requests of a run.

In the same world, the same seed and number always give the same request. Only the signatures of webhooks
differ, because they contain the time.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from graphql import GraphQLSchema
from graphql import OperationType as Kind

from fuzz import hostile
from fuzz.documents import Operation, json_value, text
from fuzz.world import ROLES, World
from testing.environment import ORIGIN

JSON = "application/json"
STREAM = "text/event-stream"
_OPERATIONS = (Kind.QUERY, Kind.QUERY, Kind.QUERY, Kind.MUTATION, Kind.SUBSCRIPTION)
_TYPES = (
    "application/graphql",
    "application/jsonx",
    "application/json; charset=utf-16",
    "application/json; charset=nonsense",
    "application/graphql-response+json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    "",
    "/",
    "\xff",
)
_METHODS = "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "post", "BREW"
_HEADERS = (
    ("Accept", "*/*;q=0"),
    ("Accept", "text/html"),
    ("Accept", STREAM),
    ("Accept", "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json"),
    ("Accept", "application/graphql-response+json"),
    ("Accept", "\xff,;;==,"),
    ("Accept-Encoding", "gzip, br, zstd"),
    ("Content-Encoding", "gzip"),
    ("Origin", ORIGIN),
    ("Origin", "null"),
    ("Origin", "https://evil.example"),
    ("Access-Control-Request-Method", "POST"),
    ("Host", "evil.example"),
    ("Host", "[::1"),
    ("X-Forwarded-For", "127.0.0.1, \xff"),
    ("X-Forwarded-Proto", "https"),
    ("X-Request-Id", "a\tb"),
    ("X-Http-Method-Override", "DELETE"),
    ("Cookie", "a=b; ;;=; connectql_link_0=\xff"),
    ("Cookie", "c=" + "d" * 6000),
    ("Expect", "100-continue"),
    ("Range", "bytes=0-1"),
    ("Connection", "close"),
    ("Upgrade", "websocket"),
    ("Authorization", "Bearer second"),
    ("Content-Type", "text/plain"),
)


@dataclass(frozen=True)
class HttpRequest:
    """One HTTP request with a token of `role`. If `complete` is true, the service must answer the request."""

    kind: str
    role: str
    wire: bytes
    complete: bool = True

    @property
    def texts(self) -> str:
        return self.wire.decode("latin-1")


@dataclass(frozen=True)
class WebSocketSession:
    """The messages of one WebSocket. If `authenticates` is true, `connection_init` comes first."""

    kind: str
    role: str
    token: str
    authenticates: bool
    messages: Sequence[str | bytes]

    @property
    def texts(self) -> str:
        return "\n".join(m if isinstance(m, str) else m.decode("latin-1") for m in self.messages)


class Requests:
    """Generates requests from the schema and the service's merchants."""

    def __init__(self, schema: GraphQLSchema, world: World, seed: int) -> None:
        self._schema, self._world, self._seed = schema, world, seed
        makers: Sequence[tuple[int, str, Callable[[str, Random], HttpRequest | WebSocketSession]]] = (
            (36, "query", self._query),
            (10, "mutation", self._mutation),
            (5, "event stream", self._stream),
            (3, "websocket", self._session),
            (10, "hostile document", self._hostile),
            (8, "json", self._json),
            (10, "damaged body", self._damaged_body),
            (4, "damaged request", self._damaged_request),
            (8, "http", self._http),
            (7, "webhook", self._webhook),
            (3, "onboarding", self._onboarding),
        )
        self._weights = [weight for weight, _, _ in makers]
        self._makers = [(kind, make) for _, kind, make in makers]

    def number(self, n: int) -> HttpRequest | WebSocketSession:
        rng = Random(f"{self._seed}-{n}")  # noqa: S311 -- the requests must be repeatable
        kind, make = rng.choices(self._makers, self._weights)[0]
        return make(kind, rng)

    def _role(self, rng: Random) -> str:
        return rng.choices(ROLES, (6, 4, 6, 2, 1))[0]

    def _body(self, rng: Random, *kinds: Kind) -> dict[str, Any]:
        return Operation(self._schema, self._world, rng, rng.choice(kinds or _OPERATIONS)).body

    def _post(
        self,
        role: str,
        rng: Random,
        body: bytes,
        *more: tuple[str, str],
        method: str = "POST",
        path: str = "/graphql",
        type_: str = JSON,
    ) -> bytes:
        token = rng.choice(self._world.tokens[role])
        lines = [("Host", self._world.host), ("Content-Type", type_), ("Content-Length", str(len(body)))]
        if token:
            lines.append(("Authorization", token))
        return _wire(method, path, [*lines, *more], body)

    def _query(self, kind: str, rng: Random) -> HttpRequest:
        role, body = self._role(rng), self._body(rng, Kind.QUERY)
        return HttpRequest(kind, role, self._post(role, rng, json.dumps(body).encode()))

    def _mutation(self, kind: str, rng: Random) -> HttpRequest:
        role, body = self._role(rng), self._body(rng, Kind.MUTATION)
        return HttpRequest(kind, role, self._post(role, rng, json.dumps(body).encode()))

    def _stream(self, kind: str, rng: Random) -> HttpRequest:
        role = self._role(rng)
        body = self._body(rng, Kind.SUBSCRIPTION, Kind.SUBSCRIPTION, Kind.QUERY)
        return HttpRequest(kind, role, self._post(role, rng, json.dumps(body).encode(), ("Accept", STREAM)))

    def _hostile(self, kind: str, rng: Random) -> HttpRequest:
        role, body = self._role(rng), {"query": hostile.document(rng)}
        return HttpRequest(kind, role, self._post(role, rng, json.dumps(body).encode()))

    def _json(self, kind: str, rng: Random) -> HttpRequest:
        role = self._role(rng)
        match rng.randrange(3):
            case 0:
                body = hostile.nested(rng).encode()
            case 1:
                body = json.dumps(json_value(rng)).encode()
            case _:
                wrong = {
                    name: json_value(rng) for name in ("query", "variables", "operationName", "extensions")
                }
                body_json = {**self._body(rng), rng.choice(list(wrong)): rng.choice(list(wrong.values()))}
                body = json.dumps([body_json] if rng.random() < 0.1 else body_json).encode()
        return HttpRequest(kind, role, self._post(role, rng, body))

    def _damaged_body(self, kind: str, rng: Random) -> HttpRequest:
        role = self._role(rng)
        body, other = hostile.encoded(self._body(rng), rng), json.dumps(self._body(rng)).encode()
        # Some requests are damaged only in the document, so their JSON stays valid.
        if rng.random() < 0.4:
            query = hostile.damaged(self._body(rng)["query"].encode(errors="replace"), other, rng)
            body = json.dumps({"query": query.decode(errors="surrogateescape")}).encode()
        else:
            body = hostile.damaged(body, other, rng)
        return HttpRequest(kind, role, self._post(role, rng, body))

    def _damaged_request(self, kind: str, rng: Random) -> HttpRequest:
        role = self._role(rng)
        wire, other = (self._post(role, rng, json.dumps(self._body(rng)).encode()) for _ in range(2))
        return HttpRequest(kind, role, hostile.damaged(wire, other, rng), complete=False)

    def _http(self, kind: str, rng: Random) -> HttpRequest:
        """A request with an unusual method, content type, header or path, or a GET with an operation."""
        role = self._role(rng)
        body = (
            json.dumps(self._body(rng)).encode()
            if rng.random() < 0.8
            else rng.randbytes(rng.randrange(400_000))
        )
        more = rng.sample(_HEADERS, rng.randrange(3))
        method, path, type_ = "POST", "/graphql", JSON
        match rng.randrange(4):
            case 0:
                method = rng.choice(_METHODS)
            case 1:
                type_ = rng.choice(_TYPES)
            case 2:
                method, body, path = "GET", b"", f"/graphql?{self._query_string(rng)}"
            case _:
                path = rng.choice(
                    (
                        "/graphql/",
                        "/",
                        "/healthz",
                        "/readyz",
                        "/disputes/files?dispute=du_1&name=receipt.pdf",
                        "/static/../api/app.py",
                        "/%00",
                        "//",
                        "/" + "a" * 9000,
                    )
                )
        return HttpRequest(
            kind, role, self._post(role, rng, body, *more, method=method, path=path, type_=type_)
        )

    def _query_string(self, rng: Random) -> str:
        body = self._body(rng)
        parameters = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()
        }
        if rng.random() < 0.3:
            parameters[rng.choice(("query", "variables", "operationName", "extensions"))] = text(rng)
        if rng.random() < 0.1:
            parameters["variables"] = "[" * rng.choice((10, 1100, 30_000))
        query_string = urlencode({name: value.encode(errors="replace") for name, value in parameters.items()})
        if rng.random() < 0.3:
            query_string = quote(hostile.damaged(query_string.encode(), b"%ff%00&&==", rng), safe="%&=+")
        return query_string

    def _webhook(self, kind: str, rng: Random) -> HttpRequest:
        accounts = self._world.identifiers("stripeAccountId", for_mutation=False)
        notification: dict[str, Any] = {
            "id": f"evt_{rng.randrange(10**6)}",
            "object": "v2.core.event",
            "type": rng.choice(
                ("v2.core.account.updated", "v1.account.updated", "v1.capability.updated", text(rng))
            ),
            "livemode": rng.random() < 0.05,
            "created": "2026-01-31T10:00:00.000Z",
            "related_object": {
                "id": rng.choice((*accounts, "acct_none")),
                "type": "v2.core.account",
                "url": "/v2",
            },
            "context": rng.choice((*accounts, None, text(rng))),
        }
        if rng.random() < 0.5:
            notification[rng.choice(list(notification))] = json_value(rng)
        body = json.dumps(notification).encode()
        match rng.randrange(6):
            case 0:
                body = hostile.damaged(body, body, rng)
            case 1:
                body = hostile.nested(rng).encode()
            case 2:
                body = rng.choice(
                    (
                        b"",
                        b"null",
                        b"\xff",
                        b"a" * 300_000,
                        b"\x00" * 1000,
                        json.dumps(json_value(rng)).encode(),
                    )
                )
            case _:
                pass
        signature = self._signature(body, rng)
        lines = [("Host", self._world.host), ("Content-Length", str(len(body))), ("Content-Type", JSON)]
        if signature is not None:
            lines.append(("Stripe-Signature", signature))
        method = "POST" if rng.random() < 0.97 else rng.choice(_METHODS)
        return HttpRequest(kind, "anonymous", _wire(method, "/webhooks/stripe", lines, body))

    def _signature(self, body: bytes, rng: Random) -> str | None:
        at = int(time.time())
        secret = self._world.signing_secret.encode()
        right = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        if rng.random() < 0.7:
            return f"t={at},v1={right}"
        return rng.choice(
            (
                None,
                "",
                f"v1={right}",
                f"t={at}",
                f"t={at},v1=",
                f"t={at},v0={right}",
                f"t={at - 4000},v1={right}",
                f"t={at + 4000},v1={right}",
                f"t=\u00b2,v1={right}".encode().decode("latin-1"),
                f"t={'9' * 1500},v1={right}",
                f"t=-1,v1={right}",
                f"t={at},t=x,v1={right}",
                f"t={at},v1=\xe9\xff",
                ",".join(["t=1", *["v1=00"] * 300]),
                "t=" + "," * 5000,
                text(rng).encode(errors="replace").decode("latin-1").translate(dict.fromkeys(range(32))),
            )
        )

    def _onboarding(self, kind: str, rng: Random) -> HttpRequest:
        link = rng.choice(self._world.links)
        token, cookie, role = link.token, link.cookie, link.merchant
        match rng.randrange(6):
            case 0:
                cookie, role = "", "anonymous"
            case 1:
                cookie, role = f"{cookie.split('=')[0]}=wrong", "anonymous"
            case 2:
                token = hostile.damaged(token.encode(), b"=&%", rng).decode("latin-1")
            case 3:
                token = text(rng)
            case 4:
                cookie = f"{cookie}; {text(rng)}=\xff; {cookie}"
            case _:
                pass
        query = f"link={quote(token.encode(errors='replace'))}" + rng.choice(
            ("", "&link=a", "&x=%ff%00", "&" * 50)
        )
        path = f"/onboarding/{rng.choice(('refresh', 'return'))}?{query}"
        cookie = cookie.encode(errors="replace").decode("latin-1").translate(dict.fromkeys(range(32)))
        lines = [("Host", self._world.host), ("Cookie", cookie)]
        return HttpRequest(
            kind, role, _wire(rng.choice(("GET", "GET", "GET", "HEAD", "POST")), path, lines, b"")
        )

    def _session(self, kind: str, rng: Random) -> WebSocketSession:
        role = self._role(rng)
        messages = [self._message(str(count), rng) for count in range(rng.randrange(1, 12))]
        return WebSocketSession(
            kind, role, rng.choice(self._world.tokens[role]), rng.random() < 0.95, messages
        )

    def _message(self, id_: str, rng: Random) -> str | bytes:
        body = {"query": hostile.document(rng)} if rng.random() < 0.1 else self._body(rng)
        message: dict[str, Any] = {"id": id_, "type": "subscribe", "payload": body}
        if rng.random() < 0.85:
            return json.dumps(message)
        match rng.randrange(6):
            case 0:
                message[rng.choice(list(message))] = json_value(rng)
            case 1:
                kinds = (
                    "connection_init",
                    "ping",
                    "pong",
                    "complete",
                    "next",
                    "error",
                    "connection_ack",
                    "start",
                )
                message = {
                    "type": rng.choice(kinds),
                    "id": rng.choice(("0", id_)),
                    "payload": json_value(rng),
                }
            case 2:
                body[rng.choice(("query", "variables", "operationName", "extensions"))] = json_value(rng)
            case 3:
                return hostile.damaged(json.dumps(message).encode(), b"{}[]", rng).decode(errors="replace")
            case 4:
                return rng.choice((hostile.nested(rng), json.dumps(json_value(rng)), "", "a" * 70_000))
            case _:
                return hostile.damaged(json.dumps(message).encode(), b"{}[]", rng)
        return json.dumps(message)


def _wire(method: str, path: str, headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", errors="replace") + body
