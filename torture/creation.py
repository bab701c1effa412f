"""Account creation under crashes and bad answers: in the end each merchant has exactly one account.

`torture.mutations` injects the faults. On PostgreSQL, PgBouncer shares a few sessions among all processes.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from testing.deployment import Deployment, service
from testing.environment import ORIGIN
from testing.operations import CREATE, new_merchant
from testing.report import Report
from torture import answers, comparison, mutations
from torture.mutations import FAULTS, Fault, Findings, Mutation

Json = dict[str, Any]

SIZE = 1000  # injections

# Addresses that a browser must never receive as an account link.
BAD_LINKS = "javascript:alert(1)", "data:text/html,hello", "//stripe.example/", "https://a@b.example/", None
_LINK = """
mutation ($id: String!, $to: URL!) {
  createOnboardingLink(input: {merchant: {externalId: $id}, returnTo: $to}) { __typename }
}
"""


def prove(
    database: str,
    *,
    seed: int,
    size: int,
    folder: Path,
    points: Sequence[str] | None = None,
    twins: int = 50,
    faults: Sequence[Fault] = FAULTS,
) -> Report:
    """Send one mutation many times at once, then inject faults (see `mutations.injections`)."""
    stripe = {"REVIEW_SECONDS": "3600"}
    with service(database, folder, stripe=stripe, **mutations.SERVICE) as deployment:
        together = mutations.at_once(deployment, CREATION, "at-once", twins)
        bad_links = _bad_links(deployment, "at-once")
        injected = mutations.injections(CREATION, size, faults, points)
        (findings,) = mutations.torment(deployment, injected, seed)
        _, left = comparison.settled(lambda: comparison.differences(deployment), 30)
        accounts = len(deployment.accounts())
    return report(findings, accounts, [*together, *bad_links, *left])


def report(findings: Findings, accounts: int, problems: Sequence[str]) -> Report:
    """The report of a proof that has also created the merchant `at-once`."""
    result = Report(problems=[*problems, *findings.problems])
    result.figures = {
        "injections": findings.injections.total(),
        **dict(sorted(findings.injections.items())),
        "merchants requested": len(findings.requested) + 1,
        "accounts at Stripe": accounts,
        "acknowledged": len(findings.acknowledged),
        "seconds until all creations had finished": round(findings.settled_after_seconds, 1),
    }
    return result


def _bad_links(deployment: Deployment, external_id: str) -> list[str]:
    """Request onboarding links while Stripe answers with links that are unsafe in a browser, or with no link.
    No client may get a link.
    """
    expires_at = "2031-01-01T00:00:00Z"
    faults = [{"status": 200, "body": {"url": url, "expires_at": expires_at}} for url in BAD_LINKS]
    problems = []
    for fault in [*faults, *answers.UNUSABLE.values()]:
        deployment.simulator.control("faults", {"path": "/v2/core/account_links", **fault})
        answer = deployment.ask(_LINK, {"id": external_id, "to": f"{ORIGIN}/back"})
        deployment.simulator.control("faults", method="DELETE")
        if answer != {"data": {"createOnboardingLink": {"__typename": "StripeUnavailableError"}}}:
            problems.append(f"Stripe answered {fault['body']!r}, and createOnboardingLink answered {answer}")
    return problems


def _is_settled(deployment: Deployment) -> bool:
    return all(merchant["status"] != "CREATING" for merchant in deployment.merchants())


def _one_account_each(deployment: Deployment, requested: Collection[str]) -> list[str]:
    accounts = deployment.accounts()
    per_merchant = Counter(account["metadata"]["external_id"] for account in accounts)
    owned = {m["account"]["stripeAccountId"] for m in deployment.merchants() if m["account"]}
    return [
        *(f"{e} has {n} accounts" for e, n in per_merchant.items() if n != 1),
        *(f"{e} has no account" for e in requested if e not in per_merchant),
        *(f"account {one['id']} belongs to no merchant" for one in accounts if one["id"] not in owned),
    ]


CREATION = Mutation(
    "createMerchant",
    "created",
    CREATE,
    new_merchant,
    lambda _deployment, _external_id: None,
    _is_settled,
    _one_account_each,
)
