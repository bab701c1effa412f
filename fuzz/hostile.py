"""Hostile requests: documents that try to exhaust the server, and valid requests with damaged bytes."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from fuzz.documents import text

Maker = Callable[[Random, int], str]

# Each function builds a document of a given size.
DOCUMENTS: Sequence[Maker] = (
    lambda _, n: "{ merchants { edges { node " + "{ account " * n + "}" * n + "} } }",
    lambda _, n: "{" * n,
    lambda _, n: (
        "{ viewer { merchant { requirements { entries "
        + "{ alternatives " * n
        + "{ key }"
        + "}" * n
        + "} } } }"
    ),
    lambda _, n: "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }" + " " * n,
    lambda _, n: (
        "{ ...F0 }"
        + "".join(f" fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(min(n, 300)))
    ),
    lambda _, n: (
        "{ ...F0 }" + "".join(f" fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(min(n, 900)))
    ),
    lambda _, n: "{ viewer { " + " ".join(f"a{i}: role" for i in range(n)) + " } }",
    lambda _, n: "{ viewer { " + "role " * n + "} }",
    lambda _, n: "{ viewer { " + "... { role } " * n + "} }",
    lambda _, n: "{ viewer { " + "... { " * n + "role" + " }" * n + "} }",
    lambda _, n: "{ viewer { role" + " @skip(if: false)" * n + " } }",
    lambda _, n: "{ viewer { role" + " @a(b: [{c: $d}])" * n + " } }",
    lambda _, n: " ".join(f"query Q{i} {{ __typename }}" for i in range(n)),
    lambda _, n: "{ __typename } " * n,
    lambda _, n: "{ __typename } " + " ".join(f"fragment F{i} on Query {{ __typename }}" for i in range(n)),
    lambda _, n: "query (" + " ".join(f"$v{i}: Int = {i}" for i in range(n)) + ") { __typename }",
    lambda _, n: "query ($v: " + "[" * n + "Int" + "]" * n + ") { __typename }",
    lambda _, n: "query ($v: Int!" + "!" * n + ") { __typename }",
    lambda _, n: f"{{ merchants(first: {'9' * n}) {{ pageInfo {{ hasNextPage }} }} }}",
    lambda _, n: f"{{ merchants(first: -{'1' * n}.{'0' * n}e{n}) {{ pageInfo {{ hasNextPage }} }} }}",
    lambda _, n: "{ node(id: " + "[" * n + "]" * n + ") { id } }",
    lambda _, n: "{ merchant(by: " + "{id: " * n + '"x"' + "}" * n + ") { id } }",
    lambda _, n: '{ node(id: "' + "\\u0000" * n + '") { id } }',
    lambda _, n: '{ node(id: "' + "\\uD800" * min(n, 3) + '") { id } }',
    lambda _, n: '{ node(id: "\\u{' + "0" * n + '41}") { id } }',
    lambda _, n: '{ node(id: """' + '\\"""\n  ' * n + '""") { id } }',
    lambda _, n: '{ node(id: """' + "\n" * n + '""") { id } }',
    lambda _, n: '{ node(id: """' + '"' * n,
    lambda _, n: "#" * n + "\n{ __typename }",
    lambda _, n: "\r" * n + "{ nope }",
    lambda _, n: "\ufeff" * n + "{ __typename }",
    lambda _, n: "," * n + "{ __typename }",
    lambda rng, n: "{ " + text(rng) * min(n, 40) + " }",
    lambda _, n: "{ " + "a" * n + " }",
    lambda _, n: "{ viewer { role(" + " ".join(f"a{i}: 1" for i in range(n)) + ") } }",
    lambda _, n: "{ nodes(ids: [" + '"x" ' * n + "]) { id } }",
    lambda _, n: (
        "{ nodes(ids: ["
        + '"x" ' * min(n, 100)
        + "]) { "
        + " ".join(f"... on Merchant {{ a{i}: id }}" for i in range(min(n, 60)))
        + " } }"
    ),
    lambda _, n: "{ __schema { types { " + "fields { type { " * n + "name" + " } }" * n + " } } }",
    lambda _, n: '{ __type(name: "Query") { ' + "ofType { " * n + "name" + " }" * n + " } }",
    lambda _, n: (
        "mutation { "
        + " ".join(
            f'a{i}: refreshMerchant(input: {{merchant: {{externalId: "x{i}"}}}}) {{ __typename }}'
            for i in range(n)
        )
        + " }"
    ),
    lambda _, n: (
        "subscription { "
        + " ".join(f'a{i}: merchantChanged(by: {{externalId: "x"}}) {{ id }}' for i in range(n))
        + " }"
    ),
    lambda _, n: "subscription { ... @skip(if: true) { merchantsChanged { id } } }" + " " * n,
    lambda _, n: (
        "{ "
        + " ".join(f"x: merchants(first: {i}) {{ edges {{ cursor }} }}" for i in range(min(n, 150)))
        + " }"
    ),
    lambda _, n: "type Query { a: Int }" + " extend type Query { b: Int }" * n,
    lambda _, n: "query @skip(if: true) { __typename }" + " " * n,
    lambda _, n: "{ viewer { role } ... on Merchant { id } ... on Nope { id } ...Missing }" + " " * n,
    lambda _, __: "",
    lambda _, n: " " * n,
    lambda _, n: "\x00" * n,
)


