"""The expected errors of the mutations of disputes."""

import json

import strawberry

from connect import errors
from connect.disputes.rules.document import Document
from models import Dispute as DisputeRow
from resolvers.common.errors import Error, expected
from resolvers.disputes.dispute import Dispute


@expected(errors.DisputeNotFound, "No dispute with this reference is visible to the caller.")
class DisputeNotFoundError(Error):
    pass


@expected(errors.DisputeNotAnswerable, "The dispute does not accept this answer. Nothing was changed.")
class DisputeNotAnswerableError(Error):
    dispute_row: strawberry.Private[DisputeRow]

    @strawberry.field(description="The dispute as it is at Stripe.", graphql_type=Dispute)
    def dispute(self) -> Document:
        return of(self.dispute_row)


@expected(
    errors.DisputeChanged,
    "The version of the dispute is not `expectedVersion`: somebody may have answered it in the Dashboard. "
    "Nothing was changed.",
)
class DisputeChangedError(Error):
    dispute_row: strawberry.Private[DisputeRow]

    @strawberry.field(description="The dispute as it is at Stripe.", graphql_type=Dispute)
    def dispute(self) -> Document:
        return of(self.dispute_row)


def of(dispute: DisputeRow) -> Document:
    """The document in a dispute's row."""
    document: Document = json.loads(dispute.document)
    return document
