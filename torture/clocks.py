"""Two replicas share a database. The clock of one is four minutes fast, that of the other four minutes slow.

Leases, the pauses between attempts, and the order of rows must depend on the database's clock only. Triggers
record every claim of an event or a creation, and the proof compares each claim with the previous lease. Then
a replica dies while it holds leases, and the other replica must take over the work within seconds after these
leases end.
"""

import itertools
import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import time_machine

from connect.stripe_api.stored_requests import MARGIN
from testing import tables
from testing.deployment import Deployment, Replica, deployed
from testing.processes import simulator
from testing.report import Report
from testing.waits import PATIENCE, until
from torture import aftermath
from torture.load import Load

# The errors of the two clocks in seconds. Signatures expire after five minutes, so the errors are smaller.
SHIFTS = 240, -240
STRIPE_TIMEOUT_SECONDS = 3
LEASES = {
    "stripe_event": timedelta(seconds=30),
    "account_creation": timedelta(seconds=STRIPE_TIMEOUT_SECONDS) + MARGIN,
}
# For each fault point, the table with the lease that the other replica must take over.
POINTS = {"create.claimed": "account_creation", "worker.claimed": "stripe_event"}
# A worker polls every few seconds, and may wait for Stripe's answer to another creation.
MAX_TAKEOVER = timedelta(seconds=12) * PATIENCE
# The maximum time from reading the database's clock to storing the claim, on a busy machine.
BRIEFLY = timedelta(seconds=5) * PATIENCE
# A replica stays down until its lease of up to 30 seconds has ended and the other replica has taken over.
# Stripe must retry deliveries for longer than that.
RETRIES = ",".join(["0.5", "1", "2", *["4"] * 18])
# Errors and lost answers occur more often than the SDK retries, even if several clients share a fault.
FAULTS: list[dict[str, Any]] = [
    # The worker repeats the call after a pause.
    {"path": "/v2/core/accounts", "status": 503, "times": 9},
    # The answer comes late, during the lease.
    {"path": "/v2/core/accounts", "kind": "delay", "seconds": 2.5, "times": 2},
    # The answer is lost, but an event names the created account.
    {"path": "/v2/core/accounts", "kind": "reset_after", "times": 9},
    {"method": "GET", "path": "/v2/core/accounts/{id}", "status": 500, "times": 15},
]
_TRIGGERS = """
CREATE TABLE torture_claim (
    number bigserial, at timestamptz DEFAULT clock_timestamp(), place text, id uuid, attempts int,
    lease_before timestamptz, lease timestamptz, run_at timestamptz, who text, account text
);
CREATE FUNCTION torture_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO torture_claim (place, id, attempts, lease_before, lease, run_at, who, account)
    VALUES ('stripe_event', NEW.id, NEW.attempts, OLD.leased_until, NEW.leased_until, OLD.run_at,
        NEW.leased_by, NEW.subject_key);
    RETURN NULL;
END $$;
CREATE FUNCTION torture_creation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO torture_claim (place, id, attempts, lease_before, lease, run_at, account)
    VALUES ('account_creation', NEW.id, NEW.attempts, OLD.leased_until, NEW.leased_until, OLD.run_at,
        NEW.external_id);
    RETURN NULL;
END $$;
CREATE TRIGGER torture_stored AFTER INSERT ON account_creation
    FOR EACH ROW EXECUTE FUNCTION torture_creation();
CREATE TRIGGER torture_event AFTER UPDATE ON stripe_event
    FOR EACH ROW WHEN (NEW.attempts > OLD.attempts) EXECUTE FUNCTION torture_event();
CREATE TRIGGER torture_creation AFTER UPDATE ON account_creation
    FOR EACH ROW WHEN (NEW.attempts > OLD.attempts) EXECUTE FUNCTION torture_creation()
"""


