"""Payment method domains: the web domains on which an account shows wallets.

https://docs.stripe.com/payments/payment-methods/pmd-registration. Each account registers its own domains. The
control plane decides which wallets stay inactive on a domain (`POST /simulator/domains`).
"""

import re

from simulator.money import records
from simulator.state import Json, State
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

PATH = "/v1/payment_method_domains"
CREATE: dict[str, forms.Table] = {**forms.EXPAND, "domain_name": str, "enabled": bool}
UPDATE: dict[str, forms.Table] = {**forms.EXPAND, "enabled": bool}
QUERY: dict[str, forms.Table] = {
    **{name: table for name, table in forms.PAGE.items() if name != "created"},
    "domain_name": str,
    "enabled": bool,
}
WALLETS = ("amazon_pay", "apple_pay", "google_pay", "klarna", "link", "paypal")
# An invented text. Stripe does not publish its own.
_MESSAGE = "We were unable to verify this domain. Check that the domain serves its association file."
_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def create(call: Call) -> str:
    """POST /v1/payment_method_domains. A domain that the account already has is returned unchanged."""
    forms.require(call.body, "domain_name")
    name = call.body["domain_name"].lower()
    if not _NAME.fullmatch(name):
        message = "The domain must be a name such as shop.example.com, without a scheme, a port or a path."
        raise Refused(None, message, param="domain_name")
    account = records.owner(call)
    known = call.state.having("payment_method_domain", "_account", account)
    for domain in known:
        if domain["domain_name"] == name:
            return str(domain["id"])
    domain = {
        "id": records.new_id("pmd"),
        "object": "payment_method_domain",
        "_account": account,
        "created": int(call.state.now()),
        "domain_name": name,
        "enabled": call.body.get("enabled", True),
        "livemode": False,
    }
    return _judge(call.state, domain)


def _judge(state: State, domain: Json) -> str:
    """Set the status of each wallet, and save the domain."""
    refused = state.control("domains").get(domain["domain_name"], {})
    for wallet in WALLETS:
        if wallet in refused:
            domain[wallet] = {"status": "inactive", "status_details": {"error_message": refused[wallet]}}
        else:
            domain[wallet] = {"status": "active"}
    records.save(state, domain)
    return str(domain["id"])


def _find(call: Call) -> Json:
    return records.find(call, "payment_method_domain", call.path["id"])


def validate(call: Call) -> str:
    """POST /v1/payment_method_domains/{id}/validate: check the wallets again."""
    return _judge(call.state, _find(call))


def update(call: Call) -> str:
    """POST /v1/payment_method_domains/{id}. Changes `enabled`."""
    domain = _find(call)
    domain["enabled"] = call.body.get("enabled", domain["enabled"])
    return str(records.save(call.state, domain)["id"])


def show(call: Call) -> Json:
    """GET /v1/payment_method_domains/{id}."""
    return records.show(_find(call))


def list_domains(call: Call) -> Json:
    """GET /v1/payment_method_domains."""
    keep = records.matching(call.query, "domain_name", "enabled")
    return records.page(call, "payment_method_domain", PATH, records.show, keep)


def steer(state: State, order: Json) -> Json:
    """Set which wallets are `inactive` on `domain_name`, and their `error_message`.

    The setting takes effect when the domain is next checked. Without `inactive`, all wallets become inactive.
    With an empty list, all become active. Returns the inactive wallets of all domains.
    """
    name, wallets = order.get("domain_name"), order.get("inactive", list(WALLETS))
    if not isinstance(name, str) or not isinstance(wallets, list) or set(wallets) - set(WALLETS):
        raise Refused("parameter_invalid", f"send domain_name, and inactive: a list of {', '.join(WALLETS)}")
    return state.steer("domains", {name: dict.fromkeys(wallets, order.get("error_message") or _MESSAGE)})
