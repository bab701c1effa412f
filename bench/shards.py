"""`make bench-shards`: how the load would spread if merchants were divided among several databases.

This is a simulation without a database. The external ids of merchants are hashed, and the payments of a day
have a Pareto distribution: a few merchants have most of the payments. The figures are the load of the busiest
database divided by the mean, and the shares of the merchants and of the payments that move when databases are
added. The same seed gives the same figures.
"""

import bisect
import hashlib
import random
from collections.abc import Callable, Iterator, Sequence

import click

MERCHANTS = 1_000_000
SEED = 1
DATABASES = 2, 4, 8, 16, 32
# With this exponent, a fifth of the merchants have four fifths of the payments.
ALPHA = 1.16
# The number of places that each database has on the ring of consistent hashing.
PLACES = 100
# The number of slots in the slot table.
SLOTS = 4096

# Returns the number of the database to which a hash belongs.
Placement = Callable[[int], int]


def merchants(count: int, seed: int) -> tuple[list[int], list[float]]:
    """The hash of each merchant, and its share of the day's payments."""
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    hashes = [hashed(f"merchant-{number}") for number in range(count)]
    weights = [rng.paretovariate(ALPHA) for _ in range(count)]
    total = sum(weights)
    return hashes, [weight / total for weight in weights]


def hashed(text: str) -> int:
    """64 bits of a hash that is equal in every process and in every version of Python."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def modulo(databases: int) -> Placement:
    """The database is the remainder of the hash divided by the number of databases."""
    return lambda value: value % databases


def ring(databases: int) -> Placement:
    """Consistent hashing: each database has places on a ring, and a hash belongs to the next place."""
    places = sorted((hashed(f"{one}/{place}"), one) for one in range(databases) for place in range(PLACES))
    ends = [end for end, _ in places]
    return lambda value: places[bisect.bisect(ends, value) % len(places)][1]


def slots(databases: int) -> Placement:
    """A slot table. A new database takes slots from the databases that have the most."""
    table = [0] * SLOTS
    for new in range(1, databases):
        owned: list[list[int]] = [[] for _ in range(new)]
        for slot, owner in enumerate(table):
            owned[owner].append(slot)
        for _ in range(SLOTS // (new + 1)):
            table[max(owned, key=len).pop()] = new
    return lambda value: table[value % SLOTS]


PLACEMENTS = {"modulo": modulo, f"ring, {PLACES} places each": ring, f"table of {SLOTS:,} slots": slots}


def hottest(placement: Placement, databases: int, hashes: Sequence[int], shares: Sequence[float]) -> float:
    """The load of the busiest database, divided by the mean."""
    loads = [0.0] * databases
    for value, share in zip(hashes, shares, strict=True):
        loads[placement(value)] += share
    return max(loads) * databases / sum(loads)


def moved(
    before: Placement, after: Placement, hashes: Sequence[int], shares: Sequence[float]
) -> tuple[float, float]:
    """The shares of the merchants and of the payments whose database changes."""
    count, load = 0, 0.0
    for value, share in zip(hashes, shares, strict=True):
        if before(value) != after(value):
            count += 1
            load += share
    return count / len(hashes), load


def pinned(placement: Placement, databases: int, hashes: Sequence[int], shares: Sequence[float]) -> float:
    """The figure of `hottest` if each large merchant is placed by hand on the database that has the least
    load.

    A merchant with more than a hundredth of a database's mean load is large.
    """
    limit, loads = 1 / databases / 100, [0.0] * databases
    large = []
    for value, share in zip(hashes, shares, strict=True):
        if share > limit:
            large.append(share)
        else:
            loads[placement(value)] += share
    for share in sorted(large, reverse=True):
        loads[loads.index(min(loads))] += share
    return max(loads) * databases / sum(loads)


def report(count: int, seed: int) -> Iterator[str]:
    """The tables in Markdown."""
    hashes, shares = merchants(count, seed)
    ordered = sorted(shares, reverse=True)
    yield f"{count:,} merchants, seed {seed}. The largest merchant has {ordered[0]:.2%} of the payments,"
    yield f"the largest 100 have {sum(ordered[:100]):.1%}, and a fifth has {sum(ordered[: count // 5]):.1%}."
    yield ""
    yield "| databases | placement | merchants | payments | payments, large merchants placed by hand |"
    yield "|---:|---|---:|---:|---:|"
    equal = [1.0] * count
    for databases in DATABASES:
        for name, place in PLACEMENTS.items():
            chosen = place(databases)
            figures = (
                hottest(chosen, databases, hashes, equal),
                hottest(chosen, databases, hashes, shares),
                pinned(chosen, databases, hashes, shares),
            )
            yield f"| {databases} | {name} | {' | '.join(f'{figure:.3f}' for figure in figures)} |"
    yield ""
    yield "| from | to | placement | merchants moved | payments moved | least possible |"
    yield "|---:|---:|---|---:|---:|---:|"
    for before in (2, 4, 8, 16):
        for after in (before + 1, before * 2):
            for name, place in PLACEMENTS.items():
                count_moved, load = moved(place(before), place(after), hashes, shares)
                least = 1 - before / after
                yield f"| {before} | {after} | {name} | {count_moved:.1%} | {load:.1%} | {least:.1%} |"


@click.command()
@click.option("--size", default=MERCHANTS, show_default=True, help="The number of merchants.")
@click.option("--seed", default=SEED, show_default=True)
def main(size: int, seed: int) -> None:
    """Print the simulated spread of merchants and payments over several databases."""
    for line in report(size, seed):
        click.echo(line)


if __name__ == "__main__":
    main()
