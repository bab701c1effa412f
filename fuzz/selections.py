"""Random queries for merchants, payments, disputes and payouts.

They have aliases, fragments, directives and nested lists. They are generated from the schema, and nearly all
of them are valid. The same seed gives the same query.
"""

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
)

FLAGS = {"yes": "$yes: Boolean! = true", "no": "$no: Boolean! = false"}
DEADLINES = "PAST_DUE", "CURRENTLY_DUE", "EVENTUALLY_DUE", "UNKNOWN"
ORDERS: Sequence[str] = (
    *("CREATED_AT_DESC", "CREATED_AT_ASC", "DISPLAY_NAME_ASC", "NEXT_DEADLINE_ASC"),
    *("STATUS_ASC", "STATUS_SINCE_ASC", "STATUS_SINCE_DESC", "COUNTRY_ASC"),
)
FILTERS: Sequence[Mapping[str, Any]] = (
    {"status": ["ACTIVE"]},
    {"status": ["CLOSED"]},
    {"search": "customer 000"},
    {"search": "no such word"},
    {"country": ["US", "DE"]},
    {"livemode": False, "statusForDays": 0},
    {"onboardingStage": ["ACTIVATED", "CREATED"], "onboardingStageForDays": 0},
    {"country": ["germany"]},
)
PAYMENT_ORDERS: Sequence[str] = "CREATED_AT_DESC", "CREATED_AT_ASC"
PAYMENT_FILTERS: Sequence[Mapping[str, Any]] = (
    {"state": ["SUCCEEDED"], "refundState": ["NONE", "FULL"]},
    {"disputeState": ["NONE"], "origin": "API"},
    {"currency": "USD", "minimumAmount": 1000},
    {"search": "no such order"},
    {"maximumAmount": 1},
)
DISPUTE_ORDERS: Sequence[str] = "DUE_BY_ASC", "CREATED_AT_DESC"
DISPUTE_FILTERS: Sequence[Mapping[str, Any]] = (
    {"needsResponse": True},
    {"status": ["WON", "LOST"], "kind": ["CHARGEBACK"]},
    {"dueBefore": "2030-01-01T00:00:00Z"},
    {"dueBefore": "soon"},
)
PAYOUT_ORDERS: Sequence[str] = "CREATED_AT_DESC", "CREATED_AT_ASC"
PAYOUT_FILTERS: Sequence[Mapping[str, Any]] = (
    {"status": ["PAID", "FAILED"]},
    {"status": []},
    {"createdFrom": "2020-01-01T00:00:00Z"},
    {"createdBefore": "tomorrow"},
)
# For each root field, the type of its objects, and the orders and filters of its list.
LISTS: Mapping[str, tuple[str, Sequence[str], Sequence[Mapping[str, Any]]]] = {
    "merchant": ("Merchant", ORDERS, FILTERS),
    "payment": ("Payment", PAYMENT_ORDERS, PAYMENT_FILTERS),
    "dispute": ("Dispute", DISPUTE_ORDERS, DISPUTE_FILTERS),
    "payout": ("Payout", PAYOUT_ORDERS, PAYOUT_FILTERS),
}
ROOTS = (
    *["merchants", "merchant", "payments", "payment"] * 4,
    *("disputes", "dispute", "payouts", "payout", "node", "nodes", "viewer"),
)
# Fields that need a database statement of their own. The generated queries rarely select them.
LOADED = {
    *(("Merchant", "feePolicy"), ("Merchant", "timeline"), ("Merchant", "payments")),
    *(("Merchant", "walletDomains"), ("Merchant", "disputes")),
    *(("Dispute", "payment"), ("Dispute", "merchant")),
    *(("Merchant", "payouts"), ("Payout", "transactions"), ("Payout", "merchant")),
    ("PayoutTransaction", "payment"),
    *(("Payment", "timeline"), ("Payment", "merchant")),
}
MAX_LEVELS = 10


