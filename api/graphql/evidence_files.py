"""POST /disputes/files: upload a file of evidence that is too large for a GraphQL request.

The body is the file itself. The answer is `{"fileId": "file_..."}`, and submitDisputeEvidence takes this id.
Callers, roles, rate limits and the form of errors are the same as at /graphql. The file is held in memory
until Stripe has it, and is stored nowhere else.
"""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import strawberry
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.graphql.connections import Connections
from api.server.refusals import Refused
from connect import errors
from connect.disputes import evidence_files
from connect.disputes.inputs import MAX_FILES_BYTES, File, has_known_type
from connect.errors import ConnectError, InvalidField, InvalidInput, StripeUnavailable
from connect.scope import Principal, Role, payer
from resolvers.common.errors import Forbidden
from resolvers.common.viewer import Permission, require_permission
from resolvers.disputes import dispute_lookup
from resolvers.disputes.dispute_lookup import DisputeRef
from resolvers.relay.node import key_of

if TYPE_CHECKING:
    from api.graphql.endpoint import Endpoint
    from resolvers.execution.context import Context

PATH = "/disputes/files"
MAX_BYTES = MAX_FILES_BYTES
# The maximum number of seconds until the whole body has arrived.
SECONDS = 60.0
# The SDK copies the file into the body of its request, so each upload takes some 15 MB of memory.
MAX_UPLOADS, MAX_UPLOADS_OF_ONE = 4, 2
# The number of simultaneous uploads that are reserved for operators and services.
KEPT_FOR_STAFF = 1
# The number of bytes at the start of a file that are enough to recognize its type.
_HEAD = 8

# The error code and the HTTP status of each expected exception. The first match counts, so a subclass comes
# before its base class.
_FAILURES: tuple[tuple[type[ConnectError], str, int], ...] = (
    (InvalidInput, "BAD_USER_INPUT", 400),
    (errors.DisputeNotFound, "NOT_FOUND", 404),
    (errors.DisputeNotAnswerable, "DISPUTE_NOT_ANSWERABLE", 409),
    (errors.StripeRefused, "STRIPE_REFUSED", 422),
    (StripeUnavailable, "STRIPE_UNAVAILABLE", 503),
)
_EXPECTED = tuple(kind for kind, _, _ in _FAILURES)


def uploads() -> Connections:
    """Return a counter for the uploads of one process."""
    return Connections(MAX_UPLOADS, MAX_UPLOADS_OF_ONE, "uploads")


def place(counter: Connections, principal: Principal) -> AbstractContextManager[None]:
    """Count an upload. All callers of one merchant share one limit. Raises Refused."""
    kept = KEPT_FOR_STAFF if principal.role is Role.MERCHANT else 0
    return counter.open(payer(principal), kept)


async def receive(request: Request) -> Response:
    """Answer 201 with the id of the file. Raises Refused."""
    endpoint: Endpoint = request.app.state.graphql
    counter: Connections = request.app.state.uploads
    principal = await endpoint.admit(request.scope, request.headers.get("authorization"))
    context = endpoint.operations.context(
        principal=principal,
        request_id=request.scope["state"]["request_id"],
        give_cookie=lambda _name, _value, _path: None,
    )
    try:
        with place(counter, principal):
            file_id = await _upload(request, context)
    except Forbidden as error:
        raise Refused(str(error), error.code, 403) from error
    except _EXPECTED as error:
        raise _refused(error, principal) from error
    return JSONResponse({"fileId": file_id}, 201)


async def _upload(request: Request, context: "Context") -> str:
    require_permission(context, Permission.ANSWER_DISPUTES)
    reference, name = request.query_params.get("dispute", ""), request.query_params.get("name", "")
    dispute = await dispute_lookup.dispute(context.principal, _reference(reference))
    await evidence_files.check(dispute, name)
    file = File(name, await _content(request))
    return await evidence_files.upload(context.caller_gateway, dispute, file)


def _reference(text: str) -> DisputeRef:
    if key_of(text, "Dispute") is not None:
        return DisputeRef(id=strawberry.Some(strawberry.ID(text)), stripe_dispute_id=None)
    return DisputeRef(id=None, stripe_dispute_id=strawberry.Some(text))


async def _content(request: Request) -> bytes:
    """Read the whole body. Raises Refused if the body is compressed, or as soon as its first bytes show that
    Stripe does not accept this type of file.
    """
    if request.headers.get("content-encoding", "identity") != "identity":
        text = "Send the file without compression: Content-Encoding is not supported here."
        raise Refused(text, "UNSUPPORTED_MEDIA_TYPE", 415)
    content, is_known = bytearray(), False
    async for chunk in request.stream():
        content += chunk
        if not is_known and len(content) >= _HEAD:
            _check_type(content)
            is_known = True
    _check_type(content)
    return bytes(content)


def _check_type(content: bytearray) -> None:
    if not has_known_type(content):
        text = "The body must be a PDF, JPEG or PNG file itself, not a form and not Base64."
        raise Refused(text, "UNSUPPORTED_MEDIA_TYPE", 415)


def _refused(error: ConnectError, principal: Principal) -> Refused:
    if principal.role is Role.MERCHANT:
        error = errors.for_merchants(error)
    code, status = next((code, status) for kind, code, status in _FAILURES if isinstance(error, kind))
    headers = {}
    if isinstance(error, StripeUnavailable):
        headers = {"Retry-After": str(error.retry_after_seconds)}
    fields = [_field(one) for one in error.fields] if isinstance(error, InvalidInput) else []
    return Refused(error.message, code, status, headers, fields)


def _field(field: InvalidField) -> dict[str, str]:
    """Convert the field to the form of InvalidField in the GraphQL schema."""
    return {
        "name": field.name,
        "code": field.code.value,
        "message": field.message,
        "userMessage": field.user_message,
    }
