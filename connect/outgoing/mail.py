"""Sends mail about notices, if the settings name a mail server.

Each recipient gets a separate mail, so that a merchant sees no address of the platform's staff. If a worker
dies, a recipient can get the same mail twice. A mail can contain a link to the platform's app, but never a
link of Stripe, because Stripe's links work only once and any reader of the mail could use them. The templates
are files that a platform can replace.
"""

import asyncio
import hashlib
import json
import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import structlog
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, select_autoescape

from models import Merchant, Notice
from models.lease import postpone

# In the list of recipients, this word stands for the merchant's own contact address.
MERCHANT = "merchant"
SECONDS = 15.0
# If mails of a notice fail, they are sent again after PAUSE. There are at most MAX_ATTEMPTS attempts.
PAUSE = timedelta(minutes=10)
MAX_ATTEMPTS = 12
BATCH = 10
_ADDRESS = re.compile(r"[^\s<>(),;:\"]+@[^\s<>(),;:\"]+")
# Errors that concern a single mail or its address, such as non-ASCII letters if the server lacks SMTPUTF8.
OF_RECIPIENT = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    ValueError,
)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

log = structlog.get_logger("mail")


@dataclass(frozen=True, slots=True)
class Mailing:
    """The settings of mails. `url` is `smtp://user:password@host:587` (with STARTTLS, except on loopback) or
    `smtps://user:password@host:465`. `link` is the address of a page of the platform's app, in which
    `{externalId}` stands for the merchant.
    """

    url: str = field(repr=False)
    sender: str
    recipients: tuple[str, ...]
    link: str | None = None
    templates: Path | None = None


def server_problem(url: str) -> str | None:
    """The reason why this is not the address of a mail server, or None."""
    try:
        parts = urlsplit(url)
        is_valid = parts.scheme in {"smtp", "smtps"} and parts.hostname and (parts.port or True)
    except ValueError:
        is_valid = False
    return None if is_valid else "must be smtp://user:password@host:587 or smtps://user:password@host:465."


async def run(mailing: Mailing, *, stopping: Callable[[], bool] = lambda: False) -> int:
    """Send the mails about the due notices, each mail in a thread. Returns the number of notices. Several
    workers may run this at the same time.
    """
    planned = await postpone("notice", "mail_at", PAUSE, BATCH)
    environment = templates(mailing.templates) if planned else None
    for key, _ in planned:
        if stopping():
            break  # the other mails are due again after PAUSE
        notice = await Notice.get_or_none(id=key)
        if notice is None:
            continue  # the merchant was erased meanwhile
        merchant = await Merchant.get_or_none(id=notice.merchant_id)
        ended: dict[str, Any] = {"mail_at": None, "mailed_to": None}
        if merchant is not None and notice.resolved_at is None and environment is not None:
            reason = await _send_to_each(environment, mailing, notice, merchant)
            if reason is not None:
                attempts = notice.mail_attempts + 1
                log.warning("mail_not_sent", notice=str(key), attempts=attempts, reason=reason)
                ended = {"mail_attempts": attempts, **(ended if attempts >= MAX_ATTEMPTS else {})}
        await Notice.filter(id=key).update(**ended)
    return len(planned)


async def _send_to_each(
    environment: Environment, mailing: Mailing, notice: Notice, merchant: Merchant
) -> str | None:
    """Send the mail to each recipient who has not received it. Returns the reason if a mail was not sent, or
    else None.
    """
    reason = None
    served: list[str] = json.loads(notice.mailed_to or "[]")
    for address in _recipients(mailing.recipients, merchant):
        mark = _mark(notice, address)
        if mark in served:
            continue
        try:
            message = build(environment, mailing, notice, merchant, address)
            await asyncio.to_thread(send, mailing.url, message)
        except OF_RECIPIENT as error:
            reason = type(error).__name__  # the server may accept the other mails
        except Exception as error:  # noqa: BLE001 - a wrong template must not hold up other notices
            return type(error).__name__
        else:
            served.append(mark)
            await Notice.filter(id=notice.id).update(mailed_to=json.dumps(served))
    return reason


def _mark(notice: Notice, address: str) -> str:
    """A hash that identifies a recipient of a notice and does not show the address."""
    return hashlib.sha256(f"{notice.id}:{address}".encode()).hexdigest()[:16]


def templates(folder: Path | None) -> Environment:
    """The templates in the folder. A template that the folder lacks is taken from this package."""
    included = PackageLoader("connect.outgoing")
    loader = ChoiceLoader([FileSystemLoader(folder), included]) if folder is not None else included
    return Environment(loader=loader, autoescape=select_autoescape(["html"]), trim_blocks=True)


def build(
    environment: Environment, mailing: Mailing, notice: Notice, merchant: Merchant, to: str
) -> EmailMessage:
    """The mail about a notice to one recipient. It names neither Stripe's reasons nor any amount."""
    link = mailing.link
    values = {
        "kind": notice.kind,
        "displayName": merchant.display_name,
        "externalId": merchant.external_id,
        "deadline": f"{notice.deadline:%Y-%m-%d}" if notice.deadline is not None else None,
        "daysLeft": notice.days,
        "link": link.replace("{externalId}", quote(merchant.external_id, safe="")) if link else None,
    }
    message = EmailMessage()
    # A line break in a name must not begin another header.
    message["Subject"] = " ".join(environment.get_template("subject.txt").render(values).split())
    message["From"] = mailing.sender
    message["To"] = to
    message["Message-ID"] = (
        f"<{notice.id}.{_mark(notice, to)}@{mailing.sender.rpartition('@')[2].strip('>')}>"
    )
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(environment.get_template("notice.txt").render(values))
    message.add_alternative(environment.get_template("notice.html").render(values), subtype="html")
    return message


def _recipients(recipients: Sequence[str], merchant: Merchant) -> list[str]:
    """The recipients' addresses, without a merchant's address that could be read as several addresses."""
    own = [merchant.contact_email] if _ADDRESS.fullmatch(merchant.contact_email) else []
    found = (address for one in recipients for address in (own if one == MERCHANT else [one]))
    return list(dict.fromkeys(found))


def send(url: str, message: EmailMessage) -> None:
    """Send a mail. Raises OSError or SMTPException."""
    parts = urlsplit(url)
    host, context = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=SECONDS)
    with server:
        if parts.scheme == "smtp" and host not in LOOPBACK:
            server.starttls(context=context)
        if parts.username is not None:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
