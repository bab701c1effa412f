"""Currencies of inputs, as codes of ISO 4217 (https://www.iso.org/iso-4217-currency-codes.html)."""

from collections.abc import Iterator

from connect.errors import FieldCode, InvalidField
from connect.payments.rules.money.currencies import CURRENCIES

# The currencies of ISO 4217 that Stripe does not support. Metals, funds and units of account are left out.
# The list comes from Debian's iso-codes 4.15.
_OTHER_CODES = "BTN CUP ERN IQD IRR KPW LYD MRU SDG SSP SVC SYP TMT VED VES ZWL"
_OTHERS = frozenset(_OTHER_CODES.split())


def check_currency(name: str, value: str) -> Iterator[InvalidField]:
    if value in CURRENCIES:
        return
    remedy = "Give an ISO 4217 code in upper case, such as USD or EUR."
    if value in _OTHERS:
        remedy = f"Stripe does not support {value}. Give the code of another currency, such as USD or EUR."
    elif value.upper() in CURRENCIES:
        remedy += f" Did you mean {value.upper()}?"
    yield InvalidField(name, FieldCode.CURRENCY_UNKNOWN, remedy, "Choose a currency from the list.")
