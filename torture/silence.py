"""Accounts change while no notification is delivered, and the service must find the changes itself.

First the back-fill finds the changes in Stripe's list of events. Then the list is empty too, and only the
sweep of all open accounts can find the changes. Meanwhile Stripe gives unusable or large answers to the
fetches of a few accounts. With the default settings, the first sweep gets no answers at all.
"""

import json
import random
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from testing import tables
from testing.deployment import Deployment, service
from testing.report import Report, few
from testing.waits import until
from torture import comparison, misanswered
from torture.misanswered import Misanswered

SIZE = 200  # accounts that change
BACKFILL_AFTER_SECONDS = 60
STALE_AFTER_SECONDS = 20
CREATIONS_PER_SECOND = 5
# Each scenario leads to a different state, and none to the state of a new account.
SCENARIOS = (
    "activate",
    "fail_document",
    "due_soon",
    "past_due",
    "future_requirements",
    "payouts_blocked",
    "restricted_other",
    "reject",
    "unsupported",
)
# The first sweep begins this long after the start, with the default settings.
FIRST_SWEEP_SECONDS = 60
# With the default settings, a sweep that began this long ago is late.
LATE = timedelta(days=2)
_RECONCILIATION = """
{ platform { reconciliation { lastRunAt finishedAt checked drifted repaired failed } } }
"""
_PROBLEMS = "{ platform { problems { code } } }"


