"""Files for the evidence of disputes, uploaded with Stripe's SDK."""

import io
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop, refused

PNG = b"\x89PNG\r\n\x1a\n"
TYPES = "application/pdf, image/jpeg, image/png"


def pdf(pages: int) -> bytes:
    return b"%PDF-1.7\n" + b"<< /Type /Page >>\n" * pages + b"<< /Type /Pages >>"


def named(content: bytes, name: str = "receipt.pdf") -> io.BytesIO:
    """Return a file whose name the SDK sends."""
    file = io.BytesIO(content)
    file.name = name
    return file


async def upload(shop: Shop, content: bytes, name: str = "receipt.pdf", **options: Any) -> dict[str, Any]:
    """Upload a file for the shop."""
    order = {"purpose": "dispute_evidence", "file": named(content, name)}
    return plain(await shop.v1.files.create_async(order, {**shop.scope, **options}))


async def test_a_file_is_uploaded_once_and_found_in_its_scope(shop: Shop) -> None:
    made = await upload(shop, pdf(2), idempotency_key="1")
    assert (made["filename"], made["type"], made["size"], made["purpose"]) == (
        "receipt.pdf",
        "pdf",
        len(pdf(2)),
        "dispute_evidence",
    )
    assert made["expires_at"] - made["created"] == 274 * 86400
    assert (await upload(shop, pdf(2), idempotency_key="1"))["id"] == made["id"]
    conflict = upload(shop, pdf(3), idempotency_key="1")
    assert "Keys for idempotent requests" in (await refused(conflict))[3]
    image = await upload(shop, PNG, "photo.png")
    listed = await shop.v1.files.list_async({"purpose": "dispute_evidence"}, shop.scope)
    assert [one.id for one in listed.data] == [image["id"], made["id"]]
    assert (await shop.v1.files.retrieve_async(made["id"], {}, shop.scope)).type == "pdf"
    missing = (404, "resource_missing", "file", f"No such file: '{made['id']}'")
    assert await refused(shop.v1.files.retrieve_async(made["id"])) == missing


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"GIF89a",
            (
                "We don't currently support that file type. Try uploading a file with one of the following "
                f"mimetypes: {TYPES}."
            ),
        ),
        (pdf(51), "The file you uploaded was too long. Please upload a file with fewer than 50 pages."),
        (
            PNG + bytes(5 * 1024 * 1024),
            "The file you uploaded is too large. Please upload a smaller file.",
        ),
    ],
)
async def test_a_file_that_disputes_do_not_accept_is_refused(
    shop: Shop, content: bytes, message: str
) -> None:
    assert await refused(upload(shop, content)) == (400, None, "file", message)
    assert (await shop.v1.files.list_async({}, shop.scope)).data == []


async def test_an_upload_needs_a_purpose_and_a_file(shop: Shop) -> None:
    orders: list[tuple[Any, str | None, str]] = [
        ({"purpose": "dispute_evidence"}, "parameter_missing", "file"),
        ({"file": named(PNG)}, "parameter_missing", "purpose"),
        ({"file": named(PNG), "purpose": "selfie"}, None, "purpose"),
        ({"file": named(PNG), "purpose": "dispute_evidence", "title": "A"}, "parameter_unknown", "title"),
    ]
    for order, code, param in orders:
        assert (await refused(shop.v1.files.create_async(order, shop.scope)))[:3] == (400, code, param)


async def test_a_form_without_a_file_is_refused(shop: Shop) -> None:
    async with httpx.AsyncClient(base_url=shop.simulator.base_url, trust_env=False) as client:
        answer = await client.post("/v1/files", data={"file": "text"}, auth=("sk_test_money", ""))
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "file")
