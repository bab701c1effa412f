"""The settings of the identity providers: their issuers, audiences, keys and claims.

The names of the first provider's settings have no suffix. Those of further providers end in _2, _3 and so on.
An issuer's tokens are accepted only with its own audiences and keys.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from api.auth.jwks import secret_key
from api.configuration.variables import PREFIX, Variables
from connect.inputs.web_address import is_address
from connect.scope import Role

NAMES = (
    "AUTH_ISSUER",
    "AUTH_AUDIENCE",
    "AUTH_AUDIENCE_CLAIM",
    "JWKS_URL",
    "JWKS_FILE",
    "AUTH_ROLE_CLAIM",
    "AUTH_ROLES",
    "AUTH_MERCHANT_CLAIM",
    "AUTH_REQUIRED_CLAIMS",
)
# The names of the roles in tokens, and in settings.
ROLES = {role.value.lower(): role for role in Role}

_NUMBERED = re.compile(rf"{PREFIX}({'|'.join(NAMES)})_([0-9]+)")


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider. Claims are paths (see `api.auth.claims`).

    `roles` maps the provider's names to roles; if it is None, our own names are accepted, in upper or lower
    case. `required_claims` maps each claim to its accepted values; an empty tuple accepts every value that is
    not empty.
    """

    issuer: str
    audiences: tuple[str, ...]
    audience_claim: str = "aud"
    jwks_url: str | None = None
    jwks_file: Path | None = None
    role_claims: tuple[str, ...] = ("role",)
    roles: Mapping[str, Role] | None = None
    merchant_claim: str = "merchant"
    required_claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    suffix: str = ""

    def setting(self, name: str) -> str:
        """Return a setting's full name, such as CONNECTQL_JWKS_URL_2."""
        return f"{PREFIX}{name}{self.suffix}"

    def role(self, name: str) -> Role | None:
        """Return the role for one of the provider's role names, or None for any other name."""
        return ROLES.get(name.lower()) if self.roles is None else self.roles.get(name)


@dataclass(frozen=True, slots=True)
class AuthSettings:
    """The identity providers. The secret and the development key belong to the first provider."""

    providers: tuple[Provider, ...]
    hs256_secret: str | None = field(default=None, repr=False)
    development_key_file: Path | None = None
    leeway_seconds: int = 30

    @property
    def issuer(self) -> str:
        """The issuer of development tokens."""
        return self.providers[0].issuer

    @property
    def audience(self) -> str:
        """The audience of development tokens."""
        return self.providers[0].audiences[0]


def read(env: Variables) -> tuple[Provider, ...]:
    """Return the first provider and all numbered providers. Adds a problem to `env` for each malformed
    setting.
    """
    found = [_read(env, "")]
    while any(env.text(f"{name}_{len(found) + 1}") for name in NAMES):
        found.append(_read(env, f"_{len(found) + 1}"))
    for name in sorted(env.full_names()):
        match = _NUMBERED.fullmatch(name)
        if (
            match
            and env.text(name.removeprefix(PREFIX))
            and match[2] not in map(str, range(2, len(found) + 1))
        ):
            env.problems.append(
                f"{name} belongs to no provider. Number further providers 2, 3 and so on, without a gap."
            )
    return tuple(found)


