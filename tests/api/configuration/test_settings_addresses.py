"""Addresses, origins and proxies in the settings."""

import pytest

from tests.api.production import problems, read


@pytest.mark.parametrize(
    "address",
    [
        "connect.example",
        "ftp://connect.example",
        "https://",
        "https://connect.example?a=1",
        "https://connect.example/#a",
        "https://connect.example:https",
        "https://connect.example:99999",
        "https://[::1",
        "https://user:secret@connect.example",
        "https://https://connect.example",
        "https://https//connect.example",
        "http://ftp://connect.example",
        "https://connect..example",
        "https://connect.example/a b",
        "https://connect\\.example",
        "https://xn--a.example",
        "https://[::1%25eth0]",
    ],
)
def test_the_public_url_must_be_an_address(address: str) -> None:
    result = problems(ENVIRONMENT="development", PUBLIC_URL=address)
    assert result == [
        "CONNECTQL_PUBLIC_URL must be the address of this service, such as https://api.example."
    ]


@pytest.mark.parametrize(
    "value",
    [
        "https://app.example/",
        "https://app.example/connect",
        "https://App.example",
        "https://app.example:443",
        "https://*.example",
        "app.example",
        "null",
        "*",
        "https://[::1",
        "https://app.example:port",
    ],
)
def test_origins_must_be_spelled_as_browsers_spell_them(value: str) -> None:
    assert problems(ENVIRONMENT="development", RETURN_ORIGINS=f"https://good.example,{value}") == [
        (f"CONNECTQL_RETURN_ORIGINS: {value!r} is not an origin. Write https://app.example, without a path.")
    ]
    assert read(RETURN_ORIGINS="https://app.example:8443,https://[::1]").return_origins == {
        "https://app.example:8443",
        "https://[::1]",
    }


def test_addresses_in_other_scripts_are_converted_to_ascii() -> None:
    result = read(
        PUBLIC_URL="https://M\u00fcnchen.example/\u00fc/",
        WEBHOOK_URL="https://m\u00fcnchen.example/hooks",
        RETURN_ORIGINS="https://app.b\u00fccher.example:8443,https://\U0001f4a9.example",
        BROWSER_ORIGINS="https://app\u3002example capacitor://localhost",
        AUTH_ISSUER="https://id.b\u00fccher.example/realm",
        JWKS_URL="https://id.b\u00fccher.example/jwks",
        STRIPE_API_BASE="https://str\u00efpe.example",
    )
    assert result.public_url == "https://xn--mnchen-3ya.example/%C3%BC"
    assert result.webhook_url == "https://xn--mnchen-3ya.example/hooks"
    assert result.return_origins == {"https://app.xn--bcher-kva.example:8443", "https://xn--ls8h.example"}
    assert result.browser_origins == {"https://app.example", "capacitor://localhost"}
    assert result.auth.providers[0].issuer == "https://id.xn--bcher-kva.example/realm"
    assert result.auth.providers[0].jwks_url == "https://id.xn--bcher-kva.example/jwks"
    assert result.stripe_api_base == "https://xn--strpe-eta.example"


@pytest.mark.parametrize("name", ["WEBHOOK_URL", "STRIPE_API_BASE", "STRIPE_DASHBOARD_BASE"])
def test_production_refuses_an_http_address_on_another_machine(name: str) -> None:
    message = f"CONNECTQL_{name} must be an https address in production, except on this machine."
    for address in ("http://stripe.example", "HTTP://stripe.example", "http://localhost.example"):
        assert problems(**{name: address}) == [message]
        assert getattr(read(**{name: address}, ENVIRONMENT="development"), name.lower()) == address
    for address in ("https://stripe.example", "http://127.0.0.1:12111", "http://stripe.localhost:12111"):
        assert getattr(read(**{name: address}), name.lower()) == address


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("WEBHOOK_URL", "must be the address of the event destination"),
        ("AUTH_ISSUER", "is not a web address. Write it as in the tokens' iss, such as https://id.example."),
        ("JWKS_URL", "must be the http(s) address of the issuer's keys."),
        ("STRIPE_API_BASE", "must be an http(s) address, such as http://127.0.0.1:12111."),
        ("STRIPE_DASHBOARD_BASE", "must be an http(s) address, such as http://127.0.0.1:12111/dashboard."),
        ("RETURN_ORIGINS", "is not an origin."),
        ("BROWSER_ORIGINS", "is not an origin."),
        ("WEBSOCKET_ORIGINS", "is not an origin."),
    ],
)
@pytest.mark.parametrize(
    "address", ["https://https://a.example", "https://a..example", "https://u@a.example"]
)
def test_settings_refuse_an_unusable_address(name: str, problem: str, address: str) -> None:
    (line,) = problems(**{name: address})
    assert line.startswith(f"CONNECTQL_{name}")
    assert problem in line


