"""The type Dispute. Its source is the document that `connect.disputes.rules.document` builds."""

import enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import field

from connect.disputes.rules.document import Document
from connect.disputes.rules.evidence import FILES, TEXTS, EvidenceField
from connect.disputes.rules.stages import (
    DisputeActionKind,
    DisputeKind,
    EvidenceProgram,
    EvidenceProgramStatus,
    EvidenceState,
)
from resolvers.common.scalars import DateTime, describe, value
from resolvers.execution.context import Info
from resolvers.payments.types.money import Money
from resolvers.relay.node import Node, parse_id
from resolvers.relay.nodes import load

if TYPE_CHECKING:
    from resolvers.merchants.types.merchant import Merchant
    from resolvers.payments.types.payment import Payment

_UNKNOWN = "Stripe reports a value that this version of ConnectQL does not know."


@strawberry.enum(description="Stripe's status of a dispute.")
class DisputeStatus(enum.Enum):
    WARNING_NEEDS_RESPONSE = value(
        "WARNING_NEEDS_RESPONSE",
        "The bank asks about the payment (an inquiry). Refund the payment in full, or answer.",
    )
    WARNING_UNDER_REVIEW = value("WARNING_UNDER_REVIEW", "The bank examines the answer to its inquiry.")
    WARNING_CLOSED = value("WARNING_CLOSED", "The inquiry ended without a dispute.")
    NEEDS_RESPONSE = value("NEEDS_RESPONSE", "Answer or accept the dispute before `dueBy`.")
    UNDER_REVIEW = value("UNDER_REVIEW", "The bank examines the answer.")
    APPEAL_NEEDS_RESPONSE = value(
        "APPEAL_NEEDS_RESPONSE", "The dispute is in its second round (an appeal). Answer before `dueBy`."
    )
    APPEAL_UNDER_REVIEW = value(
        "APPEAL_UNDER_REVIEW", "The bank examines the answer in the second round (the appeal)."
    )
    WON = value("WON", "The merchant won the dispute and has the money back.")
    LOST = value("LOST", "The payer keeps the money.")
    PREVENTED = value("PREVENTED", "The customer's complaint was settled before it became a chargeback.")
    UNKNOWN = value("UNKNOWN", _UNKNOWN)


describe(
    DisputeKind,
    "DisputeKind",
    "The kind of a dispute.",
    INQUIRY="The bank only asks about the payment. No money has moved, and a full refund ends the inquiry. "
    "The merchant has lost nothing.",
    CHARGEBACK="The bank has taken the money back, and Stripe has charged its fee.",
    APPEAL="The second round of a chargeback.",
    COMPLIANCE="The bank says that a rule of the card network was broken. The card network can charge a fee "
    "for an answer: see `evidence.programs`.",
    PREVENTED="Stripe or the bank settled the customer's complaint before it became a chargeback.",
    OTHER="A kind that this version of ConnectQL does not know. See the dispute in the Stripe Dashboard.",
)

describe(
    EvidenceState,
    "DisputeEvidenceState",
    "Whether the bank has the merchant's answer.",
    NONE="There is no evidence.",
    STAGED="Evidence is stored at Stripe, but not submitted. The bank does not see it.",
    SUBMITTED="The evidence was submitted. It cannot be changed.",
    PAST_DUE="The deadline has passed without an answer.",
)

describe(
    EvidenceProgram,
    "EvidenceProgram",
    "A card network's program, with its own rules for the evidence in a dispute.",
    VISA_COMPELLING_EVIDENCE_3="Visa's Compelling Evidence 3.0: earlier payments of the same customer show "
    "that the cardholder paid. Give this evidence in `compellingEvidence` of submitDisputeEvidence.",
    VISA_COMPLIANCE="A compliance case of Visa. A submission of evidence costs 500 USD or the local "
    "equivalent. Visa returns the fee if the dispute is won.",
    MASTERCARD_COMPLIANCE="A compliance case of Mastercard. A submission of evidence costs a fee.",
    UNKNOWN="A program that this version of ConnectQL does not know. See the dispute in the Stripe "
    "Dashboard.",
)

describe(
    EvidenceProgramStatus,
    "EvidenceProgramStatus",
    "Whether the staged evidence meets the conditions of a program.",
    QUALIFIED="The evidence meets the conditions.",
    NOT_QUALIFIED="The evidence does not meet the conditions.",
    REQUIRES_ACTION="Parts of the evidence are missing.",
    REQUIRES_FEE_ACKNOWLEDGEMENT="To submit the evidence, set `acknowledgesNetworkFee` to true.",
    FEE_ACKNOWLEDGED="The merchant has agreed to pay the fee.",
    UNKNOWN=_UNKNOWN,
)