def problems(auth: AuthSettings) -> Iterator[str]:
    """Yield a message for each missing, invalid or contradictory setting."""
    issuers: dict[str, Provider] = {}
    for provider in auth.providers:
        name, audience = provider.setting("AUTH_ISSUER"), provider.setting("AUTH_AUDIENCE")
        if not provider.issuer or not provider.audiences:
            yield f"Set {name} and {audience}: the tokens' iss and {provider.audience_claim}."
        elif provider.issuer in issuers:
            first = issuers[provider.issuer]
            yield (
                f"{name} repeats {first.setting('AUTH_ISSUER')}. "
                f"List all audiences of one issuer in {first.setting('AUTH_AUDIENCE')}."
            )
        elif provider.issuer.startswith(("http://", "https://")) and not is_address(provider.issuer):
            yield f"{name} is not a web address. Write it as in the tokens' iss, such as https://id.example."
        issuers.setdefault(provider.issuer, provider)
        if not (provider.jwks_url or provider.jwks_file):
            if provider.suffix:
                yield (
                    f"No key can verify tokens of {name}. "
                    f"Set {provider.setting('JWKS_URL')} or {provider.setting('JWKS_FILE')}."
                )
            elif not (auth.hs256_secret or auth.development_key_file):
                yield (
                    "No key can verify tokens. "
                    "Set CONNECTQL_JWKS_URL, CONNECTQL_JWKS_FILE or CONNECTQL_HS256_SECRET."
                )
        if provider.jwks_file is not None and not provider.jwks_file.is_file():
            yield f"{provider.setting('JWKS_FILE')}: the file {provider.jwks_file} does not exist."
    if auth.hs256_secret is not None:
        try:
            secret_key(auth.hs256_secret)
        except ValueError as error:
            yield str(error)


def _read(env: Variables, suffix: str) -> Provider:
    return Provider(
        issuer=env.address(f"AUTH_ISSUER{suffix}") or "",
        audiences=tuple(_list(env.text(f"AUTH_AUDIENCE{suffix}"))),
        audience_claim=_one_claim(env, f"AUTH_AUDIENCE_CLAIM{suffix}", "aud"),
        jwks_url=env.address(f"JWKS_URL{suffix}"),
        jwks_file=env.path(f"JWKS_FILE{suffix}"),
        role_claims=_claims(env, f"AUTH_ROLE_CLAIM{suffix}", "role"),
        roles=_roles(env, f"AUTH_ROLES{suffix}"),
        merchant_claim=_one_claim(env, f"AUTH_MERCHANT_CLAIM{suffix}", "merchant"),
        required_claims=_required_claims(env, f"AUTH_REQUIRED_CLAIMS{suffix}"),
        suffix=suffix,
    )


def _list(value: str | None) -> list[str]:
    """Split a value at commas only: names of roles may contain spaces."""
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def _claims(env: Variables, name: str, default: str) -> tuple[str, ...]:
    paths = _list(env.text(name)) or [default]
    for path in paths:
        if not all(path.split(".")):
            env.problems.append(
                f"{PREFIX}{name}: {path!r} has an empty name. "
                "Write the name of a claim, or a path such as realm_access.roles."
            )
    return tuple(paths)


def _one_claim(env: Variables, name: str, default: str) -> str:
    paths = _claims(env, name, default)
    if len(paths) > 1:
        env.problems.append(f"{PREFIX}{name} must name one claim.")
    return paths[0]


def _roles(env: Variables, name: str) -> Mapping[str, Role] | None:
    entries = _list(env.text(name))
    roles: dict[str, Role] = {}
    for entry in entries:
        theirs, _, ours = (part.strip() for part in entry.rpartition("="))
        if not theirs or ours not in ROLES:
            env.problems.append(
                f"{PREFIX}{name}: {entry!r} is not a pair. "
                "Write the provider's name, =, and operator, service or merchant."
            )
        elif roles.setdefault(theirs, ROLES[ours]) is not ROLES[ours]:
            env.problems.append(f"{PREFIX}{name} gives {theirs!r} two roles. Keep one.")
    return roles if entries else None


def _required_claims(env: Variables, name: str) -> dict[str, tuple[str, ...]]:
    required: dict[str, tuple[str, ...]] = {}
    for entry in _list(env.text(name)):
        claim, equals, value = (part.strip() for part in entry.partition("="))
        if not all(claim.split(".")) or bool(equals) is not bool(value):
            env.problems.append(
                f"{PREFIX}{name}: {entry!r} is not a required claim. "
                "Write a claim, or a claim, = and its value."
            )
        elif claim in required and not (value and required[claim]):
            env.problems.append(f"{PREFIX}{name} requires {claim!r} with and without a value. Keep one.")
        else:
            required[claim] = (*required.get(claim, ()), *([value] if value else []))
    return required
