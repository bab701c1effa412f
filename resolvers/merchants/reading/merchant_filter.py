"""The filter of merchants, and its conditions on the merchant table."""

import re
from datetime import timedelta
from typing import Annotated

import strawberry
from strawberry import argument

from connect import scope
from connect.merchants.rules import words
from connect.scope import Principal
from models.merchant import has_account
from models.sql import Select
from models.texts import is_storable
from resolvers.common.errors import BadUserInput
from resolvers.common.scalars import CountryCode
from resolvers.merchants.types.status import MerchantStatus, OnboardingStage, Party

_field = strawberry.field

MAX_DAYS = 3650
MAX_COUNTRIES = 50
_DAYS = "0 to 3,650"

# A search text of this form is the id of an account.
ACCOUNT = re.compile(r"\s*(acct_[A-Za-z0-9]+)\s*", re.ASCII)

DEADLINE = "next_deadline_at"
SINCE = "status_since"
STAGE, STAGE_SINCE = "onboarding_stage", "onboarding_stage_since"


@strawberry.input(description="Conditions on merchants. A merchant must meet all of them.")
class MerchantFilter:
    status: list[MerchantStatus] | None = _field(
        default=None,
        description=f"The merchant has one of these statuses; at most {len(MerchantStatus)}.",
    )
    awaiting_action_from: Party | None = _field(
        default=None,
        description="This party must act now. It is the field `by` of the merchant's `nextAction`.",
    )
    country: list[CountryCode] | None = _field(
        default=None, description="The merchant's country is one of these; at most 50."
    )
    livemode: bool | None = _field(
        default=None,
        description="Whether the Stripe account is in live mode. A merchant without an account matches "
        "neither value.",
    )
    due_within_days: int | None = _field(
        default=None,
        description="The next deadline, or the next date on which future requirements take effect, has "
        f"passed or is at most this many days away: {_DAYS}.",
    )
    status_for_days: int | None = _field(
        default=None,
        description=f"The status has not changed for at least this number of days: {_DAYS}. Together "
        "with `status: [PENDING_REVIEW]`, this finds reviews that take too long.",
    )
    status_changed_within_days: int | None = _field(
        default=None, description=f"The status has changed within this number of days: {_DAYS}."
    )
    onboarding_stage: list[OnboardingStage] | None = _field(
        default=None, description="The onboarding has reached one of these stages; at most 7."
    )
    onboarding_stage_for_days: int | None = _field(
        default=None,
        description=f"The stage of the onboarding has not changed for at least this number of days: {_DAYS}. "
        "Together with `onboardingStage`, this finds merchants that are stuck.",
    )
    search: str | None = _field(
        default=None,
        description="A merchant matches if each word of this text is the beginning of a word in its display "
        "name, e-mail address or external id. The order of the words does not matter. Case and accents are "
        "ignored: `muller` finds `Müller`, and `strasse` finds `Straße`. Words consist of letters and "
        "digits. The id of a Stripe account (`acct_…`) finds the account's merchant. At most 255 "
        "characters. A text without letters and digits, such as an empty text, does not exclude any "
        "merchant.",
    )


Filter = Annotated[
    MerchantFilter | None,
    argument(description="The conditions. Default: all merchants that are not ERASED."),
]


def check(criteria: MerchantFilter | None) -> None:
    """Raise BadUserInput if a filter field is invalid. The message names the field."""
    if criteria is None:
        return
    if criteria.status is not None and len(criteria.status) > len(MerchantStatus):
        raise BadUserInput(f"`filter.status` takes at most {len(MerchantStatus)} values.")
    if criteria.country is not None:
        if len(criteria.country) > MAX_COUNTRIES:
            raise BadUserInput(f"`filter.country` takes at most {MAX_COUNTRIES} values.")
        if not all(re.fullmatch("[A-Z]{2}", country, re.ASCII) for country in criteria.country):
            raise BadUserInput("`filter.country` takes codes of two capital letters, such as `DE`.")
    if criteria.onboarding_stage is not None and len(criteria.onboarding_stage) > len(OnboardingStage):
        raise BadUserInput(f"`filter.onboardingStage` takes at most {len(OnboardingStage)} values.")
    for name, days in (
        ("dueWithinDays", criteria.due_within_days),
        ("statusForDays", criteria.status_for_days),
        ("statusChangedWithinDays", criteria.status_changed_within_days),
        ("onboardingStageForDays", criteria.onboarding_stage_for_days),
    ):
        if days is not None and not 0 <= days <= MAX_DAYS:
            raise BadUserInput(f"`filter.{name}` must be from 0 to {MAX_DAYS}.")
    search = criteria.search
    if search is not None and not (len(search) <= 255 and is_storable(search)):
        raise BadUserInput("`filter.search` takes at most 255 characters, none of them U+0000.")


