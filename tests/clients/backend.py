"""A script that runs in the environment of clients/python.

It creates, reads and lists merchants, subscribes to one of them, and prints a report.
"""

import asyncio
import json
import os
from typing import Any

import httpx
from connectql_client import (  # type: ignore[import-not-found]
    AsyncClient,
    Client,
    CreateMerchant,
    CreateMerchantCountryNotSupportedError,
    CreateMerchantCreateMerchantPayload,
    CreateMerchantExternalIdTakenError,
    CreateMerchantInput,
    CreateMerchantInvalidInputError,
    CreateMerchantStripeRefusedError,
    CreateMerchantStripeUnavailableError,
    GraphQLClientHttpError,
    MerchantRef,
    MerchantStatus,
    UnknownResult,
    UpdateMerchantInput,
)

URL, STRIPE, TOKEN = (os.environ[name] for name in ("API_URL", "STRIPE_URL", "TOKEN"))
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
CREATE = {"method": "POST", "path": "/v2/core/accounts"}
REFUSAL = {"error": {"code": "connect_profile_not_submitted", "message": "Complete your profile."}}


def new(external_id: str, **changed: str) -> CreateMerchantInput:
    values = {"display_name": "Shop", "contact_email": "owner@shop.example", "country": "US", **changed}
    return CreateMerchantInput(external_id=external_id, **values)


def fault(**more: Any) -> None:
    """Let creations fail with this fault at the local Stripe. Without arguments, remove all faults."""
    with httpx.Client(base_url=f"{STRIPE}/simulator/") as stripe:
        if more:
            stripe.post("faults", json={**CREATE, **more}).raise_for_status()
        else:
            stripe.delete("faults").raise_for_status()


def describe(result: Any) -> str:
    match result:
        case CreateMerchantCreateMerchantPayload(merchant=merchant, created=created):
            return f"{merchant.external_id} {merchant.status} {created}"
        case CreateMerchantExternalIdTakenError(external_id=external_id):
            return f"{external_id} is taken"
        case CreateMerchantInvalidInputError(fields=fields):
            return " ".join(f"{field.name} {field.code}" for field in fields)
        case CreateMerchantCountryNotSupportedError(country=country):
            return f"not in {country}"
        case CreateMerchantStripeRefusedError(code=code):
            return f"refused: {code}"
        case CreateMerchantStripeUnavailableError(retry_after_seconds=seconds):
            return f"again in {seconds} s"
        case UnknownResult(typename__=name, message=message):
            return f"unknown: {name} {message}"
        case _:
            raise AssertionError(result)


def synchronous() -> dict[str, Any]:
    with Client(URL, headers=HEADERS) as client:
        created = [describe(client.create_merchant(new("new-1")))]
        created.append(describe(client.create_merchant(new("new-1", display_name="Other"))))
        created.append(
            describe(client.create_merchant(new("new-2", contact_email="nobody", display_name="")))
        )
        created.append(describe(client.create_merchant(new("new-2", country="AQ"))))
        fault(status=400, body=REFUSAL)
        created.append(describe(client.create_merchant(new("new-2"))))
        fault()
        fault(status=503, times=99)
        created.append(describe(client.create_merchant(new("new-3"))))
        fault()
        gathered: list[str] = []
        after = None
        while True:
            page = client.merchants(first=1, after=after)
            gathered += [edge.node.external_id for edge in page.edges]
            if not page.page_info.has_next_page:
                break
            after = page.page_info.end_cursor
        absent = client.merchant(by=MerchantRef(external_id="absent"))
    with Client(URL) as client:
        try:
            client.viewer()
        except GraphQLClientHttpError as error:
            status = error.status_code
    return {"created": created, "gathered": gathered, "absent": absent, "without token": status}


async def asynchronous() -> dict[str, Any]:
    async with AsyncClient(
        URL,
        headers=HEADERS,
        ws_url=URL.replace("http", "ws", 1),
        ws_connection_init_payload=HEADERS,
    ) as client:
        again = await client.create_merchant(new("new-1"))
        merchant = await client.merchant(by=MerchantRef(external_id="new-1"))
        assert merchant is not None
        assert merchant.created_at.utcoffset() is not None
        names: list[str] = []
        async for changed in client.merchant_changed(by=MerchantRef(id=merchant.id)):
            names.append(changed.display_name)
            if len(names) == 2:
                break
            reference = MerchantRef(external_id="new-1")
            await client.update_merchant(UpdateMerchantInput(merchant=reference, display_name="Renamed"))
    return {"again": describe(again), "names": names}


newer = {"createMerchant": {"__typename": "NewError", "message": "New."}}
report = {
    **synchronous(),
    **asyncio.run(asynchronous()),
    "newer": describe(CreateMerchant.model_validate(newer).create_merchant),
    "new value": MerchantStatus("NEW"),
}
print(json.dumps(report))  # noqa: T201
