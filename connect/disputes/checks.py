"""Whether a dispute takes an answer, as its mirror shows it."""

from connect.disputes.rules import document, stages
from connect.disputes.rules.stages import DisputeKind
from connect.errors import DisputeChanged, DisputeNotAnswerable
from connect.payments.rules.snapshot import Dispute as KnownDispute
from connect.payments.rules.snapshot import decode
from models import Dispute, Payment

STAGE, SUBMIT, ACCEPT = "STAGE", "SUBMIT", "ACCEPT"
CHANGED_MESSAGE = (
    "The dispute has changed since you read it: somebody may have answered it in the Stripe Dashboard. "
    "Read it, and repeat the call with its new version."
)


async def check(dispute: Dispute, kind: str, expected: str | None) -> None:
    """Raise DisputeNotAnswerable or DisputeChanged. Without `expected`, the version is not checked."""
    known = await _known(dispute)
    if known.status not in stages.ANSWERABLE:
        raise DisputeNotAnswerable(dispute, "The dispute can no longer be answered. Read its `status`.")
    if known.past_due:
        raise DisputeNotAnswerable(dispute, "The deadline for an answer has passed.")
    if known.due_by is None:
        raise DisputeNotAnswerable(dispute, "The bank takes no answer to this dispute.")
    if kind == ACCEPT and known.status.startswith(stages.INQUIRY):
        raise DisputeNotAnswerable(
            dispute, "An inquiry cannot be accepted: no money has moved. Refund the payment in full instead."
        )
    if kind != ACCEPT and stages.kind(known) is DisputeKind.COMPLIANCE:
        raise DisputeNotAnswerable(
            dispute,
            "An answer to this dispute can cost a fee of the card network, which the merchant must "
            "acknowledge in the Stripe Dashboard.",
        )
    if expected is not None and expected != document.version(known):
        raise DisputeChanged(dispute, CHANGED_MESSAGE)


async def _known(dispute: Dispute) -> KnownDispute:
    """The dispute in the payment's mirror. Raises DisputeNotAnswerable if the mirror no longer has it."""
    snapshot = decode((await Payment.get(id=dispute.payment_id)).snapshot)
    known = next((one for one in snapshot.disputes if one.id == dispute.stripe_dispute_id), None)
    if known is None:
        raise DisputeNotAnswerable(dispute, "Stripe no longer lists this dispute of the payment.")
    return known