def account_id(criteria: MerchantFilter) -> str | None:
    """The account id, if the search is an account id; otherwise None."""
    match = ACCOUNT.fullmatch(criteria.search or "")
    return match[1] if match else None


def searched_words(criteria: MerchantFilter) -> list[str]:
    """The words to search for. Empty if the search is an account id."""
    return words.words(criteria.search) if criteria.search and account_id(criteria) is None else []


def conditions(
    select: Select,
    principal: Principal,
    criteria: MerchantFilter | None,
    *,
    uses_index: bool = True,
    lists_erased: bool = False,
) -> list[str]:
    """The conditions of the filter and of the caller's scope. Raises BadUserInput.

    Set `uses_index` to False if another condition already selects the rows. The planner then uses no index
    for the status and the acting party. Of the other conditions, only the id of an account uses an index.

    For callers that see all merchants, erased merchants are omitted, unless the filter has a status or
    `lists_erased` is true. Set `lists_erased` if another condition already selects the status.
    """
    check(criteria)
    parts = scope.conditions(select, principal)
    lists_erased = lists_erased or (criteria is not None and criteria.status is not None)
    if not lists_erased and scope.visibility_key(principal) is None:
        parts.append(select.assume_common(f"status <> '{MerchantStatus.ERASED.value}'"))
    if criteria is None:
        return parts
    column = select.no_index_on_sqlite if uses_index else select.no_index
    if criteria.status is not None:
        parts.append(select.is_any(column("status"), [status.value for status in criteria.status]))
    if criteria.awaiting_action_from is not None:
        party = select.value(criteria.awaiting_action_from.value)
        parts.append(f"{column('awaiting_action_from')} = {party}")
    if criteria.country is not None:
        parts.append(
            select.assume_common(select.is_any(select.no_index_on_sqlite("country"), criteria.country))
        )
    if criteria.livemode is not None:
        parts.append(
            select.assume_common(
                f"{select.no_index_on_sqlite('livemode')} = {select.value(criteria.livemode)}"
            )
        )
    if criteria.due_within_days is not None:
        parts.append(is_due(select, select.no_index(DEADLINE), criteria))
    parts += is_since(select, select.no_index(SINCE), criteria)
    if criteria.onboarding_stage is not None:
        stages = [stage.value for stage in criteria.onboarding_stage]
        parts.append(select.assume_common(select.is_any(select.no_index_on_sqlite(STAGE), stages)))
    if criteria.onboarding_stage_for_days is not None:
        parts.append(is_stage_since(select, select.no_index(STAGE_SINCE), criteria.onboarding_stage_for_days))
    if (account := account_id(criteria)) is not None:
        parts.append(has_account(select, account))
    elif found := searched_words(criteria):
        matches = [select.contains("search_words", f" {word}") for word in found]
        parts.append(select.assume_common(" AND ".join(matches)))
    return parts


def is_due(select: Select, column: str, criteria: MerchantFilter) -> str:
    """The condition of `dueWithinDays`."""
    return f"{column} <= {select.moment(timedelta(days=criteria.due_within_days or 0))}"


def is_since(select: Select, column: str, criteria: MerchantFilter) -> list[str]:
    """The conditions of `statusForDays` and `statusChangedWithinDays`."""
    pairs = ("<=", criteria.status_for_days), (">=", criteria.status_changed_within_days)
    return [
        f"{column} {compares} {select.moment(-timedelta(days=days))}"
        for compares, days in pairs
        if days is not None
    ]


def is_stage_since(select: Select, column: str, days: int) -> str:
    """The condition of `onboardingStageForDays`."""
    return f"{column} <= {select.moment(-timedelta(days=days))}"
