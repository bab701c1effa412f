"""The checks that decide whether a dispute takes an answer. They read only the mirror."""

from connect.disputes.inputs import NewAnswer
from connect.disputes.rules import document, stages
from connect.disputes.rules.stages import DisputeKind
from connect.errors import DisputeChanged, DisputeNotAnswerable
from connect.payments.rules.snapshot import Dispute as KnownDispute
from connect.payments.rules.snapshot import decode
from models import Dispute, Payment

STAGE, SUBMIT, ACCEPT = "STAGE", "SUBMIT", "ACCEPT"
CHANGED_MESSAGE = (
    "The dispute has changed since you read it: somebody may have answered it in the Stripe Dashboard. "
    "Read the dispute again, and repeat the call with its new version."
)


async def check(dispute: Dispute, kind: str, expected: str | None, new: NewAnswer | None = None) -> None:
    """Raise DisputeNotAnswerable if the dispute does not take the answer, or DisputeChanged if it does not
    have the version `expected`. If `expected` is None, any version is accepted.

    `new` is the answer, or None for an acceptance and for a file that a later answer will name.
    """
    known = await known_dispute(dispute)
    if message := _refusal(known, kind, new):
        raise DisputeNotAnswerable(dispute, message)
    if expected is not None and expected != document.version(known):
        raise DisputeChanged(dispute, CHANGED_MESSAGE)


def _refusal(known: KnownDispute, kind: str, new: NewAnswer | None) -> str | None:
    """The reason why the dispute does not take this answer, or None if it does."""
    if known.status not in stages.AWAITING:
        return "The dispute can no longer be answered. Read its `status`."
    if known.past_due:
        return "The deadline for an answer has passed."
    if known.due_by is None:
        return "The bank does not accept an answer to this dispute."
    if kind == ACCEPT:
        return _refusal_of_acceptance(known)
    if new is None:
        return None
    return _refusal_of_evidence(known, new) or _refusal_of_fee(known, new)


def _refusal_of_acceptance(known: KnownDispute) -> str | None:
    if known.status.startswith(stages.INQUIRY):
        return "An inquiry cannot be accepted: no money has moved. Refund the payment in full instead."
    if known.status == stages.APPEAL:
        return "An appeal cannot be accepted. Let its deadline pass, or see the Stripe Dashboard."
    return None


def _refusal_of_evidence(known: KnownDispute, new: NewAnswer) -> str | None:
    is_appeal = known.status == stages.APPEAL
    if new.appeal is not None and not is_appeal:
        return "The dispute is not in an appeal, so it does not accept `appeal`."
    if is_appeal and (new.parts or new.compelling is not None):
        return (
            "During an appeal, only `appeal` is accepted. The evidence of the first round cannot be changed."
        )
    if new.compelling is not None and all(one.name != stages.COMPELLING_EVIDENCE for one in known.programs):
        return "The dispute does not accept `compellingEvidence`. Read `evidence.programs`."
    return None


def _refusal_of_fee(known: KnownDispute, new: NewAnswer) -> str | None:
    """The message if the answer is refused because of a network's fee or its acknowledgement, or else None.
    Only the call that submits can acknowledge the fee.
    """
    program = stages.fee_program(known)
    if program is None and stages.kind(known) is not DisputeKind.COMPLIANCE:
        return "The dispute has no fee of a card network to acknowledge." if new.acknowledges_fee else None
    if program is None:
        return (
            "An answer to this dispute can cost a fee of the card network, which the merchant must "
            "acknowledge in the Stripe Dashboard."
        )
    if new.submit and program.status != "fee_acknowledged" and not new.acknowledges_fee:
        return (
            "The card network charges a fee for the submission (Visa: 500 USD), and returns it if the "
            "dispute is won. Repeat the call with `acknowledgesNetworkFee` if the merchant agrees to pay it."
        )
    return None


async def known_dispute(dispute: Dispute) -> KnownDispute:
    """The dispute in the payment's mirror. Raises DisputeNotAnswerable if the mirror no longer has it."""
    snapshot = decode((await Payment.get(id=dispute.payment_id)).snapshot)
    known = next((one for one in snapshot.disputes if one.id == dispute.stripe_dispute_id), None)
    if known is None:
        raise DisputeNotAnswerable(dispute, "Stripe no longer lists this dispute of the payment.")
    return known
