"""Problems of requests about payments, of the comparison of payments, and of wallet domains."""

from datetime import datetime, timedelta
from typing import Any

from tortoise.functions import Count as CountOf
from tortoise.functions import Min

from connect.merchants.rules.account.snapshot import parse_time
from connect.merchants.rules.document import global_id
from connect.payments import wallet_domains
from connect.payments.mirror import reconcile
from connect.platform.dismissals import Dismissals, Occurrence
from connect.platform.problems import (
    GRACE,
    RECENT,
    Count,
    Problem,
    ProblemCode,
    Words,
    describe,
    format_number,
)
from models import (
    ApplicationFee,
    DisputeRequest,
    FeeReturn,
    Payment,
    PaymentCreation,
    PayoutRequest,
    PeriodicTask,
    RefundRequest,
)
from models.account import StripeRequest
from models.wallet_domain import Failing, failing

STUCK_AFTER = timedelta(minutes=5)
# A domain that is inactive for less than this time is not a problem, because its setup may not be complete
# yet.
INACTIVE_AFTER = timedelta(days=1)
# The kinds of stored requests about payments and payouts.
REQUESTS: tuple[type[StripeRequest], ...] = (
    *(PaymentCreation, RefundRequest, FeeReturn, DisputeRequest, PayoutRequest),
)
# The search for refused requests reads at most this many rows of a kind.
MAX_RECENT = 1000
# A message names at most this many payments or domains.
MAX_NAMED = 10

_REASONS = (
    "Read Stripe's reason: `merchant(by: …) { walletDomains { domain state applePay googlePay reason } }`."
)

WORDS = {
    ProblemCode.PAYMENT_REQUESTS_STUCK: Words(
        "{things} about payments or payouts wait for Stripe's answer, the oldest since {since}.",
        "The log event `creation_not_completed` has the reason. These payments, refunds, payouts, returns of "
        "fees and answers to disputes complete automatically once Stripe answers and a worker runs.",
        "request",
    ),
    ProblemCode.PAYMENT_REQUESTS_REFUSED: Words(
        "In the last 7 days, Stripe refused to create or refund {things} whose caller had got no answer: "
        "{names}.",
        "If a name is an `externalId`, call createCheckout or createPaymentIntent again with the same input. "
        "If it is the `id` of a payment, call refundPayment again with the same input. The error has "
        "Stripe's reason.",
        "payment",
    ),
    ProblemCode.FEE_RETURNS_REFUSED: Words(
        "In the last 7 days, Stripe refused to return the platform's fee after refunds of {things}: {names}.",
        "Look at the application fees of these payments in Stripe's Dashboard, and return the missing part "
        "there. Rows of `fee_return` have Stripe's reasons (`error_message`).",
        "payment",
    ),
    ProblemCode.PAYMENT_SWEEP_STALLED: Words(
        "No comparison of recent and unfinished payments with Stripe has finished since {since}.",
        "Make sure that a worker runs; its log names the cause (`payments_not_compared`, "
        "`worker_step_failed`). If the comparison is slow, raise CONNECTQL_STRIPE_CALLS_PER_SECOND.",
    ),
    ProblemCode.WALLET_DOMAINS_REFUSED: Words(
        "Stripe refused {things}: {names}.",
        f"{_REASONS} Correct CONNECTQL_WALLET_DOMAINS. ConnectQL repeats a refused request after 25 hours.",
        "wallet domain",
    ),
    ProblemCode.WALLET_DOMAINS_INACTIVE: Words(
        "Apple Pay or Google Pay has been inactive on {things} for more than a day: {names}.",
        f"{_REASONS} Set these domains up as described at "
        "https://docs.stripe.com/payments/payment-methods/pmd-registration. Stripe checks them daily. If the "
        "platform does not use the wallet, call dismissProblem.",
        "wallet domain",
    ),
}


async def find(
    at: datetime, sweep: PeriodicTask | None, domains: PeriodicTask | None, dismissals: Dismissals
) -> list[Problem]:
    """Find the present problems with at most eleven statements. Dismissed subjects do not count.

    `sweep` is the task of `reconcile`, and `domains` is the task of `wallet_domains`.
    """
    refusals = dismissals.without(ProblemCode.PAYMENT_REQUESTS_REFUSED, await _refused(at - RECENT))
    returns = dismissals.without(ProblemCode.FEE_RETURNS_REFUSED, await _refused_returns(at - RECENT))
    refused, kept = Count.of_all(refusals), Count.of_all(returns)
    return [
        *describe(WORDS, ProblemCode.PAYMENT_REQUESTS_STUCK, await _stuck(at - STUCK_AFTER)),
        *describe(WORDS, ProblemCode.PAYMENT_REQUESTS_REFUSED, refused, names=_list(refused)),
        *describe(WORDS, ProblemCode.FEE_RETURNS_REFUSED, kept, names=_list(kept)),
        *describe(WORDS, ProblemCode.PAYMENT_SWEEP_STALLED, _stalled(at, sweep)),
        *await _failing_domains(at, domains, dismissals),
    ]


