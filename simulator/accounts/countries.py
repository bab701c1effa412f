"""Test values of each country: an address, a phone number, the types of official numbers, a bank account.

The onboarding form proposes the values, and the scenarios fill them in. The values have the format
that their country uses.
"""

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_suffix(".csv")
# In test mode, Stripe accepts this value for every official number: https://docs.stripe.com/connect/testing
TEST_NUMBER = "000000000"
_ANY_POSTAL_CODE = r"[A-Za-z0-9][A-Za-z0-9 -]{1,9}"
# A number has at least one digit, so `none` is not a number.
_NUMBER = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 ./-]{3,29}")


@dataclass(frozen=True)
class Country:
    """The test values of a country.

    `business` and `person` are Stripe's types of official numbers. `business_name` and `person_name` are the
    names of these numbers on the form.
    """

    phone: str = "+15555550100"
    line1: str = "10 Main Street"
    city: str = "Springfield"
    state: str = ""
    postal_code: str = "10000"
    postal_form: str = ""
    company: str = "Test Shop"
    business: str = "tax_id"
    business_name: str = "Tax ID"
    person: str = "id_number"
    person_name: str = "National ID number"
    bank: str = "000123456789"

    def is_postal_code(self, text: str) -> bool:
        return re.fullmatch(self.postal_form or _ANY_POSTAL_CODE, text) is not None


def is_number(text: str) -> bool:
    """Whether a text can be an official number."""
    return _NUMBER.fullmatch(text) is not None


def find(code: object) -> Country:
    """Return the test values of a country, or general ones for a country that is not in the file."""
    return _countries().get(str(code), Country())


@functools.cache
def _countries() -> dict[str, Country]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return {row.pop("country"): Country(**row) for row in rows}
