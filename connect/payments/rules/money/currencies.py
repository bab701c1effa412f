"""Stripe's currencies: minor units and limits of charges (https://docs.stripe.com/currencies). Pure.

The exponents are those of Stripe, not of ISO 4217. For example, Stripe counts ISK and UGX in hundredths.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF
CHF CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD
MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD STN SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS
VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW
"""
_WITHOUT_DECIMALS = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
_IN_THOUSANDTHS = "BHD JOD KWD OMR TND"
# Stripe charges only whole amounts of these currencies, but counts the amounts in hundredths.
_WHOLE = "ISK UGX"
# Stripe charges fractions of these currencies, but pays out only whole amounts.
_PAID_OUT_WHOLE = "HUF TWD"
# The minimum charge, in minor units. Stripe states no minimum for other currencies.
_MINIMUMS_OF = {
    "ARS AUD BRL CAD CHF COP EUR IDR ILS INR JPY KRW NZD PHP RUB SGD USD ZAR": 50,
    "GBP": 30,
    "AED MYR PLN RON": 2_00,
    "DKK": 2_50,
    "NOK SEK": 3_00,
    "HKD": 4_00,
    "MXN THB": 10_00,
    "CZK": 15_00,
    "HUF": 175_00,
}


def _table(values: Mapping[str, int]) -> Mapping[str, int]:
    return {code: value for codes, value in values.items() for code in codes.split()}


_EXPONENTS = _table({_WITHOUT_DECIMALS: 0, _IN_THOUSANDTHS: 3})
# The exponent of most currencies, and of currencies that are not in the table.
_EXPONENT = 2
# A whole amount is a multiple of 100. In currencies with three decimals, the last digit must be 0.
_CHARGE_STEPS = _table({_WHOLE: 100, _IN_THOUSANDTHS: 10})
_PAYOUT_STEPS = {**_CHARGE_STEPS, **_table({_PAID_OUT_WHOLE: 100})}
_MINIMUMS = _table(_MINIMUMS_OF)
# Stripe's limit for cards is twelve digits. Some cards and other payment methods have lower limits, which
# Stripe checks.
MAXIMUM = 999_999_999_999


@dataclass(frozen=True, slots=True)
class Currency:
    """`code` is in upper case, and all amounts are in minor units. `minimum` is None if Stripe states none.

    Stripe converts a charge to the currency in which the account settles, and compares it with the `minimum`
    of that currency. Charges are multiples of `charge_step`, and payouts of `payout_step`.
    """

    code: str
    exponent: int
    minimum: int | None
    maximum: int
    charge_step: int
    payout_step: int


CURRENCIES: Mapping[str, Currency] = MappingProxyType(
    {
        code: Currency(
            code,
            _EXPONENTS.get(code, _EXPONENT),
            _MINIMUMS.get(code),
            MAXIMUM,
            _CHARGE_STEPS.get(code, 1),
            _PAYOUT_STEPS.get(code, 1),
        )
        for code in _CODES.split()
    }
)


def exponent(code: str) -> int:
    """The number of decimals of the currency, even if the table lacks the currency."""
    return _EXPONENTS.get(code, _EXPONENT)