_NUMBER = '{"query": "query ($a: Int) { merchants(first: $a) { edges { cursor } } }", "variables": {"a": '


def document(rng: Random) -> str:
    """A document that no ordinary client sends."""
    return rng.choice(DOCUMENTS)(rng, rng.choice((1, 3, 17, 60, 200, 1000, 4000)))


def nested(rng: Random) -> str:
    """JSON with deep nesting, huge numbers, many variables, a repeated key, or numbers that JSON forbids."""
    n = rng.choice((10, 100, 900, 1100, 5000, 50_000))
    return rng.choice(
        (
            "[" * n,
            "[" * n + "]" * n,
            '{"query": ' * n + "1" + "}" * n,
            '{"query": "{ __typename }", "variables": ' + '{"a": ' * n + "1" + "}" * n + "}",
            '{"query": "{ __typename }", "variables": {"a": ' + "[" * n + "]" * n + "}}",
            '{"query": "{ __typename }", "extensions": ' + '{"a": ' * n + "1" + "}" * n + "}",
            _NUMBER + "1" * n + "}}",
            _NUMBER + "1e" + "9" * n + "}}",
            '{"query": "{ __typename }", "variables": {'
            + ", ".join(f'"a{i}": {i}' for i in range(min(n, 5000)))
            + "}}",
            "NaN",
            '{"query": "{ __typename }", "variables": {"a": NaN, "b": Infinity, "c": -Infinity}}',
            '{"query": "{ __typename }", "query": 5}',
        )
    )


def damaged(data: bytes, other: bytes, rng: Random) -> bytes:
    """Damage the bytes in a few places, sometimes with pieces of `other`."""
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
        if not data:
            return data
        at, end = sorted((rng.randrange(len(data)), rng.randrange(len(data))))
        match rng.randrange(8):
            case 0 | 1:
                data = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
            case 2:
                data = data[:at]
            case 3:
                data = data[:end] + data[at:]
            case 4:
                data = data[:at] + data[end:]
            case 5:
                data = data[:at] + rng.randbytes(rng.randrange(1, 9)) + data[at:]
            case 6:
                cut = rng.randrange(len(other) + 1)
                data = data[:at] + other[cut : cut + rng.choice((8, 64, 100_000))]
            case _:
                piece = rng.choice(
                    (
                        b"\x00",
                        b"\xff\xfe",
                        b"\r\n",
                        b"\r\n\r\n",
                        b'"',
                        b"\\ud800",
                        b"}",
                        b"null",
                        b"[]",
                        b"9" * 5000,
                    )
                )
                data = data[:at] + piece + data[at:]
    return data


def encoded(body: Any, rng: Random) -> bytes:
    """Encode a body as JSON, often in UTF-8 and sometimes in another encoding."""
    json_text = json.dumps(body, ensure_ascii=rng.random() < 0.5)
    encoding = rng.choice(("utf-8", "utf-8", "utf-8", "utf-16", "utf-32", "latin-1", "utf-7", "utf-8-sig"))
    return json_text.encode(encoding, errors="replace" if encoding != "utf-8" else "surrogatepass")