describe(
    DisputeActionKind,
    "DisputeActionKind",
    "The kind of next step in a dispute.",
    RESPOND="Submit evidence, or accept the dispute. An appeal cannot be accepted.",
    REFUND_OR_RESPOND="Refund the payment in full, which ends an inquiry, or submit evidence.",
    RESPOND_IN_DASHBOARD="The merchant answers in the Stripe Dashboard: ConnectQL cannot answer this kind of "
    "dispute.",
    WAIT="The bank decides.",
    NONE="The dispute has ended.",
)

describe(
    EvidenceField,
    "DisputeEvidenceField",
    "A part of the evidence in a dispute. The names are Stripe's.",
    **{name.upper(): f"{title}. This part is a text." for name, title in TEXTS.items()},
    **{name.upper(): f"{title}. This part is a file." for name, title in FILES.items()},
)


@strawberry.type(description="The next step in a dispute.")
class DisputeAction:
    kind: DisputeActionKind = field(description="The kind of step.")
    label: str = field(description="The step in a few words.")
    deadline: DateTime | None = field(
        description="The deadline of the step. Null if nobody must act, or if there is no deadline."
    )


@strawberry.type(description="A kind of evidence that helps to answer a dispute.")
class RecommendedEvidence:
    field: EvidenceField = strawberry.field(description="The part of the evidence.")
    title: str = strawberry.field(description="The title of the part, such as `Receipt of the payment`.")
    is_file: bool = strawberry.field(description="Whether the part is a file. All other parts are texts.")


@strawberry.type(description="A program of a card network for which a dispute is eligible.")
class EvidenceEligibility:
    program: EvidenceProgram = field(description="The program.")
    status: EvidenceProgramStatus = field(
        description="Whether the evidence meets the conditions of the program."
    )
    missing: list[str] = field(description="One plain sentence for each missing part of the evidence.")


@strawberry.type(
    description="The merchant's answer in a dispute. ConnectQL never stores the files of the answer, and "
    "keeps its texts, encrypted, only until Stripe has answered."
)
class DisputeEvidence:
    state: EvidenceState = field(description="Whether the bank has the answer.")
    version: str = field(
        description="The version of the dispute. It changes whenever the status or the evidence changes, in "
        "ConnectQL or in the Dashboard, and when the deadline passes. submitDisputeEvidence and "
        "acceptDispute fail if their `expectedVersion` is not the current version."
    )
    submission_count: int = field(
        description="How often evidence was submitted, in ConnectQL or in the Dashboard. Banks usually "
        "accept only one answer."
    )
    recommended: list[RecommendedEvidence] = field(
        description="The evidence that helps to answer a dispute with this reason. The strongest parts come "
        "first. Empty for an appeal, and if the dispute needs no response."
    )
    programs: list[EvidenceEligibility] = field(
        description="The programs of card networks for which the dispute is eligible."
    )


@strawberry.type(description="A question or a claim of the payer's bank about a payment.")
class Dispute(Node):
    status: DisputeStatus = field(description="The status at Stripe.")
    kind: DisputeKind = field(description="The kind of dispute.")
    amount: Money | None = field(description="The disputed amount, in the payment's currency.")
    reason: str | None = field(
        description="Stripe's name for the claim of the cardholder or of the bank, such as `fraudulent`."
    )
    explanation: str = field(description="The claim in a plain sentence.")
    needs_response: bool = field(description="Whether somebody should answer now.")
    due_by: DateTime | None = field(
        description="The deadline for an answer. Null if the bank accepts no answer."
    )
    next_action: DisputeAction = field(description="The next step.")
    evidence: DisputeEvidence = field(description="The merchant's answer.")
    withdrawn: Money | None = field(
        description="The amount that the dispute took from the merchant's balance and that has not come "
        "back, without Stripe's fee. It is 0 after the merchant has won the dispute. Null if no money has "
        "moved, as in an inquiry."
    )
    fee: Money | None = field(
        description="Stripe's fee for the dispute, in the currency in which the account settles. Null if no "
        "money has moved."
    )
    stripe_dispute_id: str = field(description="Stripe's id: `du_...` or `dp_...`.")
    created_at: DateTime | None = field(description="When the dispute was created.")

    @strawberry.field(
        description="The merchant of the payment.",
        graphql_type=Annotated["Merchant", strawberry.lazy("resolvers.merchants.types.merchant")],
    )
    async def merchant(self, source: strawberry.Parent[Document], info: Info) -> Any:
        return await info.context.load(load, parse_id(source["merchantId"]))

    @strawberry.field(
        description="The disputed payment.",
        graphql_type=Annotated["Payment", strawberry.lazy("resolvers.payments.types.payment")],
    )
    async def payment(self, source: strawberry.Parent[Document], info: Info) -> Any:
        return await info.context.load(load, parse_id(source["paymentId"]))
