"""The parameters of the database's address configure TLS."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from tortoise.connection import get_connection

from models import database as databases
from models import outage
from testing import tls
from testing.tls import Certificate

UNTRUSTED = "certificate refused: unable to get local issuer certificate"


@dataclass(frozen=True)
class Servers:
    """A server with TLS, and one that also requires a client certificate."""

    url: str
    port: int
    strict_port: int
    own: Certificate
    other: Certificate

    async def connect(self, *, host: str = "127.0.0.1", port: int | None = None, **parameters: object) -> str:
        """The answer to a query over a new connection whose database address has these parameters."""
        parts = urlsplit(self.url)
        netloc = f"{parts.username}@{host}:{port or self.port}"
        url = parts._replace(netloc=netloc, query=urlencode(parameters)).geturl()
        await databases.connect(url)
        try:
            rows = await get_connection("default").execute_query_dict("SELECT 'works' AS answer")
            return str(rows[0]["answer"])
        finally:
            await databases.close()


@pytest.fixture
async def servers(postgres_url: str, tmp_path: Path) -> AsyncIterator[Servers]:
    own, other = tls.authority(tmp_path, "own"), tls.authority(tmp_path, "other")
    port = urlsplit(postgres_url).port
    assert port
    certificate = own.issue("server", "127.0.0.1")
    async with tls.server(port, certificate) as plain, tls.server(port, certificate, own) as strict:
        yield Servers(postgres_url, plain, strict, own, other)


async def test_the_server_must_have_a_certificate_of_the_given_authority(servers: Servers) -> None:
    for mode in ("verify-ca", "verify-full"):
        assert await servers.connect(sslmode=mode, sslrootcert=servers.own.file) == "works"
        with pytest.raises(outage.Unavailable) as caught:
            await servers.connect(sslmode=mode, sslrootcert=servers.other.file)
        assert caught.value.reason == UNTRUSTED
    with pytest.raises(outage.Unavailable) as caught:
        await servers.connect(sslmode="verify-full", sslrootcert="system")
    assert caught.value.reason == UNTRUSTED
    assert await servers.connect(sslmode="require") == "works"


async def test_only_verify_full_compares_the_name_of_the_host(servers: Servers) -> None:
    root = servers.own.file
    assert await servers.connect(host="localhost", sslmode="verify-ca", sslrootcert=root) == "works"
    with pytest.raises(outage.Unavailable) as caught:
        await servers.connect(host="localhost", sslmode="verify-full", sslrootcert=root)
    assert caught.value.reason.startswith("certificate refused: Hostname mismatch")


async def test_the_client_presents_its_certificate(servers: Servers) -> None:
    shared = {"sslmode": "verify-full", "sslrootcert": servers.own.file, "port": servers.strict_port}
    shown, unknown = servers.own.issue("client"), servers.other.issue("client")
    files = {"sslcert": shown.file, "sslkey": shown.key_file}
    assert await servers.connect(**shared, **files) == "works"  # type: ignore[arg-type]
    for one in ({}, {"sslcert": unknown.file, "sslkey": unknown.key_file}):
        with pytest.raises(Exception) as caught:  # noqa: PT011 -- classified below
            await servers.connect(**shared, **one)  # type: ignore[arg-type]
        assert outage.reason(caught.value) is not None


async def test_a_mode_that_requires_tls_refuses_a_server_without_tls(servers: Servers) -> None:
    with pytest.raises(outage.Unavailable):
        await servers.connect(port=urlsplit(servers.url).port, sslmode="require")
