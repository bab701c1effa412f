"""Fixtures: a merchant who can charge, and a client of v1 that compares answers with Stripe's types."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import stripe

from testing.processes import Simulator
from tests.simulator.conftest import ACCOUNT, plain

OBJECTS = json.loads((Path(__file__).parent / "shapes.json").read_text())["objects"]
# The types lack these codes. docs.stripe.com/changelog/endive/2026-09-30 names the first one. The second one
# occurs in a recording.
UNTYPED = {"payment_method_types_no_longer_supported", "property_expansion_max_depth"}
CAPABILITIES = {name: {"requested": True} for name in ("card_payments", "ach_debit_payments")}
NO_REDIRECT = {"enabled": True, "allow_redirects": "never"}
ORDER: dict[str, Any] = {
    "mode": "payment",
    "line_items": [
        {
            "quantity": 2,
            "price_data": {"currency": "usd", "unit_amount": 1250, "product_data": {"name": "Hat"}},
        }
    ],
    "payment_intent_data": {"application_fee_amount": 100, "metadata": {"order": "1"}},
    "success_url": "https://shop.example/done?id={CHECKOUT_SESSION_ID}",
    "cancel_url": "https://shop.example/cart",
}


def differences(value: Any, shape: dict[str, Any], path: str) -> list[str]:
    """Return the places in which a value differs from the type of an object, a field or an item."""
    if value is None:
        return [] if shape.get("nullable") else [f"{path} is null"]
    kind_of = value.get("object") if isinstance(value, dict) else None
    if isinstance(kind_of, str) and kind_of in OBJECTS and "properties" not in shape:
        return differences(value, OBJECTS[kind_of] | {"type": "object"}, path)
    kinds = {
        "string": str,
        "integer": int,
        "boolean": bool,
        "number": (int, float),
        "array": list,
        "object": dict,
    }
    kind: Any = kinds.get(shape.get("type", "object"), object)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return [f"{path} is {value!r}"]
    if "enum" in shape and value not in shape["enum"]:
        return [f"{path} is {value!r}"]
    if isinstance(value, list):
        items = shape.get("items", {})
        return [
            text for index, one in enumerate(value) for text in differences(one, items, f"{path}[{index}]")
        ]
    properties = shape.get("properties")
    if not isinstance(value, dict) or properties is None:
        return []
    found = [f"{path}.{name} is missing" for name in shape.get("required", []) if name not in value]
    for name, part in value.items():
        if name not in properties:
            found.append(f"{path}.{name} is not a field")
        else:
            found += differences(part, properties[name], f"{path}.{name}")
    return found


def compare(path: str, status: int, body: dict[str, Any]) -> None:
    """Compare an answer of v1 with the types of the SDK."""
    if status != 200:
        if body["error"].get("code") in UNTYPED:
            del body["error"]["code"]
        assert differences(body["error"], OBJECTS["error"]["properties"]["error"], "error") == []
        return
    page = body["data"] if body["object"] == "list" else [body]
    if body["object"] == "list":
        assert set(body) == {"object", "data", "has_more", "url"}
        assert body["url"] == path.partition("?")[0]
    assert [text for one in page for text in differences(one, {}, one["object"])] == []


class Compared(stripe.HTTPXClient):
    """The SDK's transport. It compares the answers about money with the SDK's types."""

    async def request_async(self, method: str, url: str, headers: Any, post_data: Any = None) -> Any:
        content, status, answered = await super().request_async(method, url, headers, post_data)
        path = url.partition("/v1/")[2]
        if path and (not path.startswith("account") or path == "account_sessions"):
            compare(f"/v1/{path}", status, json.loads(content))
        return content, status, answered


@dataclass
class Shop:
    """A merchant, and the SDK's client, whose calls can act on the merchant or on the platform."""

    client: stripe.StripeClient
    simulator: Simulator
    account: str

    @property
    def v1(self) -> Any:
        """The services of v1."""
        return self.client.v1

    @property
    def scope(self) -> Any:
        """The options of a call in the merchant's scope."""
        return {"stripe_account": self.account}

    async def pay(self, amount: int = 1000, method: str = "pm_card_visa", **more: Any) -> dict[str, Any]:
        """Create and confirm an intent."""
        order = {
            "amount": amount,
            "currency": "usd",
            "payment_method": method,
            "confirm": True,
            "automatic_payment_methods": NO_REDIRECT,
            **more,
        }
        return plain(await self.v1.payment_intents.create_async(order, self.scope))

    async def get(self, identifier: str, *expand: str) -> dict[str, Any]:
        """Return an intent."""
        query = {"expand": list(expand)} if expand else {}
        return plain(await self.v1.payment_intents.retrieve_async(identifier, query, self.scope))

    async def refund(self, intent: dict[str, Any], **order: Any) -> dict[str, Any]:
        """Refund an intent."""
        body = {"payment_intent": intent["id"], **order}
        return plain(await self.v1.refunds.create_async(body, self.scope))

    async def checkout(self, **more: Any) -> dict[str, Any]:
        """Create a Checkout Session."""
        return plain(await self.v1.checkout.sessions.create_async({**ORDER, **more}, self.scope))

    async def events(self) -> list[tuple[str, str]]:
        """Return the events of v1, oldest first: their types, and `platform` or `account`."""
        page: Any = await self.client.v2.core.events.list_async({"limit": 100})
        found = [event async for event in page.auto_paging_iter() if event.type.startswith("v1.")]
        return [(one.type.removeprefix("v1."), "account" if one.context else "platform") for one in found][
            ::-1
        ]

    def now(self) -> float:
        """Return the simulator's time."""
        text = self.simulator.control("clock", {"advance_seconds": 0})["now"]
        return datetime.fromisoformat(text).timestamp()

    def pass_time(self, seconds: float) -> None:
        """Advance the clock of the simulator."""
        self.simulator.control("clock", {"advance_seconds": seconds})


async def refused(made: Any) -> tuple[int | None, str | None, str | None, str]:
    """Return the status, code, param and message of a refused call."""
    with pytest.raises(stripe.StripeError) as caught:
        await made
    body: Any = caught.value.json_body
    error = body["error"]
    return caught.value.http_status, error.get("code"), error.get("param"), error["message"]


@pytest.fixture
async def shop(sim: Simulator) -> AsyncIterator[Shop]:
    """A merchant who takes cards and bank debits. Its sums are audited at the end of the test."""
    transport = Compared(timeout=60, verify_ssl_certs=False)
    client = stripe.StripeClient(
        "sk_test_money",
        base_addresses={"api": sim.base_url, "files": sim.base_url},
        http_client=transport,
        max_network_retries=0,
    )
    order: Any = {**ACCOUNT, "configuration": {"merchant": {"capabilities": CAPABILITIES}}}
    account = await client.v2.core.accounts.create_async(order)
    sim.control(f"accounts/{account.id}", {"scenario": "activate"})
    yield Shop(client, sim, account.id)
    assert sim.control("ledger")["faults"] == []
    closing: Any = transport
    await closing.close_async()
