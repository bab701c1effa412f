"""The mutations submitDisputeEvidence and acceptDispute."""

import base64
import binascii
from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.disputes import answers
from connect.disputes.inputs import File, NewAnswer, Part
from connect.disputes.rules.document import Document
from connect.disputes.rules.evidence import EvidenceField
from connect.errors import FieldCode, InvalidField, InvalidInput
from connect.merchants import accounts
from models import Merchant
from resolvers.common.errors import InvalidInputError, mutation
from resolvers.common.viewer import Permission, require_permission
from resolvers.disputes import dispute_lookup, enhanced
from resolvers.disputes.dispute import Dispute
from resolvers.disputes.dispute_lookup import DisputeRef
from resolvers.disputes.enhanced import AppealInput, CompellingEvidenceInput
from resolvers.disputes.errors import DisputeChangedError, DisputeNotAnswerableError, DisputeNotFoundError, of
from resolvers.execution.context import Info
from resolvers.merchants.mutations.errors import STRIPE_ERRORS

FINAL = "The evidence was submitted. The bank decides on it, and nobody can change it."
STAGED = (
    "The evidence is stored at Stripe, but the bank does not see it. Submit it before `dueBy`. A submission "
    "is final."
)
ACCEPTED = (
    "The dispute was accepted and is lost. The disputed amount stays with the customer, and Stripe keeps its "
    "fee."
)


@strawberry.input(description="A file of the evidence.")
class EvidenceFileInput:
    name: str = field(description="The name of the file, without a folder; at most 255 characters.")
    base64: str = field(
        description="The content of a PDF, JPEG or PNG file, encoded in Base64. A whole request may have at "
        "most 256 KiB: upload a larger file to `POST /disputes/files`, and give its id in `fileId`."
    )


@strawberry.input(
    description="One part of the evidence. Exactly one of `text`, `file` and `fileId` must be set. If "
    "`text` is empty, the part is removed."
)
class DisputeEvidenceInput:
    field: EvidenceField = strawberry.field(description="The part. Each part can be given only once.")
    text: str | None = strawberry.field(
        default=None,
        description="A text of at most 20,000 characters. All texts together have at most 150,000.",
    )
    file: EvidenceFileInput | None = strawberry.field(
        default=None,
        description="A file, which ConnectQL uploads to Stripe. All files together have at most 4,500,000 "
        "bytes and 50 pages.",
    )
    file_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The id of a file with the purpose `dispute_evidence` on the merchant's account at "
        "Stripe: `file_...`. `POST /disputes/files` uploads a file and returns its id.",
    )


@strawberry.input(description="The answer to a dispute.")
class SubmitDisputeEvidenceInput:
    dispute: DisputeRef = field(description="The dispute.")
    evidence: list[DisputeEvidenceInput] = field(
        description="The parts to set. All other staged parts stay as they are."
    )
    compelling_evidence: CompellingEvidenceInput | None = field(
        default=None,
        description="The evidence for Visa's Compelling Evidence 3.0. Allowed only for a dispute whose "
        "`evidence.programs` contains `VISA_COMPELLING_EVIDENCE_3`.",
    )
    appeal: AppealInput | None = field(
        default=None,
        description="The evidence of an appeal. Allowed only for a dispute of the kind `APPEAL`, which "
        "accepts no other evidence.",
    )
    acknowledges_network_fee: bool = field(
        default=False,
        description="Only for a dispute of the kind `COMPLIANCE`, and only if `submit` is true. Set it to "
        "true only if the merchant agrees to pay the card network's fee for this submission. Visa's fee is "
        "500 USD or the local equivalent, and is returned if the dispute is won.",
    )
    submit: bool = field(
        default=False,
        description="If false, the evidence is only staged: Stripe stores it, and the bank does not see it. "
        "If true, it is submitted to the bank, together with all staged parts. A submission is final, "
        "because banks usually accept only one answer.",
    )
    expected_version: str | None = field(
        default=None,
        description="The `evidence.version` of the dispute, as you last read it. It is required if `submit` "
        "is true. Without it, this call can overwrite parts that the merchant has staged in the Dashboard in "
        "the meantime.",
    )


@strawberry.type(description="Stripe has stored the evidence.")
class SubmitDisputeEvidencePayload:
    dispute: Document = field(description="The dispute with its new version.", graphql_type=Dispute)
    created: bool = field(
        description="False if an earlier call gave the same answer, so this call changed nothing."
    )
    notice: str = field(description="A plain sentence that says whether the bank sees the evidence.")


