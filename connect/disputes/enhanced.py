"""The evidence of Visa's Compelling Evidence 3.0, and of appeals, with Stripe's limits. Pure.

Stripe's limits: https://docs.stripe.com/api/disputes/update#update_dispute-evidence-enhanced_evidence.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connect.errors import FieldCode, InvalidField
from models.texts import is_storable

MAX_TEXT = 20_000
# The minimum number of characters for each identifier, because Visa ignores shorter identifiers.
LEAST = {"customer_device_id": 15, "customer_device_fingerprint": 20}
PRIOR = 2
_CHARGE = re.compile(r"(?:ch|py)_[A-Za-z0-9]{1,240}", re.ASCII)
_FILE = re.compile(r"file_[A-Za-z0-9]{1,240}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Transaction:
    """A payment in the evidence. `texts` contains the given texts. The keys are Stripe's names.

    `charge` is None for the disputed payment.
    """

    texts: Mapping[str, str]
    shipping_address: Mapping[str, str] | None = None
    charge: str | None = None

    @property
    def length(self) -> int:
        """The number of characters of all texts."""
        return sum(map(len, [*self.texts.values(), *(self.shipping_address or {}).values()]))

    def body(self) -> dict[str, Any]:
        """The payment in the form of Stripe's API."""
        charge = {"charge": self.charge} if self.charge is not None else {}
        address = {"shipping_address": dict(self.shipping_address)} if self.shipping_address else {}
        return {**charge, **self.texts, **address}


@dataclass(frozen=True, slots=True)
class CompellingEvidence:
    """The disputed payment and two earlier payments of the same card that were not disputed."""

    disputed: Transaction
    prior: Sequence[Transaction]

    def body(self) -> dict[str, Any]:
        """The evidence in the form of Stripe's API."""
        prior = [one.body() for one in self.prior]
        return {"disputed_transaction": self.disputed.body(), "prior_undisputed_transactions": prior}


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal: the reason why the bank's decision was wrong, and files that support it."""

    reason: str
    file_ids: Sequence[str]

    def body(self) -> dict[str, Any]:
        """The appeal in the form of Stripe's API."""
        return {"card": {"reason_for_filing": self.reason, "supporting_files": list(self.file_ids)}}


def invalid_compelling(given: CompellingEvidence) -> Iterator[InvalidField]:
    """Yield each invalid field."""
    path = "compellingEvidence"
    yield from _invalid_transaction(f"{path}.disputedTransaction", given.disputed)
    if len(given.prior) != PRIOR or len({one.charge for one in given.prior}) != PRIOR:
        message = f"Give exactly {PRIOR} different prior payments."
        name = f"{path}.priorTransactions"
        yield InvalidField(name, FieldCode.STRUCTURE_INVALID, message, "Choose two prior payments.")
    for number, one in enumerate(given.prior):
        name = f"{path}.priorTransactions[{number}]"
        if _CHARGE.fullmatch(one.charge or "") is None:
            message = "Must be the id of a charge on the merchant's account at Stripe, such as ch_1Ab2Cd."
            field = f"{name}.stripeChargeId"
            yield InvalidField(field, FieldCode.STRUCTURE_INVALID, message, "Choose a payment.")
        yield from _invalid_transaction(name, one)


def invalid_appeal(given: Appeal) -> Iterator[InvalidField]:
    """Yield each invalid field."""
    if not given.reason.strip():
        message = "Give the reason for the appeal."
        yield InvalidField("appeal.reason", FieldCode.REQUIRED, message, message)
    yield from _invalid_text("appeal.reason", given.reason)
    earlier = set[str]()
    for number, file_id in enumerate(given.file_ids):
        if not is_file_id(file_id) or file_id in earlier:
            message = "Must be the id of a file on the merchant's account at Stripe, given once."
            field = f"appeal.fileIds[{number}]"
            yield InvalidField(field, FieldCode.STRUCTURE_INVALID, message, "Choose a file.")
        earlier.add(file_id)


def is_file_id(text: str) -> bool:
    return _FILE.fullmatch(text) is not None


def _invalid_transaction(path: str, given: Transaction) -> Iterator[InvalidField]:
    for name, text in given.texts.items():
        field = f"{path}.{_camel(name)}"
        yield from _invalid_text(field, text)
        if len(text) < LEAST.get(name, 0):
            message = f"Must have at least {LEAST[name]} characters."
            yield InvalidField(field, FieldCode.OUT_OF_RANGE, message, message)
    for name, text in (given.shipping_address or {}).items():
        yield from _invalid_text(f"{path}.shippingAddress.{_camel(name)}", text)


def _invalid_text(field: str, text: str) -> Iterator[InvalidField]:
    if len(text) > MAX_TEXT:
        message = f"Must have at most {MAX_TEXT} characters."
        yield InvalidField(field, FieldCode.TOO_LONG, message, "Enter a shorter text.")
    elif not is_storable(text):
        message = "Must not contain U+0000 or unpaired surrogates."
        yield InvalidField(field, FieldCode.CONTROL_CHARACTERS, message, "Remove unusual characters.")


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
