"""The summary: the status of a merchant in sentences. Pure.

Each sentence considers only the requirements of the capability that it describes.
"""

from collections.abc import Iterable, Sequence

from connect.merchants.rules.account.capabilities import is_rejected
from connect.merchants.rules.account.requirements import Urgency, counted, group_key
from connect.merchants.rules.account.sections import Entry
from connect.merchants.rules.messages import Message, say
from connect.merchants.rules.status.facts import CARD_PAYMENTS, CORE, PAYOUTS, Facts
from connect.merchants.rules.status.status import Status

# A sentence, and the entries that it covers.
Sentence = tuple[Message, Sequence[Entry]]


def summary(status: Status, facts: Facts) -> list[Message]:
    """A sentence about the status, and more sentences about the due groups that the first one leaves out."""
    first, covered = _summary(status, facts)
    return [first, *_also(facts, covered)]


def _summary(status: Status, facts: Facts) -> Sentence:
    match status:
        case Status.ONBOARDING:
            return say("summary.onboarding"), facts.due
        case Status.ACTION_REQUIRED:
            return _needed("summary.action_required", facts, facts.needed_for(CARD_PAYMENTS))
        case Status.PENDING_REVIEW:
            return _pending_review(facts), ()
        case Status.ACTIVE:
            return _active(facts), ()
        case Status.ACTIVE_DUE_SOON:
            return _due_soon(facts)
        case Status.PAYOUTS_BLOCKED:
            return _payouts_blocked(facts)
        case Status.RESTRICTED:
            return _needed("summary.restricted", facts, facts.needed_for(CARD_PAYMENTS))
        case Status.RESTRICTED_BY_STRIPE if facts.is_held(CARD_PAYMENTS):
            return say("summary.restricted_by_stripe.hold"), ()
        case Status.REJECTED:
            return _rejected(facts), facts.due
        case _:
            return say(f"summary.{status.value.lower()}"), ()


def _needed(key: str, facts: Facts, entries: Sequence[Entry]) -> Sentence:
    """A sentence about the overdue groups. If no group is overdue, the sentence is about the groups with
    errors. If no group has errors either, it is about all groups.

    A group also counts as overdue if it is overdue for another capability.
    """
    late = _late(facts)
    overdue = [e for e in entries if group_key(e) in late]
    if overdue:
        return say(f"{key}.overdue", **counted(overdue)), overdue
    failed = [e for e in entries if e.errors]
    if failed:
        return say(f"{key}.errors", **counted(failed)), failed
    return say(key, **counted(entries)), entries


def _pending_review(facts: Facts) -> Message:
    is_known = all(
        e.awaits_merchant or e.awaiting_action_from == "stripe" for e in facts.requirements.entries
    )
    is_complete = is_known and not facts.open_entries and not facts.lacks_entries(PAYOUTS)
    if is_complete or not facts.is_in_review(CARD_PAYMENTS):
        return say("summary.pending_review" if is_complete else "summary.pending_review.some")
    return say("summary.pending_review.cards")


def _active(facts: Facts) -> Message:
    if facts.has_reviews:
        return say("summary.active.review")
    works = all(facts.is_active(c.name) for c in facts.capabilities or ())
    is_quiet = works and all(e.awaits_merchant for e in facts.requirements.entries)
    return say("summary.active" if is_quiet else "summary.active.core")


def _due_soon(facts: Facts) -> Sentence:
    """The sentence about card payments and payouts. `_also` names all other due groups, including a group
    that is overdue for another capability.
    """
    overdue = _by_name(facts.overdue_for(name) for name in CORE)
    if overdue:
        entries = _union(overdue.values())
        return _to_keep("summary.due_soon.overdue", tuple(overdue), entries), entries
    late = _late(facts)
    needed = _by_name([e for e in facts.needed_for(name) if group_key(e) not in late] for name in CORE)
    if needed:
        entries = _union(needed.values())
        return _to_keep("summary.due_soon", tuple(needed), entries), entries
    if facts.due:
        return say("summary.active.core"), ()
    entries = [
        *(facts.open_entries if facts.requirements.nearest_deadline else ()),
        *(facts.future_entries if facts.future.transitions_at else ()),
    ]
    names = sorted({name for e in entries for name in e.stakes}, key=lambda name: (name not in CORE, name))
    if not names:
        return say("summary.due_soon.more"), ()
    return say("summary.due_soon.later", capabilities=tuple(names)), ()


def _payouts_blocked(facts: Facts) -> Sentence:
    needed = facts.needed_for(PAYOUTS)
    if needed or facts.lacks_entries(PAYOUTS):
        return _needed("summary.payouts_blocked", facts, needed)
    if facts.awaits_review(PAYOUTS):
        return say("summary.payouts_blocked.review"), ()
    return say(
        "summary.payouts_blocked.hold" if facts.is_held(PAYOUTS) else "summary.payouts_blocked.contact"
    ), ()


def _rejected(facts: Facts) -> Message:
    if facts.is_rejected_by_platform:
        return say("summary.rejected.platform")
    if facts.due:
        return say("summary.rejected.appeal")
    return say(
        "summary.rejected" if is_rejected(facts.capability(CARD_PAYMENTS)) else "summary.rejected.payouts"
    )


def _also(facts: Facts, covered: Sequence[Entry]) -> list[Message]:
    """Sentences about the due groups that have no entry in `covered`: by capability, overdue groups first."""
    listed = [c.name for c in facts.capabilities or ()]
    rest = _without(facts.due, covered)
    names = dict.fromkeys([*listed, *(name for e in rest for name in e.stakes)])
    late, said = _late(facts), []
    # A group that is overdue only for another configuration is left for `summary.also.other.overdue`.
    for key, entries_of, excluded in (
        ("summary.also.overdue", facts.overdue_for, set()),
        ("summary.also", facts.needed_for, late),
    ):
        left = {e.identity for e in rest if group_key(e) not in excluded}
        found = {
            name: [e for e in entries_of(name) if e.identity in left and name in e.stakes] for name in names
        }
        found = {name: entries for name, entries in found.items() if entries}
        if found:
            entries = _union(found.values())
            said.append(say(key, **counted(entries), capabilities=tuple(found)))
            rest = _without(rest, entries)
    overdue = [e for e in rest if group_key(e) in late]
    keys = (
        ("summary.also.other.overdue", overdue),
        ("summary.also.other", _without(rest, overdue)),
    )
    return said + [say(key, **counted(entries)) for key, entries in keys if entries]


def _late(facts: Facts) -> set[object]:
    """The keys of the overdue groups."""
    return {group_key(e) for e in facts.due if facts.urgency(e) is Urgency.OVERDUE}


def _without(entries: Sequence[Entry], covered: Sequence[Entry]) -> list[Entry]:
    """The entries of the groups that have no covered entry."""
    keys = {group_key(e) for e in covered}
    return [e for e in entries if group_key(e) not in keys]


def _to_keep(key: str, names: tuple[str, ...], entries: Sequence[Entry]) -> Message:
    return say(f"{key}.one" if len(names) == 1 else key, **counted(entries), capabilities=names)


def _by_name(groups: Iterable[Sequence[Entry]]) -> dict[str, Sequence[Entry]]:
    return {name: group for name, group in zip(CORE, groups, strict=True) if group}


def _union(groups: Iterable[Sequence[Entry]]) -> list[Entry]:
    return list({e.identity: e for group in groups for e in group}.values())
