"""Return addresses must have an allowed origin, or the registered scheme of an app."""

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connect.errors import ReturnUrlNotAllowed
from connect.merchants.inputs import ReturnTargets, check_return_to
from tests.connect.merchants.rules.stripe_answers import deterministic

ORIGINS = frozenset(
    {"https://app.example", "http://localhost:3000", "http://127.0.0.1:8000", "https://[::1]:8443"}
)
ALLOWED = ReturnTargets(ORIGINS)
APPS = ReturnTargets(ORIGINS, frozenset({"com.example.app", "myapp"}))


@pytest.mark.parametrize(
    "address",
    [
        "https://app.example",
        "https://app.example/",
        "https://app.example?a=b",
        "https://app.example#settings",
        "https://app.example/a/b?next=https://evil.example/@x#y@z",
        "https://app.example/caf\u00e9",
        "https://app.example/%00%0d%0a",
        "HTTPS://App.Example/",
        "https://app.example:443/",
        "https://app.example:/",
        "https://app.example:0443/",
        "http://localhost:3000/return",
        "http://127.0.0.1:8000/",
        "https://[::1]:8443/",
        "https://app.example/" + "x" * 2028,
    ],
)
def test_a_return_address_with_an_allowed_origin_is_accepted(address: str) -> None:
    assert check_return_to(address, ALLOWED) == address.replace("\u00e9", "%C3%A9")


@pytest.mark.parametrize(
    ("address", "converted"),
    [
        ("https://app\u3002example", "https://app.example"),
        ("https://app\uff0eexample/a", "https://app.example/a"),
        ("https://\uff41pp.example", "https://app.example"),
        ("https://app.example\u200b?b", "https://app.example?b"),
        ("https://app\u00ad.example", "https://app.example"),
        ("https://m\u00fcnchen.example:443/\u00fc", "https://xn--mnchen-3ya.example:443/%C3%BC"),
    ],
)
def test_a_return_address_is_converted_as_browsers_do(address: str, converted: str) -> None:
    allowed = ReturnTargets(ORIGINS | {"https://xn--mnchen-3ya.example"})
    assert check_return_to(address, allowed) == converted


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/",
        "/settings",
        "app.example",
        "//app.example",
        "https:app.example",
        "https:/app.example",
        "https:///app.example",
        "://app.example",
        # Another origin.
        "http://app.example",
        "https://app.example:80",
        "https://app.example:8443",
        "https://www.app.example",
        "https://example",
        "https://app.example.",
        "https://app.example.evil",
        "https://app.examplevil",
        "https://evil.example/https://app.example",
        "https://evil.example?https://app.example",
        "https://evil.example#https://app.example",
        "http://localhost",
        "http://localhost:30000",
        "https://127.0.0.1:8000",
        # Addresses that only seem to have an allowed host.
        "https://app.example@evil.example",
        "https://app.example:443@evil.example",
        "https://app.example%40evil.example",
        "https://user@app.example",
        "https://user:secret@app.example",
        "https://@app.example",
        "https://:@app.example",
        "https://evil.example\\@app.example",
        "https://app.example\\@evil.example",
        "https://app.example\\.evil.example",
        "https:\\\\app.example",
        "https:/\\app.example",
        "https://app.example;.evil.example",
        "https://app.example&.evil.example",
        "https://app%2Eexample",
        "https://app.example%00.evil.example",
        # Characters that a browser maps to other characters.
        "https://app.example\u2100.evil.example",
        "https://app.example\uff0f.evil.example",
        "https://app.example\uff20evil.example",
        "https://\u0430pp.example",
        # Characters that an address must not contain.
        " https://app.example",
        "https://app.example ",
        "https://app.example\n",
        "https://app.example\r\nSet-Cookie: a=b",
        "https://app.example/\x00",
        "https://app.example/\x1f",
        "https://app.example/\x7f",
        "https://app.example/\ud800",
        "https://app\t.example",
        "ht\ntps://app.example",
        'https://app.example/"',
        "https://app.example/<script>",
        "https://app.example/`",
        "https://app.example/a\\b",
        "https://app.example/{a|b}",
        "\ufeffhttps://app.example",
        # Invalid ports and brackets.
        "https://app.example:port",
        "https://app.example:-443",
        "https://app.example:+443",
        "https://app.example:99999",
        "https://app.example:\u0664\u0664\u0663",
        "https://[::1",
        "https://::1]:8443",
        "https://[::1]",
        "https://evil.example[::1]:8443",
        "https://[::1].evil.example:8443",
        "https://[::1]evil:8443",
        "https://[app.example]",
        # Other schemes.
        "javascript:alert(1)",
        "javascript://app.example/%0aalert(1)",
        "data:text/html,https://app.example",
        "file://app.example/",
        "ftp://app.example/",
        "ws://app.example/",
        "blob:https://app.example/1",
        "view-source:https://app.example",
        "null",
        "https://app.example/" + "x" * 2029,
    ],
)
def test_every_other_return_address_is_refused(address: str) -> None:
    with pytest.raises(ReturnUrlNotAllowed) as caught:
        check_return_to(address, ALLOWED)
    assert caught.value.message == (
        "returnTo must be an absolute http(s) address on one of the origins that the platform allows "
        "(setting CONNECTQL_RETURN_ORIGINS)."
    )


def test_without_allowed_origins_every_return_address_is_refused() -> None:
    with pytest.raises(ReturnUrlNotAllowed):
        check_return_to("https://app.example", ReturnTargets(frozenset()))


