"""The problems that `connect.platform.problems` finds. Every code has a description here."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.errors import ProblemNotFound
from connect.platform import health
from connect.platform.dismissals import MAX_LISTED, listed
from connect.platform.problems import Problem, ProblemCode, Severity
from connect.scope import Role
from models import DismissedProblem
from models.texts import is_storable
from resolvers.common.errors import Error, expected, mutation
from resolvers.common.scalars import DateTime, describe
from resolvers.common.viewer import require
from resolvers.execution.context import Info

PlatformProblemCode = ProblemCode
ProblemSeverity = Severity

describe(
    ProblemSeverity,
    "ProblemSeverity",
    "The urgency of a problem.",
    ERROR="A part of the service does not work until an operator acts.",
    WARNING="An operator should investigate.",
)


describe(
    PlatformProblemCode,
    "PlatformProblemCode",
    "The kind of problem.",
    STRIPE_KEY_REFUSED="Stripe does not accept the API key.",
    STRIPE_PERMISSION_MISSING="The restricted API key lacks a permission, which `message` names.",
    STRIPE_UNAVAILABLE="Stripe gives no definite answer.",
    DESTINATION_MISSING="Stripe has no event destination with the address of this service.",
    DESTINATION_DISABLED="The event destination is disabled.",
    DESTINATION_SCOPE="The event destination does not receive the events of connected accounts, or those of "
    "the platform itself.",
    DESTINATION_PAYLOAD="The event destination does not use thin payloads.",
    DESTINATION_EVENTS="The event destination does not receive all event types that ConnectQL needs. `count` "
    "is the number of missing types.",
    DESTINATION_SILENT="The back-fill has found events that Stripe did not deliver, and Stripe has delivered "
    "no event since.",
    NO_WORKER="No worker has reported in the last five minutes.",
    EVENTS_WAITING="Events have waited for a worker for more than a minute.",
    EVENTS_RETRYING="Events that arrived more than five minutes ago still fail. ConnectQL retries them.",
    EVENTS_FAILED="Events failed too often. Call `replayEvent` to retry them.",
    CREATIONS_EXPIRED="Stripe gave no definite answer to account creations for 29 days. ConnectQL no longer "
    "repeats these requests.",
    CREATIONS_STUCK="For more than five minutes, Stripe has given no definite answer to account creations.",
    CREATIONS_REFUSED="Stripe refused account creations or replacements in the last seven days. The external "
    "ids of refused creations can be used again.",
    PAYMENT_REQUESTS_STUCK="For more than five minutes, Stripe has given no definite answer to requests "
    "about payments, refunds, payouts, returned fees or answers to disputes.",
    PAYMENT_REQUESTS_REFUSED="In the last seven days, Stripe refused payments or refunds after ConnectQL had "
    "repeated the request, because the first attempt had got no answer. Clients may not know about these "
    "refusals. `subjects` are the external ids of refused payments, which do not exist, and the `id`s of "
    "payments with a refused refund.",
    FEE_RETURNS_REFUSED="In the last seven days, Stripe refused to return the platform's fee after refunds. "
    "`subjects` are the ids of payments.",
    PAYOUT_REQUESTS_REFUSED="In the last seven days, Stripe refused payouts that createPayout requested, "
    "after ConnectQL had repeated the request, because the first attempt had got no answer. Clients may not "
    "know about these refusals. Each of `subjects` consists of the external id of the merchant, a slash, "
    "and the external id of the payout.",
    PAYOUTS_BLOCKED="Payouts of merchants who can take payments have not worked for more than a day. "
    "`subjects` are external ids of merchants.",
    PAYOUTS_FAILED="Banks returned payouts or refused debits in the last seven days. `subjects` are the "
    "payouts' `id`s.",
    PAYOUTS_LATE="Payouts have still not arrived three days after their arrival date. `subjects` are the "
    "payouts' `id`s.",
    WALLET_DOMAINS_REFUSED="Stripe refused to register wallet domains for accounts of merchants. `subjects` "
    "are the domains.",
    WALLET_DOMAINS_INACTIVE="Apple Pay or Google Pay has been inactive on wallet domains for more than a "
    "day. `subjects` are the domains.",
    REVIEWS_SLOW="Some merchants have waited for Stripe's review for more than 14 days.",
    ENDPOINTS_DISABLED="ConnectQL disabled endpoints for outgoing events, after days of failures or because "
    "they answered 410 Gone. `subjects` are the endpoints' `id`s.",
    ENDPOINTS_FAILING="Endpoints for outgoing events had no success for more than an hour. `subjects` are "
    "the endpoints' `id`s.",
    REQUIREMENTS_CUT="Stripe lists more requirements for an account than ConnectQL stores.",
    ACCOUNTS_UNKNOWN="Stripe no longer knows some accounts.",
    ACCOUNTS_DISCONNECTED="Merchants disconnected their accounts in the last seven days.",
    ACCOUNTS_CLOSED="Accounts were closed in the last seven days, but not by closeMerchant.",
    SWEEP_STALLED="The periodic sweep, which compares all open accounts with Stripe, does not finish.",
    PAYMENT_SWEEP_STALLED="The periodic sweep, which compares recent and unfinished payments with Stripe, "
    "does not finish.",
    BACKFILL_STALLED="The back-fill of undelivered events does not run.",
    MIRRORS_STALE="Some open accounts have not been compared with Stripe for too long.",
    SERVICES_STALE="For 12 hours, ConnectQL could not fetch the subscriptions of some merchants to the "
    "platform's product. `subjects` are the external ids of these merchants.",
)


@strawberry.type(description="A problem of the platform and its remedy.")
class PlatformProblem:
    code: PlatformProblemCode = field(
        description="The kind of problem. Codes are stable, so monitoring can rely on them."
    )
    severity: ProblemSeverity = field(description="The urgency of the problem.")
    message: str = field(description="The problem in plain words and numbers.")
    remedy: str = field(
        description="The next step: a mutation, a setting, a command or a page of Stripe's Dashboard."
    )
    count: int = field(description="The number of affected objects, or 1 for a problem without objects.")
    since: DateTime | None = field(description="When the problem began, if known.")

    @strawberry.field(
        description="The affected objects, which `dismissProblem` can dismiss one by one: external ids, "
        "Stripe's account ids, Stripe's event ids, the `id`s of payments and payouts (for `nodes`), the "
        "`id`s of endpoints for outgoing events, or domains. At most 100. Empty for a problem without such "
        "objects."
    )
    def subjects(self, row: strawberry.Parent[Problem]) -> list[str]:
        return list(row.subjects[:MAX_LISTED])


@strawberry.type(
    name="DismissedProblem",
    description="A problem that an operator has dismissed. It is hidden until it occurs again.",
)
class DismissedProblemType:
    code: PlatformProblemCode = field(description="The kind of problem.")

    @strawberry.field(description="The dismissed object. Null for a problem without objects.")
    def subject(self, row: strawberry.Parent[DismissedProblem]) -> str | None:
        return row.subject or None

    actor: str = field(description="The subject of the operator's token.")
    dismissed_at: DateTime = field(description="When the problem was dismissed.")


@strawberry.field(
    description="The current problems and their remedies, most urgent first. Dismissed problems are omitted.",
    graphql_type=list[PlatformProblem],
)
async def problems(info: Info) -> list[Problem]:
    context = info.context
    return await health.problems(stale_after=context.stale_after, backfill_after=context.backfill_after)


@strawberry.field(
    description="The dismissed problems, newest dismissal first. At most 100.",
    graphql_type=list[DismissedProblemType],
)
async def dismissed_problems() -> list[DismissedProblem]:
    return await listed()


@expected(ProblemNotFound, "The platform has no such problem at present.")
class ProblemNotFoundError(Error):
    pass


@strawberry.input(description="The problem to dismiss.")
class DismissProblemInput:
    code: PlatformProblemCode = field(description="The kind of problem.")
    subject: str | None = field(
        default=None,
        description="One of the problem's `subjects`, to dismiss the problem for this object only. Default: "
        "the whole problem.",
    )


@strawberry.type(description="The problem is hidden until it occurs again.")
class DismissProblemPayload:
    dismissed: list[DismissedProblem] = field(
        description="The dismissals of this problem, newest first. At most 100.",
        graphql_type=list[DismissedProblemType],
    )


@mutation(
    "Hide a problem from `platform.problems` and `/readyz` until it affects another object or occurs again. "
    "Repeating the mutation changes nothing. For operators.",
    DismissProblemPayload,
    ProblemNotFoundError,
)
async def dismiss_problem(
    info: Info,
    input: Annotated[DismissProblemInput, argument(description="The problem to dismiss.")],  # noqa: A002
) -> DismissProblemPayload:
    context = info.context
    require(context, Role.OPERATOR)
    if input.subject is not None and not (len(input.subject) <= 255 and is_storable(input.subject)):
        raise ProblemNotFound
    dismissed = await health.dismiss(
        input.code,
        input.subject,
        actor=context.principal.subject,
        stale_after=context.stale_after,
        backfill_after=context.backfill_after,
    )
    return DismissProblemPayload(dismissed=dismissed)
