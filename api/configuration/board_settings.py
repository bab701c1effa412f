"""The settings of the operator board and of its sign-in, and their checks."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.configuration import origins
from api.configuration.variables import Variables, split
from connect.inputs.web_address import is_address


@dataclass(frozen=True, slots=True)
class BoardSettings:
    """Whether the board is served, and how its users sign in.

    Without a client id, only a browser on a developer's machine gets a token.
    """

    is_served: bool
    # The issuer in the provider's OpenID configuration. Usually it is also the `iss` of access tokens.
    issuer: str
    client_id: str | None
    scopes: tuple[str, ...]
    # Parameters of the authorization request that name this API. Auth0 needs `audience`, Logto `resource`.
    audience: str | None
    resource: str | None
    # Further origins of the provider that the page may call.
    provider_origins: frozenset[str]


def read(env: Variables) -> BoardSettings:
    return BoardSettings(
        is_served=env.flag("BOARD", default=False),
        issuer=env.address("BOARD_ISSUER") or env.text("AUTH_ISSUER") or "",
        client_id=env.text("BOARD_CLIENT_ID"),
        scopes=split(env.text("BOARD_SCOPES")) or ("openid",),
        audience=env.text("BOARD_AUDIENCE"),
        resource=env.text("BOARD_RESOURCE"),
        provider_origins=env.origins("BOARD_PROVIDER_ORIGINS"),
    )


def problems(board: BoardSettings, *, production: bool, has_development_tokens: bool) -> Iterator[str]:
    if not board.is_served:
        return
    if board.client_id is None:
        if not has_development_tokens:
            yield (
                "CONNECTQL_BOARD_CLIENT_ID is missing. Register the board at your identity provider, or set "
                "CONNECTQL_BOARD=off."
            )
    elif not is_address(board.issuer) or set("?#") & set(board.issuer):
        yield (
            "CONNECTQL_BOARD_ISSUER must be the address of your identity provider, such as "
            "https://id.example. The default is CONNECTQL_AUTH_ISSUER."
        )
    elif production and not board.issuer.startswith("https://"):
        yield "CONNECTQL_BOARD_ISSUER must be an https address in production."
    for value in sorted(board.provider_origins):
        if not origins.is_web(value):
            yield (
                f"CONNECTQL_BOARD_PROVIDER_ORIGINS: {value!r} is not an origin. "
                "Write https://login.example, without a path."
            )
