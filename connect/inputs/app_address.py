"""Addresses of apps with a scheme of their own, such as `com.example.app:/payments` or `myapp://payments`.

RFC 8252, section 7.1, recommends a scheme that is based on a domain of the app's owner, because any app can
register any scheme.
"""

import re

SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,63}")
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)(:/[!-~]*)")
# No browser needs these characters unescaped, and some have a meaning in HTML or on Windows.
_FORBIDDEN = frozenset('"<>\\^`{|}')

# Schemes of pages inside a web view. The system's browser cannot open such a page.
WEB_VIEWS = frozenset({"capacitor", "ionic", "tauri"})
# Schemes that run code, read files, address other apps, or belong to browsers and systems.
_TAKEN = re.compile(
    r"javascript|vbscript|livescript|mocha|data|blob|about|view-source|jar|resource|res|shell|intent|content"
    r"|android-app|market|file|filesystem|smb|afp|nfs|s?ftps?|ssh|telnet|git|ldaps?|gopher|wais|rtsp|wss?|urn"
    r"|cid|mid|mailto|tel|callto|smsto|sms|mmsto|mms|sips?|gsm|facetime(?:-audio)?|irc|news|imap|feed|webcal"
    r"|geo|maps|dav|dns|vnc|help|search|prefs|app-prefs|shortcuts|itms.*|moz-.*|ms-.*|search-ms|web\+.*"
    r"|x-apple.*|localhost|(?:chrome|google-?chromes?|microsoft-edge|edge|firefox|opera|safari|brave)(?:-.*)?"
)


def scheme_problem(scheme: str) -> str | None:
    """Return the reason why this scheme may not open an app, with the remedy. None if it may."""
    if scheme in {"http", "https"}:
        return "is not an app's scheme. List web addresses in CONNECTQL_RETURN_ORIGINS."
    if scheme in WEB_VIEWS:
        return (
            "is the scheme of pages inside a web view, which browsers cannot open. Write a scheme that the "
            "app registers, such as com.example.app."
        )
    if _TAKEN.fullmatch(scheme) is not None:
        return "belongs to browsers or to the system. Write a scheme of your own, such as com.example.app."
    if SCHEME.fullmatch(scheme) is None:
        return "is not a scheme. Write it in lower case and without a colon: com.example.app."
    return None


def convert(text: str) -> str | None:
    """Return the address with its scheme in lower case; None if the text is not an app's address."""
    match = _ADDRESS.fullmatch(text)
    if match is None or _FORBIDDEN & set(text):
        return None
    return match[1].lower() + match[2]


def scheme(address: str) -> str:
    """Return the scheme of a converted address, or of a web address."""
    return address.partition(":")[0]
