"""Notices are sent to a mail server as mails with a link into the platform's app."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connect.outgoing import mail, notices
from connect.outgoing.mail import Mailing
from models import Merchant, Notice, PeriodicTask, now
from testing.mail_server import mail_server
from testing.merchants import build_merchant, store

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.by_hand]

LINK = "https://app.example/merchants/{externalId}?tab=tasks"


async def notify(external_id: str = "shop 1/a", name: str = "Café <Blau>\nBcc: x@example.com") -> Merchant:
    one = build_merchant(external_id, "due_soon", name=name, email="owner@shop.example")
    await store([one])
    await Merchant.filter(id=one.merchant.id).update(next_deadline_at=await now() + timedelta(days=2))
    await notices.run("worker", per_day=5, mails=True)
    return one.merchant


async def test_a_notice_is_mailed_once_to_the_platform_and_the_merchant() -> None:
    await notify()
    with mail_server() as server:
        mailing = Mailing(
            server.url, "ConnectQL <no-reply@app.example>", ("ops@app.example", "merchant"), LINK
        )
        assert await mail.run(mailing) == 1
        assert await mail.run(mailing) == 0
    message, other = server.mails
    assert server.recipients == [["ops@app.example"], ["owner@shop.example"]]
    assert [one["To"] for one in server.mails] == ["ops@app.example", "owner@shop.example"]
    assert message["Message-ID"] != other["Message-ID"]
    assert (await Notice.get()).mailed_to is None
    deadline = f"{(await Notice.get()).deadline:%Y-%m-%d}"
    assert message["Subject"] == f"Café <Blau> Bcc: x@example.com: a deadline on {deadline}"
    assert message["Bcc"] is None
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    link = "https://app.example/merchants/shop%201%2Fa?tab=tasks"
    assert f"Something is due by {deadline}." in plain.get_content()
    assert f"Open the details: {link}" in plain.get_content()
    assert f'<a href="{link}">' in html.get_content()
    assert "Café &lt;Blau&gt;" in html.get_content()
    assert "stripe" not in (plain.get_content() + html.get_content()).lower()


async def test_a_refused_mail_is_sent_later_but_no_mail_is_sent_after_the_cause_has_ended(
    tmp_path: Path,
) -> None:
    merchant = await notify()
    (tmp_path / "subject.txt").write_text("{{ kind }} of {{ externalId }}")
    with mail_server() as server:
        mailing = Mailing(server.url, "no-reply@app.example", ("ops@app.example",), None, tmp_path)
        server.refuses = True
        assert await mail.run(mailing) == 1
        notice = await Notice.get()
        assert (notice.mail_attempts, notice.mail_at is not None, server.mails) == (1, True, [])
        server.refuses = False
        await Notice.all().update(mail_at=await now())
        await mail.run(mailing)
        assert [one["Subject"] for one in server.mails] == [f"DEADLINE of {merchant.external_id}"]
        await Notice.all().update(mail_at=await now(), resolved_at=await now())
        assert await mail.run(mailing) == 1
        assert len(server.mails) == 1
        # A failed connection counts as an attempt, and no further attempt is planned after the last one.
        await Notice.all().update(mail_at=await now(), resolved_at=None, mail_attempts=mail.MAX_ATTEMPTS - 1)
    await mail.run(mailing)
    assert (await Notice.get()).mail_at is None


async def test_the_mail_to_a_refused_recipient_is_retried_but_the_others_get_no_second_mail() -> None:
    await notify()
    with mail_server() as server:
        mailing = Mailing(server.url, "no-reply@app.example", ("gone@app.example", "merchant"))
        server.refused = "gone@app.example"
        for attempts in (1, 2):
            await Notice.all().update(mail_at=await now())
            await mail.run(mailing)
            notice = await Notice.get()
            assert (notice.mail_attempts, notice.mail_at is not None) == (attempts, True)
            assert server.recipients == [["owner@shop.example"]]
        assert "shop.example" not in (notice.mailed_to or "")
        # The server accepts only ASCII addresses.
        mailing = replace(mailing, recipients=("jürgen@app.example", "ops@app.example"))
        await Notice.all().update(mail_at=await now())
        await mail.run(mailing)
        assert server.recipients == [["owner@shop.example"], ["ops@app.example"]]
        server.refused, mailing = None, replace(mailing, recipients=("ops@app.example", "gone@app.example"))
        await Notice.all().update(mail_at=await now())
        await mail.run(mailing)
        assert server.recipients[2:] == [["gone@app.example"]]
        assert await Notice.exists(mail_at=None, mailed_to=None)


async def test_an_error_in_a_template_counts_as_an_attempt_and_delays_no_other_mail(tmp_path: Path) -> None:
    await notify("shop-1")
    await PeriodicTask.filter(name=notices.TASK).delete()
    await notify("shop-2")
    (tmp_path / "subject.txt").write_text("{% if externalId == 'shop-1' %}{{ 1 / 0 }}{% endif %}Hello")
    with mail_server() as server:
        mailing = Mailing(server.url, "no-reply@app.example", ("ops@app.example",), None, tmp_path)
        assert await mail.run(mailing) == 2
        assert [one["Subject"] for one in server.mails] == ["Hello"]
    assert [one.mail_attempts for one in await Notice.all().order_by("mail_attempts")] == [0, 1]


def test_the_address_of_a_mail_server_is_checked() -> None:
    for url in ("", "http://mail.example", "smtp://", "smtp://host:x"):
        assert mail.server_problem(url) is not None
    assert mail.server_problem("smtps://user:pass@mail.example") is None
