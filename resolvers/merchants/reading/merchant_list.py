"""The list of merchants: its orders, and the index ranges that serve them with each filter.

One indexed statement reads a page, even in a list of millions. If a condition is not part of an index for the
requested order, one to five more statements are needed (docs/decisions/0017).
"""

import dataclasses
import enum
from collections.abc import Sequence
from typing import Any

import strawberry

from connect import scope
from connect.scope import Principal
from models.sql import Range, Select
from resolvers.common.scalars import value
from resolvers.merchants.reading.merchant_filter import (
    DEADLINE,
    SINCE,
    STAGE,
    STAGE_SINCE,
    MerchantFilter,
    account_id,
    check,
    conditions,
    is_due,
    is_since,
    is_stage_since,
    searched_words,
)
from resolvers.merchants.reading.merchant_lookup import MERCHANTS
from resolvers.merchants.types.status import MerchantStatus, OnboardingStage, Party
from resolvers.relay import sources
from resolvers.relay.connection import Order
from resolvers.relay.documents import Listing, NewSelect, Plan
from resolvers.relay.sources import MAX_COUNTED, Source

STATUSES = list(MerchantStatus)


@strawberry.enum(
    description="The order of merchants. Merchants with the same value are in the order of their creation, "
    "or newest first if the order is descending."
)
class MerchantOrder(enum.Enum):
    CREATED_AT_DESC = value("CREATED_AT_DESC", "Newest first.")
    CREATED_AT_ASC = value("CREATED_AT_ASC", "Oldest first.")
    DISPLAY_NAME_ASC = value("DISPLAY_NAME_ASC", "By display name, ignoring case.")
    NEXT_DEADLINE_ASC = value(
        "NEXT_DEADLINE_ASC", "Nearest deadline first. Merchants without a deadline come last."
    )
    STATUS_ASC = value("STATUS_ASC", "By status, in the order of `MerchantStatus`.")
    STATUS_SINCE_ASC = value("STATUS_SINCE_ASC", "By the time of the last status change, earliest first.")
    STATUS_SINCE_DESC = value("STATUS_SINCE_DESC", "By the time of the last status change, latest first.")
    COUNTRY_ASC = value("COUNTRY_ASC", "By country code.")


ID, NAME, STATUS, COUNTRY = "id", "display_name_folded", "status_order", "country"

ORDERS = {
    MerchantOrder.CREATED_AT_DESC: Order("CREATED_AT_DESC", (ID,), descending=True),
    MerchantOrder.CREATED_AT_ASC: Order("CREATED_AT_ASC", (ID,)),
    MerchantOrder.DISPLAY_NAME_ASC: Order("DISPLAY_NAME_ASC", (NAME, ID)),
    MerchantOrder.NEXT_DEADLINE_ASC: Order("NEXT_DEADLINE_ASC", (DEADLINE, ID)),
    MerchantOrder.STATUS_ASC: Order("STATUS_ASC", (STATUS, ID)),
    MerchantOrder.STATUS_SINCE_ASC: Order("STATUS_SINCE_ASC", (SINCE, ID)),
    MerchantOrder.STATUS_SINCE_DESC: Order("STATUS_SINCE_DESC", (SINCE, ID), descending=True),
    MerchantOrder.COUNTRY_ASC: Order("COUNTRY_ASC", (COUNTRY, ID)),
}
# Columns to sort by that have a second index, which starts with the status and the acting party.
WITH_STANDINGS = {ID, NAME, DEADLINE, SINCE}
# Columns that are null in rows of an older release until the rows are rebuilt. Orders by these columns omit
# such rows.
NULLABLE = {STATUS, SINCE}

# Matches are counted for at most this many words of a search, the longest ones, because long words are rare.
MAX_COUNTED_WORDS = 5
# If the filter has conditions other than the status and the acting party, matches are counted up to this
# number.
MAX_TOTAL = 10_000