def prove(
    database: str,
    *,
    seed: int,
    size: int,
    folder: Path,
    backfill_after: int = BACKFILL_AFTER_SECONDS,
    stale_after: int = STALE_AFTER_SECONDS,
    max_seconds: float = misanswered.MAX_SECONDS,
) -> Report:
    """Change `size` accounts twice without deliveries. Each time, wait until the mirror agrees with Stripe.

    While large accounts are fetched, /readyz must answer within `max_seconds`.
    """
    rng = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    report = Report({"accounts changed each time": size})
    # No review ends during the proof, so the accounts change only by the scenarios.
    stripe = {"REVIEW_SECONDS": "3600"}
    leaving = [f"leaving-{number}" for number in range(max(1, size // 20))]
    with service(database, folder, stripe=stripe, BACKFILL_AFTER_SECONDS=str(backfill_after)) as deployment:
        create(deployment, [*(f"shop-{number}" for number in range(size)), *leaving])
        report.problems += few(list(comparison.settled(lambda: comparison.differences(deployment), 60)[1]))
        if backfill_after >= FIRST_SWEEP_SECONDS:
            report.problems += _hanging_sweep(deployment)
            # This part tests the back-fill, so the first sweep must end before the accounts change.
            until(lambda: _has_swept(deployment), 2 * FIRST_SWEEP_SECONDS)
        deployment.simulator.control("deliveries", {"mode": "drop"})
        accounts = {one["metadata"]["external_id"]: one["id"] for one in deployment.accounts()}
        disconnected = {accounts.pop(name) for name in leaving}
        order = {account: rng.choice(SCENARIOS) for account in accounts.values()}
        silence = Silence(deployment, order | dict.fromkeys(disconnected, "deauthorize"))
        _found_in_the_list(silence, report, disconnected, backfill_after)
    order = {account: rng.choice([s for s in SCENARIOS if s != first]) for account, first in order.items()}
    order |= dict.fromkeys(rng.sample(list(order), len(leaving)), "close")
    # The second deployment has the database and the Stripe of the first one, but other settings.
    with service(database, folder, stripe=stripe, STALE_AFTER_SECONDS=str(stale_after)) as deployment:
        deployment.simulator.control("lists", {"hide_events": True})
        changing = [account for account, scenario in order.items() if scenario != "close"]
        bad = misanswered.begin(deployment, changing, rng, max_seconds)
        _found_by_the_sweep(Silence(deployment, order, bad), report, stale_after)
    return report


@dataclass
class Silence:
    """One part of the proof: the scenario of each account, and the reports of the sweeps during this part."""

    deployment: Deployment
    order: Mapping[str, str]
    misanswered: Misanswered | None = None
    sweeps: dict[str, dict[str, Any]] = field(default_factory=dict)  # by the start of the sweep
    repaired_before: Mapping[str, int] = field(default_factory=dict)
    fetches: int = 0  # the maximum number of fetches of any one account

    def run(self, patience: float) -> tuple[float, list[str]]:
        """Play the scenarios. Return the seconds until the mirror agreed, and the remaining differences."""
        simulator = self.deployment.simulator
        self.repaired_before = comparison.drift_repairs(self.deployment)
        simulator.control("calls", method="DELETE")
        for account, scenario in self.order.items():
            simulator.control(f"accounts/{account}", {"scenario": scenario})
        seconds, left = comparison.settled(self.look, patience)
        addresses = simulator.control("calls")["addresses"]
        self.fetches = max(addresses.get(f"GET /v2/core/accounts/{one}", 0) for one in self.order)
        return seconds, list(left)

    def sweep(self, count: str) -> int:
        """The sum of a count over all recorded sweeps."""
        return sum(int(sweep[count]) for sweep in self.sweeps.values())

    def note_sweep(self) -> bool:
        """Record the report of the latest sweep. Returns False if no sweep has started."""
        answer = self.deployment.ask(_RECONCILIATION)
        report = (answer.get("data") or {}).get("platform", {}).get("reconciliation")
        if not report or not report["lastRunAt"]:
            return False
        self.sweeps[report["lastRunAt"]] = report
        return True

    def look(self) -> list[str]:
        """The differences, except those of merchants whose accounts get unusable or large answers."""
        self.note_sweep()
        found = comparison.differences(self.deployment)
        without = self.misanswered.merchants if self.misanswered is not None else set()
        return [text for text in found if text.partition(":")[0] not in without]


def create(deployment: Deployment, names: Sequence[str]) -> None:
    """Create merchants at a steady pace."""
    for name in names:
        deployment.attempt_creation(deployment.replicas[0], name)
        time.sleep(1 / CREATIONS_PER_SECOND)


def _found_in_the_list(silence: Silence, report: Report, disconnected: set[str], backfill_after: int) -> None:
    seconds, left = silence.run(4 * backfill_after + 120)
    report.problems += few(left) + few(comparison.misordered(silence.deployment))
    report.problems += _not_in_the_timeline(silence, silence.order.keys() - disconnected)
    _, unhandled = comparison.settled(lambda: _unhandled(silence.deployment), 60)
    report.problems += few(list(unhandled))
    listed = [row for row in comparison.events(silence.deployment) if not row.delivered]
    report.figures |= {
        "accounts disconnected": len(disconnected),
        "BACKFILL_AFTER_SECONDS": backfill_after,
        "seconds until the back-fill had found all changes": round(seconds, 1),
        "events read from Stripe's list": len(listed),
        "maximum number of fetches of any one account": silence.fetches,
    }


def _unhandled(deployment: Deployment) -> list[str]:
    rows = [row for row in comparison.events(deployment) if not row.delivered]
    return [f"{r.type}: {r.state}, {r.reason}" for r in rows if r.state not in {"HANDLED", "IGNORED"}]


def _has_swept(deployment: Deployment) -> bool:
    return _reconciliation(deployment)["finishedAt"] is not None


def _reconciliation(deployment: Deployment) -> dict[str, Any]:
    report: dict[str, Any] = deployment.ask(_RECONCILIATION)["data"]["platform"]["reconciliation"]
    return report


def _hanging_sweep(deployment: Deployment) -> list[str]:
    """Let Stripe answer no fetch of the first sweep. Returns a problem if the API does not report it."""
    fault = {
        "method": "GET",
        "path": "/v2/core/accounts/{id}",
        "kind": "delay",
        "seconds": 5,
        "times": 10_000,
    }
    deployment.simulator.control("faults", fault)
    try:
        until(lambda: _reconciliation(deployment)["lastRunAt"], 2 * FIRST_SWEEP_SECONDS)
        until(lambda: _is_reported_as_late(deployment), 20)
    except AssertionError:
        return ["the first sweep hangs, and there is no SWEEP_STALLED"]
    finally:
        deployment.simulator.control("faults", method="DELETE")
    return []


def _is_reported_as_late(deployment: Deployment) -> bool:
    """Set the start of the sweep back, read the problems, and restore the start.

    Meanwhile, the sweep may overwrite the start that was set back, so one call may return False.
    """
    (task,) = tables.rows(deployment.database_url, "SELECT state FROM periodic_task WHERE name = 'sweep'")
    state = task["state"]
    started_at = json.loads(state)["started_at"]
    _store(deployment, state.replace(started_at, str(tables.moment(started_at) - LATE)))
    problems = deployment.ask(_PROBLEMS)["data"]["platform"]["problems"]
    _store(deployment, state)
    return {"code": "SWEEP_STALLED"} in problems


def _store(deployment: Deployment, state: str) -> None:
    statement = f"UPDATE periodic_task SET state = '{state}' WHERE name = 'sweep'"  # noqa: S608 -- JSON of ours
    tables.script(deployment.database_url, statement)


def _found_by_the_sweep(silence: Silence, report: Report, stale_after: int) -> None:
    size = len(silence.order)
    seconds, left = silence.run(4 * stale_after + 120)
    # A sweep begins every `stale_after / 2`. More fetches of an account than sweeps would mean that one sweep
    # fetched it twice.
    max_fetches = 2 + int(seconds // (stale_after / 2))
    report.problems += few(left) + _without_misanswers(silence, stale_after, report)
    # The sweep that found the last difference may still run.
    comparison.settled(lambda: _unfinished(silence, size), 2 * stale_after + 30)
    report.problems += few(comparison.misordered(silence.deployment))
    report.problems += _not_in_the_timeline(silence, silence.order.keys())
    report.problems += _unfinished(silence, size)
    if silence.fetches > max_fetches:
        report.problems.append(f"an account was fetched {silence.fetches} times in {seconds:.0f} s")
    report.figures |= {
        "STALE_AFTER_SECONDS": stale_after,
        "seconds until the sweep had found all changes": round(seconds, 1),
        "maximum number of fetches of any one account by the sweep": silence.fetches,
        "sweeps seen": len(silence.sweeps),
        **{
            f"{name} by these sweeps": silence.sweep(name)
            for name in ("checked", "drifted", "repaired", "failed")
        },
    }


def _without_misanswers(silence: Silence, stale_after: int, report: Report) -> list[str]:
    """Check the service while Stripe gives unusable and large answers. Then let Stripe answer correctly, and
    wait until a sweep has found the changes of the affected accounts, too.
    """
    bad = silence.misanswered
    if bad is None:
        return []
    problems = few(misanswered.problems(silence.deployment, bad))
    # The sweep may still run, and fetch some of these accounts after the last changed account.
    _, unreported = comparison.settled(
        lambda: _unreported_failures(silence, len(bad.unusable)), 2 * stale_after + 30
    )
    problems += unreported
    silence.deployment.simulator.control("faults", method="DELETE")
    silence.misanswered = None
    seconds, left = comparison.settled(silence.look, 4 * stale_after + 120)
    report.figures["accounts misanswered"] = len(bad.merchants)
    report.figures["seconds until the sweep had found the misanswered accounts"] = round(seconds, 1)
    return problems + few(list(left))


def _unreported_failures(silence: Silence, count: int) -> list[str]:
    silence.note_sweep()
    failed = max((int(sweep["failed"]) for sweep in silence.sweeps.values()), default=0)
    return [] if failed >= count else [f"{count} accounts fail, but no sweep reports more than {failed}"]


def _not_in_the_timeline(silence: Silence, accounts: Collection[str]) -> list[str]:
    before, after = silence.repaired_before, comparison.drift_repairs(silence.deployment)
    without = [one for one in sorted(accounts) if after.get(one, 0) == before.get(one, 0)]
    return few([f"{one} has no new timeline entry DRIFT_REPAIRED" for one in without])


def _unfinished(silence: Silence, size: int) -> list[str]:
    """The problems with the service's reports of its sweeps."""
    if not silence.note_sweep():
        return ["platform { reconciliation } is empty"]
    drifted, repaired = silence.sweep("drifted"), silence.sweep("repaired")
    problems = [] if drifted >= size else [f"the sweeps report {drifted} of {size} drifted accounts"]
    if repaired != drifted:
        problems.append(f"{drifted} accounts drifted, {repaired} were repaired")
    return problems
