"""Currencies: their minor units, and the minimum and maximum of a payment.

https://docs.stripe.com/currencies.
"""

from simulator.wire.errors import Refused

_IN_WHOLE = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
_WHOLE = set(_IN_WHOLE.split())
_THOUSANDTHS = {"bhd", "jod", "kwd", "omr", "tnd"}
# Stripe counts these currencies in hundredths, but accepts only whole amounts.
_WHOLE_IN_HUNDREDTHS = {"isk", "ugx"}
_OTHERS = (
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny "
    "cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd "
    "kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok "
    "npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top "
    "try ttd twd tzs uah usd uyu uzs wst xcd yer zar zmw"
)
CURRENCIES = _WHOLE | _THOUSANDTHS | _WHOLE_IN_HUNDREDTHS | set(_OTHERS.split())
# The minimum amounts of a payment in minor units, and the currencies that have each minimum
# (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). Stripe converts a payment to the
# account's currency before it compares the amount. The simulator compares the amount without a conversion.
_LEAST_FOR = {
    50: "usd aud brl cad chf cop ars eur idr ils inr nzd php rub sgd zar jpy krw",
    30: "gbp",
    200: "aed myr pln ron",
    250: "dkk",
    300: "nok sek",
    400: "hkd",
    1000: "mxn thb",
    1500: "czk",
    17500: "huf",
}
_LEAST = {currency: amount for amount, currencies in _LEAST_FOR.items() for currency in currencies.split()}
# Twelve digits, the limit for cards.
MOST = 999_999_999_999
_SIGNS = {"eur": "€", "gbp": "£", "jpy": "¥", "krw": "₩", "inr": "₹"}
_DOLLARS = {"usd", "aud", "cad", "hkd", "nzd", "sgd"}


def exponent(currency: str) -> int:
    """Return the number of decimals with which Stripe counts a currency."""
    return 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2


def least(currency: str) -> int:
    """Return the minimum amount of a payment, which is 1 if Stripe states no minimum."""
    return _LEAST.get(currency, 1)


def decimal(amount: int, currency: str) -> str:
    """Return an amount of at least 0 in major units, such as 4.00."""
    digits = exponent(currency)
    text = str(amount).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


def shown(amount: int, currency: str) -> str:
    """Return an amount as Stripe's messages show it, such as $4.00 or 175.00 Ft."""
    number, minus = decimal(abs(amount), currency), "-" if amount < 0 else ""
    if currency == "huf":
        return f"{minus}{number} Ft"
    sign = "$" if currency in _DOLLARS else _SIGNS.get(currency)
    return f"{minus}{sign}{number}" if sign else f"{minus}{number} {currency.upper()}"


def check(currency: str, param: str = "currency") -> str:
    """Return a currency in lower case. Raises Refused for an unknown currency."""
    if currency.lower() not in CURRENCIES:
        message = f"Invalid currency: {currency}. Stripe currently supports these currencies: "
        raise Refused(None, message + ", ".join(sorted(CURRENCIES)), param=param)
    return currency.lower()


def check_amount(amount: int, currency: str, param: str = "amount") -> None:
    """Refuse an amount that is too large, or has more decimals than the currency allows."""
    if amount > MOST:
        message = f"Amount must be no more than {shown(MOST, currency)} {currency}"
        raise Refused("amount_too_large", message, param=param)
    step = 100 if currency in _WHOLE_IN_HUNDREDTHS else 10 if currency in _THOUSANDTHS else 1
    if amount % step:
        message = f"Amounts in {currency} must be multiples of {step}."
        raise Refused("parameter_invalid_integer", message, param=param)
