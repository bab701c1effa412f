"""Certificates for tests, and a TLS proxy for a PostgreSQL server that was built without TLS."""

import asyncio
import contextlib
import ipaddress
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# A client asks for TLS with this message, and the server agrees with one byte
# (https://www.postgresql.org/docs/current/protocol-message-formats.html, SSLRequest).
_REQUEST = (8).to_bytes(4) + (80877103).to_bytes(4)


@dataclass(frozen=True)
class Certificate:
    """A certificate with its private key, as PEM files."""

    file: Path
    key_file: Path
    _own: x509.Certificate
    _key: ec.EllipticCurvePrivateKey

    def issue(self, name: str, *hosts: str) -> "Certificate":
        """Issue a certificate for a server with these hosts and addresses, or without hosts for a client."""
        return _write(self.file.with_name(f"{self.file.stem}-{name}"), name, self, hosts)


def authority(folder: Path, name: str) -> Certificate:
    return _write(folder / name, name, None, ())


def _write(path: Path, name: str, issuer: Certificate | None, hosts: tuple[str, ...]) -> Certificate:
    key, at = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer._own.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(hours=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(map(_host, hosts))), critical=False)
    own = builder.sign(issuer._key if issuer else key, hashes.SHA256())
    file, key_file = path.with_suffix(".crt"), path.with_suffix(".key")
    file.write_bytes(own.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    key_file.chmod(0o600)
    return Certificate(file, key_file, own, key)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


@contextlib.asynccontextmanager
async def server(
    port: int, certificate: Certificate, clients: Certificate | None = None
) -> AsyncIterator[int]:
    """Yield the port of a server that demands TLS and passes everything on to the server at `port`.

    If `clients` is given, the server also demands a client certificate signed by this authority.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.file, certificate.key_file)
    if clients is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients.file)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError), contextlib.closing(writer):
            if await reader.readexactly(len(_REQUEST)) != _REQUEST:
                return
            writer.write(b"S")
            await writer.start_tls(context)
            answers, requests = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.closing(requests):
                both = [asyncio.create_task(_pass(*ends)) for ends in ((reader, requests), (answers, writer))]
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                for task in both:
                    task.cancel()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
