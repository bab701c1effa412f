"""Finds and checks the claims of a verified token. Pure functions.

A path such as `realm_access.roles` leads into nested objects. A claim's name may itself contain dots, so the
longest name that exists in an object is used. `https://app.example/roles` is therefore found as one name.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

# Claims that hold words separated by spaces (RFC 8693, 4.2; Entra's and Okta's `scp`).
SCOPES = frozenset({"scope", "scp"})


def find(claims: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path, or None."""
    value: Any = claims
    names = path.split(".")
    while names:
        if not isinstance(value, dict):
            return None
        for end in range(len(names), 0, -1):
            name = ".".join(names[:end])
            if name in value:
                value, names = value[name], names[end:]
                break
        else:
            return None
    return value


def words(claims: Mapping[str, Any], paths: Iterable[str]) -> set[str]:
    """Return the strings of claims that hold one string, a list of strings, or scopes."""
    found: set[str] = set()
    for path in paths:
        value = find(claims, path)
        if isinstance(value, str):
            found.update(value.split(" ") if path in SCOPES else (value,))
        elif isinstance(value, list):
            found.update(each for each in value if isinstance(each, str))
    return found


def has(claims: Mapping[str, Any], path: str, accepted: Collection[str]) -> bool:
    """Tell whether a claim is, or contains, an accepted value.

    An empty `accepted` accepts every value that is not empty. In `accepted`, integers and Booleans are
    written as in JSON: `2`, `true`.
    """
    value = find(claims, path)
    if not accepted:
        return value is not None and value not in ("", [], {})
    if isinstance(value, bool | int):
        return str(value).lower() in accepted
    return not words(claims, (path,)).isdisjoint(accepted)


def is_id_token(claims: Mapping[str, Any]) -> bool:
    """Tell whether the claims come from an ID token, which identifies the user to the app. `at_hash` and
    `c_hash` exist only in ID tokens (OpenID Connect Core, 3.3.2.11). Cognito states the use of a token in
    `token_use`, and Keycloak in the claim `typ`.
    """
    return (
        "at_hash" in claims
        or "c_hash" in claims
        or claims.get("token_use") == "id"
        or claims.get("typ") == "ID"
    )
