"""`python -m api recover`: restores the objects that the database has lost and Stripe still has."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from api.commands.importing import printable
from connect.finances import recovery as payouts
from connect.merchants.adoption import recovery as merchants
from connect.merchants.adoption.recovered import Finding
from connect.payments.mirror import recovery as payments
from connect.payments.mirror import refund_recovery as refunds
from connect.platform.records import audit
from connect.stripe_api.gateway import Gateway

ACTOR = "recover"


async def run(gateway: Gateway, since: datetime, write: Callable[[str], object], *, dry_run: bool) -> bool:
    """Restore the missing objects. With `dry_run`, only look for them.

    Prints a line for each finding: its name, the kind of object, the external id and Stripe's id, separated
    by tabs.

    Returns True if no line needs an operator, because every object was restored or can be restored.
    """
    counts: Counter[Finding] = Counter()
    for kind, found in (
        ("merchant", merchants.run(gateway, actor=ACTOR, dry_run=dry_run)),
        ("payment", payments.run(gateway, since, actor=ACTOR, dry_run=dry_run)),
        ("refund", refunds.run(gateway, since, actor=ACTOR, dry_run=dry_run)),
        ("payout", payouts.run(gateway, since, actor=ACTOR, dry_run=dry_run)),
    ):
        async for one in found:
            counts[one.finding] += 1
            write(f"{one.finding.name.lower()}\t{kind}\t{printable(one.external_id)}\t{one.stripe_id}")
    if not dry_run:
        numbers = {finding.name.lower(): n for finding, n in counts.items()}
        await audit.record_command("recoverLostRows", None, numbers)
    write(", ".join(f"{n} {finding.name.lower()}" for finding, n in counts.items()) or "nothing is missing")
    return counts.keys() <= {Finding.RESTORED, Finding.RESTORABLE}
