"""Checks of the accounts to adopt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from connect.errors import FieldCode, InvalidField, InvalidInput
from connect.merchants.inputs.addresses import check_email, convert_email
from connect.merchants.inputs.texts import check_text

_ACCOUNT = re.compile(r"acct_[A-Za-z0-9_]{1,250}")


@dataclass(frozen=True, slots=True)
class NewAdoption:
    """An account to adopt. The name and the email address are used only if the account has none."""

    external_id: str
    stripe_account_id: str
    display_name: str | None = None
    contact_email: str | None = None


def check_adoption(new: NewAdoption) -> NewAdoption:
    """Return the adoption with its email address in ASCII. Raises InvalidInput."""
    name, email = new.display_name, new.contact_email
    fields = (
        *check_text("externalId", new.external_id, 255),
        *_check_account("stripeAccountId", new.stripe_account_id),
        *(check_text("displayName", name, 255) if name is not None else ()),
        *(check_email("contactEmail", email) if email is not None else ()),
    )
    if fields:
        raise InvalidInput(fields)
    return replace(new, contact_email=convert_email(email) if email is not None else None)


def _check_account(name: str, value: str) -> Iterator[InvalidField]:
    if not _ACCOUNT.fullmatch(value):
        yield InvalidField(
            name,
            FieldCode.ACCOUNT_INVALID,
            "Give the id of a Stripe account, such as acct_1OkJw2Lz4b7Dn9Qe.",
            "Enter the id of a Stripe account. It begins with acct_.",
        )
