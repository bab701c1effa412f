"""The evidence of a dispute: staged, submitted, and refused above Stripe's limits."""

from typing import Any

from tests.simulator.conftest import plain
from tests.simulator.money.conftest import Shop, refused
from tests.simulator.money.disputes.test_course import opened
from tests.simulator.money.disputes.test_files import PNG, pdf, upload


async def update(shop: Shop, dispute: str, order: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Update a dispute."""
    return plain(await shop.v1.disputes.update_async(dispute, order, {**shop.scope, **options}))


async def test_evidence_is_staged_and_cleared_and_then_submitted_with_its_files(shop: Shop) -> None:
    _, found = await opened(shop, "pm_card_createDispute")
    receipt = (await upload(shop, pdf(2)))["id"]
    evidence = {"receipt": receipt, "uncategorized_text": "Delivered.", "customer_name": "Jo"}
    staged = await update(shop, found["id"], {"evidence": evidence, "submit": False})
    details = staged["evidence_details"]
    assert (staged["status"], details["has_evidence"], details["submission_count"]) == (
        "needs_response",
        True,
        0,
    )
    assert (staged["evidence"]["receipt"], staged["evidence"]["customer_name"]) == (receipt, "Jo")
    cleared = {"receipt": "", "uncategorized_text": ""}
    empty = await update(shop, found["id"], {"evidence": cleared, "submit": False})
    assert (empty["evidence"]["receipt"], empty["evidence_details"]["has_evidence"]) == (None, False)
    await update(shop, found["id"], {"evidence": {"receipt": receipt}, "submit": False})
    sent = await update(shop, found["id"], {"submit": True})
    assert (sent["status"], sent["evidence"]["receipt"]) == ("under_review", receipt)
    assert sent["evidence_details"]["submission_method"] == "manual"
    kinds = [kind for kind, _ in await shop.events()]
    assert kinds.count("charge.dispute.updated") == 4


async def test_a_file_must_exist_on_the_account(shop: Shop) -> None:
    _, found = await opened(shop, "pm_card_createDispute")
    for identifier in ("file_none", found["id"]):
        order = {"evidence": {"receipt": identifier}, "submit": False}
        missing = (400, "resource_missing", "evidence[receipt]", f"No such file: '{identifier}'")
        assert await refused(update(shop, found["id"], order)) == missing


async def test_evidence_above_a_limit_is_refused_and_changes_nothing(shop: Shop) -> None:
    _, found = await opened(shop, "pm_card_createDispute")
    long, large = (await upload(shop, pdf(30)))["id"], (await upload(shop, PNG + bytes(2_300_000)))["id"]
    texts = ("access_activity_log", "billing_address", "cancellation_rebuttal", "service_date")
    many = dict.fromkeys(
        (*texts, "product_description", "shipping_address", "shipping_carrier"), "x" * 20_000
    )
    cases: list[tuple[dict[str, str], str | None, str | None]] = [
        ({"service_date": "x" * 20_001}, None, "evidence[service_date]"),
        ({**many, "customer_name": "x" * 10_001}, None, "evidence"),
        ({"receipt": large, "uncategorized_file": large}, None, None),
        (
            {"receipt": long, **dict.fromkeys(texts, "x" * 20_000)},
            "dispute_evidence_page_limit_exceeded",
            "evidence",
        ),
    ]
    for evidence, code, param in cases:
        answer = await refused(update(shop, found["id"], {"evidence": evidence, "submit": False}))
        assert answer[:3] == (400, code, param)
    unchanged = plain(await shop.v1.disputes.retrieve_async(found["id"], {}, shop.scope))
    assert (unchanged["evidence"], unchanged["status"]) == (found["evidence"], "needs_response")
    assert unchanged["evidence_details"]["has_evidence"] is False
    # Earlier versions of the API have no limit on the number of pages.
    earlier = await update(
        shop, found["id"], {"evidence": cases[-1][0], "submit": False}, stripe_version="2026-08-26.dahlia"
    )
    assert earlier["evidence"]["receipt"] == long
