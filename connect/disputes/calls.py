"""Calls of Stripe's API about disputes and files of evidence (see `connect.stripe_api.v1_calls`)."""

import io
from collections.abc import Mapping
from typing import Any

from connect.stripe_api import v1_calls
from connect.stripe_api.gateway import Answer, Gateway

DISPUTES = "/v1/disputes"
FILES = "/v1/files"


class _File(io.BytesIO):
    """The SDK sends the attribute `name` as the name of the file."""

    name: str


async def retrieve_dispute(gateway: Gateway, account: str, dispute_id: str) -> Answer:
    """GET /v1/disputes/{id}."""
    return await v1_calls.get(gateway, "disputes.retrieve", DISPUTES, "dispute", account, dispute_id)


async def update_dispute(
    gateway: Gateway, account: str, dispute_id: str, body: Mapping[str, Any], key: str
) -> Answer:
    """POST /v1/disputes/{id}. Stripe submits the evidence unless `submit` is false."""
    path = v1_calls.at(DISPUTES, dispute_id)
    return await v1_calls.post(gateway, "disputes.update", path, "dispute", account, body, key, dispute_id)


async def close_dispute(gateway: Gateway, account: str, dispute_id: str, key: str) -> Answer:
    """POST /v1/disputes/{id}/close. The dispute is lost, and cannot be opened again."""
    path = f"{v1_calls.at(DISPUTES, dispute_id)}/close"
    return await v1_calls.post(gateway, "disputes.close", path, "dispute", account, {}, key, dispute_id)


async def upload_file(gateway: Gateway, account: str, name: str, content: bytes, key: str) -> Answer:
    """POST /v1/files with the purpose `dispute_evidence` (https://docs.stripe.com/file-upload)."""
    file = _File(content)
    file.name = name
    body = {"purpose": "dispute_evidence", "file": file, **UPLOAD}
    return await v1_calls.post(gateway, "files.create", FILES, "file", account, body, key)


# Options of the SDK: Stripe takes files at another address, as multipart/form-data.
UPLOAD = {"base": "files", "content_type": "multipart/form-data"}
