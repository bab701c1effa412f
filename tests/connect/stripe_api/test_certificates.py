import ssl

from connect.stripe_api.certificates import refusal

UNTRUSTED = ssl.SSLCertVerificationError(1, "certificate verify failed")
UNTRUSTED.verify_message = "unable to get local issuer certificate"
TEXT = (
    "The server's certificate is not trusted: unable to get local issuer certificate. Set SSL_CERT_FILE to a "
    "file with the certificates of all trusted authorities, including your proxy's."
)


def test_a_refused_certificate_is_recognized_inside_the_libraries_errors() -> None:
    named, implied, hidden = RuntimeError("cause"), RuntimeError("context"), RuntimeError("wrapped")
    named.__cause__ = UNTRUSTED
    implied.__context__ = UNTRUSTED
    hidden.__cause__ = implied
    assert [refusal(error) for error in (UNTRUSTED, named, implied, hidden)] == [TEXT] * 4


def test_other_errors_do_not_count_as_refused_certificates() -> None:
    other = RuntimeError("other")
    other.__cause__ = ssl.SSLError(1, "wrong version number")
    assert refusal(other) is None
    assert refusal(ConnectionResetError()) is None
