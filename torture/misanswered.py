"""Stripe answers the fetches of a few accounts with unusable or very large answers. The service must skip
unusable answers and shorten large ones.
"""

import random
from collections.abc import Collection
from dataclasses import dataclass

from testing.deployment import Deployment
from torture import answers
from torture.load import CLIENT_PATIENCE, Probes

KINDS = (*answers.UNUSABLE, "another account", "large")
# The number of requirements of a large account.
LARGE = 3000
# The maximum time of an answer to /readyz while large accounts are fetched, in seconds.
MAX_SECONDS = 2.0
_REFRESH = """
mutation ($id: String!) {
  refreshMerchant(input: {merchant: {externalId: $id}}) {
    __typename
    ... on RefreshMerchantPayload { merchant { requirements { entries { key } } } }
  }
}
"""
_PROBLEMS = "{ platform { problems { code message } } }"


@dataclass(frozen=True)
class Misanswered:
    """The merchants whose accounts get unusable or large answers: their external ids, by account id.

    `max_seconds` is the maximum time of an answer to /readyz.
    """

    unusable: dict[str, str]
    large: dict[str, str]
    max_seconds: float

    @property
    def merchants(self) -> set[str]:
        return {*self.unusable.values(), *self.large.values()}


def begin(
    deployment: Deployment, chosen: Collection[str], rng: random.Random, max_seconds: float
) -> Misanswered:
    """Draw one of the `chosen` accounts for each kind of answer in KINDS. From now on, Stripe answers all
    fetches of the account with this kind of answer.
    """
    accounts = {one["id"]: one for one in deployment.accounts()}
    result = Misanswered({}, {}, max_seconds)
    for kind, account in zip(KINDS, rng.sample(sorted(chosen), len(KINDS)), strict=True):
        view = {name: value for name, value in accounts[account].items() if name != "simulator"}
        if kind == "large":
            fault = answers.large(view, LARGE)
        else:
            fault = answers.UNUSABLE.get(kind) or answers.another(view)
        group = result.large if kind == "large" else result.unusable
        group[account] = view["metadata"]["external_id"]
        about = {"method": "GET", "path": f"/v2/core/accounts/{account}", "times": 1_000_000}
        deployment.simulator.control("faults", {**fault, **about})
    return result


def problems(deployment: Deployment, misanswered: Misanswered) -> list[str]:
    """Refresh the merchants of these accounts at every replica. Returns problems with the answers."""
    found = []
    with Probes([replica.url for replica in deployment.replicas], patience=CLIENT_PATIENCE) as probes:
        for replica in deployment.replicas:
            for merchant in misanswered.merchants:
                answer = deployment.ask(_REFRESH, {"id": merchant}, replica)
                result = (answer.get("data") or {}).get("refreshMerchant") or answer
                is_large = merchant in misanswered.large.values()
                expected = "RefreshMerchantPayload" if is_large else "StripeUnavailableError"
                if result.get("__typename") != expected:
                    found.append(f"{merchant}: refreshMerchant answered {str(result)[:300]}")
    slowest = max((probe.ended - probe.began for probe in probes.seen), default=misanswered.max_seconds)
    if slowest >= misanswered.max_seconds:
        found.append(f"/readyz answered after {slowest:.1f} s while a large account was fetched")
    codes = [one["code"] for one in deployment.ask(_PROBLEMS)["data"]["platform"]["problems"]]
    if "REQUIREMENTS_CUT" not in codes:
        found.append("no problem has the code REQUIREMENTS_CUT, although an account is large")
    shown = {m["externalId"]: (m["account"] or {}).get("stripeAccountId") for m in deployment.merchants()}
    for account, merchant in {**misanswered.unusable, **misanswered.large}.items():
        if shown.get(merchant) != account:
            found.append(f"{merchant} has the account {shown.get(merchant)} instead of {account}")
    return found
