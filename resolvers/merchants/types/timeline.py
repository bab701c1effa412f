"""The history of merchants. One statement reads the timelines of all merchants in a list."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import strawberry
from strawberry import field

from connect import scope
from connect.merchants.mirror.timeline import TimelineKind as TimelineKind
from connect.merchants.rules import history
from connect.scope import Role
from models import TimelineEntry, latest_entries
from resolvers.common.scalars import DateTime, describe
from resolvers.execution.context import Context, Info
from resolvers.merchants.types.status import MerchantStatus
from resolvers.relay.connection import Connection, Order, build_page, connection_type, parse_cursor, window

ORDER = Order("TIMELINE", ("id",), descending=True)


describe(
    TimelineKind,
    "TimelineKind",
    "The kind of a timeline entry.",
    CREATED="The merchant was created, or a replacement of its account began or ended. `message` tells "
    "which.",
    UPDATED="Details such as the name or the country were changed, by updateMerchant or at Stripe. "
    "setFeePolicy also adds an entry of this kind.",
    LINK_ISSUED="A link was issued, to the onboarding form or into the Dashboard. `message` names the page.",
    RETURNED="A browser returned from Stripe's onboarding form.",
    REFRESHED="refreshMerchant fetched the account.",
    STATUS_CHANGED="The merchant's status changed.",
    REQUIREMENTS_CHANGED="The requirements or their dates changed.",
    CAPABILITY_CHANGED="A capability changed.",
    DRIFT_REPAIRED="ConnectQL found a change at Stripe for which it had received no event.",
    CLOSED="The account was closed.",
    DISCONNECTED="The account was disconnected from the platform.",
    SERVICE_CHANGED="The subscription to the platform's product began, ended, or changed its status, its "
    "access, its prices or its cancellation. A paid renewal has no entry.",
    PAYOUT_REQUESTED="A payout was requested with createPayout, or Stripe refused a requested payout.",
    PAYOUT_SCHEDULE_CHANGED="Another payout schedule was requested with updatePayoutSchedule.",
)


@strawberry.type(description="A changed value in a timeline entry.")
class TimelineChange:
    name: str = field(
        description="The name of the changed value: `status`, the name of a capability, Stripe's key of a "
        "requirement (with the id of the person, if it concerns one), or the name of a field, such as "
        "`access` of the service."
    )
    title: str = field(description="The name in plain words.")
    before: str | None = field(
        description="The old value. For a requirement, it is `open`, `failed` or `review`. Null if there was "
        "no value, or if the value has no text form."
    )
    after: str | None = field(description="The new value, in the same form as `before`.")


@strawberry.type(name="TimelineEntry", description="An entry in the history of a merchant.")
class TimelineEntryType:
    id: strawberry.ID = field(description="The id of the entry. It is unique among timeline entries.")
    at: DateTime = field(description="When ConnectQL recorded the entry.")
    kind: TimelineKind = field(description="The kind of entry.")

    @strawberry.field(description="The entry as a plain sentence.")
    def message(self, row: strawberry.Parent[TimelineEntry], info: Info) -> str:
        told = history.sentence(
            row.kind, row.before or {}, row.after or {}, scope.audience(info.context.principal)
        )
        return told or row.message

    @strawberry.field(
        description="The changed values of an entry of the kind STATUS_CHANGED, CAPABILITY_CHANGED, "
        "REQUIREMENTS_CHANGED, UPDATED or SERVICE_CHANGED. Empty for other kinds."
    )
    def changes(self, row: strawberry.Parent[TimelineEntry], info: Info) -> list[TimelineChange]:
        found = history.differences(
            row.kind, row.before or {}, row.after or {}, scope.audience(info.context.principal)
        )
        return [
            TimelineChange(name=one.name, title=one.title, before=one.before, after=one.after)
            for one in found
        ]

    @strawberry.field(
        description="The subject of the token of the call that caused this entry, or `browser` if a browser "
        "returned from Stripe's form or renewed a link. Null if neither caused it. Merchants see `platform` "
        "instead of the subjects of other callers."
    )
    def actor(self, row: strawberry.Parent[TimelineEntry], info: Info) -> str | None:
        principal = info.context.principal
        if principal.role is not Role.MERCHANT or row.actor in {None, "browser", principal.subject}:
            return row.actor
        return "platform"

    @strawberry.field(
        description="Stripe's id of a refused request for a payout or a new account, for Stripe support. "
        "Null for other entries, and if the caller is a merchant."
    )
    def request_id(self, row: strawberry.Parent[TimelineEntry], info: Info) -> str | None:
        return row.request_id if info.context.principal.role is not Role.MERCHANT else None

    status_before: MerchantStatus | None = field(description="The old status, if the status changed.")
    status_after: MerchantStatus | None = field(description="The new status, if the status changed.")


TimelineConnection = connection_type(
    TimelineEntryType, "Timeline", "entry entries", "A page of timeline entries, newest first."
)


@dataclass(frozen=True, slots=True)
class Key:
    """One page of one merchant's timeline."""

    merchant_id: uuid.UUID
    size: int
    after: str | None
    kinds: tuple[str, ...] | None


async def connection(
    context: Context,
    merchant_id: uuid.UUID,
    first: int | None,
    after: str | None,
    kinds: Sequence[TimelineKind] | None,
) -> Connection:
    """A page of one merchant's timeline. Raises BadUserInput."""
    part = window(first, after)
    bound = str(parse_cursor(after, ORDER, "after")[0]) if after is not None else None
    names = tuple(sorted({kind.value for kind in kinds})) if kinds is not None else None
    rows = await context.load(load, Key(merchant_id, part.size, bound, names)) if names != () else []
    page = build_page([(row.id, row) for row in rows], ORDER, part)
    return page.connection([row for _, row in page.rows])


async def load(_context: Context, keys: Sequence[Key]) -> list[list[TimelineEntry]]:
    """The entries of each page, and the next entry if another page follows. For each distinct page size,
    cursor and choice of kinds, one statement reads the entries of all merchants.
    """
    entries: dict[Key, list[TimelineEntry]] = {key: [] for key in keys}
    for page in {(key.size, key.after, key.kinds) for key in keys}:
        size, after, kinds = page
        merchant_ids = [key.merchant_id for key in keys if (key.size, key.after, key.kinds) == page]
        for row in await latest_entries(merchant_ids, size + 1, after, kinds):
            entries[Key(row.merchant_id, size, after, kinds)].append(row)
    return [entries[key] for key in keys]
