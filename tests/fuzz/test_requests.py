"""The requests of the fuzzer are repeatable, and most of them are valid."""

import contextlib
import re
from random import Random

from graphql import GraphQLObjectType, GraphQLSyntaxError, OperationType, parse, validate

from fuzz.documents import ACCOUNT_TOKENS, Operation
from fuzz.requests import Requests
from fuzz.world import INTENT_IDS, ORDER_IDS, PART_IDS, PAYMENT_IDS, ROLES, Link, MerchantData, World
from resolvers.schema import schema

SCHEMA = schema._schema
WORLD = World(
    host="127.0.0.1:1",
    tokens={role: [f"Bearer {role}"] for role in ROLES},
    merchants={
        name: MerchantData(
            {
                key: f"{key}-{name}"
                for key in (
                    *("id", "externalId", "stripeAccountId", "formerAccountId", "accountId"),
                    *(*ORDER_IDS, *INTENT_IDS, *PART_IDS, *PAYMENT_IDS),
                    *("payoutId", "stripePayoutId"),
                )
            },
            [],
        )
        for name in ("alpha", "beta", "gamma")
    },
    cursors=["cursor"],
    events=["event"],
    links=[Link("alpha", "address", "cookie=1")],
    signing_secret="whsec_1",
    secrets=[],
    account_tokens=["accttok_valid"],
    refused=["shop-refused"],
)


def test_the_same_world_seed_and_number_give_the_same_request() -> None:
    # Webhooks are left out, because their signatures contain the time and so differ.
    one, other = ([Requests(SCHEMA, WORLD, 5).number(n) for n in range(200)] for _ in range(2))
    assert [r for r in one if r.kind != "webhook"] == [r for r in other if r.kind != "webhook"]
    assert len({r.kind for r in one}) == 11


def test_most_operations_are_valid_and_all_fields_are_selected() -> None:
    valid = 0
    names: set[str] = set()
    for n in range(1800):
        text = Operation(SCHEMA, WORLD, Random(n), list(OperationType)[n % 3]).text
        if n < 300:  # validation is slow
            with contextlib.suppress(GraphQLSyntaxError):
                valid += not validate(SCHEMA, parse(text))
        names |= set(re.findall(r"\w+", text))
    assert valid > 200
    types = [t for t in SCHEMA.type_map.values() if isinstance(t, GraphQLObjectType) and t.name[:2] != "__"]
    assert {name for type_ in types for name in type_.fields} - names == set()


def test_mutations_never_use_merchants_with_marks() -> None:
    for n in range(300):
        text = Operation(SCHEMA, WORLD, Random(n), OperationType.MUTATION).body
        assert "alpha" not in str(text)
        assert "beta" not in str(text)


def test_mutations_send_valid_and_invalid_tokens_and_current_problems() -> None:
    sent = "".join(str(Operation(SCHEMA, WORLD, Random(n), OperationType.MUTATION).body) for n in range(1800))
    for value in ("accttok_valid", *ACCOUNT_TOKENS[:2], "CREATIONS_REFUSED", "shop-refused", "EVENTS_FAILED"):
        assert value in sent
