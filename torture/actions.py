"""Actions for the proof of delivery: creations, scenarios, false notifications, and kills of the worker."""

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from connect.merchants.mirror.events import LINK_RETURNED
from testing.deployment import Deployment
from testing.environment import STRIPE_KEY
from testing.waits import until

NOT_KILLED = "not killed at the intended point"

# Late and lost answers cause many retries of the SDK, so the clients create only a few merchants a second.
CREATIONS_PER_SECOND = 5
PLAYS_PER_SECOND = 8
LATE_ANSWERS: list[dict[str, Any]] = [
    {"kind": "delay_after", "seconds": 2.5},
    {"kind": "reset_after"},
    {"kind": "reset_after", "times": 3},  # outlasts the SDK's own retries
]
# The scenarios and their weights.
SCENARIOS = {
    "activate": 4,
    "complete": 4,
    "review": 2,
    "fail_document": 3,
    "due_soon": 3,
    "past_due": 3,
    "future_requirements": 3,
    "payouts_blocked": 3,
    "restricted_other": 2,
    "reject": 1,
    "unsupported": 1,
    "touch": 2,
}
UNTRUE = ("unheard-of type", "unknown account", "other mode", "no related object", "no account named")
KILLS = ("at a random moment", "worker.claimed", "worker.fetched", "worker.written")


@dataclass
class Course:
    """The state of a proof: the accounts that still change, and counts of the proof's actions."""

    deployment: Deployment
    rng: random.Random
    alive: list[str] = field(default_factory=list)
    untrue: set[str] = field(default_factory=set)  # ids of notifications for which Stripe has no event
    done: Counter[str] = field(default_factory=Counter)
    ended_at: float = 0.0  # monotonic time of the last action


def create(course: Course, names: Sequence[str]) -> None:
    """Create the merchants. About a fifth of Stripe's answers are late or lost, and the notifications about
    these accounts can arrive before the answers.
    """
    deployment, rng = course.deployment, course.rng
    with ThreadPoolExecutor(16) as pool:
        for name in names:
            if rng.random() < 0.2:
                fault = {"path": "/v2/core/accounts", **rng.choice(LATE_ANSWERS)}
                deployment.simulator.control("faults", fault)
                course.done["creations answered late or never"] += 1
            pool.submit(deployment.attempt_creation, rng.choice(deployment.replicas), name)
            time.sleep(1 / CREATIONS_PER_SECOND)
    deployment.simulator.control("faults", method="DELETE")
    until(lambda: _all_created(deployment, len(names)), 120)


def _all_created(deployment: Deployment, count: int) -> bool:
    merchants = deployment.merchants()
    return len(merchants) == count and all(one["status"] != "CREATING" for one in merchants)


def stranger(deployment: Deployment) -> str:
    """Create an account of the same platform without the service."""
    time.sleep(1 / CREATIONS_PER_SECOND)
    answer = deployment.simulator.client.post(
        "/v2/core/accounts",
        headers={"Authorization": f"Bearer {STRIPE_KEY}"},
        json={
            "display_name": "Another service",
            "contact_email": "owner@elsewhere.example",
            "dashboard": "full",
            "identity": {"country": "us"},
            "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
            "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
        },
    )
    return str(answer.raise_for_status().json()["id"])


def play_scenarios(course: Course, count: int, strangers: Sequence[str]) -> None:
    """Play scenarios until Stripe has sent `count` notifications. Kills and other actions come in between."""
    rng = course.rng
    kinds = [kind for kind in UNTRUE for _ in range(max(2, count // 500))]
    between: list[Callable[[], None]] = [partial(_notify, course, kind) for kind in kinds]
    endings = max(1, len(course.alive) // 50)
    between += [partial(_end, course, how) for how in ("close", "deauthorize") for _ in range(endings)]
    between += [partial(_play, course, stranger) for stranger in strangers for _ in range(2)]
    rng.shuffle(between)
    kills = [KILLS[number % len(KILLS)] for number in range(max(1, count // 1000))]
    between = spread(between, [partial(kill, course, how) for how in kills])
    total, sent, plays = len(between), 0, 0
    while sent < count or between:
        _play(course, rng.choice(course.alive))
        plays += 1
        time.sleep(1 / PLAYS_PER_SECOND)
        if plays % 4 == 0:
            sent = course.deployment.simulator.control("deliveries/counts")["events"]
        # The last kill happens well before the end, so that many notifications follow each kill.
        while between and len(between) > total * (1 - sent / count / 0.9):
            between.pop(0)()
    course.done["scenarios played"] = plays


def spread(actions: list[Callable[[], None]], kills: list[Callable[[], None]]) -> list[Callable[[], None]]:
    """Insert the kills evenly among the other actions, beginning with a kill."""
    share = -(-len(actions) // len(kills))
    merged: list[Callable[[], None]] = []
    for number, kill in enumerate(kills):
        merged += [kill, *actions[number * share : (number + 1) * share]]
    return merged


def _play(course: Course, account: str) -> None:
    scenario = course.rng.choices(list(SCENARIOS), list(SCENARIOS.values()))[0]
    course.deployment.simulator.control(f"accounts/{account}", {"scenario": scenario})


def _end(course: Course, how: str) -> None:
    """Close or disconnect an account, and play no more scenarios on it."""
    account = course.alive.pop(course.rng.randrange(len(course.alive)))
    course.deployment.simulator.control(f"accounts/{account}", {"scenario": how})
    course.done[f"accounts ended by {how}"] += 1


def _notify(course: Course, kind: str) -> None:
    """Send a notification of one of the kinds in UNTRUE."""
    account = course.rng.choice(course.alive)
    order: dict[str, Any] = {}
    if kind == "unheard-of type":
        is_family_known = course.rng.random() < 0.5
        name = "v2.core.account[configuration.novel].updated" if is_family_known else "v2.novelty.unpacked"
        notification = _about(account) | {"type": name}
    elif kind == "unknown account":
        notification = _about(f"acct_nobody{course.done[kind]}")
    elif kind == "other mode":
        notification = _about(account) | {"livemode": True}
    elif kind == "no related object":
        notification = {"context": account}
    else:
        # The notification does not name the account, so the simulator stores an event with the account's id.
        notification = {"type": LINK_RETURNED}
        order["data"] = {"account_id": account}
    answer = course.deployment.simulator.control("notify", {"notification": notification, **order})
    if not order:
        course.untrue.add(answer["notification"]["id"])
    course.done[kind] += 1


def _about(account: str) -> dict[str, Any]:
    related = {"id": account, "type": "v2.core.account", "url": f"/v2/core/accounts/{account}"}
    return {"context": account, "related_object": related}


def kill(course: Course, how: str) -> None:
    """Kill the worker immediately or at a fault point, and start it again."""
    worker = course.deployment.worker
    killed = False
    if how in KILLS[1:]:
        try:
            worker.start(how)
            until(lambda: worker.is_dead, 30)
        except RuntimeError as error:  # the process died before it was ready
            killed = f"ended with {-signal.SIGKILL}" in str(error)
        except AssertionError:
            pass  # the process did not reach the point
    elif worker.process is not None:
        worker.process.kill()
    if worker.process is not None:
        killed = worker.process.popen.poll() == -signal.SIGKILL
    course.done[f"killed {how}" if killed else NOT_KILLED] += 1
    time.sleep(course.rng.uniform(0, 2))
    worker.start()
