"""The summary: the status of a merchant in sentences. Pure.

Each sentence considers only the requirements of the capability that it speaks of.
"""

from collections.abc import Iterable, Sequence

from connect.merchants.rules.capabilities import needs_stripe_support
from connect.merchants.rules.facts import CARD_PAYMENTS, CORE, PAYOUTS, Facts
from connect.merchants.rules.messages import Message, say
from connect.merchants.rules.requirements import counted
from connect.merchants.rules.sections import Entry
from connect.merchants.rules.status import Status


def summary(status: Status, facts: Facts) -> list[Message]:
    """The status in one sentence. A second sentence names errands for other capabilities."""
    first, covered = _summary(status, facts)
    return [first, *_also(facts, covered)]


def _summary(status: Status, facts: Facts) -> tuple[Message, Sequence[Entry]]:
    """The first sentence, and the entries that it covers."""
    cards = facts.needed_for(CARD_PAYMENTS)
    match status:
        case Status.ONBOARDING:
            return say("summary.onboarding"), facts.due
        case Status.ACTION_REQUIRED:
            return _say("summary.action_required", cards), cards
        case Status.PENDING_REVIEW:
            return say("summary.pending_review.cards" if facts.due else "summary.pending_review"), ()
        case Status.ACTIVE:
            return say("summary.active.core" if facts.due else "summary.active"), ()
        case Status.ACTIVE_DUE_SOON:
            return _due_soon(facts)
        case Status.PAYOUTS_BLOCKED:
            return _payouts_blocked(facts)
        case Status.RESTRICTED:
            overdue = facts.is_overdue(CARD_PAYMENTS)
            return _say("summary.restricted.overdue" if overdue else "summary.restricted", cards), cards
        case Status.REJECTED:
            if facts.is_rejected_by_platform:
                return say("summary.rejected.platform"), ()
            return say("summary.rejected.appeal" if facts.due else "summary.rejected"), facts.due
        case _:
            return say(f"summary.{status.value.lower()}"), ()


def _due_soon(facts: Facts) -> tuple[Message, Sequence[Entry]]:
    needed = _union(facts.needed_for(name) for name in CORE)
    if not needed:
        later = "summary.due_soon.later" if facts.awaits_merchant else "summary.due_soon.review"
        return say(later), ()
    overdue = [name for name in CORE if facts.is_overdue(name)]
    at_stake = overdue or [name for name in CORE if facts.needed_for(name)]
    key = "summary.due_soon.overdue" if overdue else "summary.due_soon"
    key = f"{key}.one" if len(at_stake) == 1 else key
    return say(key, **counted(needed), capabilities=tuple(at_stake)), needed


def _payouts_blocked(facts: Facts) -> tuple[Message, Sequence[Entry]]:
    needed = facts.needed_for(PAYOUTS)
    if needed or facts.lacks_entries(PAYOUTS):
        return _say("summary.payouts_blocked", needed), needed
    if needs_stripe_support(facts.capability(PAYOUTS)):
        return say("summary.payouts_blocked.contact"), ()
    return say(f"summary.payouts_blocked.{'review' if facts.is_in_review(PAYOUTS) else 'wait'}"), ()


def _also(facts: Facts, covered: Sequence[Entry]) -> list[Message]:
    """A sentence about the errands that the first one leaves out."""
    known = {entry.identity for entry in covered}
    rest = [e for e in facts.due if e.identity not in known]
    if not rest or facts.capabilities is None:
        return []
    unmet = {name: {e.identity for e in facts.needed_for(name)} for e in rest for name in e.stakes}
    names = tuple(name for name, needed in unmet.items() if any(e.identity in needed for e in rest))
    if not names:
        return [say("summary.also.other", **counted(rest))]
    named = [e for e in rest if any(e.identity in unmet[name] for name in names)]
    overdue = any(facts.is_overdue(name) for name in names)
    key = "summary.also.overdue" if overdue else "summary.also"
    return [say(key, **counted(named), capabilities=names)]


def _say(key: str, entries: Sequence[Entry]) -> Message:
    """The sentence about these entries, or about those that Stripe could not verify."""
    failed = [e for e in entries if e.errors]
    errors = f"{key}.errors"
    if failed and key in _WITH_ERRORS:
        return say(errors, **counted(failed))
    return say(key, **counted(entries))


_WITH_ERRORS = {"summary.action_required", "summary.payouts_blocked"}


def _union(groups: Iterable[Sequence[Entry]]) -> list[Entry]:
    return list({e.identity: e for group in groups for e in group}.values())