async def _failing_domains(at: datetime, task: PeriodicTask | None, dismissals: Dismissals) -> list[Problem]:
    names = wallet_domains.registered(task.state) if task is not None else []
    found = await failing(names, at - INACTIVE_AFTER)
    problems = []
    for code, state in (
        (ProblemCode.WALLET_DOMAINS_REFUSED, wallet_domains.REFUSED),
        (ProblemCode.WALLET_DOMAINS_INACTIVE, wallet_domains.INACTIVE),
    ):
        of_state = {one.domain: one for one in found if one.state == state}
        left = dismissals.without(code, [(one.domain, one.since) for one in of_state.values()])
        texts = [_with_accounts(of_state[domain]) for domain, _ in left[:MAX_NAMED]]
        problems += describe(WORDS, code, Count.of_all(left), names=", ".join(texts))
    return problems


def _with_accounts(one: Failing) -> str:
    return f"{one.domain} (on {format_number(one.accounts, 'account')})"


def _stalled(at: datetime, task: PeriodicTask | None) -> Count:
    """Whether a sweep is late. A sweep may take as long as the interval between two sweeps."""
    if task is None:
        return Count()
    run = reconcile.last_sweep(task.state)
    times = (run.finished_at, run.started_at) if run is not None else ()
    since = next(filter(None, map(parse_time, times)), task.due_at)
    return Count(int(at - since > 2 * reconcile.EVERY + GRACE), since)


async def _stuck(before: datetime) -> Count:
    """Count the requests without an answer that were stored before this time."""
    columns = {"number": CountOf("id"), "since": Min("created_at")}
    counts = []
    for model in REQUESTS:
        rows = model.filter(state="PENDING", created_at__lt=before)
        (row,) = await rows.annotate(**columns).values(*columns)
        counts.append(Count.of(row))
    since = min((count.since for count in counts if count.since is not None), default=None)
    return Count(sum(count.number for count in counts), since)


async def _refused(since: datetime) -> list[Occurrence]:
    """The creations and refunds that were refused since this time, and whose callers had got no answer.

    The subjects are external ids of payments that do not exist, and ids of payments with a refused refund. A
    creation does not count if a later creation has stored the payment again.
    """
    refunds = await _refusals(RefundRequest, since, attempts__gt=1)
    creations = await _refusals(PaymentCreation, since, attempts__gt=1)
    taken: set[Any] = set()
    if creations:
        orders = Payment.filter(
            merchant_id__in={one["merchant_id"] for one in creations},
            external_id__in={one["external_id"] for one in creations},
        )
        taken = set(await orders.values_list("merchant_id", "external_id"))
    left = [one for one in creations if (one["merchant_id"], one["external_id"]) not in taken]
    return [*_occurrences(refunds), *((one["external_id"], one["finished_at"]) for one in left)]


async def _refused_returns(since: datetime) -> list[Occurrence]:
    """The returns of fees that were refused since this time, with the ids of the payments.

    If nothing is left of a fee, the fee was returned elsewhere, and its refused returns do not count.
    """
    refused = await _refusals(FeeReturn, since)
    if not refused:
        return []
    fees = await ApplicationFee.filter(stripe_fee_id__in={one["stripe_fee_id"] for one in refused})
    returned = {fee.stripe_fee_id for fee in fees if fee.amount_refunded >= fee.amount}
    return _occurrences([one for one in refused if one["stripe_fee_id"] not in returned])


async def _refusals(
    model: type[StripeRequest], since: datetime, **conditions: object
) -> list[dict[str, Any]]:
    rows = model.filter(state="REFUSED", run_at__gte=since, **conditions)
    return await rows.order_by("finished_at").limit(MAX_RECENT).values()


def _occurrences(rows: list[dict[str, Any]]) -> list[Occurrence]:
    return [(global_id("Payment", row["payment_id"]), row["finished_at"]) for row in rows]


def _list(count: Count) -> str:
    return ", ".join(count.subjects[:MAX_NAMED])
