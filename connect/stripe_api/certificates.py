"""Explains refused TLS certificates. A cause can be a company's proxy that inspects TLS."""

import ssl

REMEDY = (
    "Set SSL_CERT_FILE to a file with the certificates of all trusted authorities, including your proxy's."
)


def refusal(error: BaseException) -> str | None:
    """Return why a server's certificate was refused, and the remedy. None if the error has another cause."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"The server's certificate is not trusted: {cause.verify_message}. {REMEDY}"
        cause = cause.__cause__ or cause.__context__
    return None