class Query:
    """One query with variables. Its arguments use the given ids, and cursors of the chosen order."""

    def __init__(
        self, schema: GraphQLSchema, ids: Sequence[str], cursors: Mapping[str, Sequence[str]], rng: Random
    ) -> None:
        self._schema, self._ids, self._cursors, self._rng = schema, ids, cursors, rng
        self._fragments: list[str] = []
        self._flags: set[str] = set()
        self._orders: dict[str, Sequence[str]] = {}
        self._left = rng.choice((5, 20, 60))
        self.variables: dict[str, Any] = {}
        self._declared: list[str] = []
        query = schema.query_type
        assert query is not None  # noqa: S101 -- the schema has one
        roots = []
        for number in range(rng.choice((1, 1, 1, 2, 3))):
            name = rng.choice(ROOTS)
            below = self._selection(get_named_type(query.fields[name].type), 1)
            alias = f"root{number}: " if number or rng.random() < 0.2 else ""
            roots.append(f"{alias}{name}{self._arguments(name)}{self._condition(0.02)} {below}")
        declared = [*self._declared, *(FLAGS[flag] for flag in sorted(self._flags))]
        head = f"query Q{'(' + ', '.join(declared) + ')' if declared else ''}"
        self.text = " ".join([head, "{", *roots, "}", *self._fragments])

    def body(self, rng: Random) -> dict[str, Any]:
        """Build a request body. Each call chooses new values for some variables."""
        variables = {**self.variables}
        variables |= {flag: rng.random() < 0.5 for flag in sorted(self._flags) if rng.random() < 0.7}
        variables |= {name: rng.choice(of) for name, of in self._orders.items() if rng.random() < 0.7}
        return {"query": self.text, "variables": variables}

    def _arguments(self, name: str) -> str:
        rng = self._rng
        if name == "viewer":
            return ""
        if name == "node":
            return f"(id: {json.dumps(rng.choice(self._ids))})"
        if name == "nodes":
            return f"(ids: {json.dumps(rng.choices(self._ids, k=rng.randrange(5)))})"
        noun, _, owner = name.partition(" of a ")
        type_, orders, filters = LISTS[noun.removesuffix("s")]
        if name in LISTS:
            reference = {"id": rng.choice([*self._ids, "no id"])}
            return f"(by: {self._variable(f'{type_}Ref!', reference)})"
        order = rng.choice(orders)
        arguments = [f"orderBy: {order}"]
        if rng.random() < 0.3:
            self._orders[f"v{len(self._declared)}"] = orders
            arguments = [f"orderBy: {self._variable(f'{type_}Order!', order)}"]
        if rng.random() < 0.7:
            size = self._variable("Int", rng.choice((1, 2, 5, 20, 20, 0)))
            arguments.append(f"{rng.choice(('first', 'last'))}: {size}")
        if rng.random() < 0.5:
            place = self._variable("String", rng.choice(self._cursors[f"{type_} {order}"] or ["no cursor"]))
            arguments.append(f"{rng.choice(('after', 'before'))}: {place}")
        if rng.random() < 0.2:
            of = self._variable(f"{owner.capitalize()}{type_}Filter", rng.choice(filters))
            arguments.append(f"filter: {of}")
        return f"({', '.join(arguments)})"

    def _variable(self, type_: str, value: Any) -> str:
        name = f"v{len(self._declared)}"
        self._declared.append(f"${name}: {type_}")
        self.variables[name] = value
        return f"${name}"

    def _selection(self, type_: Any, level: int) -> str:
        rng = self._rng
        parts = ["__typename"] if rng.random() < 0.15 else []
        if isinstance(type_, GraphQLInterfaceType):
            members = [m for m in self._schema.get_possible_types(type_) if m.name != "StripeEvent"]
            parts += [f"... on {m.name} {self._selection(m, level)}" for m in members if rng.random() < 0.8]
        fields = list(type_.fields.items()) if isinstance(type_, GraphQLObjectType) else []
        for name, field in rng.sample(fields, rng.randrange(1, len(fields) + 1)) if fields else ():
            inner = get_named_type(field.type)
            if (type_.name, name) in LOADED and rng.random() < 0.9:
                continue
            if self._left <= 0 or (is_composite_type(inner) and level >= MAX_LEVELS):
                continue
            self._left -= 1
            parts.append(self._field(type_.name, name, inner, level))
            if rng.random() < 0.05:  # repeat the field; execution merges both
                parts.append(self._field(type_.name, name, inner, level))
        return self._wrapped(type_, " ".join(parts or ["__typename"]))

    def _field(self, owner: str, name: str, inner: Any, level: int) -> str:
        rng = self._rng
        alias = f"x{rng.randrange(10_000)}: " if rng.random() < 0.07 else ""
        arguments = ""
        if name == "entries" and rng.random() < 0.2:
            alias = f"x{rng.randrange(10_000)}: "
            condition = rng.choice((f"deadline: [{rng.choice(DEADLINES)}]", "awaitingActionFrom: MERCHANT"))
            arguments = f"({condition})"
        if name in {"payments", "payouts"} or (name == "disputes" and owner == "Merchant"):
            arguments = self._arguments(f"{name} of a merchant")
        below = f" {self._selection(inner, level + 1)}" if is_composite_type(inner) else ""
        return f"{alias}{name}{arguments}{self._condition(0.05)}{below}"

    def _wrapped(self, type_: Any, inner: str) -> str:
        """Write the selection directly or as a fragment."""
        rng = self._rng
        kind = rng.random()
        if kind < 0.05:
            name = f"F{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {type_.name} {{ {inner} }}")
            return f"{{ ...{name}{self._condition(0.2)} __typename }}"
        if kind < 0.1:
            on = rng.choice(("", f" on {type_.name}", *(f" on {one.name}" for one in type_.interfaces)))
            if on.endswith(type_.name) or not on:
                return f"{{ ...{on}{self._condition(0.3)} {{ {inner} }} __typename }}"
            return f"{{ ...{on} {{ __typename }} {inner} }}"
        return f"{{ {inner} }}"

    def _condition(self, share: float) -> str:
        rng = self._rng
        if rng.random() >= share:
            return ""
        flag = rng.choice((*FLAGS, "true", "false"))
        if flag in FLAGS:
            self._flags.add(flag)
            flag = f"${flag}"
        return f" @{rng.choice(('skip', 'include'))}(if: {flag})"
