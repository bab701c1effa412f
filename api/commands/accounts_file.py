"""Reads the accounts to import from a CSV file (RFC 4180).

The first line names the columns. Each line holds one account. Values cannot contain line breaks, so an
unclosed quote makes only its own line invalid. A quote inside an unquoted value is refused, because the line
may begin with the second half of a value that contains a line break.
"""

import csv
import re
from typing import NamedTuple

from connect.errors import ConnectError
from connect.merchants.inputs import NewAdoption

REQUIRED = ("external_id", "stripe_account_id")
OPTIONAL = ("display_name", "contact_email")
DELIMITERS = ",;\t"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Unreadable(ConnectError):
    """The file cannot be read as a table of accounts. The message says how to correct this."""


class Row(NamedTuple):
    """One line of the file: an account, or the reason why the line is invalid."""

    line: int
    new: NewAdoption | None
    problem: str | None = None


class Table(NamedTuple):
    rows: list[Row]
    # The names of columns that are not read.
    ignored: list[str]


def read(content: bytes) -> Table:
    """Parse the file. Skips lines without values. Raises Unreadable."""
    if content.startswith(UTF_16):
        raise Unreadable("The file has the encoding UTF-16. Save it as UTF-8.")
    lines = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip(b" \t,;")]
    if not numbered:
        raise Unreadable(f"The file is empty. Its first line must name the columns {', '.join(REQUIRED)}.")
    first, header = numbered[0]
    delimiter = max(DELIMITERS, key=header.decode("utf-8", "replace").count)
    names = _columns(first, header, delimiter)
    rows = [_row(number, line, names, delimiter) for number, line in numbered[1:]]
    return Table(rows, [name for name in names if name not in {*REQUIRED, *OPTIONAL}])


def _columns(number: int, header: bytes, delimiter: str) -> list[str]:
    """Return the names of the columns, such as `external_id` for `External ID` or `externalId`. Raises
    Unreadable.
    """
    try:
        names = [_name(field) for field in _fields(header, delimiter)]
    except ValueError as error:
        raise Unreadable(f"line {number}: {error}") from None
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        found = ", ".join(map(repr, names))
        raise Unreadable(f"The first line must name the columns {', '.join(missing)}. It names {found}.")
    twice = sorted({name for name in names if names.count(name) > 1 and name in {*REQUIRED, *OPTIONAL}})
    if twice:
        raise Unreadable(f"The first line names {', '.join(twice)} twice.")
    return names


def _name(field: str) -> str:
    compact = "".join(c for c in field.casefold() if c.isalnum())
    return next((name for name in (*REQUIRED, *OPTIONAL) if name.replace("_", "") == compact), field.strip())


def _row(number: int, line: bytes, names: list[str], delimiter: str) -> Row:
    try:
        fields = _fields(line, delimiter)
    except ValueError as error:
        return Row(number, None, str(error))
    if any(field.strip() for field in fields[len(names) :]):
        return Row(number, None, f"The line has {len(fields)} fields, but the first line has {len(names)}.")
    values = {name: field.strip() for name, field in zip(names, fields, strict=False)}
    missing = [name for name in REQUIRED if not values.get(name)]
    if missing:
        return Row(number, None, "; ".join(f"{name}: Must not be empty." for name in missing))
    new = NewAdoption(*(values[name] for name in REQUIRED), *(values.get(name) or None for name in OPTIONAL))
    return Row(number, new)


def _fields(line: bytes, delimiter: str) -> list[str]:
    """Split one line. Raises ValueError with the problem."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start + 1} of the line is not UTF-8. Save the file as UTF-8."
        raise ValueError(message) from None
    try:
        fields = next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ValueError(f"The quotes of the line are wrong ({error}).") from None
    if '"' in re.sub(f'(^|{delimiter})"([^"]|"")*"', "", text):
        raise ValueError("The quotes of the line are wrong (a value with quotes must be inside quotes).")
    return fields
