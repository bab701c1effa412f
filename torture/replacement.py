"""replaceAccount under crashes and bad answers: in the end each merchant has exactly one new account.

`torture.mutations` injects the faults. Before the replacements, the accounts of two of three merchants are
closed. The account of every third merchant is open and was never active. After the replacements, the open old
accounts change at Stripe. The events of these changes must change only the former accounts.
"""

import itertools
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from models import AccountReplacement, FormerAccount
from testing.deployment import Deployment, service
from testing.operations import CREATE, REPLACE, new_account, new_merchant
from testing.report import Report
from torture import comparison, creation, mutations
from torture.load import STRIPE
from torture.mutations import FAULTS, Fault, Mutation

SIZE = 1000  # injections

CLOSE = "mutation ($input: CloseMerchantInput!) { closeMerchant(input: $input) { __typename } }"
# The scenarios that cause the late events of former accounts.
SCENARIOS = "activate", "due_soon", "reject", "deauthorize"
# Every third merchant of a proof keeps its old account open.
OPEN = 3


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
    with service(database, folder, stripe=STRIPE, **mutations.SERVICE) as deployment:
        old: dict[str, str] = {}
        mutation = _mutation(old)
        together = mutations.at_once(deployment, mutation, "at-once", twins)
        injected = mutations.injections(mutation, size, faults, points)
        (findings,) = mutations.torment(deployment, injected, seed)
        _, left = comparison.settled(lambda: comparison.differences(deployment), 30)
        changed, problems = _late_events(deployment, old)
        accounts = len(deployment.accounts())
    report = creation.report(findings, accounts, [*together, *left, *problems])
    report.figures["former accounts that changed later"] = changed
    return report


def _mutation(old: dict[str, str]) -> Mutation:
    """The mutation under test. `prepare` stores the first account of each merchant in `old`."""

    numbers = itertools.count(1)

    def prepare(deployment: Deployment, external_id: str) -> None:
        created = deployment.payload(CREATE, {"input": new_merchant(external_id)}, deployment.replicas[-1])
        old[external_id] = created["merchant"]["account"]["stripeAccountId"]
        if next(numbers) % OPEN:
            deployment.payload(CLOSE, {"input": {"merchant": {"externalId": external_id}}})

    return Mutation(
        "replaceAccount",
        "replaced",
        REPLACE,
        lambda external_id: new_account(external_id, old[external_id]),
        prepare,
        _is_settled,
        lambda deployment, requested: _two_accounts_each(deployment, requested, old),
    )


def _is_settled(deployment: Deployment) -> bool:
    return not comparison.in_database(deployment, _is_pending)


async def _is_pending() -> bool:
    return await AccountReplacement.exists(state="PENDING")


def _two_accounts_each(deployment: Deployment, requested: Collection[str], old: dict[str, str]) -> list[str]:
    """Return a problem for each merchant that does not have exactly one former and one current account."""
    accounts = {account["id"]: account["metadata"]["external_id"] for account in deployment.accounts()}
    per_merchant = Counter(accounts.values())
    present = {m["externalId"]: m["account"]["stripeAccountId"] for m in deployment.merchants()}
    former = comparison.in_database(deployment, _former)
    return [
        *(f"{e} has {per_merchant[e]} accounts" for e in requested if per_merchant[e] != 2),
        *(f"{e} still has its old account" for e in requested if present.get(e) == old[e]),
        *(f"{e} has the account of {accounts.get(a)}" for e, a in present.items() if accounts.get(a) != e),
        *(
            f"the old account of {e} is not recorded as a former account"
            for e in requested
            if old[e] not in former
        ),
        *(f"account {a} belongs to no merchant" for a in accounts.keys() - {*former, *present.values()}),
    ]


async def _former() -> list[str]:
    return [row.stripe_account_id for row in await FormerAccount.all()]


def _late_events(deployment: Deployment, old: dict[str, str]) -> tuple[int, list[str]]:
    """Change the open former accounts at Stripe. Returns their number and the remaining differences."""
    present = {m["externalId"]: m for m in deployment.merchants()}
    is_open = {account["id"] for account in deployment.accounts() if not account["closed"]}
    changed = sorted(account for account in old.values() if account in is_open)
    for number, account in enumerate(changed):
        scenario = SCENARIOS[number % len(SCENARIOS)]
        deployment.simulator.control(f"accounts/{account}", {"scenario": scenario})
    _, left = comparison.settled(lambda: comparison.differences(deployment), 60)
    after = {m["externalId"]: m for m in deployment.merchants()}
    mixed = [f"{e}: late events changed the current account" for e in present if after[e] != present[e]]
    return len(changed), [*left, *mixed]
