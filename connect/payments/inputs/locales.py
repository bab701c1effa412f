"""The languages of Stripe's payment page (https://docs.stripe.com/js/appendix/supported_locales)."""

from collections.abc import Iterator

from connect.errors import FieldCode, InvalidField

_TAGS = """
auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt
pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW
"""
LOCALES = frozenset(_TAGS.split())


def check_locale(name: str, value: str) -> Iterator[InvalidField]:
    if value in LOCALES:
        return
    language = value.replace("_", "-").partition("-")[0].lower()
    hint = f" Did you mean {language}?" if language in LOCALES else ""
    message = f"Give a language of Stripe's payment page, such as de or en-GB, or omit it.{hint}"
    yield InvalidField(name, FieldCode.LOCALE_UNKNOWN, message, "Choose a language from the list.")
