"""Uploads of evidence: valid files reach Stripe, even if they are too large for a GraphQL request."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from api.graphql.connections import Connections
from api.graphql.evidence_files import place
from api.server.refusals import Refused
from connect.scope import Principal, Role
from testing.processes import Simulator
from testing.service import Service, running
from tests.resolvers.disputes.test_submit_dispute_evidence import SUBMIT, disputed
from tests.resolvers.payments.mutations.test_checkout import open_shop, run

PDF = b"%PDF-1.7\n" + b"/Type /Page\n" * 3
LARGE = PDF.ljust(4_500_000, b"x")
UPLOADS = "POST /v1/files"


async def upload(
    service: Service, dispute: str, content: Any = PDF, name: str = "receipt.pdf", **caller: Any
) -> httpx.Response:
    caller = caller or {"role": "operator"}
    return await service.http.post(
        "/disputes/files",
        params={"dispute": dispute, "name": name},
        content=content,
        headers={"Authorization": f"Bearer {service.token(**caller)}", "Origin": service.url},
    )


def failure(answer: httpx.Response) -> tuple[int, str]:
    (error,) = answer.json()["errors"]
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]
    return answer.status_code, error["extensions"]["code"]


@pytest.mark.slow
async def test_a_large_file_becomes_evidence_and_refused_files_do_not_reach_stripe(idle: Service) -> None:
    await open_shop(idle)
    by, _ = await disputed(idle)
    dispute = by["stripeDisputeId"]

    async def chunks() -> Any:
        for start in range(0, len(LARGE), 500_000):
            yield LARGE[start : start + 500_000]

    for content in (LARGE, chunks()):
        answer = await upload(idle, dispute, content)
        assert answer.status_code == 201, answer.text
        assert answer.headers["access-control-allow-origin"] == idle.url
    file_id = answer.json()["fileId"]
    evidence = [{"field": "RECEIPT", "fileId": file_id}]
    staged = await run(idle, SUBMIT, {"dispute": by, "evidence": evidence})
    assert staged["dispute"]["evidence"]["state"] == "STAGED"
    assert idle.simulator.control("calls")["calls"][UPLOADS] == 2

    form = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + PDF
    refused = [
        await upload(idle, dispute, form),
        await upload(idle, dispute, b"%PDF"),
        await upload(idle, dispute, LARGE + b"x"),
        await upload(idle, dispute, PDF * 17 + b"%%EOF"),
        await upload(idle, dispute, name="../receipt.pdf"),
        await upload(idle, "du_missing"),
        await upload(idle, dispute, role="merchant", merchant="shop-1"),
        await idle.http.post("/disputes/files", content=PDF),
    ]
    assert [failure(one) for one in refused] == [
        (415, "UNSUPPORTED_MEDIA_TYPE"),
        (415, "UNSUPPORTED_MEDIA_TYPE"),
        (413, "BODY_TOO_LARGE"),
        (400, "BAD_USER_INPUT"),
        (400, "BAD_USER_INPUT"),
        (404, "NOT_FOUND"),
        (403, "FORBIDDEN"),
        (401, "UNAUTHENTICATED"),
    ]
    (long,), (unnamed,) = (one.json()["errors"][0]["extensions"]["fields"] for one in refused[3:5])
    assert long == {
        "name": "body",
        "code": "TOO_LONG",
        "message": "All files together must have at most 50 pages.",
        "userMessage": "Choose shorter files.",
    }
    assert (unnamed["name"], unnamed["userMessage"]) == ("name", "Rename the file.")
    assert idle.simulator.control("calls")["calls"][UPLOADS] == 2

    idle.simulator.control(
        "faults", {"method": "POST", "path": "/v1/files", "kind": "reset_before", "times": 9}
    )
    broken = await upload(idle, dispute)
    assert (failure(broken), broken.headers["retry-after"]) == ((503, "STRIPE_UNAVAILABLE"), "2")
    version = staged["dispute"]["evidence"]["version"]
    final = {"dispute": by, "evidence": [], "submit": True, "expectedVersion": version}
    assert (await run(idle, SUBMIT, final))["dispute"]["status"] == "UNDER_REVIEW"
    assert failure(await upload(idle, dispute)) == (409, "DISPUTE_NOT_ANSWERABLE")


@pytest.mark.slow
@pytest.mark.one_database
async def test_a_merchant_uploads_to_its_own_dispute_within_the_limits(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    me: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
    allowed = {"WORKER": "off", "MERCHANTS_MAY_ANSWER_DISPUTES": "on"}
    async with running(database_url, simulator, tmp_path, **allowed) as service:
        await open_shop(service)
        by, _ = await disputed(service)
        dispute = by["stripeDisputeId"]
        stranger = await upload(service, dispute, role="merchant", merchant="shop-2")
        assert failure(stranger) == (404, "NOT_FOUND")
        assert (await upload(service, dispute, **me)).status_code == 201

        uploads: Connections = service.app.state.uploads
        one, two, other = (
            Principal(subject, Role.MERCHANT, merchant)
            for subject, merchant in (("ada", "shop-1"), ("bob", "shop-1"), ("eve", "shop-2"))
        )
        with place(uploads, one), place(uploads, two):
            assert failure(await upload(service, dispute, **me)) == (503, "TOO_MANY_CONNECTIONS")
            with place(uploads, other):
                with pytest.raises(Refused, match="limit is 3"), place(uploads, other):
                    pass
                assert (await upload(service, dispute)).status_code == 201
        assert (await upload(service, dispute, **me)).status_code == 201

        refusal = {"method": "POST", "path": "/v1/files", "kind": "status", "status": 400}
        body = {"error": {"type": "invalid_request_error", "message": "The platform's own words"}}
        simulator.control("faults", {**refusal, "body": body})
        answer = await upload(service, dispute, **me)
        assert failure(answer) == (422, "STRIPE_REFUSED")
        assert "platform's own words" not in answer.text
