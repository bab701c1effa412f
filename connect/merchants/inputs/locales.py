"""The languages that Stripe accepts as `defaults.locales` (https://docs.stripe.com/api/v2/core/accounts)."""

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from connect.errors import FieldCode, InvalidField

MAX_LOCALES = 10
_TAGS = """
ar-SA bg bg-BG cs cs-CZ da da-DK de de-DE el el-GR en en-AU en-CA en-GB en-IE en-IN en-NZ en-SG en-US es
es-419 es-ES et et-EE fi fi-FI fil fil-PH fr fr-CA fr-FR he-IL hr hr-HR hu hu-HU id id-ID it it-IT ja
ja-JP ko ko-KR lt lt-LT lv lv-LV ms ms-MY mt mt-MT nb nb-NO nl nl-NL pl pl-PL pt pt-BR pt-PT ro ro-RO ru
ru-RU sk sk-SK sl sl-SI sv sv-SE th th-TH tr tr-TR vi vi-VN zh zh-HK zh-Hans zh-Hant-HK zh-Hant-TW zh-TW
"""
LOCALES = frozenset(_TAGS.split())
_BY_LOWER = MappingProxyType({locale.lower(): locale for locale in LOCALES})


def check_locales(name: str, values: Sequence[str]) -> Iterator[InvalidField]:
    if len(values) > MAX_LOCALES:
        message = f"Name at most {MAX_LOCALES} languages."
        yield InvalidField(name, FieldCode.TOO_MANY, message, f"Choose at most {MAX_LOCALES} languages.")
        return
    for index, value in enumerate(values):
        if value not in LOCALES:
            meant = _meant(value)
            hint = f" Did you mean {meant}?" if meant else ""
            message = f"Give a language that Stripe supports, such as de or en-GB.{hint}"
            user_message = "Choose a language from the list."
            yield InvalidField(f"{name}[{index}]", FieldCode.LOCALE_UNKNOWN, message, user_message)


def _meant(value: str) -> str | None:
    """Return the locale in Stripe's spelling. If Stripe does not know the region, return the language alone.
    Return None if Stripe does not know the language without a region either.
    """
    lower = value.lower().replace("_", "-")
    return _BY_LOWER.get(lower) or _BY_LOWER.get(lower.partition("-")[0])