def prove(
    database_url: str,
    folder: Path,
    *,
    rounds: int,
    seed: int,
    points: Sequence[str] = tuple(POINTS),
    pause: float = 0.1,
) -> Report:
    """Run load under faults of Stripe. Then, in each round, kill a replica at one of `points`.

    `database_url` is an empty PostgreSQL database. Each client pauses for `pause` seconds between two
    requests.
    """
    report = Report()
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    with (
        simulator(folder / "simulator.db", REVIEW_SECONDS="3600", RETRY_SECONDS=RETRIES) as stripe,
        deployed(
            database_url,
            stripe,
            folder,
            replicas=2,
            separate_worker=False,
            STRIPE_TIMEOUT_SECONDS=str(STRIPE_TIMEOUT_SECONDS),
            argv=[["-m", "local.shifted", str(shift), "-m", "api"] for shift in SHIFTS],
        ) as deployment,
    ):
        # The token must be valid on both clocks, so its time of issue is an hour ago.
        with time_machine.travel(datetime.now(UTC) - timedelta(hours=1), tick=False):
            _ = deployment.headers
        tables.script(database_url, _TRIGGERS)
        load = Load(deployment, seed, pause=pause, repeats=0)  # the workers finish the failed creations
        in_order = _create_in_turn(deployment, load, 20, report)
        _count_fetches(deployment, report)
        with load:
            for number in range(4 * rounds):
                time.sleep(rng.uniform(0.5, 1))
                deployment.simulator.control("faults", FAULTS[number % len(FAULTS)])
            time.sleep(1)
        deployment.simulator.control("faults", method="DELETE")
        takeovers = [
            _take_over(deployment, load, point, deployment.replicas[number % 2], report)
            for number, point in enumerate(itertools.islice(itertools.cycle(points), rounds))
        ]
        aftermath.check(deployment, load, report)
        _judge_claims(database_url, report)
        _judge_timelines(database_url, report)
        _judge_order(deployment, in_order, report)
        report.figures["replicas killed"] = len(takeovers)
        report.figures["longest wait from the lease's end to the takeover, s"] = max(takeovers)
    return report


def _create_in_turn(deployment: Deployment, load: Load, times: int, report: Report) -> list[str]:
    """Create merchants one after another, alternating between the replicas. Each creation must make exactly
    one call to Stripe.
    """
    deployment.simulator.control("calls", method="DELETE")
    external_ids = [f"in-order-{number}" for number in range(times)]
    with httpx.Client(timeout=20 * PATIENCE, trust_env=False, verify=False) as client:
        for replica, external_id in zip(itertools.cycle(deployment.replicas), external_ids, strict=False):
            outcome = load.create(client, replica.url, external_id)
            if outcome != "ok":
                report.problems.append(f"{external_id}: {outcome}")
    calls = deployment.simulator.control("calls")["calls"].get("POST /v2/core/accounts", 0)
    if calls != times:
        report.problems.append(f"{times} creations took {calls} calls to Stripe")
    return external_ids


def _count_fetches(deployment: Deployment, report: Report) -> None:
    """Deliver events while Stripe has no faults. Each event must be claimed once, and the events that are
    claimed together must cause one fetch.
    """
    url = deployment.database_url
    until(lambda: not _pending(url), 60)
    deployment.simulator.control("calls", method="DELETE")
    last = tables.rows(url, "SELECT coalesce(max(number), 0) AS number FROM torture_claim")[0]["number"]
    for account in deployment.accounts():
        deployment.simulator.control(f"accounts/{account['id']}", {"scenario": "touch", "times": 3})
    until(lambda: not _pending(url) and not _undelivered(deployment), 60)
    claims = tables.rows(
        url,
        f"SELECT account, who, lease, attempts FROM torture_claim WHERE number > {int(last)}",  # noqa: S608 -- names and numbers of ours
    )
    groups = {(claim["account"], claim["who"], claim["lease"]) for claim in claims}
    fetches = deployment.simulator.control("calls")["calls"].get("GET /v2/core/accounts/{id}", 0)
    repeats = sum(claim["attempts"] > 1 for claim in claims)
    if repeats:
        report.problems.append(f"{repeats} events without faults were claimed more than once")
    if fetches != len(groups):
        report.problems.append(f"{len(groups)} groups of events were claimed, with {fetches} fetches")
    report.figures["without faults: claimed events, groups claimed together, fetches"] = (
        f"{len(claims)}, {len(groups)}, {fetches}"
    )


