"""Random operations generated from the schema, most of them valid.

In the same world, the same seed gives the same operation.
"""

import base64
import json
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
)
from graphql import OperationType as Kind

from fuzz.selections import ORDERS
from fuzz.world import INTENT_IDS, ORDER_IDS, PART_IDS, PAYMENT_IDS, World
from testing.environment import ORIGIN

TEXTS = (
    "",
    " ",
    "shop",
    "Caf\u00e9 M\u00fcller",
    "\u202eright to left",
    "\U0001f469\u200d\U0001f4bb",
    "e\u0301\u0327" * 9,
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud800",
    "\ufeff",
    "\u0130\u0131\u017f\u212a\u1e9e",
    "a" * 255,
    "a" * 256,
    "\U0001f600" * 255,
    "x" * 5000,
    "line\nline\r\n\ttab",
    "\x1b[31m",
    "'; DROP TABLE merchant; --",
    "%",
    "_%\\",
    "{{7*7}}${7*7}",
    "../../../../etc/passwd",
    "<script>alert(1)</script>",
    "null",
    "NaN",
    "-1",
    '"""',
    '\\"""',
    "\\u0000",
)
AMOUNTS = 0, -1, 1, 49, 999_999_999_999, 10**12, 2**53 - 1, 2**53, "1000", "1e3", 10.5
NUMBERS = (0, 1, 2, 5, 20, 100, 101, -1, 3650, 3651, 2**31 - 1, 2**31, -(2**31) - 1, 2**53 + 1, 2**64, 10**30)
ODD_NUMBERS = (0.5, 1.0, 1e308, -0.0, 10**400)
MAILS = (
    "owner@shop.example",
    "a@b",
    "@",
    "owner@shop.example, b@c.example",
    "ö@exämple.de",
    "a" * 250 + "@b.co",
)
URLS = (
    f"{ORIGIN}/back",
    f"{ORIGIN}/back?onboarding=x&a=%00#f",
    "com.example.app:///back?onboarding=x&a=%00#f",
    "COM.EXAMPLE.APP:/",
    'com.example.app:/"><script>',
    "otherapp://back",
    "capacitor://localhost",
    "intent://back#Intent;scheme=com.example.app;end",
    "https://shop.example",
    "https://shop.example:99999/",
    "http://app.example:3000@evil.example/",
    "http://[::1",
    "//app.example",
    "javascript:alert(1)",
    "http://app.example:3000\\@evil.example",
    "https://" + "a" * 2050 + ".example",
)
PRICES = "price_" + "x" * 24, "price_", "prod_1", "price_" + "x" * 300
# The beginnings of a PNG and a PDF, an empty file, text that is not base64, and a large file.
FILES = "iVBORw0KGgo=", "JVBERi0xLjQK", "", "=", "A" * 100_000
MOMENTS = (
    *("2026-01-31T00:00:00Z", "2026-11-30T23:59:59.999999+14:00", "0001-01-01T00:00:00Z"),
    *("9999-12-31T23:59:59Z", "2026-02-30T00:00:00Z", "2026-11-30", "2026-11-30T12:00:00"),
)
DATES = "2026-01-31", "2026-11-30", "0001-01-01", "9999-12-31", "2026-02-30", "2026-11-30T12:00:00Z"
COUNTRIES = "US", "DE", "us", "XX", "KP", "\u017fs", "USA", ""
ACCOUNT_TOKENS = (
    "accttok_" + "x" * 40,
    "ct_1234567890",
    "accttok_\u00e9",
    "accttok_" + "x" * 501,
    "12345678",
)
_PHONES = "+49 30 1234567", "12345", "+1 (415) 555-0100", "call me", "\u0661" * 8
# Valid and invalid details of a merchant, by the name of the field.
DETAILS = {
    "contactPhone": _PHONES,
    "phone": _PHONES,
    "merchantCategoryCode": ("5734", "0000", "573", "57345"),
    "statementDescriptor": ("SHOP BERLIN", "SHOP", "O'NEILL", "12345", "S" * 23),
    "statementDescriptorPrefix": ("SHOP", "S", "S*"),
    "currency": ("USD", "EUR", "usd", "XXX", "IRR"),
    "locales": ("de", "en-GB", "EN_gb", "tlh"),
    "structure": ("private_company", "sole_proprietorship", "GmbH"),
    "dateOfBirth": ("1985-03-24", "2020-01-01", "1985-02-30", "1899-12-31", "24.03.1985", "9999-12-31"),
    "postalCode": ("10119", "9" * 21),
    "percentOwnership": ("25", "33.5", "0", "100.5", "1e2", "half"),
}
CAPABILITIES = (
    "card_payments",
    "link_payments",
    "klarna_payments",
    "sepa_debit_payments",
    "no_payments",
    "payouts",
    "Card_payments",
)


