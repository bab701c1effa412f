"""The currencies of ISO 4217 (https://www.iso.org/iso-4217-currency-codes.html), and those of Stripe."""

from collections.abc import Iterator

from connect.errors import FieldCode, InvalidField

# Stripe's currencies (https://docs.stripe.com/currencies).
_STRIPE_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF
CHF CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD
MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD STN SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS
VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW
"""
STRIPE = frozenset(_STRIPE_CODES.split())
# The other currencies of ISO 4217, without metals, funds and units of account. Read from Debian's iso-codes
# 4.15.
_OTHER_CODES = "BTN CUP ERN IQD IRR KPW LYD MRU SDG SSP SVC SYP TMT VED VES ZWL"
_OTHERS = frozenset(_OTHER_CODES.split())


def check_currency(name: str, value: str) -> Iterator[InvalidField]:
    if value in STRIPE:
        return
    remedy = "Give an ISO 4217 code in upper case, such as USD or EUR."
    if value in _OTHERS:
        remedy = f"Stripe does not support {value}. Give the code of another currency, such as USD or EUR."
    elif value.upper() in STRIPE:
        remedy += f" Did you mean {value.upper()}?"
    yield InvalidField(name, FieldCode.CURRENCY_UNKNOWN, remedy, "Choose a currency from the list.")