@pytest.mark.parametrize(
    "address",
    [
        "myapp:/",
        "myapp://",
        "myapp://connect?tab=payments#top",
        "myapp:///connect",
        "com.example.app:/connect?a=%22%3C",
        "MyApp://connect",
        "myapp:/" + "x" * 2041,
    ],
)
def test_an_address_with_a_registered_scheme_is_accepted(address: str) -> None:
    assert check_return_to(address, APPS) == address.replace("MyApp", "myapp")
    with pytest.raises(ReturnUrlNotAllowed) as caught:
        check_return_to(address, ALLOWED)
    assert caught.value.message == (
        "The platform has not registered the scheme of returnTo (setting CONNECTQL_RETURN_SCHEMES)."
    )


@pytest.mark.parametrize(
    "address",
    [
        "myapp",
        "myapp:",
        "myapp:connect",
        "myapp:?a=b",
        " myapp://connect",
        "myapp://connect ",
        "myapp://con\tnect",
        'myapp://connect"><script>',
        "myapp://connect\\evil",
        "myapp://caf\u00e9",
        "\u212ayapp://connect",
        "javascript:/alert(1)",
        "javascript://myapp/%0aalert(1)",
        "intent://connect#Intent;scheme=myapp;end",
        "data:/text/html,myapp",
        "myapp:/" + "x" * 2042,
    ],
)
def test_no_other_address_of_an_app_is_accepted(address: str) -> None:
    with pytest.raises(ReturnUrlNotAllowed) as caught:
        check_return_to(address, APPS)
    assert "http(s)" in caught.value.message


@pytest.mark.parametrize(
    "address", ["capacitor://localhost/connect", "ionic://localhost", "tauri://localhost"]
)
def test_an_address_in_a_web_view_is_refused_with_the_reason(address: str) -> None:
    with pytest.raises(ReturnUrlNotAllowed) as caught:
        check_return_to(address, APPS)
    assert caught.value.message == caught.value.neutral_message
    assert caught.value.message.startswith("returnTo is the address of a page inside a web view")


def browser_origin(address: str) -> str | None:
    """The origin that a browser opens according to https://url.spec.whatwg.org, or None if the address is
    invalid.
    """
    text = address.strip("".join(map(chr, range(0x21)))).translate(dict.fromkeys((9, 10, 13)))
    scheme, colon, rest = text.partition(":")
    default = {"http": 80, "https": 443}.get(scheme.lower())
    if not colon or default is None:
        return None
    authority = re.split(r"[/\\?#]", rest.lstrip("/\\"), maxsplit=1)[0].rpartition("@")[2]
    match = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(?::([0-9]*))?", authority)
    if match is None:
        return None
    ignored = {0xAD: None, 0x200B: None, 0x2060: None, 0xFEFF: None, 0x3002: "."}
    host = unicodedata.normalize("NFKC", unquote(match[1]).translate(ignored)).casefold()
    if re.search(r"[\x00-\x20\x7f#%/<>?@\\^|]", host):
        return None
    port = int(match[2] or default)
    return f"{scheme.lower()}://{host}" + ("" if port == default else f":{port}")


_PIECES = st.sampled_from(
    [
        *("https", "http", "HTTPS", "javascript", "data", ":", "://", "//", "/", "\\", "@", "?", "#"),
        *("app.example", "APP.example", "app", ".", "example", "localhost", "127.0.0.1", "evil", "user"),
        *(":443", ":0443", ":80", ":3000", ":8443", ":8000", "[::1]", "[", "]", "%2e", "%40", "%00", ";"),
        *("\t", "\n", "\r", "\x00", " ", "\x7f", "\x85", "\u00a0", "\u00ad", "\u200b", "\u3002", "\uff0e"),
        *("\u2100", "\u212a", "\u017f", "\u0130", "\u00df", "\uff20", "\uff0f", "\uff1a", "\ufeff", "\ud800"),
    ]
)
_STARTS = st.sampled_from([*sorted(ORIGINS), "https://", "HTTPS://APP.EXAMPLE", ""])


@st.composite
def _addresses(draw: st.DrawFn) -> str:
    """Addresses that resemble allowed addresses: with pieces appended, and with pieces inserted anywhere."""
    text = draw(_STARTS) + "".join(draw(st.lists(_PIECES, max_size=4)))
    for piece in draw(st.lists(_PIECES | st.characters(), max_size=2)):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + piece + text[place:]
    return text


@deterministic
@given(_addresses())
@example("https://app.example@evil")
@example("https://evil[::1]:8443")
@example("HTTPS://APP.EXAMPLE:443/return")
def test_a_browser_opens_an_allowed_origin_for_every_accepted_address(address: str) -> None:
    try:
        converted = check_return_to(address, ALLOWED)
    except ReturnUrlNotAllowed:
        return
    assert browser_origin(address) in ORIGINS
    assert browser_origin(converted) == browser_origin(address)
    assert converted.isascii()


@deterministic
@given(
    st.sampled_from(sorted(ORIGINS)),
    st.sampled_from(["", "/", "?", "#"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters='\\"<>`{|}')),
)
def test_every_path_without_special_characters_of_an_allowed_origin_is_accepted(
    allowed: str, mark: str, rest: str
) -> None:
    check_return_to(allowed + (mark + rest if mark else ""), ALLOWED)
