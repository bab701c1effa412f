"""The audits of npm's `graphql-http` 1.23.1 as a table of requests and expected responses.

The audits have the same ids and names as in npm's package, and `make http-audit` compares the two lists.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

JSON = "application/json"
RESPONSE = "application/graphql-response+json"

TYPENAME = {"query": "{ __typename }"}
NAMED = {"query": "query Query { __typename }", "operationName": "Query"}
TYPE = {
    "query": "query Type($name: String!) { __type(name: $name) { name } }",
    "variables": {"name": "sometype"},
}
UNREADABLE = {"query": "{"}
UNKNOWN = {"query": "{ 8f31403dfe404bccbb0e835f2629c6a7 }"}
UNFIT = {"query": "query CoerceFailure($id: ID!){ __typename }", "variables": {"id": None}}
NOT_JSON = '{ "not a JSON'


@dataclass(frozen=True)
class Audit:
    """One request, and the expected status range, media type and keys of its response."""

    id: str
    name: str
    body: Mapping[str, Any] | str | None = None
    accept: str | None = None
    content_type: str | None = JSON
    method: str = "POST"
    status: tuple[int, int] = (200, 200)
    response_type: str | None = None
    without_errors: bool = False
    without_data: bool = False
    ignores_status: bool = False

    async def problem(self, http: httpx.AsyncClient, bearer: str) -> str | None:
        """Send the request; return the first difference from the expected response, or None."""
        request = http.build_request(self.method, "/graphql", headers={"Authorization": bearer})
        del request.headers["accept"]  # httpx adds */* by default
        headers = {**request.headers}
        headers.pop("content-length", None)
        if self.accept is not None:
            headers["accept"] = self.accept
        if self.method == "GET":
            assert isinstance(self.body, Mapping)
            texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in self.body.items()}
            request = httpx.Request("GET", request.url, params=texts, headers=headers)
        else:
            if self.content_type is not None:
                headers["content-type"] = self.content_type
            text = self.body if isinstance(self.body, str) else json.dumps(self.body, ensure_ascii=False)
            content = None if self.body is None else text.encode()
            request = httpx.Request("POST", request.url, content=content, headers=headers)
        answer = await http.send(request)
        lowest, highest = self.status
        if not self.ignores_status and not lowest <= answer.status_code <= highest:
            return f"{self.id} {self.name}: {answer.status_code}"
        actual_type = answer.headers["content-type"]
        if self.response_type is not None and self.response_type not in actual_type:
            return f"{self.id} {self.name}: {actual_type}"
        if (self.without_errors and "errors" in answer.json()) or (
            self.without_data and "data" in answer.json()
        ):
            return f"{self.id} {self.name}: {answer.text}"
        return None


def _wrong(prefix: str, parameter: str, first: Any) -> list[Audit]:
    """Audits that send values of wrong types for one parameter."""
    values = [first, ("number", 0), ("boolean", False), ("array", ["array"])]
    return [
        Audit(
            f"{prefix}{index}",
            f"MAY use 400 status code on {kind} {{{parameter}}} parameter",
            {**TYPENAME, parameter: value},
            status=(400, 400),
        )
        for index, (kind, value) in enumerate(values)
    ]


def _both(
    ids: tuple[str, str], subject: str, body: Mapping[str, Any], *, strict: bool = False
) -> list[Audit]:
    """Audits of a valid request, one for each media type."""
    return [
        Audit(
            ids[0], f"SHOULD allow {subject} when accepting {RESPONSE}", body, RESPONSE, without_errors=strict
        ),
        Audit(ids[1], f"MUST allow {subject} when accepting {JSON}", body, JSON, without_errors=True),
    ]


def _failing(ids: tuple[str, str, str], subject: str, body: Mapping[str, Any]) -> list[Audit]:
    """Audits of an invalid document, whose response must have an error status and no data."""
    end = f"on document {subject} failure when accepting {RESPONSE}"
    return [
        Audit(ids[0], f"SHOULD use 4xx or 5xx status codes {end}", body, RESPONSE, status=(400, 599)),
        Audit(ids[1], f"SHOULD use 400 status code {end}", body, RESPONSE, status=(400, 400)),
        Audit(
            ids[2],
            f"SHOULD not contain the data entry {end}",
            body,
            RESPONSE,
            without_data=True,
            ignores_status=True,
        ),
    ]


def _get(id_: str, accept: str) -> Audit:
    name = f"MAY allow URL-encoded JSON string {{variables}} parameter in GETs when accepting {accept}"
    return Audit(id_, name, TYPE, accept, method="GET", without_errors=True)


AUDITS = [
    # Media types
    Audit(
        "22EB",
        f"SHOULD accept {RESPONSE} and match the content-type",
        TYPENAME,
        RESPONSE,
        response_type=RESPONSE,
    ),
    Audit("4655", f"MUST accept {JSON} and match the content-type", TYPENAME, JSON, response_type=JSON),
    Audit(
        "47DE", f"SHOULD accept */* and use {JSON} for the content-type", TYPENAME, "*/*", response_type=JSON
    ),
    Audit("80D8", f"SHOULD assume {JSON} content-type when accept is missing", TYPENAME, response_type=JSON),
    Audit("82A3", "MUST use utf-8 encoding when responding", TYPENAME, response_type="charset=utf-8"),
    Audit(
        "BF61",
        "MUST accept utf-8 encoded request",
        {"query": '{ __type(name: "Run🏃Swim🏊") { name } }'},
        content_type=f"{JSON}; charset=utf-8",
    ),
    Audit("78D5", "MUST assume utf-8 in request if encoding is unspecified", TYPENAME),
    # Request methods and bodies
    Audit("2C94", "MUST accept POST requests", TYPENAME),
    Audit(
        "5A70", "MAY accept application/x-www-form-urlencoded formatted GET requests", TYPENAME, method="GET"
    ),
    Audit(
        "9C48",
        "MAY NOT allow executing mutations on GET requests",
        {"query": "mutation { __typename }"},
        RESPONSE,
        method="GET",
        status=(400, 499),
    ),
    Audit(
        "9ABE",
        "SHOULD respond with 4xx status code if content-type is not supplied on POST requests",
        TYPENAME,
        content_type=None,
        status=(400, 499),
    ),
    Audit("03D4", f"MUST accept {JSON} POST requests", TYPENAME),
    Audit("A5BF", "MAY use 400 status code when request body is missing on POST", status=(400, 400)),
    # Parameters of the request
    Audit(
        "423L",
        "MAY use 400 status code on missing {query} parameter",
        {"notquery": "{ __typename }"},
        RESPONSE,
        status=(400, 400),
    ),
    *_wrong("LKJ", "query", ("object", {"obj": "ect"})),
    *_both(("34A2", "13EE"), "string {query} parameter", TYPENAME),
    *_wrong("6C0", "operationName", ("object", {"obj": "ect"})),
    *_both(("8161", "B8B3"), "string {operationName} parameter", NAMED),
    *_both(("94B0", "0220"), "null {variables} parameter", {**TYPENAME, "variables": None}, strict=True),
    *_both(
        ("94B1", "0221"), "null {operationName} parameter", {**TYPENAME, "operationName": None}, strict=True
    ),
    *_both(("94B2", "0222"), "null {extensions} parameter", {**TYPENAME, "extensions": None}, strict=True),
    *_wrong("476", "variables", ("string", "string")),
    *_both(("2EA1", "28B9"), "map {variables} parameter", TYPE, strict=True),
    _get("D6D5", RESPONSE),
    _get("6A70", JSON),
    *_wrong("58B", "extensions", ("string", "string")),
    *_both(("428F", "1B7A"), "map {extensions} parameter", {**TYPENAME, "extensions": {"some": "value"}}),
    # Responses
    Audit(
        "B6DC",
        f"MAY use 2xx, 4xx, or 5xx status codes on JSON parsing failure when accepting {JSON}",
        NOT_JSON,
        JSON,
        status=(200, 599),
    ),
    Audit(
        "BCF8",
        f"SHOULD use 400 status code on JSON parsing failure when accepting {JSON}",
        NOT_JSON,
        JSON,
        status=(400, 400),
    ),
    Audit(
        "B7N8",
        f"SHOULD use 400 status code on JSON parsing failure when accepting {RESPONSE}",
        NOT_JSON,
        RESPONSE,
        status=(400, 400),
    ),
    Audit(
        "8764",
        "MAY use 4xx or 5xx status codes if parameters are invalid",
        {"qeury": "{ __typename }"},
        status=(400, 599),
    ),
    Audit(
        "3E3A",
        "MAY use 400 status code if parameters are invalid",
        {"qeury": "{ __typename }"},
        status=(400, 400),
    ),
    Audit(
        "572B",
        f"SHOULD use 200 status code on document parsing failure when accepting {JSON}",
        UNREADABLE,
        JSON,
    ),
    Audit(
        "FDE2",
        f"SHOULD use 200 status code on document validation failure when accepting {JSON}",
        UNKNOWN,
        JSON,
    ),
    Audit(
        "7B9B",
        f"SHOULD use a status code of 200 on variable coercion failure when accepting {JSON}",
        UNFIT,
        JSON,
    ),
    *_failing(("865D", "556A", "D586"), "parsing", UNREADABLE),
    *_failing(("51FE", "74FF", "5E5B"), "validation", UNKNOWN),
    Audit(
        "86EE",
        f"SHOULD use a status code of 400 on variable coercion failure when accepting {RESPONSE}",
        UNFIT,
        RESPONSE,
        status=(400, 400),
    ),
]
