"""Problems of payouts: refused requests, returned and late payouts, and merchants without payouts."""

from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import Subquery

from connect.finances.rules import payouts as rules
from connect.finances.rules.obstacles import LATE_DAYS
from connect.merchants.rules.document import global_id
from connect.merchants.rules.status.status import Status
from connect.platform.dismissals import Dismissals
from connect.platform.problems import RECENT, Count, Problem, ProblemCode, Words, describe
from models import ConnectedAccount, Merchant, Payout, PayoutRequest, past_uuid7

# A payout can still fail some business days after it was paid. Payouts that are older than this are not
# searched for failures.
LONGEST = timedelta(days=30)
# New merchants often finish the last step of the onboarding within a day.
BLOCKED_AFTER = timedelta(days=1)
# A message names at most MAX_NAMED payouts or merchants, and each search reads at most MAX_READ.
MAX_NAMED, MAX_READ = 10, 1000

_READ = (
    "`payout(by: …) { merchant { externalId } amount { decimal } failure { remedy } traceId }` has the "
    "details of a payout. A negative amount is a debit of the bank account."
)

WORDS = {
    ProblemCode.PAYOUT_REQUESTS_REFUSED: Words(
        "In the last 7 days, Stripe refused {things} whose caller had got no answer: {names}.",
        "Ask the caller whether each payout is still wanted. `createPayout` with the same input "
        "requests it again, and shows Stripe's reason if Stripe refuses it again.",
        "payout",
    ),
    ProblemCode.PAYOUTS_BLOCKED: Words(
        "Payouts of {things} that can take payments have been off for more than a day, the oldest since "
        "{since}: {names}.",
        "`merchant(by: …) { payoutObstacles { explanation remedy endedBy } nextAction { label } }` has the "
        "reason of each, and the party that can end it. Send the merchants who must act to Stripe's form "
        "(createOnboardingLink) or Dashboard (createDashboardLink).",
        "merchant",
    ),
    ProblemCode.PAYOUTS_FAILED: Words(
        "{things} failed in the last 7 days: {names}.",
        f"{_READ} The merchant must fix the bank account in the Stripe Dashboard (createDashboardLink), or "
        "deposit money into it after a refused debit. Stripe pays nothing out until then.",
        "payout",
    ),
    ProblemCode.PAYOUTS_LATE: Words(
        "{things} should have arrived more than three days ago: {names}.",
        f"{_READ} Ask the merchant to give the trace ID to the bank, or to ask Stripe support.",
        "payout",
    ),
}


async def find(at: datetime, dismissals: Dismissals) -> list[Problem]:
    """Find the present problems with four statements. Dismissed subjects do not count."""
    recent = Payout.filter(id__gte=past_uuid7(at - RECENT - LONGEST))
    failed: Any = recent.filter(status=rules.FAILED, failed_at__gte=at - RECENT)
    # Payouts of closed or disconnected accounts are not fetched any more, so they would stay late forever.
    fetched = ConnectedAccount.filter(closed=False, disconnected_at=None).values("stripe_account_id")
    late: Any = Payout.filter(
        status__in=sorted(rules.ON_THE_WAY),
        arrives_at__lt=at - timedelta(days=LATE_DAYS),
        stripe_account_id__in=Subquery(fetched),
    )
    blocked: Any = Merchant.filter(status=Status.PAYOUTS_BLOCKED.value, status_since__lt=at - BLOCKED_AFTER)
    refused: Any = PayoutRequest.filter(state="REFUSED", run_at__gte=at - RECENT, attempts__gt=1)
    problems = []
    both = "merchant__external_id", "external_id"  # a payout's external id is unique only within its merchant
    payout = "id", "stripe_payout_id", "merchant_external_id"
    for code, rows, subject, time in (
        (ProblemCode.PAYOUT_REQUESTS_REFUSED, refused, both, "finished_at"),
        (ProblemCode.PAYOUTS_BLOCKED, blocked, ("external_id",), "status_since"),
        (ProblemCode.PAYOUTS_FAILED, failed, payout, "failed_at"),
        (ProblemCode.PAYOUTS_LATE, late, payout, "arrives_at"),
    ):
        found = await rows.order_by("id").limit(MAX_READ).values_list(*subject, time)
        names: dict[str, str] = {}
        occurred: list[tuple[str, datetime]] = []
        for *keys, since in found:
            # Node ids are opaque, so the message names a payout by Stripe's id and the merchant's external
            # id.
            key = global_id("Payout", keys[0]) if subject is payout else "/".join(keys)
            names[key] = "{1} of {2}".format(*keys) if subject is payout else key
            occurred.append((key, since))
        count = Count.of_all(dismissals.without(code, occurred))
        listed = ", ".join(names[key] for key in count.subjects[:MAX_NAMED])
        problems += describe(WORDS, code, count, names=listed)
    return problems