async def plan(
    principal: Principal,
    criteria: MerchantFilter | None,
    order: Order,
    new: NewSelect = Select,
    *,
    rare_below: int = MAX_COUNTED,
) -> Plan | None:
    """The index ranges for a page; None if a single index serves all pages. Raises BadUserInput.

    `rare_below` has the same meaning as in `sources.plan`.
    """
    check(criteria)
    if scope.visibility_key(principal) is not None or (criteria is None and not _order(order)):
        return None  # the caller's own merchant, or all merchants
    criteria = criteria or MerchantFilter()
    if _is_empty(criteria):
        return Plan(lambda _: [])

    def all_conditions(select: Select) -> list[str]:
        return [*_order(order), *conditions(select, principal, criteria, uses_index=False)]

    if account_id(criteria) is not None:
        return Plan(lambda select: [Range((), all_conditions(select), is_small=True)])
    rest = _without_indexed(criteria, order)

    def matches(select: Select) -> list[Range]:
        lists_erased = criteria.status is not None
        parts = conditions(select, principal, rest, lists_erased=lists_erased)
        return _scanned(select, criteria, order, parts)

    if not (found := _sources(rest, criteria)):
        return Plan(matches)
    return await sources.plan(
        MERCHANTS.name,
        found,
        all_conditions,
        matches,
        lambda select: _scanned(select, criteria, order, []),
        rare_below=rare_below,
        new=new,
    )


async def count(
    principal: Principal, criteria: MerchantFilter | None, *, rare_below: int = MAX_COUNTED
) -> dict[str, int] | None:
    """The number of matches with each status, in the order of the statuses. Raises BadUserInput.

    All matches are counted in three cases: the filter has no conditions other than the status and the acting
    party, it has the id of an account, or the caller sees only its own merchant. Otherwise, the result is
    None if there are more than MAX_TOTAL matches. It is also None if each condition alone has at least
    `rare_below` matches, because the database would then have to read the whole table.
    """
    check(criteria)
    criteria, select = criteria or MerchantFilter(), Select()
    if _is_empty(criteria):
        return {}
    others = dataclasses.replace(criteria, status=None, awaiting_action_from=None)
    is_own = scope.visibility_key(principal) is not None
    if is_own or account_id(criteria) is not None or not _sources(others, others):
        parts = conditions(select, principal, criteria)
        return _in_order(await select.count_by("status", MERCHANTS.name, parts))
    found = _sources(criteria, criteria)
    counts = await sources.count(MERCHANTS.name, found, rare_below)
    rare = [source(select) for source, number in zip(found, counts, strict=True) if number < rare_below]
    if not rare:
        return None
    parts = conditions(select, principal, criteria, uses_index=False)
    parts.append(select.is_among(MERCHANTS.name, rare))
    total = await select.count_by("status", MERCHANTS.name, parts, MAX_TOTAL + 1)
    return _in_order(total) if sum(total.values()) <= MAX_TOTAL else None


def _in_order(counts: dict[str, int]) -> dict[str, int]:
    return {status.value: counts[status.value] for status in STATUSES if status.value in counts}


def _without_indexed(criteria: MerchantFilter, order: Order) -> MerchantFilter:
    """The conditions that are not part of the ranges of `_scanned`."""
    rest, sorted_by = dataclasses.replace(criteria), order.columns[0]
    if sorted_by in WITH_STANDINGS:
        rest.status = rest.awaiting_action_from = None
    elif sorted_by == STATUS:
        rest.status = None
    if sorted_by == COUNTRY or (sorted_by == ID and not _has_standing(criteria)):
        rest.country = None
    if sorted_by == DEADLINE:
        rest.due_within_days = None
    if sorted_by == SINCE:
        rest.status_for_days = rest.status_changed_within_days = None
    return rest


def _scanned(
    select: Select, criteria: MerchantFilter, order: Order, conditions: Sequence[str]
) -> list[Range]:
    """The ranges that hold the matches in the requested order."""
    sorted_by, parts = order.columns[0], [*_order(order), *_unerased(order, criteria), *conditions]
    if sorted_by == DEADLINE and criteria.due_within_days is not None:
        parts.append(is_due(select, DEADLINE, criteria))
    if sorted_by == SINCE:
        parts += is_since(select, SINCE, criteria)
    if sorted_by == STATUS and criteria.status is not None:
        places = {STATUSES.index(status) for status in criteria.status}
        return [_with_value(select, order, STATUS, place, parts) for place in sorted(places)]
    if sorted_by in WITH_STANDINGS and _has_standing(criteria):
        return _standings(select, criteria, parts)
    if sorted_by in {ID, COUNTRY} and criteria.country is not None:
        countries = dict.fromkeys(criteria.country)
        return [_with_value(select, order, COUNTRY, country, parts) for country in countries]
    return [Range((), parts)]


