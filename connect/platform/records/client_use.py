"""Counts the operations of each version of a client. Each process stores its counts in batches."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from models import ClientUse, OperationManifest, Use, count_use, now, uses

# Callers choose the names of clients, so the number of names is limited. A process counts at most MAX_NAMES
# new names before it stores its counts, and the database gets at most MAX_STORED names for each day. All
# other names count as OTHER. Versions with a manifest are exempt, because `manifests.retire` must see their
# use.
MAX_NAMES, MAX_STORED = 100, 500
MAX_LISTED = 1000
MAX_LENGTH = 64
OTHER = ("(other)", "")

Name = tuple[str, str]


class Uses:
    """The counts of this process that are not stored yet."""

    def __init__(self) -> None:
        self._counts: Counter[Name] = Counter()
        # The names that were in the database when the counts were last stored. This process always counts
        # them.
        self._stored: set[Name] = set()

    def count(self, client: str, version: str) -> None:
        """Count an operation of a client. Both texts come from the caller, so they may have any form."""
        name = client.strip(), version.strip()
        if any(len(text) > MAX_LENGTH or not text.isprintable() for text in name):
            name = OTHER
        is_known = name in self._counts or name in self._stored
        if not is_known and len(self._counts.keys() - self._stored) >= MAX_NAMES:
            name = OTHER
        self._counts[name] += 1

    async def store(self) -> None:
        """Add the counts to the database. After an error, the counts are kept for the next call."""
        if not self._counts:
            return
        counts, self._counts = self._counts, Counter()
        try:
            at = await now()
            rows = await ClientUse.filter(day=at.date()).values_list("client", "version")
            stored: set[Name] = {(row[0], row[1]) for row in rows}
            rows = await OperationManifest.all().values_list("client", "version")
            self._stored = stored | {(row[0], row[1]) for row in rows}
            bounded: Counter[Name] = Counter()
            for name, count in counts.items():
                is_known = name in self._stored or len(stored | bounded.keys()) < MAX_STORED
                bounded[name if is_known else OTHER] += count
            await count_use(at.date(), dict(bounded), at)
        except BaseException:
            self._counts += counts
            raise


@dataclass(frozen=True, slots=True)
class ClientVersion:
    """A version of a client that has stored counts or a manifest."""

    client: str
    version: str
    use: Use | None
    manifest_added_at: datetime | None
    # The number of published operations.
    published: int


async def versions() -> list[ClientVersion]:
    """At most MAX_LISTED versions, sorted by name. If there are more, versions with a manifest come first."""
    used = await uses((await now()).date())
    rows = await OperationManifest.all().values_list("client", "version", "added_at", "operations")
    manifests: dict[Name, tuple[datetime, int]] = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    names = [*sorted(manifests), *sorted(used.keys() - manifests.keys())][:MAX_LISTED]
    return [ClientVersion(*name, used.get(name), *manifests.get(name, (None, 0))) for name in sorted(names)]
