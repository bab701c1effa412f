"""The messages of refused tokens."""

NO_TOKEN = "There is no bearer token. Send the header Authorization: Bearer <token>."
TOO_LONG = "The token is too long. Send one of at most 16384 bytes."
NOT_SIGNED = "The token is opaque or encrypted, not a signed JWT. Ask for one with the audience 'connectql'."
NOT_ASCII = "The token is not ASCII text. Send the token exactly as issued."
MALFORMED = "The token is malformed. Ask the identity provider for a new one."
ALGORITHM = (
    "The token's algorithm is not accepted. "
    "Sign with one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA."
)
CRITICAL = "The token's header has critical extensions. Use a token without crit."
SIGNATURE = "The token's signature is wrong. Send the token exactly as issued."
EXPIRED = "The token has expired. Ask the identity provider for a new one."
NOT_YET = "The token is not valid yet. Compare this API's clock with that of the token's issuer."
OTHER_ISSUER = "The token has another issuer. Ask 'https://id.example' for one."
OTHER_API = "The token is for another API. Ask for one with the audience 'connectql'."
KIND = "The token is of another kind. Send an access token: typ JWT or at+jwt."
NOT_UTF8 = "The token's JSON is not in UTF-8. Ask the identity provider for a new one."
TIMES = "The token's times are not numbers. Use numbers for exp, nbf and iat."
ROLE = "The token has no known role. Set its claim 'role' to operator, service or merchant."


def lacks(claim: str) -> str:
    return f"The token has no '{claim}'. It needs iss, aud, exp and sub."


def unusable(claim: str) -> str:
    return (
        f"The token's claim '{claim}' is unusable. Set it to 1 to 255 characters without control characters."
    )
