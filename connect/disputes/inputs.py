"""The input of an answer to a dispute, and Stripe's limits for it. Pure.

Stripe's limits: https://docs.stripe.com/api/disputes/update and https://docs.stripe.com/file-upload.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connect.disputes import enhanced
from connect.disputes.enhanced import MAX_TEXT, Appeal, CompellingEvidence
from connect.disputes.rules.evidence import FILES, EvidenceField
from connect.errors import FieldCode, InvalidField, InvalidInput
from models.texts import is_storable

MAX_TEXTS = 150_000
MAX_FILES_BYTES, MAX_PAGES = 4_500_000, 50
# The first bytes of each type of file that Stripe takes.
TYPES = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class File:
    """The name and the content of a file."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the evidence: a text, a file, or the id of a file on the account at Stripe.

    An empty text removes the part.
    """

    field: EvidenceField
    text: str | None = None
    file: File | None = None
    file_id: str | None = None

    @property
    def name(self) -> str:
        """Stripe's name of the part."""
        return self.field.value.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """`expected_version` is the version of the evidence that the caller has read.

    `acknowledges_fee` acknowledges the fee of the card network for a submission in a compliance case.
    """

    parts: tuple[Part, ...]
    submit: bool = False
    expected_version: str | None = None
    compelling: CompellingEvidence | None = None
    appeal: Appeal | None = None
    acknowledges_fee: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the answer has no evidence of its own."""
        return not self.parts and self.compelling is None and self.appeal is None


def check(new: NewAnswer) -> None:
    """Raise InvalidInput if a field is invalid. The error lists all invalid fields."""
    if fields := list(_invalid(new)):
        raise InvalidInput(fields)


def check_file(file: File) -> None:
    """Check a file that is uploaded separately. Raises InvalidInput with the fields `name` and `body`."""
    if fields := [*_check_file("name", "body", file), *_check_contents("body", [file.content])]:
        raise InvalidInput(fields)


def check_name(name: str) -> None:
    """Raise InvalidInput for an unsuitable file name."""
    if fields := list(_check_name("name", name)):
        raise InvalidInput(fields)


def has_known_type(content: bytes | bytearray) -> bool:
    """Whether the file begins with the first bytes of a type that Stripe takes."""
    return content.startswith(tuple(TYPES.values()))


def digest(new: NewAnswer, key: bytes) -> str:
    """A keyed hash by which a repeated input is recognized."""
    parts = [
        (
            part.name,
            part.text,
            part.file_id,
            hashlib.sha256(part.file.content).hexdigest() if part.file else None,
        )
        for part in new.parts
    ]
    others = [
        new.compelling.body() if new.compelling is not None else None,
        new.appeal.body() if new.appeal is not None else None,
        new.acknowledges_fee,
    ]
    # An answer without these newer parts has the same digest as in earlier releases.
    more = others if any(others) else []
    text = json.dumps([sorted(parts, key=lambda part: part[0]), new.submit, new.expected_version, *more])
    return hmac.digest(key, b"connectql: evidence\n" + text.encode(), hashlib.sha256).hex()


def _invalid(new: NewAnswer) -> Iterator[InvalidField]:
    names = [part.field for part in new.parts]
    if new.is_empty and not new.submit:
        message = "Give at least one part of the evidence, or submit the staged evidence."
        yield InvalidField("evidence", FieldCode.REQUIRED, message, "Add evidence.")
    if new.submit and new.expected_version is None:
        message = "Give the `version` of the evidence that you have read, because a submission is final."
        yield InvalidField("expectedVersion", FieldCode.REQUIRED, message, "Read the dispute again.")
    if new.acknowledges_fee and not new.submit:
        message = "The fee can be acknowledged only by the call that submits the evidence."
        yield InvalidField("acknowledgesNetworkFee", FieldCode.CONTRADICTION, message, "Submit the evidence.")
    if new.compelling is not None:
        yield from enhanced.invalid_compelling(new.compelling)
    if new.appeal is not None:
        yield from enhanced.invalid_appeal(new.appeal)
    for number, part in enumerate(new.parts):
        if part.field in names[:number]:
            message = f"{part.field.value} is given twice."
            yield InvalidField(f"evidence[{number}].field", FieldCode.DUPLICATE, message, message)
        yield from _check_part(f"evidence[{number}]", part)
    yield from _check_total(new)


def _check_part(path: str, part: Part) -> Iterator[InvalidField]:
    given = [one for one in (part.text, part.file, part.file_id) if one is not None]
    if len(given) != 1:
        message = "Give exactly one of text, file and fileId."
        yield InvalidField(path, FieldCode.STRUCTURE_INVALID, message, message)
    elif part.text and part.name in FILES:
        message = (
            f"{part.field.value} is a file. The only possible text is an empty one, which removes the file."
        )
        yield InvalidField(f"{path}.text", FieldCode.CONTRADICTION, message, "Choose a file.")
    elif part.text is None and part.name not in FILES:
        message = f"{part.field.value} is a text."
        yield InvalidField(path, FieldCode.CONTRADICTION, message, "Enter a text.")
    elif part.text is not None and len(part.text) > MAX_TEXT:
        message = f"Must have at most {MAX_TEXT} characters."
        yield InvalidField(f"{path}.text", FieldCode.TOO_LONG, message, "Enter a shorter text.")
    elif part.text is not None and not is_storable(part.text):
        message = "Must not contain U+0000 or unpaired surrogates."
        yield InvalidField(
            f"{path}.text", FieldCode.CONTROL_CHARACTERS, message, "Remove unusual characters."
        )
    elif part.file_id is not None and not enhanced.is_file_id(part.file_id):
        message = "Must be the id of a file on the merchant's account at Stripe, such as file_1Ab2Cd."
        yield InvalidField(f"{path}.fileId", FieldCode.STRUCTURE_INVALID, message, "Choose a file.")
    elif part.file is not None:
        yield from _check_file(f"{path}.file.name", f"{path}.file.base64", part.file)


def _check_file(name: str, content: str, file: File) -> Iterator[InvalidField]:
    """`name` and `content` are the paths of these fields in the input."""
    if not has_known_type(file.content):
        message = "Must be a PDF, JPEG or PNG file."
        yield InvalidField(content, FieldCode.STRUCTURE_INVALID, message, "Choose a PDF, JPEG or PNG file.")
    yield from _check_name(name, file.name)


def _check_name(path: str, name: str) -> Iterator[InvalidField]:
    if not re.fullmatch(r"[^/\\\x00-\x1f\"]{1,255}", name):
        message = "Must be a file name without a folder, with at most 255 characters."
        yield InvalidField(path, FieldCode.STRUCTURE_INVALID, message, "Rename the file.")


def _check_total(new: NewAnswer) -> Iterator[InvalidField]:
    """Check the totals of this answer. Stripe also counts the evidence that is staged already."""
    length = sum(len(part.text or "") for part in new.parts)
    if new.compelling is not None:
        length += sum(one.length for one in (new.compelling.disputed, *new.compelling.prior))
    if new.appeal is not None:
        length += len(new.appeal.reason)
    if length > MAX_TEXTS:
        message = f"All texts together must have at most {MAX_TEXTS} characters."
        yield InvalidField("evidence", FieldCode.TOO_LONG, message, "Enter shorter texts.")
    contents = [part.file.content for part in new.parts if part.file is not None]
    yield from _check_contents("evidence", contents)


def _check_contents(path: str, contents: Sequence[bytes]) -> Iterator[InvalidField]:
    if sum(map(len, contents)) > MAX_FILES_BYTES:
        message = f"All files together must have at most {MAX_FILES_BYTES} bytes."
        yield InvalidField(path, FieldCode.TOO_LONG, message, "Choose smaller files.")
    if sum(map(_pages, contents)) > MAX_PAGES:
        message = f"All files together must have at most {MAX_PAGES} pages."
        yield InvalidField(path, FieldCode.TOO_LONG, message, "Choose shorter files.")


def _pages(content: bytes) -> int:
    """The number of pages, as far as they can be counted here; Stripe counts all pages. The number is 0 for
    an image, for a PDF with compressed page objects, and for a PDF that was saved in increments, because such
    a PDF still has the pages that were replaced.
    """
    is_saved_once = content.startswith(TYPES["pdf"]) and content.count(b"%%EOF") == 1
    return len(_PAGE.findall(content)) if is_saved_once else 0
