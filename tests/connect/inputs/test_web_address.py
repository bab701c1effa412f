"""Web addresses are converted or refused as in browsers."""

from urllib.parse import urlsplit

import pytest

from connect.inputs.web_address import (
    CREDENTIALS,
    HOST,
    TWO_SCHEMES,
    InvalidAddress,
    ascii_host,
    convert,
    convert_if_valid,
    is_address,
    origin,
    parse,
)

# Host names, each with the name that browsers open.
HOSTS = [
    ("m\u00fcnchen.example", "xn--mnchen-3ya.example"),
    ("M\u00dcNCHEN.Example", "xn--mnchen-3ya.example"),
    ("mu\u0308nchen.example", "xn--mnchen-3ya.example"),
    ("fa\u00df.example", "xn--fa-hia.example"),
    ("\u1e9e.example", "xn--zca.example"),
    ("\u0130.example", "xn--i-9bb.example"),
    ("b\u00fccher.example.", "xn--bcher-kva.example."),
    ("b\u00fccher\u3002example", "xn--bcher-kva.example"),
    ("app\uff0eexample", "app.example"),
    ("app\uff61example\u3002", "app.example."),
    ("\uff21\uff30\uff30.example", "app.example"),
    ("app\u00ad.example\u200b", "app.example"),
    ("\u4f8b\u3048.\u30c6\u30b9\u30c8", "xn--r8jz45g.xn--zckzah"),
    ("\u0623\u0647\u0644\u0627.example", "xn--igbi0gl.example"),
    ("\u0915\u094d\u200d\u0937.example", "xn--11b2ezcw70k.example"),
    ("\U0001f4a9.example", "xn--ls8h.example"),
    ("i\u2764.example", "xn--i-7iq.example"),
    ("xn--mnchen-3ya.\u00fc.example", "xn--mnchen-3ya.xn--tda.example"),
    ("\u0430pp.example", "xn--pp-6kc.example"),
    ("\uff11\uff12\uff17.0.0.1", "127.0.0.1"),
]
REFUSED_HOSTS = [
    "app..example",
    ".example",
    "xn--a.example",
    "xn--.example",
    "xn--\u00fc.example",
    "xn--abc-.example",
    "app\u2100.example",
    "app.example\uff0f",
    "app.example\uff20evil.example",
    "\u0301app.example",
    "a\u200db.example",
    "1\u0623.example",
    "\u00ad.example",
    "\u00fc" * 60 + ".example",
    "app\ufffd.example",
    "app.example.1.2",
    *("", ".", "a" * 64, "a." * 127 + "example", "127.1", "0x7f.1", "256.0.0.1", "a%2eb", "a b"),
]


@pytest.mark.parametrize(("host", "expected"), HOSTS)
def test_a_host_in_another_script_becomes_ascii(host: str, expected: str) -> None:
    assert ascii_host(host) == expected


@pytest.mark.parametrize(
    "host",
    ["localhost", "App.Example", "app.example.", "stripe_mock", "127.0.0.1", "XN--MNCHEN-3YA", "a--b", "-a-"],
)
def test_an_ascii_host_stays_unchanged(host: str) -> None:
    assert ascii_host(host) == host


@pytest.mark.parametrize("host", REFUSED_HOSTS)
def test_a_host_that_no_browser_opens_is_refused(host: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        ascii_host(host)
    assert str(caught.value) == HOST


@pytest.mark.parametrize(
    ("address", "converted"),
    [
        ("https://app.example", "https://app.example"),
        ("HTTPS://App.Example:0443/A?b=C#d", "HTTPS://App.Example:0443/A?b=C#d"),
        ("https://app.example/a?", "https://app.example/a?"),
        ("http://stripe_mock:12111/", "http://stripe_mock:12111/"),
        ("https://[2001:DB8::1]:8443/", "https://[2001:DB8::1]:8443/"),
        ("https://http.example//x", "https://http.example//x"),
        ("https://m\u00fcnchen.example", "https://xn--mnchen-3ya.example"),
        ("HTTPS://M\u00dcNCHEN.example.:8443/", "https://xn--mnchen-3ya.example.:8443/"),
        (
            "https://b\u00fccher.example/stra\u00dfe%20/?q=\u00fc&r=%FF#\u4e2d",
            "https://xn--bcher-kva.example/stra%C3%9Fe%20/?q=%C3%BC&r=%FF#%E4%B8%AD",
        ),
        ("https://[::1]/\u00fc", "https://[::1]/%C3%BC"),
    ],
)
def test_an_address_is_converted_to_ascii(address: str, converted: str) -> None:
    assert convert(address) == convert_if_valid(address) == converted
    assert is_address(address)
    assert parse(address).geturl().isascii()


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("", ""),
        ("app.example", ""),
        ("//app.example", ""),
        ("https:app.example", ""),
        ("https:https://app.example", ""),
        ("https://", ""),
        ("ftp://app.example", ""),
        ("https://app.example:99999", ""),
        ("https://app.example:port", ""),
        ("https://app.example\uff1a443", ""),
        ("https://[::1", ""),
        ("https://[::1%25eth0]/", ""),
        ("https://[::1]x/", ""),
        ("https://[1:2]/", ""),
        ("https://app example", ""),
        ("https://app.example/\n", ""),
        ("https://app.example\\@evil.example", ""),
        ("https://user@app.example", CREDENTIALS),
        ("https://user:secret@app.example", CREDENTIALS),
        ("https://@app.example", CREDENTIALS),
        ("https://https://app.example", TWO_SCHEMES),
        ("http://https://app.example/a", TWO_SCHEMES),
        ("https://https//app.example", TWO_SCHEMES),
        ("https://https:/app.example", TWO_SCHEMES),
        ("https://ftp://app.example", TWO_SCHEMES),
        ("https://app..example", HOST),
        ("https://xn--a.example", HOST),
    ],
)
def test_other_texts_are_refused_without_quoting_them(address: str, remedy: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        convert(address)
    assert str(caught.value) == remedy
    assert not is_address(address)
    assert convert_if_valid(address) == address


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://App.Example:443/a", "https://app.example"),
        ("http://app.example:80", "http://app.example"),
        ("http://app.example:443", "http://app.example:443"),
        ("https://[2001:DB8:0::1]:443", "https://[2001:db8::1]"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(address: str, written: str) -> None:
    assert origin(urlsplit(address)) == written