def _take_over(deployment: Deployment, load: Load, point: str, victim: Replica, report: Report) -> float:
    """Kill a replica that holds a lease. Return the seconds from the lease's end to the takeover."""
    url, place = deployment.database_url, POINTS[point]
    other = next(replica for replica in deployment.replicas if replica is not victim)
    # If work is pending, the worker could reach the fault point before the process is ready.
    until(lambda: not _unfinished(url, place), 60)
    victim.start(point)
    pid = victim.process.popen.pid if victim.process is not None else 0
    deadline = time.monotonic() + 30 * PATIENCE
    with httpx.Client(timeout=20 * PATIENCE, trust_env=False, verify=False) as client:
        number = 0
        while not victim.is_dead and time.monotonic() < deadline:
            if place == "account_creation":
                load.create(client, victim.url, f"killed-{pid}-{number}")
            else:
                account = load.accounts[-1 - number % len(load.accounts)]
                deployment.simulator.control(f"accounts/{account}", {"scenario": "touch"})
            number += 1
            time.sleep(0.3)
    leases = [row for row in _leased(url, place) if place != "stripe_event" or f"-{pid}-" in row["leased_by"]]
    if not victim.is_dead or not leases:
        report.problems.append(f"{victim.url} did not die at {point} while it held a lease")
        victim.start()
        return 0.0
    ids = ", ".join(f"'{row['id']}'" for row in leases)
    last = tables.rows(url, "SELECT max(number) AS number FROM torture_claim")[0]["number"]

    def read_claims() -> list[tables.Row]:
        claims = f"SELECT * FROM torture_claim WHERE number > {int(last)} AND id IN ({ids})"  # noqa: S608 -- names and numbers of ours
        return tables.rows(url, claims)

    try:
        until(lambda: len(read_claims()) >= len(leases), 90)
    except AssertionError:
        report.problems.append(f"{other.url} did not take over the leases of {victim.url} in {place}")
    wait = max((_claimed(row) - row["lease_before"] for row in read_claims()), default=timedelta())
    if not timedelta() <= wait <= MAX_TAKEOVER:
        seconds = wait.total_seconds()
        report.problems.append(f"{other.url} took over a {place} {seconds:.1f} s after the lease's end")
    victim.start()
    return round(wait.total_seconds(), 2)


def _unfinished(url: str, place: str) -> list[tables.Row]:
    return tables.rows(url, f"SELECT id FROM {place} WHERE state = 'PENDING'")  # noqa: S608 -- names of ours


def _leased(url: str, place: str) -> list[tables.Row]:
    who = "leased_by" if place == "stripe_event" else "NULL AS leased_by"
    return tables.rows(
        url,
        f"SELECT id, {who} FROM {place} WHERE state = 'PENDING' AND leased_until > clock_timestamp()",  # noqa: S608 -- names and numbers of ours
    )


def _claimed(claim: tables.Row) -> datetime:
    """The time of a claim, according to the clock that computed its lease."""
    time_of_claim: datetime = claim["lease"] - LEASES[claim["place"]]
    return time_of_claim


def _judge_claims(url: str, report: Report) -> None:
    claims = tables.rows(url, "SELECT * FROM torture_claim ORDER BY number")
    wrong: Counter[str] = Counter()
    for claim in claims:
        at, before = _claimed(claim), claim["lease_before"]
        if abs(claim["at"] - at) > BRIEFLY:
            wrong[f"{claim['place']}: the lease was not computed by the database's clock"] += 1
        if before is not None and at < before:
            wrong[f"{claim['place']}: claimed during another worker's lease"] += 1
        if claim["attempts"] > 1 and at < claim["run_at"]:
            wrong[f"{claim['place']}: claimed again before its pause had ended"] += 1
    report.problems += [f"{n} times {problem}" for problem, n in wrong.items()]
    report.figures |= {
        "claims of events, of creations": ", ".join(
            str(sum(claim["place"] == place for claim in claims)) for place in LEASES
        ),
        "claims after the first attempt": ", ".join(
            str(sum(claim["place"] == place and claim["attempts"] > 1 for claim in claims))
            for place in LEASES
        ),
    }


def _judge_timelines(url: str, report: Report) -> None:
    statement = 'SELECT merchant_id, at, "fetch" FROM timeline_entry ORDER BY merchant_id, id'
    entries = tables.rows(url, statement)
    wrong: dict[str, set[str]] = {}
    for merchant, group in itertools.groupby(entries, key=lambda entry: str(entry["merchant_id"])):
        timeline = list(group)
        fetches = [entry["fetch"] for entry in timeline if entry["fetch"] is not None]
        moments = [entry["at"] for entry in timeline]
        for name, values in (("fetch", fetches), ("at", moments)):
            if values != sorted(values):
                wrong.setdefault(name, set()).add(merchant)
    report.problems += [
        f"the timelines of {len(merchants)} merchants are not in the order of `{name}`"
        for name, merchants in wrong.items()
    ]
    report.figures["timeline entries"] = len(entries)


def _judge_order(deployment: Deployment, in_order: list[str], report: Report) -> None:
    shown = [m["externalId"] for m in deployment.merchants() if m["externalId"] in set(in_order)]
    misplaced = sum(one != other for one, other in zip(shown, in_order, strict=True))
    if misplaced:
        report.problems.append(f"{misplaced} of {len(in_order)} merchants are not in the order of creation")


def _pending(url: str) -> bool:
    return bool(tables.rows(url, "SELECT 1 FROM stripe_event WHERE state = 'PENDING' LIMIT 1"))


def _undelivered(deployment: Deployment) -> bool:
    return bool(deployment.simulator.control("deliveries?status=pending")["data"])