def _with_value(select: Select, order: Order, column: str, value: Any, conditions: Sequence[str]) -> Range:
    is_fixed = order.columns[0] == column
    conditions = [select.equals_as_range(column, value), *conditions]
    return Range([column], conditions, value=value if is_fixed else None)


def _order(order: Order) -> list[str]:
    return [f"{order.columns[0]} IS NOT NULL"] if order.columns[0] in NULLABLE else []


def _unerased(order: Order, criteria: MerchantFilter) -> list[str]:
    """The condition that excludes erased merchants from the order by status, where ERASED comes last."""
    is_needed = order.columns[0] == STATUS and criteria.status is None
    return [f"{STATUS} < {STATUSES.index(MerchantStatus.ERASED)}"] if is_needed else []


def _is_empty(criteria: MerchantFilter) -> bool:
    """Whether a condition has an empty list, so that no merchant meets it."""
    return [] in (criteria.status, criteria.country, criteria.onboarding_stage)


def _has_standing(criteria: MerchantFilter) -> bool:
    return criteria.status is not None or criteria.awaiting_action_from is not None


def _sources(rest: MerchantFilter, criteria: MerchantFilter) -> list[Source]:
    """For each condition in `rest`, the source that finds its matches. `rest` is a part of `criteria`."""
    words = sorted(searched_words(rest), key=len, reverse=True)[:MAX_COUNTED_WORDS]
    found: list[Source] = [lambda select, word=word: [_with_word(select, word)] for word in words]  # type: ignore[misc]
    if (countries := rest.country) is not None:
        found.append(lambda select: [_with_country(select, country) for country in dict.fromkeys(countries)])
    if rest.livemode is not None:
        found.append(
            lambda select: [Range(["livemode"], [select.equals_as_range("livemode", rest.livemode)])]
        )
    if rest.due_within_days is not None:
        found.append(lambda select: _standings(select, criteria, [is_due(select, DEADLINE, rest)], DEADLINE))
    if (rest.status_for_days, rest.status_changed_within_days) != (None, None):
        found.append(lambda select: _standings(select, criteria, is_since(select, SINCE, rest), SINCE))
    if (rest.onboarding_stage, rest.onboarding_stage_for_days) != (None, None):
        found.append(lambda select: stages(select, rest.onboarding_stage, rest.onboarding_stage_for_days))
    if _has_standing(rest):
        found.append(lambda select: _standings(select, rest, []))
    return found


def _with_word(select: Select, word: str) -> Range:
    is_word = select.begins_with("entry", word)
    return Range(["entry"], [is_word], table="merchant_word", id=select.id_at_end("entry"))


def _with_country(select: Select, country: str) -> Range:
    return Range([COUNTRY], [select.equals_as_range(COUNTRY, country)])


def stages(select: Select, among: Sequence[OnboardingStage] | None, days: int | None) -> list[Range]:
    """A range for each of these stages, by default for all stages. With `days`, each range has only the
    merchants that have been at the stage for at least that number of days.
    """
    since = [is_stage_since(select, STAGE_SINCE, days)] if days is not None else []
    return [
        Range([STAGE, STAGE_SINCE], [select.equals_as_range(STAGE, stage.value), *since])
        for stage in dict.fromkeys(OnboardingStage if among is None else among)
    ]


def _standings(
    select: Select, criteria: MerchantFilter, conditions: Sequence[str], *columns: str
) -> list[Range]:
    """A range for each pair of status and acting party, because indexes start with these two columns.

    A single range if the filter has neither.
    """
    if not _has_standing(criteria):
        return [Range(columns, conditions)]
    parties = list(Party) if criteria.awaiting_action_from is None else [criteria.awaiting_action_from]
    acting = [f"awaiting_action_from = {select.opaque(party.value)}" for party in parties]
    if criteria.awaiting_action_from is None:
        acting.append("awaiting_action_from IS NULL")
    statuses = MerchantStatus if criteria.status is None else dict.fromkeys(criteria.status)
    standing = [select.equals_as_range("status", status.value) for status in statuses]
    columns = ("status", "awaiting_action_from", *columns)
    return [Range(columns, [status, party, *conditions]) for status in standing for party in acting]


LISTING = Listing(MERCHANTS, ORDERS, conditions, plan, count)
