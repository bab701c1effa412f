"""Creates what `make run` needs at the local Stripe: an old account, a price and the event destination."""

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any

import click
import httpx
import uvloop

from connect.errors import ConnectError, StripeNotFound
from connect.events import destinations
from connect.stripe_api.gateway import Gateway
from local.settings import SIMULATOR_KEY, Place

# The price of the platform's own product, for startService.
PRICE = {
    "currency": "usd",
    "unit_amount": "2000",
    "recurring[interval]": "month",
    "product_data[name]": "Premium plan",
    "nickname": "Premium plan",
    "lookup_key": "premium",
}
# An account for the examples of adoptMerchant.
OLD_SHOP = {"id": "acct_OldShop", "display_name": "Old Shop", "contact_email": "old@shop.example"}


def environment(here: Place) -> dict[str, str]:
    """Return the environment of the local Stripe."""
    return {"SIMULATOR_PORT": str(here.simulator_port), "SIMULATOR_STATE": str(here.folder / "simulator.db")}


def set_faults(here: Place, faults: Iterable[Mapping[str, Any]]) -> None:
    """Set faults, which the local Stripe forgets when it ends."""
    with httpx.Client(trust_env=False, base_url=here.simulator_url) as http:
        for fault in faults:
            http.post("/simulator/faults", json=fault).raise_for_status()


def open_old_shop(here: Place) -> None:
    """Open the account of OLD_SHOP, unless an earlier run has opened it."""
    url = f"{here.simulator_url}/simulator/accounts"
    httpx.post(url, json=OLD_SHOP, trust_env=False).raise_for_status()


def price(here: Place) -> str:
    """Return the id of the platform's price. The first start creates it."""
    url, headers = f"{here.simulator_url}/v1/prices", {"Authorization": f"Bearer {SIMULATOR_KEY}"}
    with httpx.Client(trust_env=False, headers=headers) as http:
        found = http.get(url, params={"active": "true", "limit": 100}).raise_for_status().json()["data"]
        known = [one["id"] for one in found if one["lookup_key"] == PRICE["lookup_key"]]
        return str(known[0] if known else http.post(url, data=PRICE).raise_for_status().json()["id"])


def signing_secret(here: Place) -> str:
    """Return the signing secret of our event destination. The first start creates the destination.

    Stripe shows a secret only once, so a file in the data folder stores the secret with the destination's id.
    The secret protects only the local Stripe of this machine.
    """
    return uvloop.run(_destination(here))


async def _destination(here: Place) -> str:
    url, file = here.webhook_url, here.secret_file
    gateway = Gateway(SIMULATOR_KEY, here.simulator_url)
    try:
        stored = file.read_text() if file.exists() else ""
        stored_id, _, secret = stored.strip().partition(" ")
        current = await destinations.check(gateway, url)
        if current.id is not None and current.id == stored_id and not current.problems:
            return secret
        # This is the first start, the secret is lost, the port has changed, or the destination has problems.
        for old in filter(None, {current.id, stored_id}):
            with contextlib.suppress(StripeNotFound):
                await gateway.delete_event_destination(old)
        destination = await destinations.create(gateway, url, "ConnectQL on this machine")
    except ConnectError as error:
        raise click.ClickException(f"the local Stripe cannot be used: {error.message}") from None
    finally:
        await gateway.close()
    file.touch(mode=0o600)
    file.write_text(f"{destination.id} {destination.signing_secret}\n")
    return destination.signing_secret