def test_an_issuer_need_not_be_a_web_address() -> None:
    assert read(AUTH_ISSUER="urn:example:id").auth.providers[0].issuer == "urn:example:id"


def test_browser_and_websocket_origins_default_to_the_return_origins() -> None:
    returns, browsers, sockets = (frozenset({f"https://{name}.example"}) for name in "abc")
    for changed, expected in (
        ({}, (returns, returns, returns)),
        ({"BROWSER_ORIGINS": "https://b.example"}, (returns, browsers, browsers)),
        ({"WEBSOCKET_ORIGINS": "https://c.example"}, (returns, returns, sockets)),
        (
            {"BROWSER_ORIGINS": "https://b.example", "WEBSOCKET_ORIGINS": "https://c.example"},
            (returns, browsers, sockets),
        ),
    ):
        result = read(RETURN_ORIGINS="https://a.example", **changed)
        assert (result.return_origins, result.browser_origins, result.websocket_origins) == expected


@pytest.mark.parametrize("name", ["BROWSER_ORIGINS", "WEBSOCKET_ORIGINS"])
def test_origins_may_have_the_schemes_of_apps_and_browser_extensions(name: str) -> None:
    apps = {
        *("capacitor://localhost", "ionic://localhost", "tauri://localhost", "https://localhost"),
        *("https://tauri.localhost", "http://tauri.localhost", "http://localhost", "http://localhost:5173"),
        *("app://obsidian.md", "chrome-extension://abcdefghijklmnopabcdefghijklmnop"),
        "safari-web-extension://5E0E2F0A-1B2C-4D3E-8F4A-5B6C7D8E9F00",
    }
    result = read(**{name: ",".join(sorted(apps))})
    assert getattr(result, name.lower()) == apps
    assert result.return_origins == {"https://app.example"}
    for value in (
        *("capacitor://localhost/", "capacitor://", "capacitor:localhost", "Capacitor://localhost"),
        *("null", "*", "file://", "file://localhost", "https://app.example/", "javascript://localhost"),
        *("https://*.example", "tauri://localhost:port", "capacitor://user@localhost", "app://a?b"),
    ):
        assert problems(**{name: value}) == [
            (
                f"CONNECTQL_{name}: {value!r} is not an origin. "
                "Write https://app.example or capacitor://localhost, without a path."
            )
        ]
    assert problems(**{name: "http://shop.example"}) == [
        f"CONNECTQL_{name} must not contain http origins in production, except those of localhost."
    ]
    assert problems(RETURN_ORIGINS="capacitor://localhost")[0].startswith("CONNECTQL_RETURN_ORIGINS: ")


def test_trusted_proxies_must_be_addresses_or_networks() -> None:
    good = ("10.0.0.1", "10.0.0.0/8", "::1", "fd00::/8", "0.0.0.0/0", "192.0.2.1/32")
    assert read(TRUSTED_PROXIES=",".join(good)).trusted_proxies == good
    assert read(TRUSTED_PROXIES="*").trusted_proxies == ("*",)
    for value, remedy in (
        *(
            (wrong, "is not an address or a network. Write 10.0.0.1, 10.0.0.0/8 or fd00::/8.")
            for wrong in (
                "10.0.0",
                "10.0.0.256",
                "10.0.0.0/33",
                "10.0.0.0-10.0.0.9",
                "proxy",
                "10.*",
                "[::1]",
            )
        ),
        ("10.0.0.1/8", "is an address with a prefix length. Write the network: 10.0.0.0/8."),
        ("fd00::1/8", "is an address with a prefix length. Write the network: fd00::/8."),
    ):
        assert problems(TRUSTED_PROXIES=f"192.0.2.1,{value}") == [
            f"CONNECTQL_TRUSTED_PROXIES: {value!r} {remedy}"
        ]
    assert problems(TRUSTED_PROXIES="*,10.0.0.1") == [
        "CONNECTQL_TRUSTED_PROXIES: * trusts every address. Write it alone, or list the proxies."
    ]
