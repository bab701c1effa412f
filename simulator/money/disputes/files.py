"""Files that are evidence of disputes (https://docs.stripe.com/file-upload). Their content is not stored."""

import re

from simulator.money import records
from simulator.state import Json
from simulator.wire import forms
from simulator.wire.bodies import Upload
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

PATH = "/v1/files"
PURPOSE = "dispute_evidence"
CREATE: dict[str, forms.Table] = {**forms.EXPAND, "purpose": (PURPOSE,)}
QUERY: dict[str, forms.Table] = {**forms.PAGE, "purpose": str}
MAX_BYTES = 5 * 1024 * 1024
MAX_PAGES = 50
# Nine months.
LIFETIME = 274 * 86400
# The first bytes and the MIME type of each file type.
_TYPES = {
    "pdf": (b"%PDF-", "application/pdf"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
}
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")


def check(call: Call) -> None:
    """Replace the file in a request with the file's properties.

    Raises Refused if the file cannot be evidence of a dispute.
    """
    upload = call.body.pop("file", None)
    call.body = forms.read(call.body, CREATE)
    if not isinstance(upload, Upload):
        raise forms.required("file")
    forms.require(call.body, "purpose")
    if len(upload.content) > MAX_BYTES:
        raise Refused(None, "The file you uploaded is too large. Please upload a smaller file.", param="file")
    kinds = [name for name, (start, _) in _TYPES.items() if upload.content.startswith(start)]
    if not kinds:
        # This message and the message about pages are copied from recordings of Stripe.
        allowed = ", ".join(mime for _, mime in _TYPES.values())
        message = "We don't currently support that file type. Try uploading a file with one of the following"
        raise Refused(None, f"{message} mimetypes: {allowed}.", param="file")
    pages = max(len(_PAGE.findall(upload.content)), 1) if kinds == ["pdf"] else 1
    if pages > MAX_PAGES:
        message = (
            f"The file you uploaded was too long. Please upload a file with fewer than {MAX_PAGES} pages."
        )
        raise Refused(None, message, param="file")
    call.body["file"] = {
        "_pages": pages,
        "filename": upload.filename,
        "size": len(upload.content),
        "type": kinds[0],
    }


def create(call: Call) -> str:
    """POST /v1/files, as multipart/form-data."""
    identifier, now = records.new_id("file"), int(call.state.now())
    links = {"object": "list", "data": [], "has_more": False, "url": f"/v1/file_links?file={identifier}"}
    made = {
        "id": identifier,
        "object": "file",
        "_account": records.owner(call),
        **call.body["file"],
        "created": now,
        "expires_at": now + LIFETIME,
        "links": links,
        "purpose": call.body["purpose"],
        "title": None,
        "url": None,
    }
    records.save(call.state, made)
    return identifier


def show(call: Call) -> Json:
    """GET /v1/files/{id}."""
    return records.show(records.find(call, "file", call.path["id"]))


def list_files(call: Call) -> Json:
    """GET /v1/files."""
    return records.page(call, "file", PATH, records.show, records.matching(call.query, "purpose"))
