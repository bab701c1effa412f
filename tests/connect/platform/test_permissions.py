"""The service tests the permissions of a restricted key by making calls to Stripe."""

from collections.abc import AsyncIterator

import pytest

from connect.errors import StripeKeyRefused, StripePermissionMissing
from connect.platform import permissions
from connect.stripe_api.gateway import Gateway
from testing.payments import open_account
from testing.processes import Simulator

PERMISSIONS = {
    "v2_account_storer_write",
    "rak_event_read",
    "rak_application_fee_write",
    "rak_checkout_session_write",
    "rak_payment_intent_write",
    "rak_charge_write",
    "rak_dispute_read",
    "rak_early_fraud_warning_read",
    "rak_balance_transaction_source_read",
    "rak_customer_session_write",
    "rak_balance_read",
    "rak_balance_settings_read",
    "rak_payout_read",
}
# A platform with services needs these permissions in addition to the one to write Checkout Sessions.
OF_SERVICES = {"rak_subscription_read", "rak_invoice_read", "rak_customer_portal_write"}
DOMAINS = "rak_payment_method_domain_write"
KEY = "rk_test_restricted"


@pytest.fixture
async def restricted(simulator: Simulator) -> AsyncIterator[Gateway]:
    gateway = Gateway(KEY, simulator.base_url, retries=0)
    yield gateway
    await gateway.close()


def allow(simulator: Simulator, *names: str) -> None:
    simulator.control("keys", {"key": KEY, "permissions": list(names)})


@pytest.mark.slow
async def test_each_missing_permission_is_named_once(
    gateway: Gateway, restricted: Gateway, simulator: Simulator
) -> None:
    account = await open_account(gateway, simulator)
    allow(simulator, *PERMISSIONS)
    await permissions.check(restricted, account, has_domains=False)
    for missing in PERMISSIONS:
        allow(simulator, *PERMISSIONS - {missing})
        with pytest.raises(StripePermissionMissing) as caught:
            await permissions.check(restricted, account, has_domains=False)
        # A permission that two calls need, such as the permission for charges, is named once. The
        # permission to write includes the permission to read.
        assert caught.value.permission == missing
    with pytest.raises(StripePermissionMissing) as caught:
        await permissions.check(restricted, account, has_domains=False, has_services=True)
    assert set(str(caught.value.permission).split(", ")) == {missing, *OF_SERVICES}
    allow(simulator, *PERMISSIONS - {"rak_event_read", "rak_dispute_read"})
    with pytest.raises(StripePermissionMissing) as caught:
        await permissions.check(restricted, account, has_domains=True)
    assert caught.value.message == (
        "The platform's restricted key lacks the permissions rak_event_read, rak_dispute_read, "
        f"{DOMAINS}. An operator must add them at https://dashboard.stripe.com/apikeys."
    )


async def test_calls_about_payments_are_made_in_the_scope_of_an_account(
    gateway: Gateway, restricted: Gateway, simulator: Simulator
) -> None:
    account = await open_account(gateway, simulator)
    allow(simulator, *PERMISSIONS, DOMAINS)
    simulator.control("calls", method="DELETE")
    await permissions.check(restricted, account, has_domains=True)
    assert sum(simulator.control("calls")["calls"].values()) == 16
    # Stripe refuses calls about an unknown account, which says nothing about the key.
    await permissions.check(restricted, None, has_domains=True)
    simulator.control("faults", {"path": "/v1/refunds", "status": 401})
    with pytest.raises(StripeKeyRefused):
        await permissions.check(restricted, account, has_domains=False)


async def test_a_key_that_is_not_restricted_causes_no_call(gateway: Gateway, simulator: Simulator) -> None:
    simulator.control("calls", method="DELETE")
    await permissions.check(gateway, None, has_domains=True)
    assert simulator.control("calls")["calls"] == {}