@mutation(
    "Answer a dispute with evidence. By default, the evidence is only staged: it is stored at Stripe, and "
    "the bank does not see it. If `submit` is true, the bank gets the evidence, and it can no longer be "
    "changed. A repeated call with the same input and `expectedVersion` changes nothing. ConnectQL keeps no "
    "evidence after Stripe has answered the request. ConnectQL agrees to a card network's fee only if "
    "`acknowledgesNetworkFee` is true. For operators and services, and for merchants if the platform allows "
    "it.",
    *(SubmitDisputeEvidencePayload, DisputeNotFoundError, InvalidInputError, DisputeNotAnswerableError),
    DisputeChangedError,
    *STRIPE_ERRORS,
)
async def submit_dispute_evidence(
    info: Info,
    input: Annotated[SubmitDisputeEvidenceInput, argument(description="The answer.")],  # noqa: A002
) -> SubmitDisputeEvidencePayload:
    context = info.context
    require_permission(context, Permission.ANSWER_DISPUTES)
    dispute = await dispute_lookup.dispute(context.principal, input.dispute)
    new = NewAnswer(
        parts=tuple(_part(f"evidence[{number}]", part) for number, part in enumerate(input.evidence)),
        submit=input.submit,
        compelling=enhanced.compelling(input.compelling_evidence),
        appeal=enhanced.appeal(input.appeal),
        acknowledges_fee=input.acknowledges_network_fee,
        expected_version=input.expected_version,
    )
    async with accounts.about(await Merchant.get(id=dispute.merchant_id)):
        actor = context.principal.subject
        done = await answers.submit(context.caller_gateway, dispute, new, actor=actor)
    return SubmitDisputeEvidencePayload(
        dispute=of(done.dispute), created=done.created, notice=FINAL if new.submit else STAGED
    )


@strawberry.input(description="The dispute to accept.")
class AcceptDisputeInput:
    dispute: DisputeRef = field(description="The dispute.")
    expected_version: str = field(description="The `evidence.version` of the dispute, as you last read it.")


@strawberry.type(description="The dispute was accepted, and is therefore lost.")
class AcceptDisputePayload:
    dispute: Document = field(
        description="The lost dispute. Its `withdrawn` and `fee` are the cost for the merchant.",
        graphql_type=Dispute,
    )
    created: bool = field(description="False if an earlier call with the same input accepted the dispute.")
    notice: str = field(description="A plain sentence that describes the effect of the acceptance.")


@mutation(
    "Accept a chargeback: it is lost at once, and can no longer be answered. The merchant loses the disputed "
    "amount (`withdrawn`), which stays with the customer, and pays Stripe's fee (`fee`). An inquiry cannot "
    "be accepted: refund the payment in full instead. For operators and services, and for merchants if the "
    "platform allows it.",
    *(AcceptDisputePayload, DisputeNotFoundError, DisputeNotAnswerableError, DisputeChangedError),
    *STRIPE_ERRORS,
)
async def accept_dispute(
    info: Info,
    input: Annotated[AcceptDisputeInput, argument(description="The dispute to accept.")],  # noqa: A002
) -> AcceptDisputePayload:
    context = info.context
    require_permission(context, Permission.ANSWER_DISPUTES)
    dispute = await dispute_lookup.dispute(context.principal, input.dispute)
    async with accounts.about(await Merchant.get(id=dispute.merchant_id)):
        actor = context.principal.subject
        done = await answers.accept(context.caller_gateway, dispute, input.expected_version, actor=actor)
    return AcceptDisputePayload(dispute=of(done.dispute), created=done.created, notice=ACCEPTED)


def _part(path: str, given: DisputeEvidenceInput) -> Part:
    file = None
    if given.file is not None:
        try:
            content = base64.b64decode(given.file.base64, validate=True)
        except (ValueError, binascii.Error):
            message = "Must be Base64, with the alphabet of RFC 4648, section 4."
            code = FieldCode.STRUCTURE_INVALID
            raise InvalidInput([InvalidField(f"{path}.file.base64", code, message, message)]) from None
        file = File(given.file.name, content)
    return Part(given.field, text=given.text, file=file, file_id=given.file_id)