def text(rng: Random) -> str:
    """Text that is harmless, too long, in another script, or an injection attempt."""
    if rng.random() < 0.2:
        return "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randrange(12)))
    return rng.choice(TEXTS)


def json_value(rng: Random, depth: int = 3) -> Any:
    """A JSON value of any shape."""
    kind = rng.randrange(9 if depth else 6)
    if kind < 2:
        return text(rng)
    if kind < 6:
        return (None, rng.random() < 0.5, rng.choice(NUMBERS), rng.choice(ODD_NUMBERS))[kind - 2]
    if kind == 6:
        return [json_value(rng, depth - 1) for _ in range(rng.randrange(4))]
    return {text(rng): json_value(rng, depth - 1) for _ in range(rng.randrange(4))}


class Enum(str):
    """The name of an enum value, which a document writes without quotes."""

    __slots__ = ()


class Operation:
    """One operation with its variables. `body` is the body of its request."""

    def __init__(self, schema: GraphQLSchema, world: World, rng: Random, kind: Kind) -> None:
        self._schema, self._world, self._rng = schema, world, rng
        self._is_mutation = kind is Kind.MUTATION
        self._is_careless = rng.random() < 0.3
        self._left = rng.choice((5, 20, 60, 200))
        self._declared: list[str] = []
        self._fragments: list[str] = []
        self.variables: dict[str, Any] = {}
        root = schema.get_root_type(kind)
        assert root is not None  # noqa: S101 -- the schema has all three
        fields = [
            self._field(*rng.choice(list(root.fields.items())), depth=rng.choice((2, 4, 7, 12)), alias=count)
            for count in range(1 if kind is Kind.SUBSCRIPTION else rng.choice((1, 1, 2, 4)))
        ]
        if kind is Kind.QUERY and rng.random() < 0.1:
            fields.append(self._introspection())
        declared = f"({', '.join(self._declared)})" if self._declared else ""
        name = "Op " if declared or rng.random() < 0.5 else ""
        self.text = "\n".join(
            (f"{kind.value} {name}{declared}{self._directive()}{{ {' '.join(fields)} }}", *self._fragments)
        )

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"query": self.text}
        if self.variables or self._rng.random() < 0.3:
            body["variables"] = self.variables
        if self._rng.random() < 0.1:
            body["operationName"] = self._rng.choice(("Op", None, "Other", "", text(self._rng)))
        if self._rng.random() < 0.1:
            body["extensions"] = self._rng.choice(({"cost": True}, {}, None, json_value(self._rng)))
        return body

    def _often(self, share: float) -> bool:
        return self._rng.random() < share

    def _slips(self, share: float) -> bool:
        """Whether to make a mistake here. Most operations have no mistake, because a single one makes the
        whole operation invalid.
        """
        return self._is_careless and self._often(share)

    def _introspection(self) -> str:
        named = "name kind description"
        return self._rng.choice(
            (
                f"__schema {{ types {{ {named} fields {{ name type {{ {named} ofType {{ name }} }} }} }} }}",
                f"__schema {{ directives {{ name args {{ name defaultValue }} }} queryType {{ {named} }} }}",
                f"__type(name: {self._literal(self._rng.choice(list(self._schema.type_map)))}) {{ {named} }}",
                f"__type(name: {self._literal(text(self._rng))}) {{ {named} }}",
            )
        )

    def _field(self, name: str, field: GraphQLField, *, depth: int, alias: int | None = None) -> str:
        arguments = [
            f"{key}: {self._argument(key, argument)}"
            for key, argument in field.args.items()
            if (is_required_argument(argument) and not self._slips(0.01)) or self._often(0.4)
        ]
        if self._slips(0.01):
            arguments.append(f"{name}: 1")
        field_name = name[:-1] + "x" if self._slips(0.01) else name
        label = f"a{alias or 0}: " if alias or self._often(0.02) else ""
        argument_list = f"({', '.join(arguments)})" if arguments else ""
        type_ = get_named_type(field.type)
        below = (
            self._selection(type_, depth - 1) if is_composite_type(type_) and not self._slips(0.005) else ""
        )
        return f"{label}{field_name}{argument_list}{self._directive()}{below}"

    def _selection(self, type_: Any, depth: int) -> str:
        parts = ["__typename"] if self._often(0.3) else []
        if isinstance(type_, GraphQLUnionType | GraphQLInterfaceType):
            members = list(self._schema.get_possible_types(type_))
            chosen = self._rng.sample(members, min(len(members), self._rng.randrange(1, 4)))
            parts += [f"... on {m.name}{self._directive()}{self._selection(m, depth)}" for m in chosen]
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            fields = list(type_.fields.items())
            for name, field in self._rng.sample(fields, self._rng.randrange(1, len(fields) + 1)):
                if self._left > 0 and (depth > 0 or not is_composite_type(get_named_type(field.type))):
                    self._left -= 1
                    parts.append(self._field(name, field, depth=depth))
        inner = f"{{ {' '.join(parts or ['__typename'])} }}"
        if self._often(0.05):
            name = f"F{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {type_.name} {inner}")
            inner = f"{{ ...{name} {'... { __typename }' if self._often(0.2) else ''} }}"
        return inner

    def _directive(self) -> str:
        if not self._often(0.03):
            return ""
        if self._slips(0.5):
            return self._rng.choice((" @include(if: 1)", " @deprecated", " @no"))
        return self._rng.choice((" @include(if: true)", " @skip(if: false)", " @skip(if: true)"))

    def _argument(self, name: str, argument: GraphQLArgument | GraphQLInputField) -> str:
        value = self.value(argument.type, name)
        if self._often(0.4):
            variable = f"v{len(self._declared)}"
            self._declared.append(f"${variable}: {argument.type}")
            if not self._slips(0.01):
                self.variables[variable] = value
            return f"${variable}"
        return self._literal(value)

    def _literal(self, value: Any) -> str:
        if isinstance(value, Enum):
            return value
        if isinstance(value, str) and self._often(0.1):
            return '"""' + value.encode(errors="replace").decode().replace('"""', '\\"""') + '"""'
        if isinstance(value, list):
            return f"[{', '.join(map(self._literal, value))}]"
        if isinstance(value, dict):
            return f"{{{', '.join(f'{key}: {self._literal(item)}' for key, item in value.items())}}}"
        return json.dumps(value)

    def value(self, type_: Any, name: str, *, needed: bool = False) -> Any:
        """Choose a value for an argument or an input field. Usually the value has the right type."""
        rng = self._rng
        if self._slips(0.01):
            return json_value(rng)
        if isinstance(type_, GraphQLNonNull):
            return None if self._slips(0.005) else self.value(type_.of_type, name, needed=True)
        if not needed and self._often(0.1):
            return None
        if isinstance(type_, GraphQLList):
            size = rng.choice((0, 1, 2, 5, 16, 51, 101)) if self._often(0.1) else rng.randrange(3)
            return [self.value(type_.of_type, name) for _ in range(size)]
        if isinstance(type_, GraphQLEnumType):
            # The platform has the problem CREATIONS_REFUSED during the run, so choose it often.
            if "CREATIONS_REFUSED" in type_.values and self._often(0.5):
                return Enum("CREATIONS_REFUSED")
            return Enum(rng.choice([*type_.values, "NO_SUCH"] if self._slips(0.02) else list(type_.values)))
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_)
        return self._scalar(type_, name)

    def _object(self, type_: GraphQLInputObjectType) -> dict[str, Any]:
        fields = list(type_.fields.items())
        if type_.is_one_of and not self._slips(0.03):
            fields = [self._rng.choice(fields)]
        else:
            fields = [
                (name, field)
                for name, field in fields
                if (is_required_input_field(field) and not self._slips(0.01)) or self._often(0.4)
            ]
        value = {name: self.value(field.type, name, needed=type_.is_one_of) for name, field in fields}
        if self._slips(0.01):
            value["displayNam"] = text(self._rng)
        return value

    def _scalar(self, type_: GraphQLScalarType, name: str) -> Any:
        rng = self._rng
        if type_.name == "Boolean":
            return rng.random() < 0.5
        if type_.name == "Int":
            return rng.choice(NUMBERS) if self._often(0.3) else rng.randrange(1, 30)
        if type_.name == "MinorUnits":
            return rng.choice(AMOUNTS) if self._often(0.3) else rng.randrange(50, 10_000)
        if self._often(0.1):
            return text(rng)
        if type_.name in {"Date", "DateTime"} and name not in DETAILS:
            return rng.choice(MOMENTS if type_.name == "DateTime" else DATES)
        match name:
            case "id" | "ids" | "event":
                return self._id()
            case "externalId":
                external_ids = self._identifiers("externalId", *ORDER_IDS)
                return rng.choice([*external_ids, f"shop-{rng.randrange(20)}"])
            case "search":
                texts = self._identifiers("externalId", *ORDER_IDS, *INTENT_IDS, "stripeAccountId")
                return rng.choice([*texts, *MAILS, "4242", "shop", text(rng)])
            case "stripePaymentIntentId":
                return rng.choice(self._identifiers(*INTENT_IDS))
            case "stripeDisputeId":
                return rng.choice(self._identifiers(*PART_IDS))
            case "stripePayoutId":
                return rng.choice(self._identifiers("stripePayoutId"))
            case "price":
                return rng.choice([*PRICES, self._world.price])
            case "base64":
                return rng.choice(FILES)
            case "stripeAccountId":
                if self._is_mutation and self._world.existing and rng.random() < 0.5:
                    return rng.choice(self._world.existing)
                name = "stripeAccountId" if rng.random() < 0.8 else "formerAccountId"
                return rng.choice(self._identifiers(name))
            case "subject":  # the subject of a problem
                name = rng.choice(("externalId", "stripeAccountId"))
                return rng.choice([*self._identifiers(name), *list(self._world.refused) * 3])
            case "accountToken":
                return rng.choice([*ACCOUNT_TOKENS, *self._world.account_tokens])
            case "after" | "before":
                return self._cursor()
            case "contactEmail" | "customerEmail" | "email" | "receiptEmail":
                return rng.choice(MAILS)
            case "businessUrl" | "cancelUrl" | "returnTo" | "successUrl" | "url":
                return rng.choice(URLS)
            case "country":
                return rng.choice(COUNTRIES)
            case "capabilities" | "giveUpCapabilities":
                return rng.choice(CAPABILITIES)
            case _ if name in DETAILS:
                return rng.choice(DETAILS[name])
        return rng.choice(("shop", "Shop Example", text(rng)))

    def _identifiers(self, *names: str) -> list[str]:
        return self._world.identifiers(*names, for_mutation=self._is_mutation)

    def _id(self) -> str:
        rng, world = self._rng, self._world
        ids = self._identifiers("id", "accountId", "payoutId", *PAYMENT_IDS)
        id_ = rng.choice([*ids, *world.events])
        if self._often(0.1):
            return _damaged(id_, rng)
        if self._often(0.05):
            return base64.urlsafe_b64encode(
                f"{rng.choice(list(self._schema.type_map))}:{text(rng)}".encode(errors="replace")
            ).decode()
        return id_

    def _cursor(self) -> str:
        rng = self._rng
        cursor = rng.choice(self._world.cursors)
        if self._often(0.1):
            return _damaged(cursor, rng)
        if self._often(0.3):
            order = rng.choice((*ORDERS, "AT_DESC"))
            key = json.dumps([order, *(json_value(rng, 1) for _ in range(rng.randrange(3)))])
            return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
        return cursor


def _damaged(value: str, rng: Random) -> str:
    at = rng.randrange(len(value))
    return value[:at] + chr(rng.choice((rng.randrange(128), 61, 48))) + value[at + rng.randrange(2) :]
