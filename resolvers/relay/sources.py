"""Pages of matches that no single index holds in the requested order (docs/decisions/0017)."""

from collections.abc import Callable, Sequence

from models.sql import Range, Select
from resolvers.relay.documents import Bound, NewSelect, Plan

# If a condition has at most this many matches, they are read and sorted. If all conditions have more, a scan
# of an index in the requested order usually finds a page quickly.
MAX_SORTED = 2500
# Such a scan reads at most this many rows.
MAX_SCANNED = 10_000
# A condition with fewer matches than this counts as rare.
MAX_COUNTED = 100_000

# The ranges of an index that hold all matches of one condition.
Source = Callable[[Select], list[Range]]
Ranges = Callable[[Select], list[Range]]


async def count(
    table: str, sources: Sequence[Source], limit: int | None = None, new: NewSelect = Select
) -> list[int]:
    """The number of matches of each condition. Each range of a condition is counted up to the limit."""
    select = new()
    lists = [source(select) for source in sources]
    return list(await select.count(table, lists, limit))


async def plan(
    table: str,
    sources: Sequence[Source],
    conditions: Callable[[Select], list[str]],
    matches: Ranges,
    scanned: Ranges,
    *,
    rare_below: int = MAX_COUNTED,
    new: NewSelect = Select,
    is_complete: bool = False,
) -> Plan:
    """The plan for a page with conditions that the index of the requested order does not serve.

    If one condition has few matches, the database reads them through the index of this condition and sorts
    them. Otherwise, it scans the ranges of `matches`, which have all conditions. The ranges of `scanned`,
    which have only the conditions that their indexes serve, limit the scan.

    If the scan finds too few matches, the database intersects the ids of the matches of all rare conditions,
    which have fewer than `rare_below` matches. If no condition is rare, it reads the matches of the rarest
    one. In both cases, it sorts the rows that it found.

    `conditions` are all conditions, in a form that uses no index. `is_complete` means that each condition has
    a source, and that rows are ordered by id. If it is true and all conditions are rare, the page is found
    from the ids in the indexes, and only the rows of the page are read.
    """

    def among(chosen: Sequence[Source], limit: int | None = None) -> Plan:
        def ranges(select: Select) -> list[Range]:
            few = select.is_among(table, [source(select) for source in chosen], limit)
            return [Range((), [few, *conditions(select)], is_small=True)]

        return Plan(ranges)

    counts = await count(table, sources, MAX_SORTED + 1, new)
    if min(counts) <= MAX_SORTED:
        return among([sources[counts.index(min(counts))]], MAX_SORTED)

    async def all_matches() -> Plan:
        counts = await count(table, sources, rare_below, new)
        rare = [source for source, number in zip(sources, counts, strict=True) if number < rare_below]
        if is_complete and len(rare) == len(sources):
            return Plan(
                lambda select: [
                    Range(ids=select.ids_among(table, [source(select) for source in rare]), is_small=True)
                ]
            )
        if not rare:
            counts = await count(table, sources, new=new)
            rare = [sources[counts.index(min(counts))]]
        return among(rare)

    return Plan(matches, Bound(MAX_SCANNED, scanned, all_matches))
